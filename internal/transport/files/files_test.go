package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
)

var created = time.Date(2024, 5, 17, 12, 0, 0, 500, time.UTC)

// directory is a Names in memory.
type directory struct {
	mu    sync.Mutex
	files map[string]File
	asked int
	err   error // if set, the answer to everything
}

func (d *directory) BlobByName(_ context.Context, name string) (File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	if d.err != nil {
		return File{}, d.err
	}
	f, ok := d.files[name]
	if !ok {
		return File{}, errs.New(errs.NotFound, "no such name")
	}
	return f, nil
}

// house is a handler over a store with files.
type house struct {
	*Handler
	names    *directory
	store    *local.Store
	revision atomic.Uint64
}

func newHouse(t testing.TB) *house {
	t.Helper()
	store, err := local.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	cache, err := sizes.New(t.TempDir(), store)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{names: &directory{files: map[string]File{}}, store: store}
	h.Handler = New(Config{
		Names: h.names, Blobs: store, Sizes: cache, Revision: h.revision.Load, Log: slog.New(slog.DiscardHandler),
	})
	t.Cleanup(h.clear)
	return h
}

// clear takes everything off the shelf, and closes it.
func (h *house) clear() {
	h.shelf.mu.Lock()
	defer h.shelf.mu.Unlock()
	for _, e := range h.shelf.entries {
		h.shelf.drop(e)
	}
}

