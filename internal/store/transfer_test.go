package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// sourceOf is a source of records in memory, in their order.
type sourceOf []any

func kindOf(record any) transfer.Kind {
	switch record.(type) {
	case *transfer.User:
		return transfer.Users
	case *transfer.Album:
		return transfer.Albums
	case *transfer.Song:
		return transfer.Songs
	case *transfer.Message:
		return transfer.Messages
	case *transfer.Token:
		return transfer.Tokens
	}
	return transfer.Changes
}

func (s sourceOf) Each(_ context.Context, kind transfer.Kind, do func(any) error, _ func(transfer.Problem)) error {
	for _, record := range s {
		if kindOf(record) == kind {
			if err := do(record); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s sourceOf) Count(context.Context, transfer.Kind) (int64, error) { return -1, nil }

// fromNode is a library as the Node reference has it: people by external id,
// everything by ObjectId, an album with a list, a song of an album that is gone,
// and a message of somebody who is.
func fromNode() sourceOf {
	id := func(n int) oid.ID { return oid.ID(fmt.Sprintf("65000000%016x", n)) }
	return sourceOf{
		&transfer.User{OID: id(1), ExternalID: "user_ann", FullName: "Ann", Image: "https://img.example/a", Active: true, Joined: at(1), Updated: at(1)},
		&transfer.User{OID: id(2), ExternalID: "user_bob", FullName: "Bob", Active: true, Joined: at(2), Updated: at(2)},
		&transfer.Album{OID: id(3), Title: "Night", Artist: "Moon", ReleaseYear: 2020.5, Songs: []oid.ID{id(6), id(5)}, Created: at(3), Updated: at(3)},
		&transfer.Song{OID: id(5), Title: "One", Artist: "Moon", Duration: 1.25, Album: transfer.Ref{OID: id(3)}, Created: at(5), Updated: at(5)},
		&transfer.Song{OID: id(6), Title: "Two", Artist: "Sun", Duration: 2, Album: transfer.Ref{OID: id(3)}, Created: at(6), Updated: at(6)},
		&transfer.Song{OID: id(7), Title: "Three", Artist: "Sun", Album: transfer.Ref{OID: id(99)}, Created: at(7), Updated: at(7)},
		&transfer.Message{OID: id(8), Sender: transfer.Ref{External: "user_ann"}, Receiver: transfer.Ref{External: "user_bob"}, Content: "Hi", Created: at(8), Updated: at(8)},
		&transfer.Message{OID: id(9), Sender: transfer.Ref{External: "user_bob"}, Receiver: transfer.Ref{External: "user_ann"}, Content: "Ho", Created: at(9), Updated: at(9)},
		&transfer.Message{OID: id(10), Sender: transfer.Ref{External: "user_gone"}, Receiver: transfer.Ref{External: "user_ann"}, Content: "?", Created: at(10), Updated: at(10)},
	}
}

// fromDjango is one as the Django reference has it: everything by number.
func fromDjango() sourceOf {
	return sourceOf{
		&transfer.User{ID: 1, Email: "Ann@example.com", Verified: true, FullName: "Ann", Password: "pbkdf2", Active: true, Role: account.Editor, Joined: at(1), Updated: at(1), LastLogin: at(4)},
		&transfer.User{ID: 7, Email: "bob@example.com", FullName: "Bob", Joined: at(2), Updated: at(2)},
		&transfer.User{ID: 9, Email: "ANN@example.com", FullName: "Ann again", Active: true, Joined: at(3), Updated: at(3)},
		&transfer.Album{ID: 4, Title: "Night", Artist: "Moon", ReleaseYear: 2020, Created: at(3), Updated: at(3)},
		&transfer.Song{ID: 11, Title: "One", Artist: "Moon", Duration: 100, Album: transfer.Ref{ID: 4}, Created: at(5), Updated: at(5)},
		&transfer.Song{ID: 12, Title: "Two", Artist: "Sun", Duration: 200, Album: transfer.Ref{ID: 4}, Created: at(6), Updated: at(6)},
		&transfer.Song{ID: 13, Title: "Three", Artist: "Sun", Album: transfer.Ref{ID: 5}, Created: at(7), Updated: at(7)},
		&transfer.Message{ID: 20, Sender: transfer.Ref{ID: 1}, Receiver: transfer.Ref{ID: 7}, Content: "Hi", Created: at(8), Updated: at(8)},
		&transfer.Message{ID: 21, Sender: transfer.Ref{ID: 8}, Receiver: transfer.Ref{ID: 7}, Content: "Hi", Created: at(8), Updated: at(8)},
		&transfer.Token{User: transfer.Ref{ID: 7}, Key: strings.Repeat("a", 40), Created: at(9)},
		&transfer.Change{Entry: audit.Entry{At: at(10), ActorID: 1, Actor: "ann@example.com", Model: audit.Songs, ObjectID: "11", Object: "One", Action: audit.Changed,
			Changes: []audit.Change{{Field: "title", From: "Uno", To: "One"}}}},
	}
}

func importInto(t *testing.T, s *store.Store, src transfer.Source) transfer.Report {
	t.Helper()
	i := transfer.Importer{Loader: s}
	return must(i.Run(t.Context(), src))(t)
}

// snapshotOf reads everything.
func snapshotOf(t *testing.T, s *store.Store) (all []any) {
	t.Helper()
	check(t, s.Snapshot(t.Context(), func(ctx context.Context, src transfer.Source) error {
		for kind := range transfer.Kinds {
			if err := src.Each(ctx, kind, func(record any) error {
				all = append(all, record)
				return nil
			}, func(p transfer.Problem) { t.Errorf("a problem: %v", p) }); err != nil {
				return err
			}
		}
		return nil
	}))
	return all
}

func TestTransferFromNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before := must(s.Revisions(t.Context()))(t)
		r := importInto(t, s, fromNode())
		equal(t, "lost", r.Lost(), 0)
		equal(t, "unknown users", r.Unknown, 1)
		after := must(s.Revisions(t.Context()))(t)
		if after.Catalog <= before.Catalog || after.Accounts <= before.Accounts {
			t.Errorf("revisions %+v after %+v", after, before)
		}
		album := must(s.AlbumByID(t.Context(), 1))(t)
		songs := must(s.SongsByAlbum(t.Context(), album.ID, catalog.ByPosition))(t)
		equalLists(t, "songs", keys(songs, songID), []int64{2, 1})
		dangling := must(s.SongByID(t.Context(), 3))(t)
		equal(t, "the album named", dangling.AlbumOID, oid.ID(fmt.Sprintf("65000000%016x", 99)))
		stats := must(s.Stats(t.Context()))(t)
		equal(t, "stats", stats, catalog.Stats{Songs: 3, Albums: 1, Users: 3, Artists: 2})
		gone := must(s.UserByExternalID(t.Context(), "user_gone"))(t)
		equal(t, "the unknown user is active", gone.Active, false)
		known := must(s.AcquaintancesOf(t.Context(), []int64{1}))(t)
		equal(t, "acquaintances", len(known[1]), 2)
		checkCounts(t, s)
		// What comes next is numbered behind.
		equal(t, "the next song", addSong(t, s, 1, 0).ID, 4)
		equal(t, "the next message", addMessage(t, s, 1, 1, 2).ID, 4)
		equal(t, "the next user", addUser(t, s, 1).ID, 4)
	})
}

