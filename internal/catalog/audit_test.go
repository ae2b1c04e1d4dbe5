package catalog_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// editor returns somebody who may change the catalogue and no more.
func (s shop) editor(t *testing.T) account.Actor {
	t.Helper()
	u, _ := s.AddUser(t, "editor@example.com", "Editor", false)
	role := account.Editor
	u = must(s.Accounts.UpdateUser(t.Context(), operator, u.ID, account.UserChange{Role: &role}))(t)
	return account.Actor{User: u, Via: account.ViaToken}
}

// wantLog checks what the log has about an object, the latest first: "who
// changed what: field from > to, …".
func (s shop) wantLog(t *testing.T, model string, id int64, want ...string) {
	t.Helper()
	var got []string
	for _, e := range must(s.Audit.Of(t.Context(), model, strconv.FormatInt(id, 10), 10))(t) {
		var changes []string
		for _, c := range e.Changes {
			changes = append(changes, c.Field+" "+c.From+" > "+c.To)
		}
		got = append(got, e.Actor+" "+string(e.Action)+" "+e.Object+": "+strings.Join(changes, ", "))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log of %s %d has\n%s\nwant\n%s", model, id, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSongsAreRecorded(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	editor := s.editor(t)
	a := s.addAlbum(t, "Album")
	v := must(s.CreateSong(ctx, editor, s.newSong(t, "Old")))(t)
	in := catalog.SongChange{Title: ptr("New"), AlbumID: &a.ID, Duration: ptr(1.5)}
	changed := must(s.UpdateSong(ctx, editor, v.ID, in))(t)
	must(s.UpdateSong(ctx, editor, v.ID, in))(t) // nothing is new
	check(t, s.DeleteSong(ctx, operator, v.ID))
	wantKind(t, second(s.UpdateSong(ctx, editor, v.ID, in)), errs.NotFound)
	album := fmt.Sprintf("Album (%d)", a.ID)
	s.wantLog(t, audit.Songs, v.ID,
		"command line deleted New: title New > , artist Artist > , album "+album+" > , duration 1.5 > , image "+changed.Image+" > , audio "+changed.Audio+" > ",
		"editor@example.com changed New: title Old > New, album  > "+album+", duration 200 > 1.5",
		"editor@example.com added Old: title  > Old, artist  > Artist, duration  > 200, image  > "+v.Image+", audio  > "+v.Audio,
	)
}

func TestAlbumsAreRecorded(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	editor := s.editor(t)
	a := must(s.CreateAlbum(ctx, editor, s.newAlbum(t, "Album")))(t)
	v := s.addSong(t, "Song", a.ID)
	must(s.UpdateAlbum(ctx, editor, a.ID, catalog.AlbumChange{ReleaseYear: ptr(2001.0)}))(t)
	check(t, s.DeleteAlbum(ctx, editor, a.ID))
	s.wantLog(t, audit.Albums, a.ID,
		"editor@example.com deleted Album: title Album > , artist Artist > , release_year 2001 > , image "+a.Image+" > ",
		"editor@example.com changed Album: release_year 1999 > 2001",
		"editor@example.com added Album: title  > Album, artist  > Artist, release_year  > 1999, image  > "+a.Image,
	)
	files := "image " + v.Image + " > , audio " + v.Audio + " > "
	s.wantLog(t, audit.Songs, v.ID,
		fmt.Sprintf("editor@example.com deleted Song: title Song > , artist Artist > , album Album (%d) > , duration 200 > , %s", a.ID, files),
		fmt.Sprintf("command line added Song: title  > Song, artist  > Artist, album  > Album (%d), duration  > 200, image  > %s, audio  > %s", a.ID, v.Image, v.Audio),
	)

	nowhere := oid.ID(strings.Repeat("c", 24))
	in := s.newSong(t, "Dangling")
	in.AlbumOID = nowhere
	dangling := must(s.CreateSong(ctx, operator, in))(t)
	check(t, s.DeleteAlbumByOID(ctx, editor, nowhere))
	entries := must(s.Audit.Of(ctx, audit.Songs, strconv.FormatInt(dangling.ID, 10), 1))(t)
	equal(t, "dangling song", entries[0].Action, audit.Deleted)
}

func TestSongByAudioContent(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	first := s.addSong(t, "First", 0)
	s.addSong(t, "Again", 0)
	key := must(s.Files.ByName(ctx, first.Audio))(t).Key
	equal(t, "song", must(s.SongByAudioContent(ctx, key))(t), first)
	cover := must(s.Files.ByName(ctx, first.Image))(t).Key
	wantKind(t, second(s.SongByAudioContent(ctx, cover)), errs.NotFound)
}

func TestAlbumNamed(t *testing.T) {
	eachEngine(t, func(t *testing.T, s shop) {
		ctx := t.Context()
		a := s.addAlbum(t, "Äther")
		s.addAlbum(t, "Äther")
		equal(t, "album", must(s.AlbumNamed(ctx, "äTHER", "ARTIST"))(t), a)
		wantKind(t, second(s.AlbumNamed(ctx, "Äther", "Another")), errs.NotFound)
	})
}
