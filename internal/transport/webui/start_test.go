package webui

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// api answers each path with itself and the cookie it came with.
func api() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, err := r.Cookie(kit.SessionCookie)
		switch {
		case r.Method != http.MethodGet || err != nil || len(r.Header) != 1:
			w.WriteHeader(http.StatusTeapot)
		case strings.HasSuffix(r.URL.Path, "/albums/404"):
			http.Error(w, "{}", http.StatusNotFound)
		case strings.HasSuffix(r.URL.Path, "/albums/huge"):
			_ = json.NewEncoder(w).Encode(strings.Repeat("x", maxGiven))
		case strings.HasSuffix(r.URL.Path, "/home"):
			_, _ = io.WriteString(w, `{"featured":[{"image":"/media/f.jpg"}],"recent":[],"madeForYou":[{"image":"/media/a.jpg"},{"image":"https://elsewhere.example/b.jpg"},{"image":"/media/\"c.jpg"}]}`)
		default:
			_, _ = io.WriteString(w, `{"image":"/media/cover.jpg","asked":"`+r.URL.String()+`","by":"`+cookie.Value+`","evil":"</script><!--"}`)
		}
	})
}

func newStart(t *testing.T) *App {
	t.Helper()
	a, err := New(Config{Files: built(), API: api(), Prefix: "/web/api/", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// given returns the answers in a page.
func given(t *testing.T, page string) map[string]any {
	t.Helper()
	_, rest, ok := strings.Cut(page, `<script type="application/json" id="given">`)
	if !ok {
		t.Fatalf("nothing is given: %s", page)
	}
	block, _, _ := strings.Cut(rest, "</script>")
	var answers map[string]any
	if err := json.Unmarshal([]byte(block), &answers); err != nil {
		t.Fatalf("%v: %s", err, block)
	}
	return answers
}

// A page brings what its view asks first, as the API answers whoever asks.
func TestGiven(t *testing.T) {
	a := newStart(t)
	tests := []struct {
		target string
		asked  []string
	}{
		{"/", []string{"home"}},
		{"/album/7", []string{"albums/7"}},
		{"/album/404", nil},
		{"/album/huge", nil},
		{"/album/7/more", nil},
		{"/album/", nil},
		{"/artist/Erik%20Satie", []string{"artists/Erik%20Satie"}},
		{"/artist/%3C%2Fscript%3E%3Fx", []string{"artists/%3C%2Fscript%3E%3Fx"}},
		{"/chat", nil},
		{"/chat/user_1", []string{"conversations/user_1/messages?limit=50"}},
		{"/admin/songs", nil},
	}
	for _, tt := range tests {
		w := ask(a, http.MethodGet, tt.target, "Cookie", kit.SessionCookie+"=key; other=1", "Accept", "text/html", "If-None-Match", "*")
		answers := given(t, w.Body.String())
		want := append([]string{"session", "conversations?limit=500"}, tt.asked...)
		if len(answers) != len(want) {
			t.Errorf("%s: %v, want %v", tt.target, answers, want)
		}
		for _, path := range want {
			answer, ok := answers[path].(map[string]any)
			if !ok || path != "home" && (answer["asked"] != "/web/api/"+path || answer["by"] != "key" || answer["evil"] != "</script><!--") {
				t.Errorf("%s: %s is %v", tt.target, path, answers[path])
			}
		}
		if c := w.Header().Get("Cache-Control"); c != "private, no-store" {
			t.Errorf("%s may be kept: %s", tt.target, c)
		}
		if v := w.Header().Get("Vary"); v != "Accept, Cookie" {
			t.Errorf("%s varies by %s", tt.target, v)
		}
	}
}

func TestNothingGivenToVisitors(t *testing.T) {
	w := ask(newStart(t), http.MethodGet, "/album/7", "Cookie", "other=1")
	if strings.Contains(w.Body.String(), "given") || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}

// A view's files are loaded beside the first, but not those that the page names.
func TestChunks(t *testing.T) {
	a := newStart(t)
	for target, want := range map[string][]string{
		"/": nil, "/search": nil,
		"/album/7":    {"Album-1", "Hero-1"},
		"/artist/A.B": {"Artist-1", "Hero-1"},
		"/chat/x":     {"together-1"},
	} {
		page := ask(a, http.MethodGet, target, "Accept", "text/html").Body.String()
		if n := strings.Count(page, "modulepreload"); n != len(want) {
			t.Errorf("%s: %d files, want %v", target, n, want)
		}
		for _, name := range want {
			if !strings.Contains(page, `<link rel="modulepreload" crossorigin href="/assets/`+name+`.js">`) {
				t.Errorf("%s lacks %s: %s", target, name, page)
			}
		}
	}
}

// The covers that are seen first are loaded beside the app.
func TestFirstCovers(t *testing.T) {
	a := newStart(t)
	for target, want := range map[string][]string{
		"/":        {"/media/a.jpg?size=160 160w, /media/a.jpg?size=300 300w, ", "/media/&#34;c.jpg?size=640 640w\"", "\"/media/f.jpg?size=64 64w, "},
		"/album/7": {"/media/cover.jpg?size=300 300w"},
		"/chat/x":  nil,
	} {
		page := ask(a, http.MethodGet, target, "Cookie", kit.SessionCookie+"=key").Body.String()
		if n := strings.Count(page, `<link rel="preload" as="image"`); n != len(want) {
			t.Errorf("%s: %d covers, want %v", target, n, want)
		}
		for _, source := range want {
			if !strings.Contains(page, source) {
				t.Errorf("%s lacks %s: %s", target, source, page)
			}
		}
	}
}

// Of files behind a CDN the page knows where they are, its policy lets it fetch
// them, and their covers are loaded in the sizes that the app will choose,
// signed or not.
func TestFilesElsewhere(t *testing.T) {
	const public = "https://cdn.example/x"
	answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"image":"`+public+`/media/c.jpg?exp=1&sig=x"}`)
	})
	a, err := New(Config{
		Files: built(), API: answers, Prefix: "/web/api/", Media: kit.MediaURLs{Public: public}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	w := ask(a, http.MethodGet, "/album/7", "Cookie", kit.SessionCookie+"=key")
	for _, want := range []string{
		`<link rel="preconnect" href="https://cdn.example" data-media="https://cdn.example/x">`,
		public + `/media/c.jpg?exp=1&amp;sig=x&amp;size=300 300w`,
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("there is no %s: %s", want, w.Body)
		}
	}
	policy := w.Header().Get("Content-Security-Policy")
	for _, directive := range []string{"img-src", "media-src", "connect-src"} {
		_, sources, _ := strings.Cut(policy, directive)
		sources, _, _ = strings.Cut(sources, ";")
		if !strings.HasSuffix(sources, " https://cdn.example") {
			t.Errorf("%s%s", directive, sources)
		}
	}
	if !strings.Contains(policy, "script-src 'self';") {
		t.Errorf("policy %s", policy)
	}
}

// On a private instance the page says to whoever has no session that he has none,
// and what the API refuses is not in it.
func TestGivenPrivately(t *testing.T) {
	refusing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/session") {
			w.WriteHeader(http.StatusUnauthorized)
		}
		_, _ = io.WriteString(w, `{"me":null}`)
	})
	a, err := New(Config{Files: built(), API: refusing, Prefix: "/web/api/", Private: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"/", "/album/7"} {
		page := ask(a, http.MethodGet, target).Body.String()
		if answers := given(t, page); len(answers) != 1 || answers["session"] == nil || strings.Contains(page, `as="image"`) {
			t.Errorf("%s: %v", target, answers)
		}
	}
}
