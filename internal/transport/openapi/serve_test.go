package openapi

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandlers(t *testing.T) {
	a := newAPI(t)
	tests := []struct {
		handler     http.Handler
		path        string
		contentType string
		contains    string
	}{
		{a.Schema(), "/api/schema/", "application/json", `"openapi": "3.1.1"`},
		{a.Docs(), "/api/docs/", "text/html; charset=utf-8", "<h1>Antiphon API</h1>"},
		{a.Docs(), "/api/docs/style.css", "text/css; charset=utf-8", "prefers-color-scheme: light"},
		{a.Docs(), "/api/docs/mark.svg", "image/svg+xml", "<svg"},
		{a.Landing(), "/", "text/html; charset=utf-8", "/healthz"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			w := get(t, tt.handler, "GET", tt.path)
			if w.Code != 200 || w.Header().Get("Content-Type") != tt.contentType || !strings.Contains(w.Body.String(), tt.contains) {
				t.Fatalf("got %d %v", w.Code, w.Header())
			}
			if got := w.Header().Get("Cache-Control"); got != "no-cache" {
				t.Errorf("Cache-Control: %s", got)
			}
			if got := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'; style-src 'self'") {
				t.Errorf("Content-Security-Policy: %s", got)
			}
			tag := w.Header().Get("ETag")
			if again := get(t, tt.handler, "GET", tt.path, "If-None-Match", tag); again.Code != 304 || again.Body.Len() > 0 {
				t.Errorf("with its own tag %s: %d", tag, again.Code)
			}
			if other := get(t, tt.handler, "GET", tt.path, "If-None-Match", `"other"`); other.Code != 200 {
				t.Errorf("with another tag: %d", other.Code)
			}
			if head := get(t, tt.handler, "HEAD", tt.path); head.Code != 200 || head.Body.Len() > 0 {
				t.Errorf("HEAD: %d with %d bytes", head.Code, head.Body.Len())
			}
			if post := get(t, tt.handler, "POST", tt.path); post.Code != 405 || post.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("POST: %d %v", post.Code, post.Header())
			}
		})
	}
	for path, h := range map[string]http.Handler{"/api/docs/page.go": a.Docs(), "/api/schema/x": a.Schema(), "/favicon.ico": a.Landing()} {
		if w := get(t, h, "GET", path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

var (
	anchors = regexp.MustCompile(`href="#([^"]*)"`)
	ids     = regexp.MustCompile(`\sid="([^"]*)"`)
	loaded  = regexp.MustCompile(`(?:src|href)="([^"#][^"]*)"`)
)

func TestPageLinks(t *testing.T) {
	a := newAPI(t)
	page := get(t, a.Docs(), "GET", "/api/docs/").Body.String()
	known := map[string]bool{}
	for _, id := range ids.FindAllStringSubmatch(page, -1) {
		if known[id[1]] {
			t.Errorf("the id %s is there twice", id[1])
		}
		known[id[1]] = true
	}
	for _, anchor := range anchors.FindAllStringSubmatch(page, -1) {
		if !known[anchor[1]] {
			t.Errorf("#%s leads nowhere", anchor[1])
		}
	}
	for _, o := range a.operations {
		if !known[o.id] {
			t.Errorf("the page lacks %s", o.id)
		}
	}
	for _, link := range loaded.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(link[1], "/") || strings.HasPrefix(link[1], "//") {
			t.Errorf("%s is on another server", link[1])
		}
	}
	for _, forbidden := range []string{"<script", "<style", " style=", " onclick="} {
		if strings.Contains(page, forbidden) {
			t.Errorf("%s has no place under the page's policy", forbidden)
		}
	}
}

func TestPageText(t *testing.T) {
	page := get(t, newAPI(t).Docs(), "GET", "/api/docs/").Body.String()
	for _, want := range []string{
		`<span class="access admins">Admins</span>`,
		`<small>application/json, application/x-www-form-urlencoded</small>`,
		`<code>original.content</code>`,
		`array of <a href="#NodeSong">NodeSong</a>`,
		`<span class="s">&#39;audioFile=@song.mp3&#39;</span>`,
		`<span class="n">&#34;title&#34;:</span> <span class="s">&#34;Gymnopédie No. 1&#34;</span>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, `id="NodeNewSong"`) {
		t.Error("the shape of a body is listed although nothing refers to it")
	}
}

func TestTextIsEscaped(t *testing.T) {
	c := fixture()
	c.Title = `<script>alert("x")</script>`
	c.Operations[0].Summary = c.Title
	c.Server = "https://music.example/'><script>"
	a, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range []http.Handler{a.Docs(), a.Landing()} {
		for _, path := range []string{"/", "/api/docs/"} {
			if strings.Contains(get(t, h, "GET", path).Body.String(), "<script") {
				t.Error("a script got into the page")
			}
		}
	}
}
