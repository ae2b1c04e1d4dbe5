package catalog_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/oid"
)

func TestCreateSong(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	album := s.addAlbum(t, "Album")
	in := s.newSong(t, "Song")
	in.AlbumID = album.ID
	before := s.Revision()
	got := must(s.CreateSong(ctx, operator, in))(t)
	if s.Revision() == before {
		t.Error("no new revision")
	}
	want := catalog.Song{
		ID: got.ID, OID: got.OID, Title: "Song", Artist: "Artist", Duration: 200,
		Image: "song_images/cover.png", Audio: "songs/track.mp3",
		AlbumID: album.ID, AlbumOID: album.OID, AlbumTitle: "Album", Created: got.Created, Updated: got.Created,
	}
	equal(t, "song", got, want)
	equal(t, "stored", s.stored(t, got.ID), want)
	equal(t, "by ObjectId", must(s.SongByOID(ctx, got.OID))(t), want)
	touched := must(s.Album(ctx, album.ID))(t)
	equal(t, "songs of the album", touched.SongCount, 1)
	equal(t, "time of the album", touched.Updated, got.Created)

	// By the album's other id, or without one.
	in = s.newSong(t, "By ObjectId")
	in.AlbumOID = album.OID
	equal(t, "album", must(s.CreateSong(ctx, operator, in))(t).AlbumID, album.ID)
	in = s.newSong(t, "Dangling")
	in.AlbumOID = oid.ID(strings.Repeat("a", 24))
	dangling := must(s.CreateSong(ctx, operator, in))(t)
	equal(t, "album", dangling.AlbumID, 0)
	equal(t, "album as it was named", s.stored(t, dangling.ID).AlbumOID, in.AlbumOID)
	equal(t, "album", s.addSong(t, "Single", 0).AlbumOID, "")
	equal(t, "songs of the album", s.albumTitles(t, album.ID), "Song By ObjectId")

	songs, total, err := s.Songs(ctx, catalog.Page{Limit: 2})
	check(t, err)
	equal(t, "total", total, 4)
	equal(t, "newest", titles(songs), "Single Dangling")
	var streamed []catalog.Song
	check(t, s.EachSong(ctx, catalog.Page{}, func(batch []catalog.Song) error {
		streamed = append(streamed, batch...)
		return nil
	}))
	equal(t, "streamed", titles(streamed), "Single Dangling By ObjectId Song")
}

// A song that says nothing of its length has that of its file, in whole
// seconds: a second of silence is 39 frames of 26 ms.
func TestDuration(t *testing.T) {
	s := newShop(t, "sqlite")
	in := s.newSong(t, "Song")
	in.Duration = 0
	v := must(s.CreateSong(t.Context(), operator, in))(t)
	equal(t, "duration", v.Duration, 1)

	change := func(in catalog.SongChange) float64 {
		t.Helper()
		return must(s.UpdateSong(t.Context(), operator, v.ID, in))(t).Duration
	}
	equal(t, "duration", change(catalog.SongChange{Duration: ptr(2.5)}), 2.5)
	equal(t, "duration", change(catalog.SongChange{Audio: ptr(s.upload(t, "track.mp3"))}), 2.5)
	equal(t, "duration", change(catalog.SongChange{Duration: ptr(0.0), Audio: ptr(s.upload(t, "track.mp3"))}), 1)
	equal(t, "duration", change(catalog.SongChange{Duration: ptr(0.0)}), 0)
}

