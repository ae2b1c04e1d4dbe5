package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// newClock gives the shelf of h a clock that stands still, and returns the
// function that moves it on.
func newClock(h *house) (advance func(time.Duration)) {
	now := created
	h.shelf.now = func() time.Time { return now }
	return func(d time.Duration) { now = now.Add(d) }
}

func TestRemovedName(t *testing.T) {
	h := newHouse(t)
	newClock(h)
	h.add(t, "a", "audio/mpeg", []byte(song))
	h.ask("GET", "/media/a")
	delete(h.names.files, "a")
	if r := h.ask("GET", "/media/a"); r.StatusCode != http.StatusOK {
		t.Errorf("from the shelf: %d", r.StatusCode)
	}
	h.revision.Add(1)
	if r := h.ask("GET", "/media/a"); r.StatusCode != http.StatusNotFound {
		t.Errorf("under a new revision: %d", r.StatusCode)
	}
}

// A lookup that began before a name was removed must not bring it back.
func TestRemovedDuringLookup(t *testing.T) {
	h := newHouse(t)
	newClock(h)
	h.add(t, "a", "audio/mpeg", []byte(song))
	slow := &hookedNames{Names: h.names, after: func() { h.revision.Add(1) }}
	h.shelf.names = slow
	h.ask("GET", "/media/a")
	delete(h.names.files, "a")
	if r := h.ask("GET", "/media/a"); r.StatusCode != http.StatusNotFound {
		t.Errorf("it came back: %d", r.StatusCode)
	}
}

// hookedNames calls after between finding a file and returning it.
type hookedNames struct {
	Names
	after func()
}

func (n *hookedNames) BlobByName(ctx context.Context, name string) (File, error) {
	f, err := n.Names.BlobByName(ctx, name)
	n.after()
	return f, err
}

func TestExpiry(t *testing.T) {
	h := newHouse(t)
	advance := newClock(h)
	h.add(t, "a", "audio/mpeg", []byte(song))
	h.ask("GET", "/media/a")
	advance(validity - 1)
	h.ask("GET", "/media/a")
	if h.names.asked != 1 {
		t.Errorf("asked %d times within the validity", h.names.asked)
	}
	advance(1)
	h.ask("GET", "/media/a")
	if h.names.asked != 2 || h.shelf.idle != 1 {
		t.Errorf("asked %d times, %d idle, want 2 and the one blob still open", h.names.asked, h.shelf.idle)
	}
	advance(validity)
	h.shelf.tidy()
	if len(h.shelf.entries) != 0 || h.shelf.idle != 0 {
		t.Errorf("%d entries and %d idle blobs after their time", len(h.shelf.entries), h.shelf.idle)
	}
}

func TestShelfIsBounded(t *testing.T) {
	h := newHouse(t)
	newClock(h)
	key := h.add(t, "0", "audio/mpeg", []byte(song))
	var all []taken
	for i := range maxNames + 10 {
		name := fmt.Sprint(i)
		h.names.files[name] = File{Key: key, ContentType: "audio/mpeg", CreatedAt: created}
		got, err := h.shelf.take(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if i < maxIdle+50 {
			all = append(all, got)
		} else {
			h.shelf.give(got)
		}
	}
	for _, got := range all {
		h.shelf.give(got)
	}
	if len(h.shelf.entries) > maxNames || h.shelf.idle > maxIdle {
		t.Errorf("%d names, %d idle", len(h.shelf.entries), h.shelf.idle)
	}
	h.clear()
	if len(h.shelf.entries) != 0 || h.shelf.idle != 0 {
		t.Errorf("%d names, %d idle after clearing", len(h.shelf.entries), h.shelf.idle)
	}
}

// Blobs go from request to request, but no two read one at a time: over real
// connections, everybody gets the part that was asked for.
func TestConcurrentRangesDoNotMix(t *testing.T) {
	h := newHouse(t)
	var content []byte
	for i := range 96 << 10 {
		sum := sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(i >> 16)})
		content = append(content, sum[:]...)
	}
	h.add(t, "a", "audio/mpeg", content)
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnContext = ConnContext
	server.Start()
	defer server.Close()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for j := range 40 {
				begin := (i*7919 + j*104729) % (len(content) - 100_000)
				end := begin + 100_000 - 1
				header := fmt.Sprintf("bytes=%d-%d", begin, end)
				if j%8 == 7 {
					header += ",0-0" // several, and the body is left unread
				}
				r, err := http.NewRequest("GET", server.URL+"/media/a", nil)
				if err != nil {
					t.Error(err)
					return
				}
				r.Header.Set("Range", header)
				answer, err := server.Client().Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				if j%8 == 7 {
					answer.Body.Close()
					continue
				}
				got, err := io.ReadAll(answer.Body)
				answer.Body.Close()
				if err != nil || !bytes.Equal(got, content[begin:end+1]) {
					t.Errorf("%s: %d bytes, %v, or others", header, len(got), err)
				}
			}
		})
	}
	wg.Wait()

	answer, err := server.Client().Get(server.URL + "/media/a")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := body(t, answer); got != string(content) {
		t.Errorf("the whole: %d bytes of %d, or others", len(got), len(content))
	}
}

// A storage elsewhere gives blobs that are no files.
func TestBlobsThatAreNoFiles(t *testing.T) {
	h := newHouse(t)
	h.add(t, "a", "audio/mpeg", []byte(song))
	h.shelf.blobs = memory{}
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := server.Client().Get(server.URL + "/media/a")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if got := body(t, r); got != "from memory" {
		t.Errorf("%q", got)
	}
}

// memory is a storage that holds one content under every key.
type memory struct{ media.Blobs }

func (memory) Open(context.Context, media.Key) (media.Blob, media.BlobInfo, error) {
	content := []byte("from memory")
	return inMemory{bytes.NewReader(content)}, media.BlobInfo{Size: int64(len(content))}, nil
}

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

func TestBrokenStorage(t *testing.T) {
	h := newHouse(t)
	h.add(t, "a", "audio/mpeg", []byte(song))
	h.shelf.blobs = broken{}
	if r := h.ask("GET", "/media/a"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", r.StatusCode)
	}
}

type broken struct{ media.Blobs }

func (broken) Open(context.Context, media.Key) (media.Blob, media.BlobInfo, error) {
	return nil, media.BlobInfo{}, &errs.Error{Kind: errs.Unavailable, Err: os.ErrDeadlineExceeded}
}
