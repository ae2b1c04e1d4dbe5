package mongoose

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// testdata/node20.json holds what Node 20 said about texts: the message of
// JSON.parse, or util.inspect of the value.
func TestNode20(t *testing.T) {
	data, err := os.ReadFile("testdata/node20.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Text, Message, Inspect string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		v, err := ParseJSON(utf16.Encode([]rune(c.Text)))
		switch {
		case err != nil && err.Error() != c.Message, err == nil && c.Message != "":
			t.Errorf("%q\n got %v\nwant %s", c.Text, err, c.Message)
		case err == nil && inspect(v) != c.Inspect:
			t.Errorf("%q\n got %s\nwant %s", c.Text, inspect(v), c.Inspect)
		}
	}
}

func TestObjectOrder(t *testing.T) {
	o := NewObject()
	for _, name := range []string{"b", "10", "a", "2", "01", "b", "4294967295", "0"} {
		o.Set(name, name)
	}
	if got := strings.Join(o.names, " "); got != "0 2 10 b a 01 4294967295" {
		t.Error(got)
	}
}

// FuzzJSON compares what is accepted with encoding/json, and what an accepted
// text says. Nothing may panic, inspect neither.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0,1.5e3,true,null,"x\u00e9\ud83d\ude00\n"]}`, `[[[[1]]]]`, `{"7":1,"__proto__":{}}`,
		`"`, `{"a"`, `[1,]`, `01`, `-`, `1.`, `1e`, `nul`, "\"\x01\"", `"\x"`, `"\u12`, ` `, `{} x`, "\ufeff{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = string([]rune(text)) // what is no UTF-8 is replaced before
		v, err := ParseJSON(utf16.Encode([]rune(text)))
		if got, want := err == nil, json.Valid([]byte(text)); got != want {
			t.Fatalf("%q: accepted %v, want %v: %v", text, got, want, err)
		}
		if err != nil {
			return
		}
		inspect(v)
		s, isString := v.(string)
		var want string
		if isString && (json.Unmarshal([]byte(text), &want) != nil || s != want) {
			t.Errorf("%q: %q, want %q", text, s, want)
		}
	})
}