func TestTransferTwice(t *testing.T) {
	for name, src := range map[string]sourceOf{"node": fromNode(), "django": fromDjango()} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				first := importInto(t, s, src)
				before := snapshotOf(t, s)
				second := importInto(t, s, src)
				for i, k := range second.Kinds {
					if k.Added != 0 || k.Same != first.Kinds[i].Added || k.Lost != first.Kinds[i].Lost {
						t.Errorf("%+v after %+v: %+v", k, first.Kinds[i], second.Rules)
					}
				}
				if after := snapshotOf(t, s); !reflect.DeepEqual(before, after) {
					t.Errorf("after the second import\n%v\nnot\n%v", after, before)
				}
			})
		})
	}
}

func TestTransferFromDjango(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := importInto(t, s, fromDjango())
		equal(t, "lost", r.Lost(), 1)
		ann := must(s.UserByEmail(t.Context(), "ann@example.com"))(t)
		equal(t, "her number", ann.ID, 1)
		equal(t, "her role", ann.Role(), account.Editor)
		equal(t, "her last login", ann.LastLogin, at(4))
		again := must(s.UserByID(t.Context(), 9))(t)
		equal(t, "the later one's address", again.Email, "9+duplicate@duplicate.invalid")
		token := must(s.TokensByHash(t.Context(), []string{account.HashKey(strings.Repeat("a", 40))}))(t)[0]
		equal(t, "the token's owner", token.User.ID, 7)
		equal(t, "the token's time", token.Credential.Created, at(9))
		songs := must(s.SongsByAlbum(t.Context(), 4, catalog.ByPosition))(t)
		equalLists(t, "songs", keys(songs, songID), []int64{11, 12})
		entries := must(s.AuditOf(t.Context(), audit.Songs, "11", 10))(t)
		equal(t, "entries", len(entries), 1)
		checkCounts(t, s)
		equal(t, "the next song", addSong(t, s, 1, 0).ID, 14)
	})
}

// What was imported from one engine arrives in another as it was.
func TestTransferSnapshot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		importInto(t, s, fromNode())
		before := snapshotOf(t, s)
		for _, engine := range storetest.Engines() {
			other := storetest.Open(t, engine)
			check(t, s.Snapshot(t.Context(), func(_ context.Context, src transfer.Source) error {
				r := importInto(t, other, src)
				if len(r.Rules) != 1 { // the dangling album
					t.Errorf("to %s: %+v", engine, r.Rules)
				}
				return nil
			}))
			if after := snapshotOf(t, other); !reflect.DeepEqual(before, after) {
				t.Errorf("to %s: %v, want %v", engine, after, before)
			}
		}
	})
}

