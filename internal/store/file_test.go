package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestFile(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		key := func(c string) media.Key { return media.Key(strings.Repeat(c, 64)) }
		a := file.File{Name: "songs/a.mp3", Key: key("a"), Size: 1 << 40, ContentType: "audio/mpeg", Created: at(1)}
		again := file.File{Name: "songs/a_2.mp3", Key: key("a"), Size: 3, ContentType: "audio/mpeg", Created: at(2)}
		b := file.File{Name: "songs/ü.mp3", Key: key("b"), Size: 4, ContentType: "audio/mpeg", Created: at(3)}
		for _, f := range []file.File{a, again, b} {
			check(t, s.InsertFile(ctx, f))
		}
		equal(t, "by name", must(s.FileByName(ctx, "songs/a.mp3"))(t), a)
		equal(t, "by name", must(s.FileByName(ctx, "songs/ü.mp3"))(t), b)
		for _, name := range []string{"", "songs/A.mp3", "songs/c.mp3"} {
			_, err := s.FileByName(ctx, name)
			wantKind(t, err, errs.NotFound)
		}

		// A name is given once, also within a transaction, which goes on.
		err := s.InTx(ctx, func(ctx context.Context) error {
			wantField(t, s.InsertFile(ctx, a), errs.Conflict, "name", errs.Taken)
			return s.InsertFile(ctx, file.File{Name: "songs/c.mp3", Key: key("c"), Created: at(4)})
		})
		check(t, err)

		used := func() string {
			t.Helper()
			found := must(s.ReferencedKeys(ctx, []media.Key{key("a"), key("b"), key("c"), key("d")}))(t)
			out := ""
			for _, c := range []string{"a", "b", "c", "d"} {
				if found[key(c)] {
					out += c
				}
			}
			return out
		}
		equal(t, "used", used(), "abc")
		check(t, s.RemoveFiles(ctx, []string{"songs/a.mp3", "songs/ü.mp3", "songs/never.mp3"}, at(5)))
		equal(t, "used", used(), "ac")
		_, err = s.FileByName(ctx, "songs/a.mp3")
		wantKind(t, err, errs.NotFound)
		wantField(t, s.InsertFile(ctx, a), errs.Conflict, "name", errs.Taken)
		equal(t, "no keys", len(must(s.ReferencedKeys(ctx, nil))(t)), 0)

		// What is removed stays removed at its time.
		check(t, s.RemoveFiles(ctx, []string{"songs/a.mp3"}, at(6)))
		removed := must(s.Int(ctx, `SELECT removed_at FROM files WHERE name = 'songs/a.mp3'`))(t)
		equal(t, "removed", removed, at(5).UnixMicro())

		var many []string
		for i := range store.MaxIn + 1 {
			many = append(many, fmt.Sprint("songs/", i))
		}
		check(t, s.RemoveFiles(ctx, append(many, "songs/a_2.mp3"), at(7)))
		equal(t, "used", used(), "c")
	})
}

// Records of an import may share a name; it goes with the last of them.
func TestRemoveReleased(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		const shared, alone = "song_images/shared.png", "songs/alone.mp3"
		for i, name := range []string{shared, alone} {
			check(t, s.InsertFile(ctx, file.File{Name: name, Key: media.Key(fmt.Sprint(i)), Created: at(1)}))
			check(t, s.PutTransferredMedia(ctx, "https://cdn.example.com/"+name, name))
		}
		one, other := song(1, 0), song(2, 0)
		one.Image, one.Audio, other.Image = shared, alone, shared
		one, other = must(s.InsertSong(ctx, one))(t), must(s.InsertSong(ctx, other))(t)
		there := func() (names string) {
			for _, name := range []string{shared, alone} {
				if _, err := s.FileByName(ctx, name); err == nil {
					names += name + " "
				}
			}
			return names
		}
		check(t, s.DeleteSong(ctx, one.ID))
		check(t, s.RemoveFiles(ctx, []string{shared, alone}, at(2)))
		equal(t, "before", there(), shared+" "+alone+" ")
		check(t, s.RemoveReleased(ctx, at(3)))
		equal(t, "the first has gone", there(), shared+" ")
		_, ok, err := s.TransferredMedia(ctx, "https://cdn.example.com/"+alone)
		check(t, err)
		equal(t, "remembered", ok, false)
		check(t, s.RemoveReleased(ctx, at(3))) // nothing to do
		check(t, s.DeleteSong(ctx, other.ID))
		check(t, s.RemoveFiles(ctx, []string{shared}, at(4)))
		check(t, s.RemoveReleased(ctx, at(5)))
		equal(t, "both have gone", there(), "")
	})
}
