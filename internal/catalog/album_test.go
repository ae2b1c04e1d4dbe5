package catalog_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

func TestCreateAlbum(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	before := s.Revision()
	got := s.addAlbum(t, "Album")
	if s.Revision() == before {
		t.Error("no new revision")
	}
	want := catalog.Album{
		ID: got.ID, OID: got.OID, Title: "Album", Artist: "Artist", Image: "album_images/cover.png", ReleaseYear: 1999,
		Created: got.Created, Updated: got.Created,
	}
	equal(t, "album", got, want)
	equal(t, "by id", must(s.Album(ctx, got.ID))(t), want)
	equal(t, "by ObjectId", must(s.AlbumByOID(ctx, got.OID))(t), want)

	for want, spoil := range map[string]func(in *catalog.NewAlbum){
		"title required, artist malformed, release_year malformed": func(in *catalog.NewAlbum) {
			in.Title, in.Artist, in.ReleaseYear = "", "\xff", math.NaN()
		},
		"image not_image": func(in *catalog.NewAlbum) { in.Image = s.upload(t, "page.html") },
		"image empty":     func(in *catalog.NewAlbum) { in.Image = s.upload(t, "empty") },
	} {
		in := s.newAlbum(t, "Album")
		spoil(&in)
		wantFaults(t, second(s.CreateAlbum(ctx, operator, in)), want)
	}
	albums, total, err := s.Albums(ctx, catalog.Page{})
	check(t, err)
	if total != 1 || len(albums) != 1 {
		t.Errorf("%d albums: %v", total, albums)
	}
	for kind, guest := range s.guests(t) {
		wantKind(t, second(s.CreateAlbum(ctx, guest, catalog.NewAlbum{})), kind)
		wantKind(t, second(s.UpdateAlbum(ctx, guest, got.ID, catalog.AlbumChange{})), kind)
		wantKind(t, s.DeleteAlbum(ctx, guest, got.ID), kind)
		wantKind(t, s.DeleteAlbumByOID(ctx, guest, got.OID), kind)
	}
}

func TestUpdateAlbum(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	a := s.addAlbum(t, "Album")
	s.addSong(t, "Song", a.ID)
	got := must(s.UpdateAlbum(ctx, operator, a.ID, catalog.AlbumChange{
		Title: ptr("New"), Artist: ptr("Other"), ReleaseYear: ptr(2001.0), Image: ptr(s.upload(t, "img.webp")),
	}))(t)
	want := catalog.Album{
		ID: a.ID, OID: a.OID, Title: "New", Artist: "Other", Image: "album_images/img.webp", ReleaseYear: 2001, SongCount: 1,
		Created: a.Created, Updated: got.Updated,
	}
	equal(t, "changed", got, want)
	equal(t, "stored", must(s.Album(ctx, a.ID))(t), want)
	s.wantNames(t, []string{a.Image, got.Image}, got.Image)
	equal(t, "title by its songs", must(s.AlbumSongs(ctx, a.ID, catalog.NewestFirst))(t)[0].AlbumTitle, "New")

	wantFaults(t, second(s.UpdateAlbum(ctx, operator, a.ID, catalog.AlbumChange{
		Title: ptr(""), Artist: ptr(strings.Repeat("a", catalog.MaxText+1)), ReleaseYear: ptr(math.Inf(1)),
	})), "title required, artist too_long, release_year malformed")
	wantFaults(t, second(s.UpdateAlbum(ctx, operator, a.ID, catalog.AlbumChange{Image: ptr(s.upload(t, "trunc.png"))})), "image not_image")
	wantKind(t, second(s.UpdateAlbum(ctx, operator, 99, catalog.AlbumChange{})), errs.NotFound)
	equal(t, "after errors", must(s.Album(ctx, a.ID))(t), want)
}

