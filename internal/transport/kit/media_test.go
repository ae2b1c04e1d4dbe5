package kit

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/secret"
)

func TestMedia(t *testing.T) {
	cdn := MediaURLs{Public: "https://cdn.example/x"}
	for _, tt := range []struct{ ref, path, url, cdn string }{
		{"", "", "", ""},
		{"songs/a.mp3", "/media/songs/a.mp3", "http://h/media/songs/a.mp3", "https://cdn.example/x/media/songs/a.mp3"},
		{"songs/ü b%.mp3", "/media/songs/%C3%BC%20b%25.mp3", "http://h/media/songs/%C3%BC%20b%25.mp3", "https://cdn.example/x/media/songs/%C3%BC%20b%25.mp3"},
		{"a?b#c&d=e", "/media/a%3Fb%23c%26d%3De", "http://h/media/a%3Fb%23c%26d%3De", "https://cdn.example/x/media/a%3Fb%23c%26d%3De"},
		{"a_b.c-d~e!f*g'h(i)", "/media/a_b.c-d~e!f*g'h(i)", "http://h/media/a_b.c-d~e!f*g'h(i)", "https://cdn.example/x/media/a_b.c-d~e!f*g'h(i)"},
		{"https://img.example/a b", "https://img.example/a b", "https://img.example/a b", "https://img.example/a b"},
	} {
		for want, m := range map[string]Media{
			tt.path: MediaURLs{}.From(""), tt.url: MediaURLs{}.From("http://h"), tt.cdn: cdn.From("http://h"),
		} {
			if got := m.URL(tt.ref); got != want {
				t.Errorf("%q: %s, want %s", tt.ref, got, want)
			}
			if got := m.Append([]byte("x"), tt.ref); string(got) != "x"+want {
				t.Errorf("%q: %s, want x%s", tt.ref, got, want)
			}
		}
	}
	for public, want := range map[string]string{
		"": "", "https://cdn.example/x": "https://cdn.example", "http://[::1]:81": "http://[::1]:81",
	} {
		if got := (MediaURLs{Public: public}).Origin(); got != want {
			t.Errorf("the origin of %q is %q", public, got)
		}
	}
}

func TestSized(t *testing.T) {
	own, cdn := MediaURLs{}, MediaURLs{Public: "https://cdn.example"}
	for _, tt := range []struct {
		urls          MediaURLs
		address, want string
	}{
		{own, "/media/a.png", "/media/a.png?size=64"},
		{own, "/media/a.png?exp=1&sig=x", "/media/a.png?exp=1&sig=x&size=64"},
		{own, "https://cdn.example/media/a.png", ""},
		{own, "", ""},
		{cdn, "https://cdn.example/media/a.png", "https://cdn.example/media/a.png?size=64"},
		{cdn, "https://elsewhere.example/media/a.png", ""},
	} {
		if got, ours := tt.urls.Sized(tt.address, 64); got != tt.want || ours != (tt.want != "") {
			t.Errorf("%s: %q, %v", tt.address, got, ours)
		}
	}
}

// clock is one that tests set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newSigner(t testing.TB, master byte) (*MediaSigner, *clock) {
	t.Helper()
	keys, err := secret.New(bytes.Repeat([]byte{master}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)}
	return NewMediaSigner(keys, c.now), c
}

