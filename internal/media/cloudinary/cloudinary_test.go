package cloudinary_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/cloudinary"
	"github.com/antiphon-music/antiphon/internal/media/mediatest"
)

func open(t *testing.T, c cloudinary.Config) (*cloudinary.Store, *media.Stage) {
	t.Helper()
	store, err := cloudinary.New(c)
	check(t, err)
	stage, err := media.NewStage(t.TempDir())
	check(t, err)
	return store, stage
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestStore(t *testing.T) {
	mediatest.Run(t, func(t *testing.T) (media.Blobs, *media.Stage) {
		return open(t, newServer(t).config(t))
	})
}

// A large file goes in chunks, and comes back whole.
func TestChunks(t *testing.T) {
	s := newServer(t)
	store, stage := open(t, s.config(t))
	content := bytes.Repeat([]byte("0123456789abcdef"), 45<<20/16)
	staged, err := stage.Receive(t.Context(), bytes.NewReader(content), 1<<30)
	check(t, err)
	defer staged.Discard()
	check(t, store.Put(t.Context(), staged))
	b, info, err := store.Open(t.Context(), staged.Key)
	check(t, err)
	defer b.Close()
	got, err := io.ReadAll(b)
	if err != nil || info.Size != staged.Size || !bytes.Equal(got, content) {
		t.Errorf("size %d, %d bytes, %v", info.Size, len(got), err)
	}
}

func TestFaults(t *testing.T) {
	answer := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			refuse(w, status, "no")
			return true
		}
	}
	tests := []struct {
		name  string
		spoil func(http.ResponseWriter, *http.Request) bool
		want  errs.Kind
	}{
		{"out of order", answer(http.StatusServiceUnavailable), errs.Unavailable},
		{"too many requests", answer(420), errs.Unavailable},
		{"wrong key", answer(http.StatusUnauthorized), errs.Internal},
		{"gone", answer(http.StatusNotFound), errs.NotFound},
		{"silent", func(_ http.ResponseWriter, r *http.Request) bool {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the client has gone
			<-r.Context().Done()
			return true
		}, errs.Unavailable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t)
			c := s.config(t)
			c.Patience = 50 * time.Millisecond
			store, stage := open(t, c)
			staged, err := stage.Receive(t.Context(), strings.NewReader("content"), 100)
			check(t, err)
			defer staged.Discard()
			s.spoil = test.spoil
			if _, _, err := store.Open(t.Context(), staged.Key); errs.KindOf(err) != test.want {
				t.Errorf("Open: %v", err)
			}
			if err := store.At(staged.Key, 7).Begin(t.Context(), 0, 7); errs.KindOf(err) != test.want {
				t.Errorf("Begin: %v", err)
			}
			if err := store.Put(t.Context(), staged); err == nil {
				t.Error("Put succeeded")
			}
		})
	}
}

// A request that fails once is sent again.
func TestSentAgain(t *testing.T) {
	s := newServer(t)
	store, stage := open(t, s.config(t))
	failed := map[string]bool{}
	s.spoil = func(w http.ResponseWriter, r *http.Request) bool {
		first := !failed[r.URL.Path]
		failed[r.URL.Path] = true
		if first {
			_, _ = io.Copy(io.Discard, r.Body)
			refuse(w, http.StatusBadGateway, "once")
		}
		return first
	}
	staged, err := stage.Receive(t.Context(), strings.NewReader("content"), 100)
	check(t, err)
	defer staged.Discard()
	check(t, store.Put(t.Context(), staged))
	got, err := io.ReadAll(store.At(staged.Key, 7))
	if err != nil || string(got) != "content" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestParse(t *testing.T) {
	for location, want := range map[string]cloudinary.Config{
		"cloudinary://music":                       {Cloud: "music"},
		"cloudinary://music/a/b/":                  {Cloud: "music", Prefix: "a/b/"},
		"cloudinary://music?api=https://a.example": {Cloud: "music", API: "https://a.example"},
	} {
		if got, err := cloudinary.Parse(location); err != nil || got != want {
			t.Errorf("%s: %+v, %v", location, got, err)
		}
	}
	for _, location := range []string{
		"", "cloudinary://", "s3://music", "cloudinary://key:secret@music", "cloudinary://music?colour=red",
		"cloudinary://music?api=a.example", "cloudinary://music/a b", "cloudinary://music/%26", "cloudinary://music#a", "cloudinary://mu sic",
	} {
		if got, err := cloudinary.Parse(location); err == nil {
			t.Errorf("%s: %+v", location, got)
		}
	}
	if _, err := cloudinary.New(cloudinary.Config{Cloud: "music"}); err == nil {
		t.Error("it needs no key")
	}
}
