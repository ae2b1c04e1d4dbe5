package file_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/media/local"
)

// told collects outcomes.
type told map[media.Key]file.Outcome

func (o told) tell(c file.Content, outcome file.Outcome) { o[c.Key] = outcome }

// damage replaces the content of a blob.
func (s *shelf) damage(t *testing.T, k media.Key, content []byte) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(s.dir, "blobs", string(k[:2]), string(k[2:4]), string(k)), content, 0o600))
}

func TestMove(t *testing.T) {
	s := newShelf(t, "sqlite")
	ctx := t.Context()
	good, twice, gone := s.image(t, "cover.png", "1.png"), s.image(t, "img.jpg", "2.jpg"), s.image(t, "img.gif", "3.gif")
	lost, wrong, long := s.image(t, "img.bmp", "4.bmp"), s.image(t, "img.webp", "5.webp"), s.image(t, "img.tiff", "6.tiff")
	for _, a := range []file.Accepted{good, twice, twice, lost, wrong, long} {
		must(s.Name(ctx, a, file.SongImages))(t)
	}
	check(t, s.Release(ctx, must(s.Name(ctx, gone, file.SongImages))(t)))
	check(t, s.blobs.Delete(ctx, lost.Key, s.now.Add(grace)))
	s.damage(t, wrong.Key, bytes.Repeat([]byte("x"), int(wrong.Size)))
	s.damage(t, long.Key, bytes.Repeat([]byte("x"), int(long.Size)+1))

	to := must(local.New(t.TempDir()))(t)
	for _, first := range []file.Outcome{file.Copied, file.Present} {
		got := told{}
		tally := must(s.Move(ctx, to, got.tell))(t)
		want := told{good.Key: first, twice.Key: first, lost.Key: file.Missing, wrong.Key: file.Damaged, long.Key: file.Damaged}
		if !maps.Equal(got, want) {
			t.Errorf("told %v, want %v", got, want)
		}
		equal(t, "what was done", tally[first].Contents, 2)
		equal(t, "its size", tally[first].Bytes, good.Size+twice.Size)
		equal(t, "what is lost", tally.Lost(), 3)
	}
	copied := map[media.Key]bool{}
	check(t, to.List(ctx, func(b media.BlobInfo) error {
		copied[b.Key] = true
		return nil
	}))
	if !maps.Equal(copied, map[media.Key]bool{good.Key: true, twice.Key: true}) {
		t.Errorf("copied %v", copied)
	}

	got := told{}
	tally := must(s.Check(ctx, got.tell))(t)
	want := told{good.Key: file.Whole, twice.Key: file.Whole, lost.Key: file.Missing, wrong.Key: file.Damaged, long.Key: file.Damaged}
	if !maps.Equal(got, want) || tally.Lost() != 3 {
		t.Errorf("told %v, want %v, %d are lost", got, want, tally.Lost())
	}
}

// away is a storage that does not answer.
type away struct{ media.Blobs }

func (away) Open(context.Context, media.Key) (media.Blob, media.BlobInfo, error) {
	return nil, media.BlobInfo{}, errs.New(errs.Unavailable, "away")
}

func TestMoveToNowhere(t *testing.T) {
	s := newShelf(t, "sqlite")
	must(s.Name(t.Context(), s.image(t, "cover.png", "1.png"), file.SongImages))(t)
	_, err := s.Move(t.Context(), away{}, told{}.tell)
	wantKind(t, err, errs.Unavailable)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Check(ended, told{}.tell); err == nil {
		t.Error("a check that was stopped succeeded")
	}
}