// Within a step all addresses of a file are one; then they are another one,
// while the first is good for six hours more.
func TestSteps(t *testing.T) {
	s, c := newSigner(t, 1)
	urls := MediaURLs{Signer: s}
	at := func(hour, minute, second int) time.Time {
		return time.Date(2026, 11, 23, hour, minute, second, 0, time.UTC)
	}
	for _, tt := range []struct{ now, expires time.Time }{
		{at(6, 0, 0), at(12, 0, 0)},
		{at(6, 0, 1), at(18, 0, 0)},
		{at(11, 59, 59), at(18, 0, 0)},
		{at(12, 0, 0), at(18, 0, 0)},
		{at(12, 0, 1), at(24, 0, 0)},
	} {
		c.at = tt.now
		m := urls.From("http://h")
		address, err := url.Parse(m.URL("a b.mp3"))
		if err != nil {
			t.Fatal(err)
		}
		left, ok := s.Check("a b.mp3", address.Query())
		if !ok || left != tt.expires.Sub(tt.now) {
			t.Errorf("at %v it is good for %v, %v", tt.now, left, ok)
		}
		if again := urls.From("http://h"); again.Key() != m.Key() || again.URL("a b.mp3") != address.String() {
			t.Errorf("at %v: %s and %s", tt.now, again.URL("a b.mp3"), address)
		}
		// An answer that is kept under the key is sent until the key changes.
		c.at = tt.expires.Add(-MediaStep + time.Second)
		if urls.From("http://h").Key() == m.Key() {
			t.Errorf("at %v the answers of %v are still sent", c.at, tt.now)
		}
	}
}

func TestSignatures(t *testing.T) {
	s, c := newSigner(t, 1)
	other, _ := newSigner(t, 2)
	made := func(s *MediaSigner, name string) url.Values {
		address, err := url.Parse(MediaURLs{Signer: s}.From("").URL(name))
		if err != nil {
			t.Fatal(err)
		}
		return address.Query()
	}
	with := func(name, value string) url.Values {
		q := made(s, "a")
		q.Set(name, value)
		return q
	}
	good := made(s, "a")
	if len(good.Get("sig")) != 22 {
		t.Errorf("the signature is %q", good.Get("sig"))
	}
	for what, tt := range map[string]struct {
		name  string
		query url.Values
		ok    bool
	}{
		"as it was made":       {"a", good, true},
		"in a size":            {"a", with("size", "64"), true},
		"of another file":      {"b", good, false},
		"of no file":           {"", good, false},
		"the expiry is later":  {"a", with("exp", "99999999999"), false},
		"the expiry is none":   {"a", with("exp", "soon"), false},
		"the expiry is longer": {"a", with("exp", good.Get("exp")+"0"), false},
		"no expiry":            {"a", url.Values{"sig": good["sig"]}, false},
		"no signature":         {"a", url.Values{"exp": good["exp"]}, false},
		"an empty signature":   {"a", with("sig", ""), false},
		"cut":                  {"a", with("sig", good.Get("sig")[:21]), false},
		"longer":               {"a", with("sig", good.Get("sig")+"A"), false},
		"in another case":      {"a", with("sig", strings.ToUpper(good.Get("sig"))), false},
		"of other keys":        {"a", made(other, "a"), false},
		"nothing at all":       {"a", nil, false},
	} {
		if _, ok := s.Check(tt.name, tt.query); ok != tt.ok {
			t.Errorf("%s: %v", what, ok)
		}
	}
	// What stands before the expiry in the text that is signed cannot become part
	// of a name, and the other way round.
	if _, ok := s.Check("a\n1", url.Values{"exp": {strings.TrimPrefix(good.Get("exp"), "1")}, "sig": good["sig"]}); ok {
		t.Error("a name took a part of the expiry")
	}
	c.at = time.Date(2026, 11, 23, 17, 59, 59, 0, time.UTC)
	if left, ok := s.Check("a", good); !ok || left != time.Second {
		t.Errorf("at the end: %v, %v", left, ok)
	}
	c.at = c.at.Add(time.Second)
	if _, ok := s.Check("a", good); ok {
		t.Error("it is good after its expiry")
	}
}

// What an address costs, and what a signed one does.
func BenchmarkMediaURL(b *testing.B) {
	s, _ := newSigner(b, 1)
	for name, urls := range map[string]MediaURLs{"public": {}, "signed": {Signer: s}} {
		b.Run(name, func(b *testing.B) {
			m, space := urls.From("https://music.example.org"), make([]byte, 0, 256)
			b.ReportAllocs()
			for b.Loop() {
				space = m.Append(space[:0], "songs/gymnopedie-no-1.mp3")
			}
		})
	}
}
