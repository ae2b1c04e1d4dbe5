package store

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/catalog"
)

// counters reads everything that the database counts by itself.
func (s *Store) counters(ctx context.Context) (map[string]int64, error) {
	type counter struct {
		name string
		n    int64
	}
	scan := func(r row) (c counter, err error) { return c, r.Scan(&c.name, &c.n) }
	byName := map[string]int64{}
	rows, err := s.db.query(ctx, `SELECT name, n FROM counters`)
	err = each(rows, err, scan, func(c counter) error {
		byName[c.name] = c.n
		return nil
	})
	return byName, err
}

// Stats counts songs, albums, users and artists.
func (s *Store) Stats(ctx context.Context) (catalog.Stats, error) {
	n, err := s.counters(ctx)
	return catalog.Stats{
		Songs: int(n["songs"]), Albums: int(n["albums"]), Users: int(n["users"]), Artists: int(n["artists"]),
	}, err
}

// LockCatalog makes the transaction in ctx the only one that changes the
// catalogue until it ends, so that what it reads of it still holds when it
// writes. Writers wait for each other in any case, at the revision that each
// has to raise: this has them do so at the start, in one order, where none can
// wait for another that waits for it.
func (s *Store) LockCatalog(ctx context.Context) error { return s.lock(ctx, "catalog") }

// LockAccounts does for users, tokens and sessions what LockCatalog does for
// the catalogue. Who needs both takes the catalogue first.
func (s *Store) LockAccounts(ctx context.Context) error { return s.lock(ctx, "accounts") }

func (s *Store) lock(ctx context.Context, revision string) error {
	return s.db.execOne(ctx, `UPDATE counters SET n = n WHERE name = $1`, revision)
}

// Revisions are numbers that rise with every change, whichever process made
// it.
type Revisions struct {
	Catalog  int64 // songs, albums, and how many users there are
	Accounts int64 // who may do what, and by which token or session
}

// Revisions returns the present ones.
func (s *Store) Revisions(ctx context.Context) (Revisions, error) {
	n, err := s.counters(ctx)
	return Revisions{Catalog: n["catalog"], Accounts: n["accounts"]}, err
}
