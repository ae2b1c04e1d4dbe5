package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// stmtCache keeps SQLite's prepared statements, which are two to three times
// as fast as texts. (pgx keeps PostgreSQL's by itself.) Texts are constants of
// this package or lists of bounded variety, so that it does not grow without
// bound.
type stmtCache struct{ m sync.Map } // stmtKey → *sql.Stmt

type stmtKey struct {
	pool *sql.DB
	text string
}

// prepare returns the statement for a text: on the connection of the
// transaction in ctx, or else on the pool.
func (d *db) prepare(ctx context.Context, pool *sql.DB, text string) (*sql.Stmt, error) {
	tx := d.txOf(ctx)
	if tx == nil {
		return d.stmts.prepare(ctx, pool, text)
	}
	if stmt, ok := tx.stmts[text]; ok {
		return stmt, nil
	}
	var stmt *sql.Stmt
	if cached, ok := d.stmts.m.Load(stmtKey{d.write, text}); ok {
		stmt = tx.StmtContext(ctx, cached.(*sql.Stmt))
	} else {
		// The writer's one connection is busy with the transaction.
		var err error
		if stmt, err = tx.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
	}
	tx.stmts[text] = stmt
	return stmt, nil
}

func (c *stmtCache) prepare(ctx context.Context, pool *sql.DB, text string) (*sql.Stmt, error) {
	key := stmtKey{pool, text}
	if s, ok := c.m.Load(key); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := pool.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if kept, loaded := c.m.LoadOrStore(key, s); loaded {
		return kept.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// adopt prepares for later transactions what one that has ended had to prepare
// for itself.
func (c *stmtCache) adopt(ctx context.Context, pool *sql.DB, tx *transaction) {
	for text := range tx.stmts {
		if _, err := c.prepare(ctx, pool, text); err != nil {
			return // the next transaction prepares the rest again
		}
	}
}

func (c *stmtCache) close() error {
	var err error
	c.m.Range(func(_, s any) bool {
		err = errors.Join(err, s.(*sql.Stmt).Close())
		return true
	})
	return err
}