func TestSongErrors(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	v := s.addSong(t, "Song", 0)
	const absent = 99
	for _, tt := range []struct {
		name  string
		spoil func(in *catalog.NewSong)
		want  string
	}{
		{"nothing", func(in *catalog.NewSong) { *in = catalog.NewSong{} }, "title required, artist required"},
		{"long", func(in *catalog.NewSong) { in.Title = strings.Repeat("ü", catalog.MaxText+1) }, "title too_long"},
		{"not UTF-8", func(in *catalog.NewSong) { in.Title, in.Artist = "\xff", "null\x00" }, "title malformed, artist malformed"},
		{"no number", func(in *catalog.NewSong) { in.Duration = math.NaN() }, "duration malformed"},
		{"endless", func(in *catalog.NewSong) { in.Duration = math.Inf(1) }, "duration malformed"},
		{"album", func(in *catalog.NewSong) { in.AlbumID = absent }, "album unknown"},
		{"no image", func(in *catalog.NewSong) { in.Image = file.Upload{} }, "image required"},
		{"no audio", func(in *catalog.NewSong) { in.Audio = file.Upload{} }, "audio required"},
		{"empty image", func(in *catalog.NewSong) { in.Image = s.upload(t, "empty") }, "image empty"},
		{"half an image", func(in *catalog.NewSong) { in.Image = s.upload(t, "trunc.png") }, "image not_image"},
		{"bomb", func(in *catalog.NewSong) { in.Image = s.upload(t, "bomb.png") }, "image too_many_pixels"},
		{"empty audio", func(in *catalog.NewSong) { in.Audio = s.upload(t, "empty") }, "audio empty"},
		{"text for audio", func(in *catalog.NewSong) { in.Audio = s.upload(t, "text.txt") }, "audio not_audio"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := s.newSong(t, "Song")
			tt.spoil(&in)
			wantFaults(t, second(s.CreateSong(ctx, operator, in)), tt.want)
		})
	}
	for want, change := range map[string]catalog.SongChange{
		"title required, artist too_long, duration malformed": {
			Title: ptr(""), Artist: ptr(strings.Repeat("a", catalog.MaxText+1)), Duration: ptr(math.Inf(-1)),
		},
		"album unknown":   {AlbumID: ptr(int64(absent))},
		"image not_image": {Image: ptr(s.upload(t, "text.txt"))},
		"audio not_audio": {Image: ptr(s.upload(t, "cover.png")), Audio: ptr(s.upload(t, "cover.png"))},
	} {
		wantFaults(t, second(s.UpdateSong(ctx, operator, v.ID, change)), want)
	}
	equal(t, "after errors", s.stored(t, v.ID), v)
	equal(t, "songs", must(s.Stats(ctx))(t).Songs, 1)

	wantKind(t, second(s.Song(ctx, absent)), errs.NotFound)
	wantKind(t, second(s.SongByOID(ctx, "x")), errs.NotFound)
	wantKind(t, second(s.UpdateSong(ctx, operator, absent, catalog.SongChange{})), errs.NotFound)
	wantKind(t, s.DeleteSong(ctx, operator, absent), errs.NotFound)
	for kind, guest := range s.guests(t) {
		wantKind(t, second(s.CreateSong(ctx, guest, catalog.NewSong{})), kind)
		wantKind(t, second(s.UpdateSong(ctx, guest, v.ID, catalog.SongChange{})), kind)
		wantKind(t, s.DeleteSong(ctx, guest, v.ID), kind)
	}
}

// What fails leaves no name behind: the next one gets it without a suffix.
func TestFailedSongLeavesNoName(t *testing.T) {
	eachEngine(t, func(t *testing.T, s shop) {
		v := s.newSong(t, "Song")
		v.AlbumID = 99
		wantFaults(t, second(s.CreateSong(t.Context(), operator, v)), "album unknown")
		kept := s.addSong(t, "Song", 0)
		equal(t, "image", kept.Image, "song_images/cover.png")
		equal(t, "audio", kept.Audio, "songs/track.mp3")

		change := catalog.SongChange{Image: ptr(s.upload(t, "img.jpg"))}
		wantKind(t, second(s.UpdateSong(t.Context(), operator, 99, change)), errs.NotFound)
		s.wantNames(t, []string{"song_images/cover.png", "song_images/img.jpg"}, "song_images/cover.png")
		got := must(s.UpdateSong(t.Context(), operator, kept.ID, change))(t)
		equal(t, "image", got.Image, "song_images/img.jpg")
	})
}

