package copies_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/copies"
	"github.com/antiphon-music/antiphon/internal/media/local"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

// faraway is a storage over a network whose blobs are in a directory after all.
type faraway struct {
	*local.Store
	mu      sync.Mutex
	fetched int
	spoil   bool          // it sends other bytes
	err     error         // of every fetch
	hold    chan struct{} // every fetch waits for it to be closed; nil for no waiting
}

func (f *faraway) At(k media.Key, size int64) media.Ranger {
	return remote.New(context.Background(), func(ctx context.Context, from, n int64) (io.ReadCloser, error) {
		if f.hold != nil {
			select {
			case <-f.hold:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		f.fetched++
		if f.err != nil {
			return nil, f.err
		}
		if f.spoil {
			return io.NopCloser(bytes.NewReader(make([]byte, n))), nil
		}
		b, _, err := f.Open(ctx, k)
		if err != nil {
			return nil, err
		}
		return struct {
			io.Reader
			io.Closer
		}{io.NewSectionReader(b, from, n), b}, nil
	}, size, time.Minute)
}

// attic is a cache of at most 800 bytes, of which a copy may have 100.
type attic struct {
	*copies.Cache
	t    *testing.T
	far  *faraway
	dir  string
	keys []media.Key
}

func newAttic(t *testing.T) *attic {
	t.Helper()
	store, err := local.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a := &attic{t: t, far: &faraway{Store: store}, dir: filepath.Join(t.TempDir(), "copies")}
	for i := range 10 {
		a.keys = append(a.keys, a.add(content(i)))
	}
	a.open()
	return a
}

// content is what the blobs hold, of 100 bytes each.
func content(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, 100) }

func (a *attic) add(content []byte) media.Key {
	a.t.Helper()
	staged, err := a.far.Stage().Receive(a.t.Context(), bytes.NewReader(content), 1000)
	if err == nil {
		defer staged.Discard()
		err = a.far.Put(a.t.Context(), staged)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return staged.Key
}

// open starts the cache anew, over what the last one left.
func (a *attic) open() {
	a.t.Helper()
	if a.Cache != nil {
		a.Close()
	}
	c, err := copies.New(copies.Config{
		Dir: a.dir, Limit: 800, Remote: a.far, Stage: a.far.Stage(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(c.Close)
	a.Cache = c
}

// want asks for a blob as often as it takes, and waits for the copy.
func (a *attic) want(i int) {
	a.t.Helper()
	for !a.has(i) {
		a.Wanted(a.keys[i], 100)
		a.Settle()
	}
}

func (a *attic) has(i int) bool {
	a.t.Helper()
	f, ok := a.Open(a.keys[i])
	if !ok {
		return false
	}
	defer f.Close()
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, content(i)) {
		a.t.Errorf("the copy of %d is %q, %v", i, got, err)
	}
	return true
}

func TestSecondRequestMakesACopy(t *testing.T) {
	a := newAttic(t)
	a.Wanted(a.keys[0], 100)
	a.Settle()
	if a.has(0) || a.far.fetched != 0 {
		t.Error("it is copied at once")
	}
	for range 3 {
		a.Wanted(a.keys[0], 100)
	}
	a.Settle()
	if !a.has(0) || a.far.fetched != 1 {
		t.Errorf("fetched %d times", a.far.fetched)
	}
}

// What was used last stays.
func TestLimit(t *testing.T) {
	a := newAttic(t)
	for i := range 8 {
		a.want(i)
	}
	a.has(0)
	a.want(8)
	if !a.has(0) || a.has(1) || !a.has(8) {
		t.Error("it is not the one used least recently that went")
	}
	var total int64
	err := filepath.WalkDir(a.dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			info, _ := d.Info()
			total += info.Size()
		}
		return err
	})
	if err != nil || total != 800 {
		t.Errorf("%d bytes, %v", total, err)
	}
	long := a.add(make([]byte, 101))
	for range 3 {
		a.Wanted(long, 101)
	}
	a.Settle()
	if _, ok := a.Open(long); ok {
		t.Error("a copy takes more than its share")
	}
}

func TestCopiesSurvive(t *testing.T) {
	a := newAttic(t)
	a.want(3)
	a.open()
	if !a.has(3) {
		t.Error("it is gone after a restart")
	}
	if err := os.RemoveAll(a.dir); err != nil {
		t.Fatal(err)
	}
	if a.has(3) {
		t.Error("it is there, and its file is not")
	}
	a.want(3)
}

func TestNoCopyOfWhatIsWrong(t *testing.T) {
	for name, harm := range map[string]func(*faraway){
		"other content": func(f *faraway) { f.spoil = true },
		"no answer":     func(f *faraway) { f.err = errors.New("away") },
	} {
		a := newAttic(t)
		harm(a.far)
		for range 4 {
			a.Wanted(a.keys[0], 100)
			a.Settle()
		}
		if _, ok := a.Open(a.keys[0]); ok {
			t.Errorf("%s: there is a copy", name)
		}
		a.far.spoil, a.far.err = false, nil
		a.want(0)
	}
}

// Close does not wait for the storage.
func TestClose(t *testing.T) {
	a := newAttic(t)
	a.far.hold = make(chan struct{})
	for range 2 {
		a.Wanted(a.keys[0], 100)
	}
	a.Close()
	a.Wanted(a.keys[1], 100)
	a.Wanted(a.keys[1], 100)
	if a.has(0) || a.has(1) {
		t.Error("it goes on")
	}
}
