package file_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
)

func TestCollect(t *testing.T) {
	s := newShelf(t, "sqlite")
	ctx := t.Context()
	collect := func(want file.Collected) {
		t.Helper()
		equal(t, "collected", must(s.Collect(ctx))(t), want)
	}
	used, released, shared, orphan := s.image(t, "cover.png", "1.png"), s.image(t, "img.jpg", "2.jpg"),
		s.image(t, "img.gif", "3.gif"), s.image(t, "img.bmp", "4.bmp")
	must(s.Name(ctx, used, file.SongImages))(t)
	gone := must(s.Name(ctx, released, file.SongImages))(t)
	alsoGone := must(s.Name(ctx, shared, file.SongImages))(t)
	must(s.Name(ctx, shared, file.AlbumImages))(t)
	check(t, s.Release(ctx, gone, alsoGone))
	for _, a := range []file.Accepted{used, released} {
		m := must(s.sizes.Open(ctx, a.Key, 64))(t)
		check(t, m.Close())
	}

	// Whatever is young is spared: it may be about to get a name.
	collect(file.Collected{})
	s.now = s.now.Add(2 * grace)
	flying := s.upload(t, []byte("in flight"), "x")
	collect(file.Collected{Blobs: 2, Bytes: released.Size + orphan.Size})
	for a, want := range map[*file.Accepted]bool{&used: true, &released: false, &shared: true, &orphan: false} {
		equal(t, a.Filename+" is kept", s.stored(t, *a), want)
	}
	check(t, must(s.sizes.Open(ctx, used.Key, 64))(t).Close())
	wantKind(t, second(s.sizes.Open(ctx, released.Key, 64)), errs.NotFound)
	if _, err := flying.Staged.ReadAt(make([]byte, 2), 0); err != nil {
		t.Errorf("the upload in flight: %v", err)
	}
	if _, err := os.Stat(flying.Staged.File().Name()); err != nil {
		t.Errorf("the upload in flight: %v", err)
	}
	collect(file.Collected{})

	// What is uploaded again is young again.
	s.now = s.now.Add(-2 * grace)
	again := s.image(t, "img.jpg", "2.jpg")
	collect(file.Collected{})
	equal(t, "uploaded again is kept", s.stored(t, again), true)
}

// More blobs than are checked at once.
func TestCollectMany(t *testing.T) {
	const n = 550
	s := newShelf(t, "sqlite")
	ctx := t.Context()
	var bytes int64
	var named file.Accepted
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		for i := range n {
			up := s.upload(t, fmt.Append(nil, "content ", i), "x")
			if err := s.blobs.Put(ctx, up.Staged); err != nil {
				return err
			}
			up.Staged.Discard()
			a := file.Accepted{Key: up.Staged.Key, Size: up.Staged.Size, Filename: fmt.Sprint(i)}
			if i%11 != 0 {
				bytes += a.Size
				continue
			}
			named = a
			if _, err := s.Name(ctx, a, file.SongAudio); err != nil {
				return err
			}
		}
		return nil
	})
	check(t, err)
	s.now = s.now.Add(2 * grace)
	equal(t, "collected", must(s.Collect(ctx))(t), file.Collected{Blobs: n - n/11, Bytes: bytes})
	equal(t, "a named one is kept", s.stored(t, named), true)
}

func TestCollectStops(t *testing.T) {
	s := newShelf(t, "sqlite")
	orphan := s.image(t, "cover.png", "1.png")
	s.now = s.now.Add(2 * grace)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Collect(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	equal(t, "kept", s.stored(t, orphan), true)
}

// While contents are held nothing is removed, also by a collection that had begun.
func TestHold(t *testing.T) {
	s := newShelf(t, "sqlite")
	orphan := s.image(t, "cover.png", "1.png")
	s.now = s.now.Add(2 * grace)
	check(t, s.Hold(t.Context(), func(ctx context.Context) error {
		equal(t, "collected", must(s.Collect(ctx))(t), file.Collected{})
		return nil
	}))
	equal(t, "it is kept", s.stored(t, orphan), true)
	s.now = s.now.Add(time.Hour) // whoever held them may have been killed
	equal(t, "collected", must(s.Collect(t.Context()))(t), file.Collected{Blobs: 1, Bytes: orphan.Size})
	wrong := errors.New("wrong")
	if err := s.Hold(t.Context(), func(context.Context) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("error %v", err)
	}
}