func TestUpdateSong(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	a, b := s.addAlbum(t, "A"), s.addAlbum(t, "B")
	one, two := s.addSong(t, "One", a.ID), s.addSong(t, "Two", a.ID)
	update := func(in catalog.SongChange) catalog.Song {
		t.Helper()
		before := s.Revision()
		got := must(s.UpdateSong(ctx, operator, one.ID, in))(t)
		equal(t, "stored", s.stored(t, one.ID), got)
		if s.Revision() == before || !got.Updated.After(got.Created) {
			t.Error("the change does not show")
		}
		return got
	}
	got := update(catalog.SongChange{})
	one.Updated = got.Updated
	equal(t, "unchanged", got, one)
	got = update(catalog.SongChange{Title: ptr("Eins"), Artist: ptr("Künstler")})
	equal(t, "changed", got.Title+got.Artist, "EinsKünstler")
	equal(t, "songs of A", s.albumTitles(t, a.ID), "Eins Two")

	// Both albums that a song leaves and joins have changed then.
	got = update(catalog.SongChange{AlbumID: &b.ID})
	equal(t, "album", got.AlbumOID, b.OID)
	equal(t, "album", got.AlbumTitle, "B")
	equal(t, "time of A", must(s.Album(ctx, a.ID))(t).Updated, got.Updated)
	equal(t, "time of B", must(s.Album(ctx, b.ID))(t).Updated, got.Updated)
	equal(t, "songs of A", s.albumTitles(t, a.ID), "Two")
	equal(t, "songs of B", s.albumTitles(t, b.ID), "Eins")
	got = update(catalog.SongChange{AlbumID: ptr(int64(0))})
	equal(t, "album", string(got.AlbumOID)+got.AlbumTitle, "")
	equal(t, "time of B", must(s.Album(ctx, b.ID))(t).Updated, got.Updated)

	// New files take the place of the old ones, whose names are given up.
	got = update(catalog.SongChange{Image: ptr(s.upload(t, "img.gif")), Audio: ptr(s.upload(t, "track.mp3"))})
	equal(t, "image", got.Image, "song_images/img.gif")
	s.wantNames(t, []string{one.Image, one.Audio, got.Image, got.Audio, two.Image}, got.Image, got.Audio, two.Image)
	if got.Audio == one.Audio {
		t.Error("the name of the old audio stands for the new one")
	}
}

// A song that names an album that does not exist leaves it like any other.
func TestDanglingAlbum(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	album := s.addAlbum(t, "Album")
	add := func() catalog.Song {
		t.Helper()
		in := s.newSong(t, "Song")
		in.AlbumOID = oid.ID(strings.Repeat("b", 24))
		return must(s.CreateSong(ctx, operator, in))(t)
	}
	v := add()
	v = must(s.UpdateSong(ctx, operator, v.ID, catalog.SongChange{Title: ptr("Changed")}))(t)
	equal(t, "album", v.AlbumOID, oid.ID(strings.Repeat("b", 24)))
	v = must(s.UpdateSong(ctx, operator, v.ID, catalog.SongChange{AlbumID: ptr(int64(0))}))(t)
	equal(t, "album", v.AlbumOID, "")
	v = add()
	v = must(s.UpdateSong(ctx, operator, v.ID, catalog.SongChange{AlbumID: &album.ID}))(t)
	equal(t, "album", v.AlbumOID, album.OID)
	equal(t, "stored", s.stored(t, v.ID), v)
}

func TestDeleteSong(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	album := s.addAlbum(t, "Album")
	one, two := s.addSong(t, "One", album.ID), s.addSong(t, "Two", album.ID)
	before, revision := must(s.Album(ctx, album.ID))(t), s.Revision()
	check(t, s.DeleteSong(ctx, operator, one.ID))
	wantKind(t, second(s.Song(ctx, one.ID)), errs.NotFound)
	after := must(s.Album(ctx, album.ID))(t)
	if !after.Updated.After(before.Updated) || after.SongCount != 1 || s.Revision() == revision {
		t.Errorf("the album after it lost a song: %+v", after)
	}
	s.wantNames(t, []string{one.Image, one.Audio, two.Image, two.Audio}, two.Image, two.Audio)
}

// Of changes that come at once none undoes another, and no file is left that
// nothing refers to.
func TestSongChangesAtOnce(t *testing.T) {
	const rounds = 5
	eachEngine(t, func(t *testing.T, s shop) {
		v := s.addSong(t, "Title", 0)
		var changes []catalog.SongChange
		for n := range rounds {
			changes = append(changes,
				catalog.SongChange{Title: ptr(fmt.Sprint("Title ", n))}, catalog.SongChange{Artist: ptr(fmt.Sprint("Artist ", n))},
				catalog.SongChange{Duration: ptr(float64(n))}, catalog.SongChange{Image: ptr(s.upload(t, "cover.png"))})
		}
		names := make([]string, len(changes))
		var g errgroup.Group
		for i, change := range changes {
			g.Go(func() error {
				got, err := s.UpdateSong(t.Context(), operator, v.ID, change)
				names[i] = got.Image
				return err
			})
		}
		check(t, g.Wait())
		got := s.stored(t, v.ID)
		if got.Title == v.Title || got.Artist == v.Artist || got.Duration == v.Duration || got.Image == v.Image {
			t.Errorf("a change is gone: %+v", got)
		}
		slices.Sort(names)
		s.wantNames(t, append(slices.Compact(names), v.Image), got.Image)
	})
}
