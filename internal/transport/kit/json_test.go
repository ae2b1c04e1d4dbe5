package kit

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// encoded is what encoding/json makes of a string without escaping HTML.
func encoded(t testing.TB, s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

var jsonStrings = []string{
	"", "plain", `"\/`, "\b\f\n\r\t", "\x00\x01\x1f\x7f", "<b>&amp;</b>", "ünï 日本 😀",
	"\u2028x\u2029", "a\xffb\xc3", "\xed\xa0\x80", "\ufffd", "\u0080\u009f", strings.Repeat("x\n", 100),
}

func TestAppendString(t *testing.T) {
	for _, s := range jsonStrings {
		checkString(t, s)
	}
	if got := string(AppendString([]byte("x"), "\u2028", false)); got != "x\"\u2028\"" {
		t.Errorf("JavaScript leaves line separators alone: %q", got)
	}
}

func checkString(t *testing.T, s string) {
	t.Helper()
	// encoding/json also writes what is no UTF-8 as an escape.
	want := strings.ReplaceAll(encoded(t, s), `\ufffd`, "\ufffd")
	if got := string(AppendString(nil, s, true)); got != want {
		t.Errorf("%q: got %s, want %s", s, got, want)
	}
	if got, want := string(AppendString(nil, s, false)), strings.NewReplacer(`\u2028`, "\u2028", `\u2029`, "\u2029").Replace(want); got != want {
		if !strings.Contains(s, `\u202`) { // a text that looks like the escape
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range jsonStrings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, separators := range []bool{true, false} {
			var back string
			if err := json.Unmarshal(AppendString(nil, s, separators), &back); err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			if want := string([]rune(s)); back != want {
				t.Errorf("got %q, want %q", back, want)
			}
		}
	})
}

// The right column is what JavaScript prints.
func TestAppendNumber(t *testing.T) {
	for _, tt := range []struct {
		n    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "0"}, {1, "1"}, {-1.5, "-1.5"}, {181, "181"}, {12.5, "12.5"},
		{0.30000000000000004, "0.30000000000000004"}, {1e-6, "0.000001"}, {1e-7, "1e-7"}, {1.5e-9, "1.5e-9"}, {-1.25e-10, "-1.25e-10"},
		{123456789012345680000, "123456789012345680000"}, {1e20, "100000000000000000000"}, {1e21, "1e+21"},
		{-1.5e21, "-1.5e+21"}, {1e100, "1e+100"}, {5e-324, "5e-324"}, {math.MaxFloat64, "1.7976931348623157e+308"},
		{9007199254740993, "9007199254740992"}, {1 << 53, "9007199254740992"},
	} {
		if got := string(AppendNumber([]byte("x"), tt.n)); got != "x"+tt.want {
			t.Errorf("%v: got %s, want %s", tt.n, got[1:], tt.want)
		}
	}
}
