package files

import (
	"log/slog"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/antiphon-music/antiphon/internal/media/copies"
)

// What is asked for again and again comes from a copy, also in parts, and not from
// the storage.
func TestCopies(t *testing.T) {
	h, far := newFaraway(t)
	near, err := copies.New(copies.Config{
		Dir: filepath.Join(t.TempDir(), "copies"), Limit: 1 << 20, Remote: far, Stage: far.Stage(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(near.Close)
	h.Handler = New(Config{Names: h.names, Blobs: far, Copies: near, Revision: h.revision.Load, Log: slog.New(slog.DiscardHandler)})
	key := h.add(t, "a", "audio/mpeg", []byte(song))
	expect := func(status int, want string, headers ...string) {
		t.Helper()
		r := h.ask("GET", "/media/a", headers...)
		if got := body(t, r); r.StatusCode != status || got != want {
			t.Errorf("%q: %d %q", headers, r.StatusCode, got)
		}
	}
	for copied := false; !copied; {
		expect(http.StatusOK, song)
		f, ok := near.Open(key)
		if copied = ok; ok {
			f.Close()
		}
	}
	near.Close() // so that nothing is asked for any more
	far.asked = nil
	for range 3 {
		expect(http.StatusOK, song)
		expect(http.StatusPartialContent, song[2:6], "Range", "bytes=2-5")
		expect(http.StatusPartialContent, song[2:6], "Range", "bytes=2-5", "If-Match", "*")
	}
	if len(far.asked) > 0 {
		t.Errorf("asked for %v", far.asked)
	}
}
