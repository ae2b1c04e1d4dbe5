package sizes

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
)

// newCache returns a cache over a store with an image of 800 × 400 pixels and a
// text, and its directory.
func newCache(t *testing.T) (c *Cache, dir string, picture, text media.Key) {
	t.Helper()
	store, err := local.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(t.TempDir(), "sizes")
	c, err = New(dir, store)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewGray(image.Rect(0, 0, 800, 400))
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	put := func(content string) media.Key {
		s, err := store.Stage().Receive(t.Context(), strings.NewReader(content), 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Discard()
		if err := store.Put(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		return s.Key
	}
	return c, dir, put(b.String()), put("no image")
}

// files returns the paths of the files below dir.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestSnap(t *testing.T) {
	tests := []struct {
		n, size int
		ok      bool
	}{
		{-1, 0, false}, {0, 0, false}, {1, 64, true}, {64, 64, true}, {65, 160, true},
		{300, 300, true}, {301, 640, true}, {1200, 1200, true}, {1201, 0, false},
	}
	for _, test := range tests {
		if size, ok := Snap(test.n); size != test.size || ok != test.ok {
			t.Errorf("%d: %d, %v", test.n, size, ok)
		}
	}
}

func TestOpen(t *testing.T) {
	c, dir, key, _ := newCache(t)
	for range 2 {
		m, err := c.Open(t.Context(), key, 160)
		if err != nil {
			t.Fatal(err)
		}
		config, format, err := image.DecodeConfig(m)
		if err != nil || config.Width != 160 || config.Height != 80 {
			t.Errorf("%+v, %v", config, err)
		}
		stat, err := m.Stat()
		if err != nil || m.Bytes != stat.Size() || m.ContentType != "image/"+format {
			t.Errorf("%d bytes of %s, %v", m.Bytes, m.ContentType, err)
		}
		m.Close()
	}
	want := filepath.Join(dir, string(key[:2]), string(key), "160")
	if got := files(t, dir); len(got) != 1 || got[0] != want {
		t.Errorf("the cache holds %v", got)
	}
	if err := c.Remove(key); err != nil {
		t.Error(err)
	}
	if got := files(t, dir); len(got) != 0 {
		t.Errorf("after Remove it holds %v", got)
	}
	m, err := c.Open(t.Context(), key, 160)
	if err != nil {
		t.Fatalf("after Remove: %v", err)
	}
	m.Close()
}

func TestOpenRefuses(t *testing.T) {
	c, dir, key, text := newCache(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	absent := media.Key(strings.Repeat("0", 64))
	for range 2 { // the second time from the note
		if _, err := c.Open(t.Context(), text, 64); !errs.Is(err, errs.Invalid) {
			t.Errorf("a text: %v", err)
		}
	}
	if got := files(t, dir); len(got) != 1 {
		t.Errorf("the cache holds %v, want one note", got)
	}
	if _, err := c.Open(t.Context(), absent, 64); !errs.Is(err, errs.NotFound) {
		t.Errorf("an absent blob: %v", err)
	}
	if _, err := c.Open(t.Context(), "../../etc", 64); !errs.Is(err, errs.NotFound) {
		t.Errorf("no key: %v", err)
	}
	if _, err := c.Open(t.Context(), key, 65); errs.KindOf(err) != errs.Internal {
		t.Errorf("no size: %v", err)
	}
	// It may win against the work, but if not it is told so.
	if m, err := c.Open(cancelled, key, 640); err == nil {
		m.Close()
	} else if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := c.Remove("../.."); err != nil {
		t.Error(err)
	}
}

// Everybody gets the image, whichever of them has made it.
func TestOpenAtOnce(t *testing.T) {
	c, dir, key, _ := newCache(t)
	var wg sync.WaitGroup
	for i := range 32 {
		size := []int{64, 300}[i%2]
		wg.Go(func() {
			m, err := c.Open(t.Context(), key, size)
			if err != nil {
				t.Error(err)
				return
			}
			defer m.Close()
			config, _, err := image.DecodeConfig(m)
			if err != nil || config.Width != size {
				t.Errorf("%+v, %v, want a width of %d", config, err, size)
			}
		})
	}
	wg.Wait()
	if got := files(t, dir); len(got) != 2 {
		t.Errorf("the cache holds %v", got)
	}
}
