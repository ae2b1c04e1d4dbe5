package mongo_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/mongo"
)

// want is what the sound library is in the words of transfer.
func want() reading {
	id := func(kind byte, n int) oid.ID { return oid.ID(oidOf(kind, n).Hex()) }
	u := func(n int, name string) transfer.User {
		return transfer.User{
			OID: id('u', n), ExternalID: "user_" + string(rune('0'+n)), FullName: name, Image: "https://img.clerk.com/" + name,
			Active: true, Joined: created, Updated: updated,
		}
	}
	s := func(n int, title string, duration float64, album oid.ID) transfer.Song {
		return transfer.Song{
			OID: id('s', n), Title: title, Artist: "Artist", Image: "https://res.cloudinary.com/s.jpg", Audio: "https://res.cloudinary.com/s.mp3",
			Duration: duration, Album: transfer.Ref{OID: album}, Created: created, Updated: updated,
		}
	}
	a := func(n int, title string, year float64, songs ...oid.ID) transfer.Album {
		return transfer.Album{
			OID: id('a', n), Title: title, Artist: "Artist", Image: "https://res.cloudinary.com/a.jpg", ReleaseYear: year,
			Songs: append([]oid.ID{}, songs...), Created: created, Updated: updated,
		}
	}
	m := func(n int, from, to, content string) transfer.Message {
		return transfer.Message{
			OID: id('m', n), Sender: transfer.Ref{External: from}, Receiver: transfer.Ref{External: to}, Content: content, Created: created, Updated: updated,
		}
	}
	return reading{
		users:  []transfer.User{u(1, "Ann"), u(2, "Büşra \"B\" \\ 🎵"), u(3, " ")},
		albums: []transfer.Album{a(1, "First", 1999, id('s', 2), id('s', 1)), a(2, "Empty", 2001.5)},
		songs: []transfer.Song{
			s(1, "One", 180, id('a', 1)), s(2, "Two\n\t\u2028", 200.25, id('a', 1)),
			s(3, "Alone", 5_000_000_000, ""), s(4, "Dangling", 0, id('a', 99)),
		},
		messages: []transfer.Message{m(1, "user_1", "user_2", "hello </script>"), m(2, "user_9", "user_1", "{\"[}]")},
	}
}

// Whatever the library came as, it is the same.
func TestForms(t *testing.T) {
	l := sound()
	for name, path := range map[string]string{
		"dump":                      l.dump(t, false),
		"packed dump":               l.dump(t, true),
		"dump with its database":    filepath.Dir(l.dump(t, false)),
		"archive":                   l.archive(t, false),
		"packed archive":            l.archive(t, true),
		"canonical export":          l.export(t, true, false, false),
		"relaxed export":            l.export(t, false, false, false),
		"export of arrays":          l.export(t, false, true, false),
		"packed, canonical, arrays": l.export(t, true, true, true),
	} {
		t.Run(name, func(t *testing.T) {
			source := open(t, path)
			for range 2 {
				compare(t, read(t, source), want())
			}
		})
	}
}

// What the driver's own archive of an empty collection has is nothing.
func TestEmptyCollections(t *testing.T) {
	l := library{"users": {}, "songs": {}, "albums": {}, "messages": {}}
	for name, path := range map[string]string{
		"dump": l.dump(t, false), "packed": l.dump(t, true), "archive": l.archive(t, false),
		"lines": l.export(t, true, false, false), "arrays": l.export(t, true, true, false),
	} {
		t.Run(name, func(t *testing.T) {
			compare(t, read(t, open(t, path)), reading{})
		})
	}
}

func TestFileAlone(t *testing.T) {
	l := library{"users": {user(1, "Ann")}}
	for _, path := range []string{
		filepath.Join(l.export(t, true, false, false), "users.json"), filepath.Join(l.dump(t, true), "users.bson.gz"),
	} {
		got := read(t, open(t, path))
		if len(got.users) != 1 || len(got.problems) != 3 || got.problems[0].Rule != "missing collection" {
			t.Errorf("%s: read %+v", path, got)
		}
	}
}

