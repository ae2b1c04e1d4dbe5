package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/citest"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/pgserver"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// ownServer returns a store over a PostgreSQL that the test may stop.
func ownServer(t *testing.T) (*pgserver.Server, *store.Store) {
	t.Helper()
	server, err := pgserver.Start("fsync=off")
	if err != nil {
		citest.Missing(t, "this test needs PostgreSQL: "+err.Error())
	}
	url := must(server.CreateDatabase("antiphon"))(t)
	s := must(store.Open(t.Context(), store.Config{URL: url}))(t)
	t.Cleanup(func() { check(t, s.Close()) })
	must(s.Migrate(t.Context()))(t)
	return server, s
}

// away fails unless the error says that the database is away for the moment.
func away(t *testing.T, what string, err error) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Unavailable || e.RetryAfter <= 0 {
		t.Errorf("%s: error %v, want Unavailable with a time to come back", what, err)
	}
}

// While the server is away, everything is Unavailable; once it is back,
// everything goes on by itself.
func TestServerAway(t *testing.T) {
	server, s := ownServer(t)
	ctx := t.Context()
	uses := map[string]func() error{
		"read":        func() error { _, err := s.Stats(ctx); return err },
		"read a list": func() error { _, err := s.Nodes(ctx); return err },
		"write":       func() error { return s.Ready(ctx) },
		"transaction": func() error { return s.InTx(ctx, s.LockAccounts) },
	}
	// Many connections wait in the pool for when they are used again.
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { check(t, s.InTx(ctx, s.LockAccounts)) })
	}
	all.Wait()
	for end, stop := range map[string]func() error{"stopped": server.Stop, "killed": server.Kill} {
		check(t, stop())
		for range 3 {
			for use, do := range uses {
				away(t, end+": "+use, do())
			}
		}
		check(t, server.Resume())
		for use, do := range uses {
			if err := do(); err != nil {
				t.Errorf("after it was %s: %s: %v", end, use, err)
			}
		}
	}
}

const endMe = `SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END`

// A transaction whose connection breaks before its end has not happened, and
// runs again.
func TestConnectionBreaksBeforeCommit(t *testing.T) {
	s := storetest.Open(t, "postgres")
	ctx := t.Context()
	tries := 0
	err := s.InTx(ctx, func(ctx context.Context) error {
		if tries++; tries > 2 {
			_, err := s.InsertUser(ctx, user(1), "")
			return err
		}
		if _, err := s.InsertUser(ctx, user(1), ""); err != nil {
			return err
		}
		_, err := s.Int(ctx, endMe)
		return err
	})
	if err != nil || tries != 3 {
		t.Errorf("after %d tries: %v", tries, err)
	}
	equal(t, "users", must(s.CountUsers(ctx))(t), 1)
}

// One whose connection breaks during its commit may have happened: it is not
// run again, and the caller hears of it.
func TestConnectionBreaksDuringCommit(t *testing.T) {
	s := storetest.Open(t, "postgres")
	ctx := t.Context()
	for _, statement := range []string{
		`CREATE FUNCTION end_me() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`,
		`CREATE CONSTRAINT TRIGGER ends AFTER INSERT ON nodes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_me()`,
	} {
		check(t, s.Exec(ctx, statement))
	}
	tries := 0
	err := s.InTx(ctx, func(ctx context.Context) error {
		tries++
		return s.Exec(ctx, `INSERT INTO nodes (id, name, address, started_at, seen_at, beats) VALUES ('a', 'a', '', 0, 0, 1)`)
	})
	away(t, "commit", err)
	if tries != 1 || err == nil || !strings.Contains(err.Error(), "may have happened") {
		t.Errorf("after %d tries: %v", tries, err)
	}

	// So may a statement of its own.
	err = s.Exec(ctx, `INSERT INTO nodes (id, name, address, started_at, seen_at, beats) VALUES ('b', 'b', '', 0, 0, 1)`)
	away(t, "statement", err)
	equal(t, "nodes", must(s.Int(ctx, `SELECT count(*) FROM nodes`))(t), 0)
}

// What do itself says is no lost connection, whatever it looks like.
func TestOwnErrorsAreNotTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		tries := 0
		own := fmt.Errorf("read a file: %w", context.DeadlineExceeded)
		if err := s.InTx(t.Context(), func(context.Context) error { tries++; return own }); !errors.Is(err, own) || tries != 1 {
			t.Errorf("after %d tries: %v", tries, err)
		}
	})
}

// Writers go on through restarts of the server: what was acknowledged is there,
// once, and what was not is there once or not at all.
func TestNothingIsLostOrDoneTwice(t *testing.T) {
	server, s := ownServer(t)
	const writers = 8
	var all sync.WaitGroup
	var mu sync.Mutex
	acknowledged := map[int]bool{}
	over := make(chan struct{})
	for w := range writers {
		all.Go(func() {
			for n := w; ; n += writers {
				select {
				case <-over:
					return
				default:
				}
				err := s.InTx(context.Background(), func(ctx context.Context) error {
					_, err := s.InsertUser(ctx, user(n), "")
					return err
				})
				switch {
				case err == nil:
					mu.Lock()
					acknowledged[n] = true
					mu.Unlock()
				case !errs.Is(err, errs.Unavailable):
					t.Errorf("user %d: %v", n, err)
				}
			}
		})
	}
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged)
	}
	for _, stop := range []func() error{server.Stop, server.Kill, server.Stop} {
		for before, deadline := count(), time.Now().Add(30*time.Second); count() < before+50; {
			if time.Now().After(deadline) {
				t.Fatal("the writers do not come back")
			}
			check(t, s.InTx(t.Context(), func(context.Context) error { return nil }))
		}
		check(t, stop())
		check(t, server.Resume())
	}
	close(over)
	all.Wait()
	for n := range acknowledged {
		if _, err := s.UserByEmail(t.Context(), fmt.Sprintf("user%d@example.com", n)); err != nil {
			t.Errorf("user %d, who was acknowledged: %v", n, err)
		}
	}
}
