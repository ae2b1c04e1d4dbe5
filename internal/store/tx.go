package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// transaction is one that is under way.
type transaction struct {
	*sql.Tx
	stmts map[string]*sql.Stmt // SQLite's, by text; they end with the transaction
}

type txKey struct{ db *db }

// txOf returns this database's transaction that ctx carries, or nil.
func (d *db) txOf(ctx context.Context) *transaction {
	tx, _ := ctx.Value(txKey{d}).(*transaction)
	return tx
}

// InTx runs do in one transaction: all of its writes happen, or none. Within
// do, every method of the store that gets do's ctx takes part. Calls nest: an
// inner one joins the outer. PostgreSQL may break a deadlock between two
// transactions, or the connection may break before the end; do then runs again
// from the start, so it must keep to the database. It must also keep to one
// goroutine.
//
// Errors, besides do's own: Unavailable if the database is away. Nothing has
// happened then, unless the connection broke during the commit itself: nobody
// knows of that one, and it is not tried again.
func (s *Store) InTx(ctx context.Context, do func(ctx context.Context) error) error {
	return s.db.inTx(ctx, do)
}

func (d *db) inTx(ctx context.Context, do func(ctx context.Context) error) error {
	if d.txOf(ctx) != nil {
		return do(ctx)
	}
	again := func(err error) bool {
		d.dropBroken(err)
		return isRetryable(err) || isLostBeforeCommit(err)
	}
	return retryIf(ctx, again, func() error { return d.tryTx(ctx, do) })
}

func (d *db) tryTx(ctx context.Context, do func(ctx context.Context) error) error {
	began, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	defer began.Rollback() // after a commit it does nothing
	tx := &transaction{Tx: began, stmts: map[string]*sql.Stmt{}}
	if err := do(context.WithValue(ctx, txKey{d}, tx)); err != nil {
		// The end of ctx closes the transaction's statements, and whoever uses
		// one then may be told that before anything else.
		if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
			err = fmt.Errorf("%w: %w", ended, err)
		}
		return err
	}
	if err := tx.Commit(); err != nil {
		return commitError(err)
	}
	d.stmts.adopt(ctx, d.write, tx)
	return nil
}

const writeTries = 5

// retry runs a write again if PostgreSQL gave it up to resolve a deadlock.
func retry(ctx context.Context, write func() error) error { return retryIf(ctx, isRetryable, write) }

// retryIf runs a write again, after a short while, for as long as its error is
// one after which that makes sense, and a few times at most.
func retryIf(ctx context.Context, again func(error) bool, write func() error) error {
	for try := 1; ; try++ {
		err := write()
		if !again(err) || try == writeTries {
			return err
		}
		select {
		case <-time.After(rand.N(time.Duration(try) * 20 * time.Millisecond)):
		case <-ctx.Done():
			return err
		}
	}
}

// isRetryable reports whether PostgreSQL gave up a transaction that may well
// succeed if it is tried again: serialization_failure or deadlock_detected.
func isRetryable(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}
