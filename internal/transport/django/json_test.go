package django

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseJSON(t *testing.T) {
	tests := []struct {
		text string
		want any
	}{
		{` {"a" : [1, -2.5, "x", null, true, false, {}, []]} `, map[string]any{
			"a": []any{integer("1"), -2.5, "x", nil, true, false, map[string]any{}, []any{}}}},
		{`{"a":1,"a":2}`, map[string]any{"a": integer("2")}},
		{`"\"\\\/\b\f\n\r\tü\u00fc\ud83c\udfb5"`, "\"\\/\b\f\n\r\tüü🎵"},
		{`"\ud800x"`, "\xed\xa0\x80x"},
		{`"\ud800\ud800"`, "\xed\xa0\x80\xed\xa0\x80"},
		{`"\ud800\u0041"`, "\xed\xa0\x80A"},
		{"\"\x7f\u2028\"", "\x7f\u2028"},
		{"-0", integer("0")},
		{"1e5", 100000.0},
		{"1E+2", 100.0},
		{"123456789012345678901234567890", integer("123456789012345678901234567890")},
	}
	for _, tt := range tests {
		got, err := parseJSON([]byte(tt.text))
		if err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %#v, %v; want %#v", tt.text, got, err, tt.want)
		}
	}
}

// The errors are those of Python 3.11.
func TestParseJSONErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{``, "Expecting value: line 1 column 1 (char 0)"},
		{`{`, "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
		{`[`, "Expecting value: line 1 column 2 (char 1)"},
		{`{"a"`, "Expecting ':' delimiter: line 1 column 5 (char 4)"},
		{`{"a":`, "Expecting value: line 1 column 6 (char 5)"},
		{`{"a":1,}`, "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"},
		{`[1,]`, "Expecting value: line 1 column 4 (char 3)"},
		{`[1 2]`, "Expecting ',' delimiter: line 1 column 4 (char 3)"},
		{`{"a":1 "b"}`, "Expecting ',' delimiter: line 1 column 8 (char 7)"},
		{`01`, "Extra data: line 1 column 2 (char 1)"},
		{`-`, "Expecting value: line 1 column 1 (char 0)"},
		{`1.`, "Extra data: line 1 column 2 (char 1)"},
		{`1.e5`, "Extra data: line 1 column 2 (char 1)"},
		{`1e`, "Extra data: line 1 column 2 (char 1)"},
		{`nul`, "Expecting value: line 1 column 1 (char 0)"},
		{`"\x"`, `Invalid \escape: line 1 column 2 (char 1)`},
		{`"\u12"`, `Invalid \uXXXX escape: line 1 column 3 (char 2)`},
		{`"\ud800\u12"`, `Invalid \uXXXX escape: line 1 column 9 (char 8)`},
		{`"abc`, "Unterminated string starting at: line 1 column 1 (char 0)"},
		{`"abc\`, "Unterminated string starting at: line 1 column 1 (char 0)"},
		{"\"a\tb\"", "Invalid control character at: line 1 column 3 (char 2)"},
		{" \n {x", "Expecting property name enclosed in double quotes: line 2 column 3 (char 4)"},
		{`[NaN]`, "Out of range float values are not JSON compliant: 'NaN'"},
		{"\"\xff\"", "'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"},
		{"\"\xc3\"", "'utf-8' codec can't decode byte 0xc3 in position 1: invalid continuation byte"},
		{"\"\xf0\x9f\x8e\"", "'utf-8' codec can't decode bytes in position 1-3: invalid continuation byte"},
		{"\"\xed\xa0\x80\"", "'utf-8' codec can't decode byte 0xed in position 1: invalid continuation byte"},
		{"\"\xe2\x82", "Unterminated string starting at: line 1 column 1 (char 0)"},
		{strings.Repeat("[", maxDepth+1), "Nested deeper than 500 levels: line 1 column 501 (char 500)"},
	}
	for _, tt := range tests {
		if _, err := parseJSON([]byte(tt.text)); err == nil || err.Error() != tt.want {
			t.Errorf("%.40q: %v, want %s", tt.text, err, tt.want)
		}
	}
}

// FuzzJSON compares what is taken with encoding/json, where the two should
// agree.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"x\u00fc",null]}`, `"\ud800"`, `[`, `-0.0`, "\"\xff\"", `{"a":1}x`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		_, err := parseJSON(text)
		if !utf8.Valid(text) {
			return // encoding/json mends it
		}
		tooMuch := bytes.Count(text, []byte("[")) + bytes.Count(text, []byte("{"))
		if tooMuch > maxDepth || len(text) > maxDigits {
			return // ours alone has these bounds
		}
		if valid := json.Valid(text); valid != (err == nil) {
			t.Errorf("%q: %v, encoding/json says %v", text, err, valid)
		}
	})
}
