package mongoose

import (
	"math"
	"strings"
	"testing"
)

func TestToNumber(t *testing.T) {
	for text, want := range map[string]float64{
		"2001": 2001, " 2001 ": 2001, "\ufeff7\u00a0\n": 7, "1e3": 1000, "-1.5": -1.5, "+5": 5, ".5": .5, "5.": 5, "00012": 12,
		"0x10": 16, "0X1f": 31, "0o17": 15, "0b11": 3, " ": 0, "1e-400": 0, "1e400": math.Inf(1),
		"Infinity": math.Inf(1), "+Infinity": math.Inf(1), "-Infinity": math.Inf(-1),
		"0x" + strings.Repeat("f", 300): math.Inf(1),
	} {
		if n, ok := toNumber(text); !ok || n != want {
			t.Errorf("%q: %v %v, want %v", text, n, ok, want)
		}
	}
	for _, text := range []string{"abc", "3:21", "true", "1,5", "1_000", "0x", "-0x1", "0b2", "e5", "1e", ".", "inf", "NaN", "١", "0x1p3", "--1"} {
		if n, ok := toNumber(text); ok {
			t.Errorf("%q: %v, want none", text, n)
		}
	}
}

func TestQuoted(t *testing.T) {
	deep := NewObject()
	deep.Set("$ne", nil)
	deep.Set("a-b", []Value{true, 1.0, Missing{}})
	tests := []struct {
		sent Value
		want string
	}{
		{"abc", `"abc"`},
		{`a"b`, `"a"b"`},
		{"it's", `"it's"`},
		{`it's "x"`, "\"`it's \"x\"`\""},
		{"a\nb\x00", `"a\nb\x00"`},
		{[]Value{"a", "b"}, `"[ 'a', 'b' ]"`},
		{[]Value{}, `"[]"`},
		{deep, `"{ '$ne': null, 'a-b': [ true, 1, undefined ] }"`},
		{[]Value{[]Value{[]Value{[]Value{"x"}}}}, `"[ [ [ [Array] ] ] ]"`},
		{math.Copysign(0, -1), `"-0"`},
	}
	for _, tt := range tests {
		if got := quoted(tt.sent); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.sent, got, tt.want)
		}
	}
}

// Cast errors come first, then what is missing, each in the order of the
// schema; an infinite number counts only if nothing else is wrong.
func TestValidator(t *testing.T) {
	v := Validator{Model: "Song"}
	v.Text("title", Missing{})
	v.Text("artist", []Value{"a", "b"})
	v.Number("duration", "Infinity")
	v.ID("albumId", "abc")
	want := "Song validation failed: artist: Cast to string failed for value \"[ 'a', 'b' ]\" (type Array) at path \"artist\"," +
		" albumId: Cast to ObjectId failed for value \"abc\" (type string) at path \"albumId\" because of \"BSONError\"," +
		" title: Path `title` is required."
	if err := v.Err(); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	v = Validator{Model: "Song"}
	v.Number("duration", "-1e999")
	if err := v.Err(); err == nil || err.Error() != `invalid value: { "duration": -Inf } (infinity values are not allowed)` {
		t.Errorf("got %v", err)
	}
	v = Validator{Model: "Song"}
	if s, id := v.Text("title", 5.0), v.ID("albumId", nil); s != "5" || id != "" || v.Err() != nil {
		t.Errorf("%q %q %v", s, id, v.Err())
	}
}