// An album goes with its songs and all of their files; what is not its own
// stays.
func TestDeleteAlbum(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	a, b := s.addAlbum(t, "A"), s.addAlbum(t, "B")
	one, two, other := s.addSong(t, "One", a.ID), s.addSong(t, "Two", a.ID), s.addSong(t, "Other", b.ID)
	revision := s.Revision()
	check(t, s.DeleteAlbum(ctx, operator, a.ID))
	if s.Revision() == revision {
		t.Error("no new revision")
	}
	equal(t, "stats", must(s.Stats(ctx))(t), catalog.Stats{Songs: 1, Albums: 1, Artists: 1})
	s.wantNames(t, []string{a.Image, one.Image, one.Audio, two.Image, two.Audio, b.Image, other.Image, other.Audio},
		b.Image, other.Image, other.Audio)
	wantKind(t, s.DeleteAlbum(ctx, operator, a.ID), errs.NotFound)
}

func TestDeleteAlbumByOID(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	a := s.addAlbum(t, "A")
	mine := s.addSong(t, "Mine", a.ID)
	nowhere := oid.ID(strings.Repeat("c", 24))
	in := s.newSong(t, "Dangling")
	in.AlbumOID = nowhere
	dangling := must(s.CreateSong(ctx, operator, in))(t)

	check(t, s.DeleteAlbumByOID(ctx, operator, a.OID))
	s.wantNames(t, []string{a.Image, mine.Image, mine.Audio, dangling.Image, dangling.Audio}, dangling.Image, dangling.Audio)
	revision := s.Revision()
	check(t, s.DeleteAlbumByOID(ctx, operator, nowhere))
	equal(t, "stats", must(s.Stats(ctx))(t), catalog.Stats{})
	s.wantNames(t, []string{dangling.Image, dangling.Audio})
	if s.Revision() == revision {
		t.Error("no new revision")
	}
	check(t, s.DeleteAlbumByOID(ctx, operator, nowhere))
}

func TestEachAlbum(t *testing.T) {
	s := newShop(t, "sqlite")
	a, b := s.addAlbum(t, "A"), s.addAlbum(t, "B")
	one, two := s.addSong(t, "One", a.ID), s.addSong(t, "Two", a.ID)
	check(t, s.EachAlbum(t.Context(), catalog.Page{}, func(albums []catalog.Album, songs map[int64][]oid.ID) error {
		if len(albums) != 2 || albums[0].ID != a.ID || albums[1].ID != b.ID {
			t.Errorf("albums %v", albums)
		}
		if of := songs[a.ID]; len(of) != 2 || of[0] != one.OID || of[1] != two.OID || len(songs[b.ID]) != 0 {
			t.Errorf("songs %v", songs)
		}
		return nil
	}))
	enough := errors.New("enough")
	err := s.EachAlbum(t.Context(), catalog.Page{}, func([]catalog.Album, map[int64][]oid.ID) error { return enough })
	if !errors.Is(err, enough) {
		t.Error(err)
	}
}

// While albums are deleted, songs join them or find them gone; no song and no
// file is left of any.
func TestDeletingAlbumsWhileSongsJoin(t *testing.T) {
	const albums, songs = 4, 4
	eachEngine(t, func(t *testing.T, s shop) {
		var g errgroup.Group
		results := make([]catalog.Song, albums*songs)
		for i := range albums {
			a := s.addAlbum(t, "Album")
			for j := range songs {
				in := s.newSong(t, "Song")
				in.AlbumID = a.ID
				g.Go(func() error {
					v, err := s.CreateSong(t.Context(), operator, in)
					results[i*songs+j] = v
					if errs.Is(err, errs.Invalid) { // the album is gone
						return nil
					}
					return err
				})
			}
			g.Go(func() error { return s.DeleteAlbum(t.Context(), operator, a.ID) })
		}
		check(t, g.Wait())
		equal(t, "stats", must(s.Stats(t.Context()))(t), catalog.Stats{})
		for _, v := range results {
			if v.ID != 0 {
				s.wantNames(t, []string{v.Image, v.Audio})
			}
		}
	})
}
