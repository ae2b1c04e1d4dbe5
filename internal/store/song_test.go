package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestSong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a := addAlbum(t, s, 1)
		v := song(2, a.ID)
		v.Title, v.Duration = "Ünïcödé \"quoted\" 100%", 0.1
		v = must(s.InsertSong(ctx, v))(t)
		v.AlbumOID, v.AlbumTitle = a.OID, a.Title
		equal(t, "by id", must(s.SongByID(ctx, v.ID))(t), v)
		equal(t, "by ObjectId", must(s.SongByOID(ctx, v.OID))(t), v)

		v.Title, v.Artist, v.Image, v.Audio, v.Duration, v.Updated = "t", "b", "i", "f", 1e9, at(9)
		v.AlbumID, v.AlbumOID, v.AlbumTitle = 0, "", ""
		check(t, s.UpdateSong(ctx, v))
		equal(t, "out of its album", must(s.SongByID(ctx, v.ID))(t), v)

		v.AlbumOID = ids.New() // of no album
		check(t, s.UpdateSong(ctx, v))
		equal(t, "in an album that does not exist", must(s.SongByID(ctx, v.ID))(t), v)

		check(t, s.DeleteSong(ctx, v.ID))
		_, err := s.SongByID(ctx, v.ID)
		wantKind(t, err, errs.NotFound)
		_, err = s.SongByOID(ctx, v.OID)
		wantKind(t, err, errs.NotFound)
		wantKind(t, s.UpdateSong(ctx, v), errs.NotFound)
		wantKind(t, s.DeleteSong(ctx, v.ID), errs.NotFound)
		v.AlbumID = 99
		_, err = s.InsertSong(ctx, v)
		wantKind(t, err, errs.Internal)
	})
}

func TestSongs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		equal(t, "songs of an empty store", len(must(s.Songs(ctx, catalog.Page{}))(t)), 0)
		var byID []int64
		for _, n := range []int{1, 5, 2, 2, 2, 4} {
			byID = append(byID, addSong(t, s, n, 0).ID)
		}
		newest := []int64{byID[1], byID[5], byID[4], byID[3], byID[2], byID[0]}
		eachPage(len(newest), func(limit, offset int) {
			p := catalog.Page{Limit: limit, Offset: offset}
			want := slice(newest, limit, offset)
			equalLists(t, "songs", keys(must(s.Songs(ctx, p))(t), songID), want)
			equalLists(t, "each song", keys(eachSong(t, s, p), songID), want)
		})
	})
}

func eachSong(t *testing.T, s *store.Store, p catalog.Page) (all []catalog.Song) {
	t.Helper()
	check(t, s.EachSong(t.Context(), p, func(batch []catalog.Song) error {
		if len(batch) == 0 || len(batch) > store.PageRows {
			t.Errorf("a batch of %d songs", len(batch))
		}
		all = append(all, batch...)
		return nil
	}))
	return all
}

func TestManySongs(t *testing.T) {
	const n = 2*store.PageRows + 200
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var newest []int64
		inOneTx(t, s, n, func(ctx context.Context, i int) error {
			v, err := s.InsertSong(ctx, song(i/7, 0)) // many at the same moment
			newest = append(newest, v.ID)
			return err
		})
		newest = reversed(newest)
		for _, p := range []catalog.Page{{}, {Limit: store.PageRows}, {Limit: n - 1}, {Limit: n + 1}, {Offset: 3}, {Offset: n}, {Limit: 600, Offset: 599}} {
			want := slice(newest, p.Limit, p.Offset)
			equalLists(t, "each song", keys(eachSong(t, s, p), songID), want)
			equalLists(t, "songs", keys(must(s.Songs(t.Context(), p))(t), songID), want)
		}

		// A listener who writes is not in his own way, and one who has heard
		// enough is asked no more.
		enough := errors.New("enough")
		err := s.EachSong(t.Context(), catalog.Page{}, func(batch []catalog.Song) error {
			if err := s.DeleteSong(t.Context(), batch[0].ID); err != nil {
				return err
			}
			return enough
		})
		if !errors.Is(err, enough) {
			t.Error(err)
		}
	})
}

