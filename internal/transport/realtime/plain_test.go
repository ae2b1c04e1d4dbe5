package realtime

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

func TestPlain(t *testing.T) {
	for _, tt := range []struct {
		object string
		plain  bool
		a, b   any // nil: absent
	}{
		{`{}`, true, nil, nil},
		{`{ }`, true, nil, nil},
		{`{"a":"x","b":"y"}`, true, "x", "y"},
		{" {\"a\":\"x\"}", false, nil, nil}, // arguments come without white space
		{"{ \"a\"\t:\n\"x\" , \"b\" : \"\" }", true, "x", ""},
		{`{"a":"x","a":"y"}`, true, "y", nil},
		{`{"A":"x","aa":"y"}`, true, nil, nil},
		{`{"a":"\"\\\n\u00e9\ud83d\ude00\ud83d","b":"\/"}`, true, "\"\\\né😀\ufffd", "/"},
		{`{"c":{"a":[1,"}"]},"d":[{"a":2}],"e":-1.5e3,"f":true,"g":"\\\"","a":"x"}`, true, "x", nil},
		{`{"a":"x","c":null}`, true, "x", nil},
		{`{"a":null}`, false, nil, nil},
		{`{"a":1}`, false, nil, nil},
		{`{"a":{}}`, false, nil, nil},
		{`{"a":["x"]}`, false, nil, nil},
		{`{"\u0061":"x"}`, false, nil, nil},
		{`["a"]`, false, nil, nil},
		{`"a"`, false, nil, nil},
		{`null`, false, nil, nil},
		{``, false, nil, nil},
	} {
		m := []member{{name: "a"}, {name: "b"}}
		if ok := plain(json.RawMessage(tt.object), m); ok != tt.plain {
			t.Errorf("%s: plain is %v", tt.object, ok)
		} else if !ok {
			continue
		}
		for i, want := range []any{tt.a, tt.b} {
			if got := m[i].text(); want == nil && m[i].token != nil || want != nil && got != want {
				t.Errorf("%s: %s is %q, want %v", tt.object, m[i].name, got, want)
			}
		}
	}
}

// What is plain is what package mongoose reads, too.
func FuzzPlain(f *testing.F) {
	for _, seed := range []string{`{"a":"x","b":"\ud800\u0041","c":[{},"]"]}`, `{"a":"x","a":1}`, `{"c":-0.1e+5 ,"b":"" }`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		raw := json.RawMessage(text)
		m := []member{{name: "a"}, {name: "b"}}
		if !json.Valid(raw) || !utf8.ValidString(text) || !plain(raw, m) {
			return
		}
		v, err := parse(raw)
		if err != nil {
			return // nested too deep, which the sockets refuse
		}
		for i := range m {
			var got mongoose.Value = mongoose.Missing{}
			if m[i].token != nil {
				got = m[i].text()
			}
			if want := mongoose.Member(v, m[i].name); got != want {
				t.Errorf("%s: %s is %v, want %v", text, m[i].name, got, want)
			}
		}
	})
}
