package django

import (
	"math"
	"strings"
	"testing"
)

func TestParseInt(t *testing.T) {
	tests := []struct {
		text string
		want integer // "" is refused
	}{
		{"42", "42"}, {" 42\t\n", "42"}, {"\u00a042\u2003", "42"}, {"+7", "7"}, {"-7", "-7"},
		{"007", "7"}, {"-0", "0"}, {"000", "0"}, {"1_000", "1000"}, {"١٢", "12"}, {"𝟙𝟚", "12"}, {"१_१", "11"},
		{"99999999999999999999", "99999999999999999999"}, {strings.Repeat("9", maxDigits+1), ""},
		{"", ""}, {" ", ""}, {"-", ""}, {"- 7", ""}, {"--7", ""}, {"1_", ""}, {"_1", ""}, {"1__0", ""},
		{"\x1c42", ""}, {"1.0", ""}, {"1e3", ""}, {"0x1", ""}, {"²", ""}, {"Ⅷ", ""}, {"7\x00", ""},
	}
	for _, tt := range tests {
		if got, ok := parseInt(tt.text); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%.20q: %q, %v; want %q", tt.text, got, ok, tt.want)
		}
	}
}

func TestPrintFloat(t *testing.T) {
	tests := []struct {
		f    float64
		want string
	}{
		{5, "5.0"}, {0.1, "0.1"}, {1e15, "1000000000000000.0"}, {1e16, "1e+16"}, {1.5e300, "1.5e+300"},
		{0.0001, "0.0001"}, {0.00001, "1e-05"}, {math.Copysign(0, -1), "-0.0"}, {math.Inf(1), "inf"}, {math.Inf(-1), "-inf"},
	}
	for _, tt := range tests {
		if got := printFloat(tt.f); got != tt.want {
			t.Errorf("%g: %s, want %s", tt.f, got, tt.want)
		}
	}
}

func TestParams(t *testing.T) {
	tests := []struct{ query, want string }{
		{"", ""},
		{"b=2&a=1", "?a=1&b=2"},
		{"a", "?a="},
		{"a=1&&a=2", "?a=1&a=2"},
		{"a=b+c%20d", "?a=b+c+d"},
		{"a=%zz%4", "?a=%25zz%254"},
		{"a=%C3%BC&ü=1", "?a=%C3%BC&%C3%BC=1"},
		{"a=%FF%E2%82x", "?a=%EF%BF%BD%EF%BF%BDx"},
		{"a=1;b=2", "?a=1%3Bb%3D2"},
		{"a=~*'()/", "?a=~%2A%27%28%29%2F"},
	}
	for _, tt := range tests {
		c := &call{}
		c.query, _ = parseParams(tt.query, 10)
		if got := string(c.appendQuery(nil, "page", 1)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.query, got, tt.want)
		}
	}
}

func TestValidEmail(t *testing.T) {
	good := []string{"a@example.com", "a.b+c@sub.example.co", "a@localhost", "!#$%&'*+/=?^_`{}|~-@example.com", "x@münchen.de"}
	bad := []string{
		"", "a", "@", "a@", "@b.co", "a@b", "a@b.c", "a b@example.com", ".a@example.com", "a.@example.com", "a..b@example.com",
		"a@-b.com", "a@b-.com", "a@example.com-", "a@exa_mple.com", "a@b@example.com", "a@example..com", "a@example.com ",
		"Alice <a@example.com>", "a@example.com\n", strings.Repeat("a", 310) + "@example.com",
	}
	for _, s := range good {
		if !validEmail(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for _, s := range bad {
		if validEmail(s) {
			t.Errorf("%q is taken", s)
		}
	}
}

func TestCSRFSecret(t *testing.T) {
	const secret = "abcdefghijklmnopqrstuvwxyzABCDEF"
	masked := func(mask string) string {
		var b strings.Builder
		b.WriteString(mask)
		for i := range len(secret) {
			at := strings.IndexByte(csrfAlphabet, mask[i]) + strings.IndexByte(csrfAlphabet, secret[i])
			b.WriteByte(csrfAlphabet[at%len(csrfAlphabet)])
		}
		return b.String()
	}
	tests := []struct{ token, want, problem string }{
		{secret, secret, ""},
		{masked(strings.Repeat("9", 32)), secret, ""},
		{masked("Zx9aZx9aZx9aZx9aZx9aZx9aZx9aZx9a"), secret, ""},
		{"short", "", "has incorrect length"},
		{strings.Repeat("é", 16), "", "has invalid characters"},
	}
	for _, tt := range tests {
		got, problem := csrfSecret(tt.token)
		if got != tt.want || problem != tt.problem {
			t.Errorf("%s: %q, %q", tt.token, got, problem)
		}
	}
}

func TestCleanFilename(t *testing.T) {
	tests := []struct{ name, want string }{
		{"a b.png", "a b.png"}, {"../../x.png", "x.png"}, {`C:\tmp\x.png`, "x.png"}, {"a\x00\u202e.png", "a.png"},
		{"..", ""}, {"a/..", ""}, {"a/", ""}, {"", ""}, {"a&quot;b.png", `a"b.png`}, {"\xff.png", "\ufffd.png"},
		{strings.Repeat("é", 300) + ".png", strings.Repeat("é", 251) + ".png"},
	}
	for _, tt := range tests {
		if got := cleanFilename(tt.name); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.name, got, tt.want)
		}
	}
}
