package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store"
)

// noon is when everything begins; at is n seconds later.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 123_456_000, time.UTC)

func at(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }

// ids makes the ObjectIds of all tests.
var ids = oid.NewSource(func() time.Time { return noon })

func user(n int) account.User {
	id := ids.New()
	return account.User{
		OID: id, ExternalID: "user_" + string(id), Email: fmt.Sprintf("User%d@example.com", n), FullName: fmt.Sprintf("User %d", n),
		Active: true, Joined: at(n), Updated: at(n),
	}
}

func song(n int, albumID int64) catalog.Song {
	return catalog.Song{
		OID: ids.New(), Title: fmt.Sprintf("Song %d", n), Artist: "Artist", Image: "song_images/a.png", Audio: "songs/a.mp3",
		Duration: 1.5, AlbumID: albumID, Created: at(n), Updated: at(n),
	}
}

func album(n int) catalog.Album {
	return catalog.Album{
		OID: ids.New(), Title: fmt.Sprintf("Album %d", n), Artist: "Artist", Image: "album_images/a.png", ReleaseYear: 1999,
		Created: at(n), Updated: at(n),
	}
}

func message(n int, from, to int64) chat.Message {
	return chat.Message{
		OID: ids.New(), SenderID: from, ReceiverID: to, Content: fmt.Sprintf("Message %d", n), Created: at(n), Updated: at(n),
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

// second returns the error that comes with a value nobody needs.
func second[T any](_ T, err error) error { return err }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, want errs.Kind) {
	t.Helper()
	if !errs.Is(err, want) {
		t.Errorf("error %v, want one of kind %v", err, want)
	}
}

// wantField checks the kind of an error and its only field.
func wantField(t *testing.T, err error, kind errs.Kind, name string, code errs.Code) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != kind || len(e.Fields) != 1 || e.Fields[0].Name != name || e.Fields[0].Code != code {
		t.Errorf("error %v, want %v: %s is %s", err, kind, name, code)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %+v, want %+v", what, got, want)
	}
}

func equalLists[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func addUser(t *testing.T, s *store.Store, n int) account.User {
	t.Helper()
	return must(s.InsertUser(t.Context(), user(n), "hash"))(t)
}

func addAlbum(t *testing.T, s *store.Store, n int) catalog.Album {
	t.Helper()
	return must(s.InsertAlbum(t.Context(), album(n)))(t)
}

func addSong(t *testing.T, s *store.Store, n int, albumID int64) catalog.Song {
	t.Helper()
	return must(s.InsertSong(t.Context(), song(n, albumID)))(t)
}

func addMessage(t *testing.T, s *store.Store, n int, from, to int64) chat.Message {
	t.Helper()
	return must(insertMessage(t.Context(), s, message(n, from, to)))(t)
}

// insertMessage stores one message and returns it with its id.
func insertMessage(ctx context.Context, s *store.Store, m chat.Message) (chat.Message, error) {
	batch := []chat.Message{m}
	_, err := s.InsertMessages(ctx, batch)
	return batch[0], err
}

// inOneTx inserts n rows in one transaction.
func inOneTx(t *testing.T, s *store.Store, n int, insert func(ctx context.Context, i int) error) {
	t.Helper()
	check(t, s.InTx(t.Context(), func(ctx context.Context) error {
		for i := range n {
			if err := insert(ctx, i); err != nil {
				return err
			}
		}
		return nil
	}))
}

func keys[T any, K cmp.Ordered](list []T, key func(T) K) []K {
	out := make([]K, len(list))
	for i, v := range list {
		out[i] = key(v)
	}
	return out
}

func songID(v catalog.Song) int64    { return v.ID }
func albumID(v catalog.Album) int64  { return v.ID }
func userID(u account.User) int64    { return u.ID }
func messageID(m chat.Message) int64 { return m.ID }

// slice is what a page of a list holds: the naive way.
func slice[T any](list []T, limit, offset int) []T {
	rest := list[min(offset, len(list)):]
	if limit > 0 {
		rest = rest[:min(limit, len(rest))]
	}
	return rest
}

// eachPage calls do with every limit and offset from 0 to a little beyond n.
func eachPage(n int, do func(limit, offset int)) {
	for limit := range n + 3 {
		for offset := range n + 3 {
			do(limit, offset)
		}
	}
}

func reversed[T any](list []T) []T {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