func TestTransferDryRun(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		i := transfer.Importer{Loader: s, Options: transfer.Options{DryRun: true}}
		dry := must(i.Run(t.Context(), fromNode()))(t)
		equal(t, "records", len(snapshotOf(t, s)), 0)
		real := importInto(t, s, fromNode())
		if !reflect.DeepEqual(dry.Rules, real.Rules) {
			t.Errorf("dry %+v, real %+v", dry.Rules, real.Rules)
		}
	})
}

func TestTransferMeetsFirstAdmin(t *testing.T) {
	tests := []struct {
		name, email string
		admin       int64 // his number afterwards
	}{
		{"the number is taken", "admin@localhost", 10},
		{"the address is the source's", "bob@EXAMPLE.com", 7},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, s *store.Store) {
				first := user(1)
				first.Email, first.Admin = test.email, true
				first = must(s.InsertUser(t.Context(), first, "hash"))(t)
				session := must(s.InsertSession(t.Context(), account.Session{UserID: first.ID, Created: at(1), Expires: at(100)}, "key"))(t)
				r := importInto(t, s, fromDjango())
				equal(t, "lost", r.Lost(), 1)
				owner := must(s.SessionsByHash(t.Context(), []string{"key"}))(t)[0].User
				equal(t, "whose the session is", owner.ID, test.admin)
				equal(t, "he is an admin", owner.Admin, true)
				equal(t, "the session", session.ID, 1)
				hash := must(s.PasswordHash(t.Context(), owner.ID))(t)
				equal(t, "his password", hash, "hash")
				checkCounts(t, s)
				again := importInto(t, s, fromDjango())
				for _, k := range again.Kinds {
					equal(t, k.Kind+" added again", k.Added, 0)
				}
			})
		})
	}
}

func TestTransferConflicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		importInto(t, s, fromDjango())
		before := snapshotOf(t, s)
		changed := fromDjango()
		changed[1].(*transfer.User).FullName = "Robert"
		changed[4].(*transfer.Song).Title = "Uno"
		changed[7].(*transfer.Message).Created = at(100) // of another message of the same number
		r := importInto(t, s, changed)
		equal(t, "lost", r.Lost(), 4)
		if after := snapshotOf(t, s); !reflect.DeepEqual(before, after) {
			t.Errorf("after the conflicts %v, want %v", after, before)
		}
	})
}

// Two records of one source with the same id: the first is kept.
func TestTransferDuplicates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		src := append(fromNode(), fromNode()[7])
		other := *src[3].(*transfer.Song)
		other.Title = "Another"
		r := importInto(t, s, append(src, &other))
		equal(t, "lost", r.Lost(), 1)
		equal(t, "the same", r.Kinds[transfer.Messages].Same, 1)
		song := must(s.SongByID(t.Context(), 1))(t)
		equal(t, "the title", song.Title, "One")
	})
}

// failing is a source that breaks off within a kind.
type failing struct {
	sourceOf
	in transfer.Kind
}

var errBroken = errors.New("broken")

func (f failing) Each(ctx context.Context, kind transfer.Kind, do func(any) error, problem func(transfer.Problem)) error {
	err := f.sourceOf.Each(ctx, kind, do, problem)
	if kind == f.in {
		return errBroken
	}
	return err
}

func TestTransferIsUndone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for kind := range transfer.Kinds {
			i := transfer.Importer{Loader: s}
			r, err := i.Run(t.Context(), failing{fromNode(), kind})
			if !errors.Is(err, errBroken) || r.Done {
				t.Errorf("breaking off in %s: %v, done %v", kind, err, r.Done)
			}
			equal(t, "records", len(snapshotOf(t, s)), 0)
		}
		importInto(t, s, fromNode())
		// The ordinary rules are in force again.
		check(t, s.DeleteUser(t.Context(), 1))
		known := must(s.AcquaintancesOf(t.Context(), []int64{2}))(t)
		equal(t, "acquaintances", len(known), 0)
		checkCounts(t, s)
		equal(t, "the last message", must(s.LastMessageID(t.Context()))(t), 0)
	})
}

func TestTransferredMedia(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		_, ok, err := s.TransferredMedia(t.Context(), "https://img.example/a")
		check(t, err)
		equal(t, "it is known", ok, false)
		for _, name := range []string{"song_images/a.png", "song_images/b.png"} {
			check(t, s.PutTransferredMedia(t.Context(), "https://img.example/a", name))
			got, ok, err := s.TransferredMedia(t.Context(), "https://img.example/a")
			check(t, err)
			equal(t, "it is known", ok, true)
			equal(t, "its name", got, name)
		}
	})
}
