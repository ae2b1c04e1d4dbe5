package files

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

// faraway is a storage over a network whose blobs are in a directory after all.
type faraway struct {
	*local.Store
	err   error // of every fetch
	mu    sync.Mutex
	asked []string
	open  int // bodies
}

func (f *faraway) At(k media.Key, size int64) media.Ranger {
	return remote.New(context.Background(), func(ctx context.Context, from, n int64) (io.ReadCloser, error) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.asked = append(f.asked, contentRange(from, n, size))
		if f.err != nil {
			return nil, f.err
		}
		b, _, err := f.Open(ctx, k)
		if err != nil {
			return nil, err
		}
		f.open++
		return &part{io.NewSectionReader(b, from, n), b, f}, nil
	}, size, time.Minute)
}

func (f *faraway) Link(_ context.Context, k media.Key, contentType string, expires time.Time) (string, error) {
	if f.err != nil {
		return "", f.err
	}
	return "https://far.example/" + string(k[:4]) + "?type=" + contentType + "&until=" + expires.Format("15:04"), nil
}

type part struct {
	io.Reader
	blob io.Closer
	far  *faraway
}

func (p *part) Close() error {
	p.far.mu.Lock()
	defer p.far.mu.Unlock()
	if p.blob != nil {
		p.far.open--
		p.blob = nil
	}
	return nil
}

func newFaraway(t *testing.T) (*house, *faraway) {
	t.Helper()
	h := newHouse(t)
	f := &faraway{Store: h.store}
	h.Handler = New(Config{Names: h.names, Blobs: f, Revision: h.revision.Load, Log: slog.New(slog.DiscardHandler)})
	return h, f
}

// Each request asks the storage for what it sends, once, and for nothing else.
func TestRemote(t *testing.T) {
	h, far := newFaraway(t)
	etag := `"` + string(h.add(t, "a", "audio/mpeg", []byte(song))) + `"`
	h.add(t, "empty", "audio/mpeg", nil)
	tests := []struct {
		method, target string
		headers        []string
		status         int
		body           string
		asked          string
	}{
		{"GET", "/media/a", nil, 200, song, "bytes 0-19/20"},
		{"GET", "/media/a", []string{"Range", "bytes=5-9"}, 206, "56789", "bytes 5-9/20"},
		{"GET", "/media/a", []string{"Range", "bytes=-3"}, 206, "hij", "bytes 17-19/20"},
		{"GET", "/media/a", []string{"Range", "bytes=5-9", "If-Range", etag}, 206, "56789", "bytes 5-9/20"},
		{"GET", "/media/a", []string{"If-None-Match", etag}, 304, "", ""},
		{"GET", "/media/a", []string{"Range", "bytes=20-"}, 416, `{"message":"The range is not in the file."}`, ""},
		{"HEAD", "/media/a", nil, 200, "", ""},
		{"GET", "/media/empty", nil, 200, "", ""},
	}
	for _, test := range tests {
		far.asked = nil
		r := h.ask(test.method, test.target, test.headers...)
		got := body(t, r)
		if r.StatusCode != test.status || got != test.body || strings.Join(far.asked, ", ") != test.asked {
			t.Errorf("%s %q: %d %q, asked for %q", test.method, test.headers, r.StatusCode, got, far.asked)
		}
	}
	if r := h.ask("GET", "/media/a", "Range", "bytes=0-1,5-6"); r.StatusCode != 206 || !strings.Contains(body(t, r), "56") {
		t.Errorf("two ranges: %d", r.StatusCode)
	}
	if far.open != 0 {
		t.Errorf("%d connections are held", far.open)
	}
}

func TestRemoteFails(t *testing.T) {
	h, far := newFaraway(t)
	h.add(t, "a", "audio/mpeg", []byte(song))
	tests := []struct {
		err    error
		status int
	}{
		{remote.Unavailable(errors.New("no answer")), 503},
		{errs.New(errs.NotFound, "gone"), 404},
		{errors.New("forbidden"), 500},
	}
	for _, test := range tests {
		far.err = test.err
		for _, headers := range [][]string{nil, {"Range", "bytes=5-9"}, {"Range", "bytes=5-9", "If-Match", "*"}, {"Range", "bytes=-5"}} {
			r := h.ask("GET", "/media/a", headers...)
			if text := body(t, r); r.StatusCode != test.status || !strings.HasPrefix(text, `{"message":`) {
				t.Errorf("%v %q: %d %q", test.err, headers, r.StatusCode, text)
			}
			expectHeader(t, r, map[string]string{"Cache-Control": "no-store", "Etag": "", "Content-Range": "", "Content-Type": "application/json; charset=utf-8"})
			if r.Header.Get("Retry-After") != "2" && test.status == http.StatusServiceUnavailable {
				t.Errorf("Retry-After: %q", r.Header.Get("Retry-After"))
			}
		}
	}
}

func TestRedirect(t *testing.T) {
	h, far := newFaraway(t)
	h.links = far
	newClock(h)
	key := h.add(t, "a", "audio/mpeg", []byte(song))
	h.add(t, "page", "text/html", []byte(song))
	r := h.ask("GET", "/media/a", "Range", "bytes=5-9")
	if r.StatusCode != http.StatusFound {
		t.Errorf("%d", r.StatusCode)
	}
	expectHeader(t, r, map[string]string{
		"Location":      "https://far.example/" + string(key[:4]) + "?type=audio/mpeg&until=18:00",
		"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*", "Etag": "",
	})
	if r := h.ask("GET", "/media/page"); !strings.Contains(r.Header.Get("Location"), "type=application/octet-stream") {
		t.Errorf("a page that runs: %s", r.Header.Get("Location"))
	}
	if r := h.ask("HEAD", "/media/a"); r.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %d", r.StatusCode)
	}
	if r := h.ask("GET", "/media/b"); r.StatusCode != http.StatusNotFound {
		t.Errorf("no such name: %d", r.StatusCode)
	}
	if len(far.asked) > 0 {
		t.Errorf("asked for %v", far.asked)
	}
	far.err = errors.New("no key")
	if r := h.ask("GET", "/media/a"); r.StatusCode != http.StatusInternalServerError {
		t.Errorf("no link: %d", r.StatusCode)
	}
}
