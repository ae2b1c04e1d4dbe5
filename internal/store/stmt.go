package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
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
		if stmt, err = tx.PrepareContext(ctx, positional(text)); err != nil {
			return nil, err
		}
	}
	tx.stmts[text] = stmt
	return stmt, nil
}

// positional returns a text with "?" in place of "$1", "$2" and so on if they
// come in this order, each once, and the text itself if not. To SQLite "$1" is a
// name, which it looks for among all names whenever a value is bound: what is
// bound to a list of a thousand would take half a million comparisons.
func positional(text string) string {
	var b strings.Builder
	rest := text
	for n := 1; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number := strconv.Itoa(n)
		if rest = strings.TrimPrefix(after, number); len(rest) == len(after) || rest != "" && '0' <= rest[0] && rest[0] <= '9' {
			return text
		}
		b.WriteByte('?')
	}
}

func (c *stmtCache) prepare(ctx context.Context, pool *sql.DB, text string) (*sql.Stmt, error) {
	key := stmtKey{pool, text}
	if s, ok := c.m.Load(key); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := pool.PrepareContext(ctx, positional(text))
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
