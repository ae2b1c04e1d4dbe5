package catalog_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// shop is a world with the fixtures at hand.
type shop struct {
	*world.World
	*catalog.Service
	fixtures map[string][]byte
}

func newShop(t *testing.T, engine string) shop {
	t.Helper()
	w := world.New(t, engine)
	return shop{w, w.Catalog, world.Fixtures()}
}

// eachEngine runs a test over a shop on every engine.
func eachEngine(t *testing.T, test func(t *testing.T, s shop)) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) { test(t, newShop(t, engine)) })
	}
}

// operator may do anything.
var operator = account.Operator()

// upload stages a fixture under its own name.
func (s shop) upload(t *testing.T, name string) file.Upload {
	t.Helper()
	content, ok := s.fixtures[name]
	if !ok {
		t.Fatalf("no fixture %s", name)
	}
	return s.Upload(t, bytes.NewReader(content), name)
}

func (s shop) newSong(t *testing.T, title string) catalog.NewSong {
	t.Helper()
	return catalog.NewSong{
		Title: title, Artist: "Artist", Duration: 200,
		Image: s.upload(t, "cover.png"), Audio: s.upload(t, "track.mp3"),
	}
}

func (s shop) addSong(t *testing.T, title string, albumID int64) catalog.Song {
	t.Helper()
	in := s.newSong(t, title)
	in.AlbumID = albumID
	return must(s.CreateSong(t.Context(), operator, in))(t)
}

func (s shop) newAlbum(t *testing.T, title string) catalog.NewAlbum {
	t.Helper()
	return catalog.NewAlbum{Title: title, Artist: "Artist", ReleaseYear: 1999, Image: s.upload(t, "cover.png")}
}

func (s shop) addAlbum(t *testing.T, title string) catalog.Album {
	t.Helper()
	return must(s.CreateAlbum(t.Context(), operator, s.newAlbum(t, title)))(t)
}

// stored returns a song and an album as they are.
func (s shop) stored(t *testing.T, songID int64) catalog.Song {
	t.Helper()
	return must(s.Song(t.Context(), songID))(t)
}

// names returns which of the names are in use.
func (s shop) names(t *testing.T, names ...string) []string {
	t.Helper()
	var used []string
	for _, n := range names {
		_, err := s.Files.ByName(t.Context(), n)
		if err == nil {
			used = append(used, n)
		} else if !errs.Is(err, errs.NotFound) {
			t.Fatal(err)
		}
	}
	return used
}

// wantNames checks which of the names are in use.
func (s shop) wantNames(t *testing.T, names []string, want ...string) {
	t.Helper()
	if got := s.names(t, names...); !slices.Equal(got, want) {
		t.Errorf("in use are %v, want %v", got, want)
	}
}

// guests are those who may change nothing, and the kind of error each gets.
func (s shop) guests(t *testing.T) map[errs.Kind]account.Actor {
	t.Helper()
	u, _ := s.AddUser(t, "guest@example.com", "Guest", false)
	return map[errs.Kind]account.Actor{
		errs.Unauthenticated: {},
		errs.Forbidden:       {User: u, Via: account.ViaToken},
	}
}

// must returns v, and ends the test on an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		check(t, err)
		return v
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// second returns the error that comes with a value nobody needs.
func second[T any](_ T, err error) error { return err }

func wantKind(t *testing.T, err error, want errs.Kind) {
	t.Helper()
	if !errs.Is(err, want) {
		t.Errorf("error %v, want one of kind %v", err, want)
	}
}

// wantFaults checks that an error is Invalid, and its fields: "title required,
// artist too_long".
func wantFaults(t *testing.T, err error, want string) {
	t.Helper()
	var e *errs.Error
	var words []string
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			words = append(words, f.Name+" "+string(f.Code))
		}
	}
	if got := strings.Join(words, ", "); !errs.Is(err, errs.Invalid) || got != want {
		t.Errorf("error %v, want invalid: %s", err, want)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %+v, want %+v", what, got, want)
	}
}

func ptr[T any](v T) *T { return &v }

func titles(songs []catalog.Song) string {
	var list []string
	for _, v := range songs {
		list = append(list, v.Title)
	}
	return strings.Join(list, " ")
}

// albumTitles returns an album's songs by position.
func (s shop) albumTitles(t *testing.T, albumID int64) string {
	t.Helper()
	return titles(must(s.AlbumSongs(context.Background(), albumID, catalog.ByPosition))(t))
}
