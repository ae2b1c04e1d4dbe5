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