func TestSeveralDatabases(t *testing.T) {
	one, two := library{"users": {user(1, "Ann")}}, library{"users": {user(2, "Bob")}}
	dir := t.TempDir()
	put(t, filepath.Join(dir, "one", "users.bson"), marshal(t, one["users"]), false)
	put(t, filepath.Join(dir, "two", "users.bson"), marshal(t, two["users"]), false)
	put(t, filepath.Join(dir, "admin", "system.users.bson"), nil, false)

	_, err := mongo.Open(dir, "")
	if !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "one, two") {
		t.Errorf("error %v", err)
	}
	source, err := mongo.Open(dir, "two")
	check(t, err)
	if got := read(t, source).users; len(got) != 1 || got[0].FullName != "Bob" {
		t.Errorf("read %+v", got)
	}
	if source, err = mongo.Open(filepath.Join(dir, "two"), "two"); err != nil || len(read(t, source).users) != 1 {
		t.Errorf("error %v", err)
	}
	if _, err = mongo.Open(dir, "three"); !errs.Is(err, errs.NotFound) {
		t.Errorf("error %v", err)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "both", "users.bson"), nil, false)
	put(t, filepath.Join(dir, "both", "users.json"), nil, false)
	put(t, filepath.Join(dir, "foreign", "orders.bson"), nil, false)
	put(t, filepath.Join(dir, "note.txt"), []byte("hello"), false)
	foreign := library{"other": {{{Key: "a", Value: 1}}}}
	put(t, filepath.Join(dir, "foreign.archive"), foreign.archived(t, "shop"), false)
	for _, tt := range []struct {
		path string
		kind errs.Kind
		says string
	}{
		{"absent", errs.NotFound, "does not exist"},
		{"both", errs.Invalid, "users.bson and users.json"},
		{"foreign", errs.Invalid, "no dump of the Node reference"},
		{"foreign.archive", errs.Invalid, "no dump of the Node reference"},
		{"note.txt", errs.Invalid, "no archive"},
	} {
		_, err := mongo.Open(filepath.Join(dir, tt.path), "")
		if !errs.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error %v", tt.path, err)
		}
	}
}

func TestStrangers(t *testing.T) {
	l := sound()
	l["other"] = []bson.D{{{Key: "a", Value: 1}}}
	for _, path := range []string{l.dump(t, false), l.archive(t, false), l.export(t, true, false, false)} {
		got := read(t, open(t, path)).problems
		if len(got) != 1 || got[0].Rule != "unknown collection" || !strings.Contains(got[0].What, `"other"`) || got[0].Lost {
			t.Errorf("%s: problems %+v", path, got)
		}
	}
}

func TestCount(t *testing.T) {
	l := sound()
	for n := range 5000 {
		l["messages"] = append(l["messages"], message(n, "user_1", "user_2", "hello"))
	}
	for path, estimated := range map[string]bool{
		l.dump(t, false): true, l.export(t, true, true, false): true, l.dump(t, true): false, l.archive(t, false): false,
	} {
		source := open(t, path)
		many, err := source.Count(t.Context(), transfer.Messages)
		check(t, err)
		few, err := source.Count(t.Context(), transfer.Songs)
		check(t, err)
		none, err := source.Count(t.Context(), transfer.Tokens)
		check(t, err)
		if estimated && (many < 4500 || many > 5500 || few != 4) || !estimated && (many != -1 || few != -1) || none != 0 {
			t.Errorf("%s: %d messages, %d songs, %d tokens", path, many, few, none)
		}
	}
}

func TestStopping(t *testing.T) {
	source := open(t, sound().dump(t, false))
	enough := errors.New("enough")
	stop := func(any) error { return enough }
	if err := source.Each(t.Context(), transfer.Songs, stop, nil); !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := source.Each(ctx, transfer.Songs, stop, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
