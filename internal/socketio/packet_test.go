package socketio

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		data string
		want string // kind, attachments, namespace, id, payload
		err  error
	}{
		{data: "0", want: "0 0 “” - “”"},
		{data: `0{"a":1}`, want: "0 0 “” - “{\"a\":1}”"},
		{data: "0/random", want: "0 0 “/random” - “”"},
		{data: "0/a?b=/c,d,{}", err: errPayload},
		{data: "0/a?b=/c,{}", want: "0 0 “/a” - “{}”"},
		{data: "0/,", want: "0 0 “/” - “”"},
		{data: "1/admin,", want: "1 0 “/admin” - “”"},
		{data: `2["a"]`, want: "2 0 “” - “[\"a\"]”"},
		{data: `2/admin,456["a"]`, want: "2 0 “/admin” 456 “[\"a\"]”"},
		{data: `20["a"]`, want: "2 0 “” 0 “[\"a\"]”"},
		{data: `3/admin,456[]`, want: "3 0 “/admin” 456 “[]”"},
		{data: `51-["a"]`, want: "5 1 “” - “[\"a\"]”"},
		{data: `510-/admin,7["a"]`, want: "5 10 “/admin” 7 “[\"a\"]”"},
		{data: `61-/admin,456[]`, want: "6 1 “/admin” 456 “[]”"},
		{data: `2999999999999999["a"]`, want: "2 0 “” 999999999999999 “[\"a\"]”"},
		{data: `21000000000000000["a"]`, err: errAckID},
		{data: `511-["a"]`, err: errAttachments},
		{data: `5001-["a"]`, err: errAttachments},
		{data: `5-["a"]`, err: errAttachments},
		{data: `5`, err: errAttachments},
		{data: `51`, err: errAttachments},
		{data: ``, err: errKind},
		{data: `7`, err: errKind},
		{data: `/`, err: errKind},
		{data: `2/["a"]`, err: errPayload}, // without a comma, all of it is the namespace
		{data: `2`, err: errPayload},
		{data: `2 `, err: errPayload},
		{data: `2{}`, err: errPayload},
		{data: `2[`, err: errPayload},
		{data: `2-1[]`, err: errPayload},
		{data: `0[]`, err: errPayload},
		{data: `1{}`, err: errPayload},
	}
	for _, test := range tests {
		p, err := parse([]byte(test.data))
		if !errors.Is(err, test.err) {
			t.Errorf("%s: error %v, want %v", test.data, err, test.err)
			continue
		}
		if err != nil {
			continue
		}
		id := "-"
		if p.hasID {
			id = fmt.Sprint(p.id)
		}
		if got := fmt.Sprintf("%d %d “%s” %s “%s”", p.kind, p.attachments, p.namespace, id, p.payload); got != test.want {
			t.Errorf("%s: got %s, want %s", test.data, got, test.want)
		}
	}
}

func TestSplit(t *testing.T) {
	nested := func(depth int) string {
		return "[" + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "]"
	}
	tests := []struct {
		array string
		want  string
		err   error
	}{
		{`[]`, "", nil},
		{" [ \n ] ", "", nil},
		{`[1]`, "1", nil},
		{`[ 1 , "a,]\"" ,{"b":[1,2]},[], null ]`, `1|"a,]\""|{"b":[1,2]}|[]|null`, nil},
		{`["\\",""]`, `"\\"|""`, nil},
		{nested(maxDepth), nested(maxDepth)[1 : 2*maxDepth+1], nil},
		{nested(maxDepth + 1), "", errDepth},
	}
	for _, test := range tests {
		spans, err := split([]byte(test.array), nil)
		if !errors.Is(err, test.err) {
			t.Errorf("%.50s: error %v, want %v", test.array, err, test.err)
		}
		var parts []string
		for _, s := range spans {
			parts = append(parts, string(s.of([]byte(test.array))))
		}
		if got := strings.Join(parts, "|"); err == nil && got != test.want {
			t.Errorf("%.50s: got %.50s, want %.50s", test.array, got, test.want)
		}
	}
}

// FuzzPacket checks that nothing makes the decoder panic, and that what it
// accepts is what encoding/json sees in it, also after a round through the
// encoder.
func FuzzPacket(f *testing.F) {
	for _, seed := range []string{
		"0", `0{"token":"x"}`, "0/random", "0/a?b=c,{}", "1", "1/a,", `2["a"]`, `2/a,12["b",{"c":[1,"2,]"]}]`,
		`43[]`, `3/a,7[null]`, `51-["a",{"_placeholder":true,"num":0}]`, `62-1[{"_placeholder":true,"num":1},{"x":{"_placeholder":true,"num":0}}]`,
		`2["\u0061\"\\",1.5e3,-0]`, "2 [ 1 , 2 ] ", `2[` + strings.Repeat("[", 600), "4{}", `5`, `2["disconnect"]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parse(data)
		if err != nil || p.kind != kindEvent && p.kind != kindAck && !p.binary() {
			return
		}
		attachments := make([][]byte, p.attachments)
		e, err := newEvent(nil, p, attachments)
		if err != nil {
			return
		}
		var want []json.RawMessage
		if err := json.Unmarshal(p.payload, &want); err != nil {
			t.Fatal(err)
		}
		if e.Len() != len(want) {
			t.Fatalf("%d arguments in %s, want %d", e.Len(), p.payload, len(want))
		}
		for i := range want {
			if got := e.Raw(i); string(got) != string(want[i]) {
				t.Fatalf("argument %d is %s, want %s", i, got, want[i])
			}
		}
		values, err := e.Values()
		if err != nil {
			return // a number beyond float64
		}
		again := new(encoder)
		if err := again.ack("/", 1, values); errors.Is(err, ErrTooManyAttachments) {
			return // one was used many times
		} else if err != nil {
			t.Fatal(err)
		}
		if _, err := parse(again.text); err != nil {
			t.Fatalf("%s became %s: %v", data, again.text, err)
		}
		if _, err := e.takeName(&Namespace{}); err == nil && len(want) == 0 {
			t.Fatal("a name out of nothing")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	message := []byte(`2["send_message",{"receiverId":"6b02ffaeb782f731cff3a7c4","senderId":"6b02ffaeb782f731cff3a7c5","content":"See you at the concert tonight?"}]`)
	n := &Namespace{handlers: map[string]handler{"send_message": {event: "send_message"}}}
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		p, err := parse(message)
		if err != nil {
			b.Fatal(err)
		}
		e, err := newEvent(nil, p, nil)
		if err != nil {
			b.Fatal(err)
		}
		if ok, err := e.takeName(n); !ok || err != nil {
			b.Fatal(err)
		}
	}
}
