package store_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestAudit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		entries := []audit.Entry{
			{At: at(1), ActorID: 7, Actor: "Ü@example.com", Model: audit.Songs, ObjectID: "1", Object: `"Song"`, Action: audit.Added,
				Changes: []audit.Change{{Field: "title", To: `"Song"`}, {Field: "artist", To: "<Ärtist>\u2028"}}},
			{At: at(2), Actor: "command line", Model: audit.Songs, ObjectID: "1", Object: "Song", Action: audit.Deleted, Changes: []audit.Change{}},
			{At: at(2), ActorID: 7, Model: audit.Albums, ObjectID: "1", Object: "Album", Action: audit.Changed,
				Changes: []audit.Change{{Field: "title", From: "A", To: "B"}}},
		}
		check(t, s.InsertAudit(ctx, entries))
		for i := range entries {
			entries[i].ID = int64(i + 1)
		}
		want := func(what string, got []audit.Entry, err error, want ...audit.Entry) {
			t.Helper()
			check(t, err)
			if len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		got, err := s.AuditOf(ctx, audit.Songs, "1", 10)
		want("of a song", got, err, entries[1], entries[0])
		got, err = s.AuditOf(ctx, audit.Songs, "1", 1)
		want("the latest of a song", got, err, entries[1])
		got, err = s.AuditOf(ctx, audit.Songs, "2", 10)
		want("of another", got, err)
		got, err = s.AuditBy(ctx, 7, 10)
		want("by a user", got, err, entries[2], entries[0])
		got, err = s.AuditBy(ctx, 0, 10)
		want("by the operator", got, err, entries[1])

		undone := errors.New("undone")
		err = s.InTx(ctx, func(ctx context.Context) error {
			return errors.Join(s.InsertAudit(ctx, entries[:1]), undone)
		})
		if !errors.Is(err, undone) {
			t.Error(err)
		}
		got, err = s.AuditBy(ctx, 7, 10)
		want("after a change that failed", got, err, entries[2], entries[0])
	})
}
