package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// countAll returns how many rows there are of everything the tests insert.
func countAll(t *testing.T, s *store.Store) int64 {
	t.Helper()
	return must(s.Int(t.Context(), `SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM songs) + (SELECT count(*) FROM albums)
		+ (SELECT COALESCE(sum(n), 0) FROM counters) + (SELECT count(*) FROM artists)`))(t)
}

func TestTransactionIsAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before := countAll(t, s)
		regret := errors.New("regret")
		all := func(ctx context.Context) error {
			u, err := s.InsertUser(ctx, user(1), "")
			if err != nil {
				return err
			}
			if got, err := s.UserByID(ctx, u.ID); err != nil || got.ID != u.ID { // it sees its own writes
				return fmt.Errorf("read one's own write: %w", err)
			}
			a, err := s.InsertAlbum(ctx, album(1))
			if err != nil {
				return err
			}
			return s.InTx(ctx, func(ctx context.Context) error { // joins
				_, err := s.InsertSong(ctx, song(1, a.ID))
				return err
			})
		}
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			if err := all(ctx); err != nil {
				return err
			}
			return regret
		})
		if !errors.Is(err, regret) {
			t.Errorf("error %v, want the callback's own", err)
		}
		equal(t, "rows after an error", countAll(t, s), before)

		// An error within an inner call undoes the outer one's work too, if the
		// outer one passes it on.
		err = s.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := s.InsertUser(ctx, user(2), ""); err != nil {
				return err
			}
			return s.InTx(ctx, func(context.Context) error { return regret })
		})
		if !errors.Is(err, regret) {
			t.Error(err)
		}
		equal(t, "rows after an inner error", countAll(t, s), before)

		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic is gone")
				}
			}()
			_ = s.InTx(t.Context(), func(ctx context.Context) error {
				if err := all(ctx); err != nil {
					return err
				}
				panic("oh")
			})
		}()
		equal(t, "rows after a panic", countAll(t, s), before)

		check(t, s.InTx(t.Context(), all))
		// Three rows and their counters, an artist and its counter, and what
		// moved the revisions.
		if after := countAll(t, s); after < before+3+3+2 {
			t.Errorf("%d rows after success, %d before", after, before)
		}
	})
}

// An error of the database leaves nothing behind either, and its kind is
// known.
func TestTransactionFailsWithTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		addUser(t, s, 1)
		before := countAll(t, s)
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			if _, err := s.InsertUser(ctx, user(2), ""); err != nil {
				return err
			}
			_, err := s.InsertUser(ctx, user(1), "") // the e-mail is taken
			return err
		})
		wantField(t, err, errs.Conflict, "email", errs.Taken)
		equal(t, "rows", countAll(t, s), before)
	})
}

func TestCancelledContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		before := countAll(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		err := s.InTx(ctx, func(ctx context.Context) error {
			if _, err := s.InsertUser(ctx, user(1), ""); err != nil {
				return err
			}
			cancel()
			_, err := s.InsertUser(ctx, user(2), "")
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want one of the context", err)
		}
		for what, do := range map[string]func() error{
			"read":   func() error { _, err := s.UserByID(ctx, 1); return err },
			"list":   func() error { _, err := s.Songs(ctx, catalog.Page{}); return err },
			"insert": func() error { _, err := s.InsertUser(ctx, user(3), ""); return err },
			"update": func() error { return s.DeleteSong(ctx, 1) },
			"stream": func() error {
				return s.EachUser(ctx, account.UserFilter{}, func(account.User) error { return nil })
			},
			"transaction": func() error { return s.InTx(ctx, func(context.Context) error { return nil }) },
		} {
			if err := do(); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, want one of the context", what, err)
			}
		}
		equal(t, "rows", countAll(t, s), before)
		addUser(t, s, 4) // the connections are of use still
	})
}

// A transaction of one store is none of another's.
func TestTwoStores(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		other := storetest.Open(t, "sqlite")
		regret := errors.New("regret")
		err := s.InTx(t.Context(), func(ctx context.Context) error {
			_, err := other.InsertUser(ctx, user(1), "")
			return errors.Join(err, regret)
		})
		if !errors.Is(err, regret) {
			t.Error(err)
		}
		equal(t, "users here", must(s.CountUsers(t.Context()))(t), 0)
		equal(t, "users there", must(other.CountUsers(t.Context()))(t), 1)
	})
}

// A long transaction prepares each statement once, and leaves it to the next.
func TestStatementsAreKept(t *testing.T) {
	s := storetest.Open(t, "sqlite")
	addSongs := func() {
		inOneTx(t, s, 50, func(ctx context.Context, i int) error {
			_, err := s.InsertSong(ctx, song(i, 0))
			return err
		})
	}
	before := s.Statements()
	addSongs()
	addSongs()
	equal(t, "statements", s.Statements(), before+1)
}
