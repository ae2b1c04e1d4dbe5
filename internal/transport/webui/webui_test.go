package webui

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/antiphon-music/antiphon/web"
)

func built() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"index.html":           file(`<meta name="csp-nonce" content="__CSP_NONCE__"><title>Antiphon</title><script src="/assets/app-1a2b.js"></script><!--start-->`),
		"manifest.webmanifest": file(`{"name":"Antiphon"}`),
		"mark.svg":             file(`<svg/>`), "mark.svg.gz": file(`svg in gzip`),
		"assets/app-1a2b.js": file(`plain`), "assets/app-1a2b.js.br": file(`in brotli`), "assets/app-1a2b.js.gz": file(`in gzip`),
		"assets/app-1a2b.css": file(`style`), "assets/thing.bin": file(`x`),
		".vite/manifest.json": file(`{
			"index.html": {"file": "assets/app-1a2b.js", "name": "app"},
			"src/Album.tsx": {"file": "assets/Album-1.js", "name": "Album", "imports": ["index.html", "_Hero.js"]},
			"_Hero.js": {"file": "assets/Hero-1.js", "name": "Hero", "imports": ["index.html", "_Hero.js"]},
			"src/Artist.tsx": {"file": "assets/Artist-1.js", "name": "Artist", "imports": ["_Hero.js"]},
			"_together.js": {"file": "assets/together-1.js", "name": "together"},
			"src/Songs.tsx": {"file": "assets/Songs-1.js", "name": "Songs"},
			"src/Albums.tsx": {"file": "assets/Albums-1.js", "name": "Albums"}
		}`),
	}
}