// add stores content under a name.
func (h *house) add(t testing.TB, name, contentType string, content []byte) media.Key {
	t.Helper()
	s, err := h.store.Stage().Receive(context.Background(), bytes.NewReader(content), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Discard()
	if err := h.store.Put(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	h.names.files[name] = File{Key: s.Key, ContentType: contentType, Size: s.Size, CreatedAt: created}
	return s.Key
}

// ask sends a request with headers, given as name and value in turn.
func (h *house) ask(method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func expectHeader(t *testing.T, r *http.Response, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := r.Header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
}

const song = "0123456789abcdefghij"

func TestWhole(t *testing.T) {
	h := newHouse(t)
	key := h.add(t, "songs/a b ü.mp3", "audio/mpeg", []byte(song))
	for _, method := range []string{"GET", "HEAD"} {
		for range 2 { // opened, and from the shelf
			r := h.ask(method, "/media/songs/a%20b%20%C3%BC.mp3?v=1")
			want := song
			if method == "HEAD" {
				want = ""
			}
			if got := body(t, r); r.StatusCode != http.StatusOK || got != want {
				t.Errorf("%s: %d %q", method, r.StatusCode, got)
			}
			expectHeader(t, r, map[string]string{
				"Content-Type": "audio/mpeg", "Content-Length": "20", "Accept-Ranges": "bytes",
				"ETag": `"` + string(key) + `"`, "Last-Modified": "Fri, 17 May 2024 12:00:00 GMT",
				"Cache-Control":          "public, max-age=31536000, immutable",
				"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
				"Access-Control-Allow-Origin": "*",
			})
		}
	}
	if h.names.asked != 1 {
		t.Errorf("the name was looked up %d times", h.names.asked)
	}
}

func TestRangesAndConditions(t *testing.T) {
	h := newHouse(t)
	etag := `"` + string(h.add(t, "a", "audio/mpeg", []byte(song))) + `"`
	const before, after = "Fri, 17 May 2024 11:59:59 GMT", "Fri, 17 May 2024 12:00:00 GMT"
	tests := []struct {
		headers      []string
		status       int
		body         string
		contentRange string
	}{
		{[]string{"Range", "bytes=0-4"}, 206, "01234", "bytes 0-4/20"},
		{[]string{"Range", "bytes=15-"}, 206, "fghij", "bytes 15-19/20"},
		{[]string{"Range", "bytes=-3"}, 206, "hij", "bytes 17-19/20"},
		{[]string{"Range", "bytes=18-99"}, 206, "ij", "bytes 18-19/20"},
		{[]string{"Range", "bytes=20-"}, 416, `{"message":"The range is not in the file."}`, "bytes */20"},
		{[]string{"Range", "bytes=x"}, 416, `{"message":"The range is not in the file."}`, ""},
		{[]string{"Range", "bytes=0-1", "If-Range", etag}, 206, "01", "bytes 0-1/20"},
		{[]string{"Range", "bytes=0-1", "If-Range", `"other"`}, 200, song, ""},
		{[]string{"Range", "bytes=0-1", "If-Range", after}, 206, "01", "bytes 0-1/20"},
		{[]string{"Range", "bytes=0-1", "If-Range", before}, 200, song, ""},
		{[]string{"If-None-Match", etag}, 304, "", ""},
		{[]string{"If-None-Match", `"other"`}, 200, song, ""},
		{[]string{"If-Match", `"other"`}, 412, "", ""},
		{[]string{"If-Modified-Since", after}, 304, "", ""},
		{[]string{"If-Modified-Since", before}, 200, song, ""},
		{[]string{"If-Unmodified-Since", before}, 412, "", ""},
		{[]string{"Range", "bytes=" + strings.Repeat("0-0,", 16) + "1-1"}, 200, song, ""},
	}
	for _, test := range tests {
		r := h.ask("GET", "/media/a", test.headers...)
		got := body(t, r)
		if r.StatusCode != test.status || got != test.body || r.Header.Get("Content-Range") != test.contentRange {
			t.Errorf("%q: %d %q %q", test.headers, r.StatusCode, got, r.Header.Get("Content-Range"))
		}
	}
}

func TestSeveralRanges(t *testing.T) {
	h := newHouse(t)
	h.add(t, "a", "audio/mpeg", []byte(song))
	r := h.ask("GET", "/media/a", "Range", "bytes=0-1,5-6,-2")
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.StatusCode != 206 || mediaType != "multipart/byteranges" || err != nil {
		t.Fatalf("%d %s, %v", r.StatusCode, mediaType, err)
	}
	parts := multipart.NewReader(r.Body, params["boundary"])
	for _, want := range []string{"01", "56", "ij"} {
		part, err := parts.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(part)
		if err != nil || string(got) != want || part.Header.Get("Content-Type") != "audio/mpeg" {
			t.Errorf("part %q of %s, %v, want %q", got, part.Header.Get("Content-Type"), err, want)
		}
	}
}

func TestContentTypesAreHarmless(t *testing.T) {
	h := newHouse(t)
	tests := map[string]string{
		"audio/flac": "audio/flac", "image/png": "image/png", "video/mp4": "video/mp4",
		"text/html": "application/octet-stream", "TEXT/HTML; charset=utf-8": "application/octet-stream",
		"image/svg+xml": "application/octet-stream", "application/xhtml+xml": "application/octet-stream",
		"Image/SVG+XML": "application/octet-stream", "": "application/octet-stream",
	}
	for contentType, want := range tests {
		h.add(t, "f", contentType, []byte("<script>alert(1)</script>"))
		h.revision.Add(1)
		expectHeader(t, h.ask("GET", "/media/f"), map[string]string{"Content-Type": want})
	}
}

func TestRefusals(t *testing.T) {
	h := newHouse(t)
	h.add(t, "a", "image/png", []byte(song))
	lost := h.add(t, "lost", "audio/mpeg", []byte("lost"))
	if err := h.store.Delete(t.Context(), lost, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		method, target string
		status         int
	}{
		{"POST", "/media/a", 405},
		{"DELETE", "/media/a", 405},
		{"OPTIONS", "/media/a", 405},
		{"GET", "/media/", 404},
		{"GET", "/media", 404},
		{"GET", "/other/a", 404},
		{"GET", "/media/b", 404},
		{"GET", "/media/lost", 404},
		{"GET", "/media//a", 404},
		{"GET", "/media/a/", 404},
		{"GET", "/media/./a", 404},
		{"GET", "/media/../media/a", 404},
		{"GET", "/media/%2e%2e/%2e%2e/etc/passwd", 404},
		{"GET", "/media/..%2f..%2fetc%2fpasswd", 404},
		{"GET", "/media/..%5c..%5cwindows", 404},
		{"GET", "/media/a%00", 404},
		{"GET", "/media/a%0a", 404},
		{"GET", "/media/%ff", 404},
		{"GET", "/media/" + strings.Repeat("x", maxName+1), 404},
		{"GET", "/media/a?size=", 400},
		{"GET", "/media/a?size=0", 400},
		{"GET", "/media/a?size=-1", 400},
		{"GET", "/media/a?size=big", 400},
		{"GET", "/media/a?size=99999999999999999999", 400},
	}
	for _, test := range tests {
		r := h.ask(test.method, test.target)
		var answer struct{ Message string }
		if err := json.Unmarshal([]byte(body(t, r)), &answer); err != nil || answer.Message == "" {
			t.Errorf("%s %s: message %q, %v", test.method, test.target, answer.Message, err)
		}
		if r.StatusCode != test.status {
			t.Errorf("%s %s: %d, want %d", test.method, test.target, r.StatusCode, test.status)
		}
		allow := ""
		if test.status == 405 {
			allow = "GET, HEAD"
		}
		expectHeader(t, r, map[string]string{"Allow": allow, "Cache-Control": "no-store", "ETag": ""})
	}
}

func TestFailuresKeepTheirSecrets(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		err        error
		status     int
		retryAfter string
	}{
		{errors.New("password=hunter2"), 500, ""},
		{&errs.Error{Kind: errs.Unavailable, Err: errors.New("password=hunter2")}, 503, "1"},
		{&errs.Error{Kind: errs.Unavailable, RetryAfter: 90 * time.Second}, 503, "90"},
	}
	for _, test := range tests {
		h.names.err = test.err
		r := h.ask("GET", "/media/a")
		if got := body(t, r); r.StatusCode != test.status || strings.Contains(got, "hunter2") {
			t.Errorf("%v: %d %s", test.err, r.StatusCode, got)
		}
		expectHeader(t, r, map[string]string{"Retry-After": test.retryAfter})
	}
}

func TestSizes(t *testing.T) {
	h := newHouse(t)
	m := image.NewPaletted(image.Rect(0, 0, 400, 200), color.Palette{color.Black, color.White})
	var asPNG, asGIF bytes.Buffer
	if err := errors.Join(png.Encode(&asPNG, m), gif.Encode(&asGIF, m, nil)); err != nil {
		t.Fatal(err)
	}
	key := h.add(t, "p.png", "image/png", asPNG.Bytes())
	h.add(t, "g.gif", "image/gif", asGIF.Bytes())
	h.add(t, "broken.png", "image/png", []byte(song))
	h.add(t, "s.mp3", "audio/mpeg", []byte(song))
	tests := []struct {
		target, contentType string
		width               int // 0: as it was stored
	}{
		{"/media/p.png", "image/png", 400},
		{"/media/p.png?size=50", "image/jpeg", 64},
		{"/media/p.png?size=160", "image/jpeg", 160},
		{"/media/p.png?size=1200", "image/jpeg", 400},
		{"/media/p.png?size=1201", "image/png", 400},
		{"/media/g.gif?size=64", "image/jpeg", 64},
		{"/media/broken.png?size=64", "image/png", 0},
		{"/media/s.mp3?size=no", "audio/mpeg", 0},
	}
	for _, test := range tests {
		r := h.ask("GET", test.target)
		expectHeader(t, r, map[string]string{"Content-Type": test.contentType})
		if test.width == 0 {
			if got := body(t, r); got != song {
				t.Errorf("%s: %q", test.target, got)
			}
			continue
		}
		got, _, err := image.Decode(r.Body)
		if err != nil || got.Bounds().Dx() != test.width {
			t.Errorf("%s: %v, want a width of %d", test.target, err, test.width)
		}
	}
	r := h.ask("HEAD", "/media/p.png?size=100")
	expectHeader(t, r, map[string]string{"ETag": `"` + string(key) + `-160"`, "Last-Modified": "Fri, 17 May 2024 12:00:00 GMT"})
	if r := h.ask("GET", "/media/p.png?size=100", "If-None-Match", `"`+string(key)+`-160"`); r.StatusCode != 304 {
		t.Errorf("its own ETag: %d", r.StatusCode)
	}
	if r := h.ask("GET", "/media/p.png?size=100", "Range", "bytes=0-1"); r.StatusCode != 206 || body(t, r) != "\xff\xd8" {
		t.Errorf("a range: %d", r.StatusCode)
	}
}
