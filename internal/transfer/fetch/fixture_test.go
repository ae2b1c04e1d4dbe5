package fetch_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/sizes"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer/fetch"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

const (
	imageLimit = 10_000
	audioLimit = 1_000_000
)

// long is audio that does not arrive at once.
var long = bytes.Repeat(world.Fixtures()["track.mp3"], 20)

// rig is a fetcher over a real store, and a server in place of Cloudinary.
type rig struct {
	*fetch.Fetcher
	config fetch.Config
	store  *store.Store
	files  *file.Service
	blobs  *local.Store
	server *httptest.Server

	mu    sync.Mutex
	asked []*http.Request
}

// newRig returns a rig whose server answers so: with how many requests came
// before. It may be nil, for a server with the fixtures.
func newRig(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, before int)) *rig {
	t.Helper()
	if answer == nil {
		answer = func(w http.ResponseWriter, r *http.Request, _ int) {
			content, ok := world.Fixtures()[r.URL.Path[1:]]
			if !ok {
				http.NotFound(w, r)
				return
			}
			_, _ = w.Write(content)
		}
	}
	dir := t.TempDir()
	r := &rig{store: storetest.Open(t, "sqlite")}
	r.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.mu.Lock()
		before := len(r.asked)
		r.asked = append(r.asked, request)
		r.mu.Unlock()
		answer(w, request, before)
	}))
	t.Cleanup(r.server.Close)
	var err error
	r.blobs, err = local.New(dir)
	check(t, err)
	derived, err := sizes.New(t.TempDir(), r.blobs)
	check(t, err)
	r.files = file.NewService(file.Config{
		Store: r.store, Blobs: r.blobs, Stage: r.blobs.Stage(), Derived: derived, MaxPixels: 10_000, Grace: time.Hour, Now: time.Now,
	})
	r.config = fetch.Config{
		Files: r.files, Memory: r.store, Stage: r.blobs.Stage(),
		ImageLimit: imageLimit, AudioLimit: audioLimit, Private: true, Pause: time.Millisecond,
	}
	r.renew(t)
	return r
}

// renew replaces the fetcher by one of the rig's configuration.
func (r *rig) renew(t *testing.T) {
	t.Helper()
	r.Fetcher = fetch.New(r.config)
	t.Cleanup(r.Close)
}

// requests returns what the server was asked.
func (r *rig) requests() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked
}

// content returns what a name stands for.
func (r *rig) content(t *testing.T, name string) []byte {
	t.Helper()
	f, err := r.files.ByName(t.Context(), name)
	check(t, err)
	blob, _, err := r.blobs.Open(t.Context(), f.Key)
	check(t, err)
	defer blob.Close()
	content, err := io.ReadAll(blob)
	check(t, err)
	return content
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