func newApp(t *testing.T) *App {
	t.Helper()
	a, err := New(Config{Files: built(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// ask sends a request with headers as pairs of name and value.
func ask(h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPaths(t *testing.T) {
	a := newApp(t)
	const page, none = "text/html; charset=utf-8", "text/plain; charset=utf-8"
	tests := []struct {
		target, accept string
		code           int
		contentType    string
	}{
		{"/", "", 200, page},
		{"/index.html", "", 200, page},
		{"/admin/", "", 200, page},
		{"/admin/songs/17", "", 200, page},
		{"/album/1", "", 200, page},
		{"//album/1", "", 200, page},
		{"/artist/R%C3%B3is%C3%ADn", "", 200, page},
		{"/artist/Mr.%20Big", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", 200, page},
		{"/assets", "", 200, page},
		{"/manifest.webmanifest", "", 200, "application/manifest+json"},
		{"/mark.svg", "", 200, "image/svg+xml"},
		{"/assets/app-1a2b.js", "", 200, "text/javascript; charset=utf-8"},
		{"/assets/app-1a2b.css", "", 200, "text/css; charset=utf-8"},
		{"/assets/thing.bin", "", 200, "application/octet-stream"},
		{"/favicon.ico", "image/webp,*/*;q=0.8", 404, none},
		{"/.env", "*/*", 404, none},
		{"/mark.svg.gz", "", 404, none},
		{"/.vite/manifest.json", "", 404, none},
		{"/assets/", "text/html", 404, none},
		{"/assets/app-0000.js", "text/html", 404, none},
		{"/assets/app-1a2b.js.br", "", 404, none},
		{"/assets/../index.html", "", 404, none},
		{"/%00", "", 200, page},
	}
	for _, tt := range tests {
		w := ask(a, http.MethodGet, tt.target, "Accept", tt.accept)
		if w.Code != tt.code || w.Header().Get("Content-Type") != tt.contentType {
			t.Errorf("%s: %d %s, want %d %s", tt.target, w.Code, w.Header().Get("Content-Type"), tt.code, tt.contentType)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", tt.target, w.Header())
		}
		head := ask(a, http.MethodHead, tt.target, "Accept", tt.accept)
		if head.Code != tt.code || tt.code == 200 && head.Body.Len() > 0 || head.Header().Get("Content-Length") != w.Header().Get("Content-Length") {
			t.Errorf("HEAD %s: %d with %d bytes, %v", tt.target, head.Code, head.Body.Len(), head.Header())
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodDelete, http.MethodOptions, "BREW"} {
		if w := ask(a, method, "/"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d %v", method, w.Code, w.Header())
		}
	}
}

// The nonce is in the page and in its policy, and never the same again.
func TestNonce(t *testing.T) {
	a := newApp(t)
	seen := map[string]bool{}
	for range 3 {
		w := ask(a, http.MethodGet, "/album/1", "If-None-Match", "*")
		_, rest, _ := strings.Cut(w.Body.String(), `content="`)
		nonce, _, _ := strings.Cut(rest, `"`)
		if w.Code != http.StatusOK || len(nonce) < 20 || seen[nonce] || strings.Contains(w.Body.String(), noncePlace) {
			t.Errorf("%d, nonce %q: %s", w.Code, nonce, w.Body)
		}
		seen[nonce] = true
		p := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(p, "; style-src 'self' 'nonce-"+nonce+"'; ") || !strings.Contains(p, "; script-src 'self'; ") || strings.Contains(p, "unsafe") {
			t.Errorf("policy %s", p)
		}
		if w.Header().Get("Cache-Control") != "no-cache" || w.Header().Get("ETag") != "" {
			t.Errorf("it may be kept: %v", w.Header())
		}
	}
}

func TestCodings(t *testing.T) {
	a := newApp(t)
	const file, plain = "/assets/app-1a2b.js", "plain"
	tests := []struct{ target, accepted, coding, body string }{
		{file, "gzip, deflate, br, zstd", "br", "in brotli"},
		{file, "gzip, deflate", "gzip", "in gzip"},
		{file, "GZIP;Q=0.5", "gzip", "in gzip"},
		{file, "br;q=0, gzip;q=0.1", "gzip", "in gzip"},
		{file, "*", "br", "in brotli"},
		{file, "*, br;q=0.0", "gzip", "in gzip"},
		{file, "", "", plain},
		{file, "identity", "", plain},
		{file, "br;q=x, *;q=0", "", plain},
		{"/mark.svg", "br, gzip", "gzip", "svg in gzip"},
		{"/assets/app-1a2b.css", "br, gzip", "", "style"},
	}
	tags := map[string]string{}
	for _, tt := range tests {
		w := ask(a, http.MethodGet, tt.target, "Accept-Encoding", tt.accepted)
		h := w.Header()
		if w.Code != http.StatusOK || h.Get("Content-Encoding") != tt.coding || w.Body.String() != tt.body {
			t.Errorf("%s for %q: %d %q %q", tt.target, tt.accepted, w.Code, h.Get("Content-Encoding"), w.Body)
		}
		if varies := h.Get("Vary") == "Accept-Encoding"; varies != (tt.body != "style") {
			t.Errorf("%s: Vary is %q", tt.target, h.Get("Vary"))
		}
		tag := h.Get("ETag")
		if known, ok := tags[tag]; tag == "" || ok && known != tt.body {
			t.Errorf("%s: tag %s of %q and of %q", tt.target, tag, known, tt.body)
		}
		tags[tag] = tt.body
		again := ask(a, http.MethodGet, tt.target, "Accept-Encoding", tt.accepted, "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() > 0 || again.Header().Get("ETag") != tag {
			t.Errorf("%s for one who has it: %d", tt.target, again.Code)
		}
	}
}

func TestKeeping(t *testing.T) {
	a := newApp(t)
	for target, want := range map[string]string{
		"/assets/app-1a2b.js": "public, max-age=31536000, immutable",
		"/mark.svg":           "no-cache",
		"/assets/app-0.js":    "no-cache", // it may come with the next version
	} {
		if got := ask(a, http.MethodGet, target).Header().Get("Cache-Control"); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
}

func TestBrokenApp(t *testing.T) {
	files := built()
	a, err := New(Config{Files: files, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	delete(files, "mark.svg")
	if w := ask(a, http.MethodGet, "/mark.svg"); w.Code != http.StatusInternalServerError || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, name := range []string{"index.html", ".vite/manifest.json"} {
		files := built()
		delete(files, name)
		if _, err := New(Config{Files: files}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
	files = built()
	files[".vite/manifest.json"].Data = []byte(`{}`)
	if _, err := New(Config{Files: files}); err == nil || !strings.Contains(err.Error(), "no chunk Album") {
		t.Errorf("without a view: %v", err)
	}
}

// What is committed has the places that the nonce and the start go to, and a file
// for each view.
func TestCommittedApp(t *testing.T) {
	a, err := New(Config{Files: web.Dist(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(a.page), `content="`+noncePlace+`"`) {
		t.Errorf("the page has no place for a nonce: %s", a.page)
	}
	if strings.Count(string(a.page), startPlace) != 1 {
		t.Errorf("the page has no place for what it starts with: %s", a.page)
	}
}
