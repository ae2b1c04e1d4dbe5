package file_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestAccept(t *testing.T) {
	s := newShelf(t, "sqlite")
	ctx := t.Context()
	for fixture, contentType := range map[string]string{
		"cover.png": "image/png", "img.jpg": "image/jpeg", "img.gif": "image/gif", "img.bmp": "image/bmp",
		"img.webp": "image/webp", "img.tiff": "image/tiff",
	} {
		a := s.image(t, fixture, "whatever.mp3") // the content counts, not the name
		equal(t, "content type", a.ContentType, contentType)
		equal(t, "size", a.Size, int64(len(fixtures[fixture])))
		equal(t, "file name", a.Filename, "whatever.mp3")
		equal(t, "stored", s.stored(t, a), true)
	}
	a := must(s.AcceptAudio(ctx, s.upload(t, fixtures["track.mp3"], "cover.png")))(t)
	equal(t, "content type", a.ContentType, "audio/mpeg")
	equal(t, "duration", a.Duration.Round(time.Second), time.Second)
	equal(t, "stored", s.stored(t, a), true)

	for _, tt := range []struct {
		fixture      string
		image, audio errs.Code
	}{
		{"empty", errs.Empty, errs.Empty},
		{"text.txt", errs.NotImage, errs.NotAudio},
		{"page.html", errs.NotImage, errs.NotAudio},
		{"img.svg", errs.NotImage, errs.NotAudio},
		{"trunc.png", errs.NotImage, errs.NotAudio},
		{"lie.mp3", errs.NotImage, errs.NotAudio},
		{"bomb.png", errs.Pixels, errs.NotAudio},
	} {
		up := s.upload(t, fixtures[tt.fixture], tt.fixture)
		wantField(t, second(s.AcceptImage(ctx, up)), "image", tt.image)
		wantField(t, s.CheckImage(ctx, up), "image", tt.image)
		wantField(t, second(s.AcceptAudio(ctx, up)), "audio", tt.audio)
		wantField(t, s.CheckAudio(ctx, up), "audio", tt.audio)
		equal(t, tt.fixture+" is stored", s.stored(t, file.Accepted{Key: up.Staged.Key}), false)
	}
	wantField(t, second(s.AcceptImage(ctx, file.Upload{})), "image", errs.Required)
	wantField(t, second(s.AcceptAudio(ctx, file.Upload{})), "audio", errs.Required)

	// To check is not to keep.
	up := s.upload(t, append([]byte(nil), fixtures["track.mp3"][:len(fixtures["track.mp3"])/2]...), "half.mp3")
	check(t, s.CheckAudio(ctx, up))
	equal(t, "stored", s.stored(t, file.Accepted{Key: up.Staged.Key}), false)
}

func second[T any](_ T, err error) error { return err }

// A name is never given twice, even when what it stood for is gone.
func TestNames(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := newShelf(t, engine)
			ctx := t.Context()
			a, b := s.image(t, "cover.png", "My Cover.png"), s.image(t, "img.jpg", "../My Cover.png")
			first := must(s.Name(ctx, a, file.SongImages))(t)
			equal(t, "name", first, "song_images/My_Cover.png")
			want := file.File{Name: first, Key: a.Key, Size: a.Size, ContentType: "image/png", Created: s.now}
			equal(t, "file", must(s.ByName(ctx, first))(t), want)

			again := must(s.Name(ctx, b, file.SongImages))(t)
			if again == first || !strings.HasPrefix(again, "song_images/My_Cover_") {
				t.Errorf("the second is named %q", again)
			}
			equal(t, "the same in another folder", must(s.Name(ctx, b, file.AlbumImages))(t), "album_images/My_Cover.png")

			check(t, s.Release(ctx, first, "", "https://example.com/a.png", "song_images/never.png"))
			wantKind(t, second(s.ByName(ctx, first)), errs.NotFound)
			if third := must(s.Name(ctx, a, file.SongImages))(t); third == first || third == again {
				t.Errorf("%s is given again", third)
			}
			check(t, s.Release(ctx))
			check(t, s.Release(ctx, "", "http://example.com/a.png"))
			equal(t, "another's key", must(s.ByName(ctx, again))(t).Key, b.Key)

			// A name exists exactly when what refers to it does.
			regret := errors.New("regret")
			var lost string
			err := s.store.InTx(ctx, func(ctx context.Context) error {
				a.Filename = "lost.png"
				lost = must(s.Name(ctx, a, file.SongImages))(t)
				return errors.Join(s.Release(ctx, again), regret)
			})
			if !errors.Is(err, regret) {
				t.Error(err)
			}
			wantKind(t, second(s.ByName(ctx, lost)), errs.NotFound)
			check(t, second(s.ByName(ctx, again)))
			equal(t, "name", must(s.Name(ctx, a, file.SongImages))(t), lost)
		})
	}
}

func TestNamesAtOnce(t *testing.T) {
	const n = 20
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := newShelf(t, engine)
			a := s.image(t, "cover.png", "cover.png")
			names := make([]string, n)
			var g errgroup.Group
			for i := range names {
				g.Go(func() (err error) {
					names[i], err = s.Name(t.Context(), a, file.SongImages)
					return err
				})
			}
			check(t, g.Wait())
			distinct := map[string]bool{}
			for _, name := range names {
				distinct[name] = true
			}
			equal(t, "distinct names", len(distinct), n)
		})
	}
}
