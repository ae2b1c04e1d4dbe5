package store_test

import (
	"context"
	"testing"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestAlbum(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a := album(1)
		a.ReleaseYear = 1999.5
		a = must(s.InsertAlbum(ctx, a))(t)
		equal(t, "by id", must(s.AlbumByID(ctx, a.ID))(t), a)
		equal(t, "by ObjectId", must(s.AlbumByOID(ctx, a.OID))(t), a)

		a.Title, a.Artist, a.Image, a.ReleaseYear, a.Updated = "t", "b", "i", -3, at(9)
		check(t, s.UpdateAlbum(ctx, a))
		addSong(t, s, 2, a.ID)
		a.SongCount = 1
		equal(t, "changed", must(s.AlbumByID(ctx, a.ID))(t), a)
		a.Updated = at(10)
		check(t, s.TouchAlbum(ctx, a.ID, a.Updated))
		equal(t, "touched", must(s.AlbumByID(ctx, a.ID))(t), a)

		check(t, s.DeleteAlbum(ctx, a.ID))
		_, err := s.AlbumByID(ctx, a.ID)
		wantKind(t, err, errs.NotFound)
		_, err = s.AlbumByOID(ctx, a.OID)
		wantKind(t, err, errs.NotFound)
		wantKind(t, s.UpdateAlbum(ctx, a), errs.NotFound)
		wantKind(t, s.TouchAlbum(ctx, a.ID, noon), errs.NotFound)
		wantKind(t, s.DeleteAlbum(ctx, a.ID), errs.NotFound)
	})
}

func TestAlbums(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var byID []int64
		for _, n := range []int{1, 4, 2, 2} {
			byID = append(byID, addAlbum(t, s, n).ID)
		}
		newest := []int64{byID[1], byID[3], byID[2], byID[0]}
		eachPage(len(byID), func(limit, offset int) {
			p := catalog.Page{Limit: limit, Offset: offset}
			equalLists(t, "albums", keys(must(s.Albums(ctx, p))(t), albumID), slice(newest, limit, offset))
			equalLists(t, "each album", keys(eachAlbum(t, s, p), albumID), slice(byID, limit, offset))
		})
	})
}

func eachAlbum(t *testing.T, s *store.Store, p catalog.Page) (all []catalog.Album) {
	t.Helper()
	check(t, s.EachAlbum(t.Context(), p, func(batch []catalog.Album) error {
		if len(batch) == 0 || len(batch) > store.PageRows {
			t.Errorf("a batch of %d albums", len(batch))
		}
		all = append(all, batch...)
		return nil
	}))
	return all
}

func TestManyAlbums(t *testing.T) {
	const n = 2*store.PageRows + 200
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var byID []int64
		inOneTx(t, s, n, func(ctx context.Context, i int) error {
			v, err := s.InsertAlbum(ctx, album(i))
			byID = append(byID, v.ID)
			return err
		})
		for _, p := range []catalog.Page{{}, {Limit: store.PageRows}, {Limit: n - 1}, {Offset: 3}, {Offset: n}, {Limit: 600, Offset: 599}} {
			equalLists(t, "each album", keys(eachAlbum(t, s, p), albumID), slice(byID, p.Limit, p.Offset))
			equalLists(t, "albums", keys(must(s.Albums(t.Context(), p))(t), albumID), slice(reversed(byID), p.Limit, p.Offset))
		}
		// More albums than one statement takes.
		one := addSong(t, s, 1, byID[n-1])
		oids := must(s.SongOIDsByAlbum(t.Context(), byID))(t)
		if len(oids) != 1 || oids[byID[n-1]][0] != one.OID {
			t.Errorf("songs of albums: %v", oids)
		}
	})
}

func TestAlbumByName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		add := func(title, artist string) int64 {
			a := album(1)
			a.Title, a.Artist = title, artist
			return must(s.InsertAlbum(ctx, a))(t).ID
		}
		first, other := add("Äther", "Ölgötz"), add("Äther", "Somebody else")
		add("ÄTHER", "ölgötz")
		for _, tt := range []struct {
			title, artist string
			want          int64
		}{{"Äther", "Ölgötz", first}, {"äTHER", "ÖLGÖTZ", first}, {"äther", "somebody ELSE", other}} {
			equal(t, tt.title+" by "+tt.artist, must(s.AlbumByName(ctx, tt.title, tt.artist))(t).ID, tt.want)
		}
		for _, title := range []string{"", "Ather", "Äthe_", "Äther "} {
			wantKind(t, second(s.AlbumByName(ctx, title, "Ölgötz")), errs.NotFound)
		}
	})
}
