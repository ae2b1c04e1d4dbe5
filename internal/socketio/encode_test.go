package socketio

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestEncode(t *testing.T) {
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	type song struct {
		Title string `json:"title"`
		Cover []byte `json:"cover,omitempty"`
	}
	endless := []any{nil}
	endless[0] = endless
	tests := []struct {
		name string
		args []any
		want string
		err  string
	}{
		{"none", nil, `2["e"]`, ""},
		{"plain values", []any{nil, true, 1, int64(-2), 1.5, "x"}, `2["e",null,true,1,-2,1.5,"x"]`, ""},
		{"strings", []any{"<&>\"\\\n\u2028 é 😀", "é 😀"}, `2["e","<&>\"\\\n\u2028 é 😀","é 😀"]`, ""},
		{"string that is no UTF-8", []any{"a\xffb"}, `2["e","a\ufffdb"]`, ""},
		{"raw", []any{Raw(`{"a": 1}`), Raw(nil), json.RawMessage(`2`)}, `2["e",{"a": 1},null,2]`, ""},
		{"containers", []any{[]any{1, []any{}}, map[string]any{"b": 1, "a": "<", "é\n": nil}}, `2["e",[1,[]],{"a":"<","b":1,"é\n":null}]`, ""},
		{"nil containers", []any{map[string]any(nil), []any(nil), []string(nil)}, `2["e",null,[],null]`, ""},
		{"other types", []any{song{Title: "<3"}, []string{"a"}, day}, `2["e",{"title":"<3"},["a"],"2026-11-22T00:00:00Z"]`, ""},
		{"binary", []any{[]byte("x"), map[string]any{"b": []byte("y"), "a": []any{[]byte(nil)}}},
			`53-["e",{"_placeholder":true,"num":0},{"a":[{"_placeholder":true,"num":1}],"b":{"_placeholder":true,"num":2}}]`, ""},
		{"binary in a type of its own", []any{song{Cover: []byte("x")}}, `2["e",{"title":"","cover":"eA=="}]`, ""},
		{"what JSON has no words for", []any{func() {}}, "", "encode func()"},
		{"endless", endless, "", "deeper"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var e encoder
			err := e.event("/", 0, false, "e", test.args)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error %v, want …%s…", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.ReplaceAll(string(e.text), "\u2028", `\u2028`); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if p, err := parse(e.text); err != nil || p.attachments != len(e.attachments) {
				t.Errorf("parse: %v; %d attachments of %d", err, p.attachments, len(e.attachments))
			}
			// The offset comes and goes.
			before := string(e.text)
			e.frames(offset{n: 12})
			if string(e.text) != before {
				t.Errorf("frames left %s", e.text)
			}
		})
	}
}

func TestEncodeHeads(t *testing.T) {
	var e encoder
	e.reset()
	if err := e.event("/admin", 7, true, "say \"it\"", []any{[]byte{1}}); err != nil {
		t.Fatal(err)
	}
	if got, want := string(e.text), `51-/admin,7["say \"it\"",{"_placeholder":true,"num":0}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e.reset()
	if err := e.ack("/admin", 7, nil); err != nil {
		t.Fatal(err)
	}
	if got, want := string(e.text), `3/admin,7[]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	e.reset()
	e.head(kindDisconnect, 0, "/", 0, false)
	if got := string(e.text); got != "1" {
		t.Errorf("got %s", got)
	}
}