// A song goes behind the others of an album that it joins, and stays in its
// place whatever else changes.
func TestAlbumPositions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a, b := addAlbum(t, s, 1), addAlbum(t, s, 2)
		one, two, three := addSong(t, s, 30, a.ID), addSong(t, s, 20, a.ID), addSong(t, s, 10, a.ID)
		other := addSong(t, s, 5, b.ID)
		want := func(album catalog.Album, songs ...catalog.Song) {
			t.Helper()
			got := must(s.SongsByAlbum(ctx, album.ID, catalog.ByPosition))(t)
			equalLists(t, "songs of "+album.Title, keys(got, songID), keys(songs, songID))
			oids := must(s.SongOIDsByAlbum(ctx, []int64{a.ID, b.ID, 99}))(t)
			equalLists(t, "ObjectIds", oids[album.ID], keys(songs, func(v catalog.Song) oid.ID { return v.OID }))
			equal(t, "song count", must(s.AlbumByID(ctx, album.ID))(t).SongCount, len(songs))
		}
		move := func(v *catalog.Song, albumID int64) {
			t.Helper()
			v.AlbumID = albumID
			check(t, s.UpdateSong(ctx, *v))
		}
		want(a, one, two, three)
		equalLists(t, "newest first", keys(must(s.SongsByAlbum(ctx, a.ID, catalog.NewestFirst))(t), songID),
			[]int64{one.ID, two.ID, three.ID})

		one.Title = "Changed"
		move(&one, a.ID)
		want(a, one, two, three)
		move(&one, b.ID)
		want(a, two, three)
		want(b, other, one)
		move(&one, a.ID)
		want(a, two, three, one)
		move(&two, 0)
		move(&two, a.ID)
		want(a, three, one, two)
		check(t, s.DeleteSong(ctx, two.ID))
		four := addSong(t, s, 40, a.ID)
		want(a, three, one, four)

		// Both go with the album, and nothing else does.
		check(t, s.DeleteAlbum(ctx, a.ID))
		equalLists(t, "what is left", keys(must(s.Songs(ctx, catalog.Page{}))(t), songID), []int64{other.ID})
		equal(t, "songs of no album", len(must(s.SongsByAlbum(ctx, a.ID, catalog.ByPosition))(t)), 0)
		equal(t, "ObjectIds of no albums", len(must(s.SongOIDsByAlbum(ctx, nil))(t)), 0)
	})
}

func TestDeleteSongsByAlbumOID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a := addAlbum(t, s, 1)
		named := ids.New()
		insert := func(n int, album oid.ID) catalog.Song {
			v := song(n, 0)
			v.AlbumOID, v.Image, v.Audio = album, "i"+v.Title, "a"+v.Title
			return must(s.InsertSong(ctx, v))(t)
		}
		insert(1, named)
		insert(2, named)
		kept := []int64{addSong(t, s, 5, a.ID).ID, insert(4, ids.New()).ID, addSong(t, s, 3, 0).ID}
		found := keys(must(s.SongsByAlbumOID(ctx, named))(t), func(v catalog.Song) string { return v.Image })
		equalLists(t, "found", found, []string{"iSong 1", "iSong 2"})
		equal(t, "an album's own songs", len(must(s.SongsByAlbumOID(ctx, a.OID))(t)), 0)
		check(t, s.DeleteSongsByAlbumOID(ctx, named))
		equalLists(t, "kept", keys(must(s.Songs(ctx, catalog.Page{}))(t), songID), kept)
		check(t, s.DeleteSongsByAlbumOID(ctx, named))
		check(t, s.DeleteSongsByAlbumOID(ctx, a.OID))
		equal(t, "songs", must(s.Stats(ctx))(t).Songs, len(kept))
	})
}

func TestSongByAudio(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		same, cover := media.Key(strings.Repeat("a", 64)), media.Key(strings.Repeat("b", 64))
		for name, key := range map[string]media.Key{"songs/1.mp3": same, "songs/2.mp3": same, "song_images/1.png": cover} {
			check(t, s.InsertFile(ctx, file.File{Name: name, Key: key, Size: 1, Created: noon}))
		}
		add := func(n int, audio string) catalog.Song {
			v := song(n, 0)
			v.Audio, v.Image = audio, "song_images/1.png"
			return must(s.InsertSong(ctx, v))(t)
		}
		add(1, "songs/other.mp3")
		two, three := add(2, "songs/2.mp3"), add(3, "songs/1.mp3")
		equal(t, "the oldest", must(s.SongByAudio(ctx, same))(t), two)
		check(t, s.RemoveFiles(ctx, []string{"songs/2.mp3"}, at(9)))
		equal(t, "with a name in use", must(s.SongByAudio(ctx, same))(t), three)
		wantKind(t, second(s.SongByAudio(ctx, cover)), errs.NotFound)
	})
}
