package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// Load lets do bring a library in, in one transaction that nobody else writes
// beside: what is done for each row otherwise, as keeping indexes and counts, is
// put off where there was nothing before. It implements transfer.Loader.
//
// Errors: do's own; Unavailable if the database is away. Nothing has happened
// then, unless the connection broke during the commit.
func (s *Store) Load(ctx context.Context, do func(context.Context, transfer.Target) error) error {
	return s.loading(ctx, func(inTx context.Context, conn *sql.Conn) error {
		if err := s.lockLibrary(inTx); err != nil {
			return err
		}
		t := &target{library: library{s}, conn: conn}
		if s.db.engine == sqlite {
			t.bulk = newSQLiteBulk(t)
		} else {
			t.bulk = newPostgresBulk(t)
		}
		if err := do(inTx, t); err != nil {
			return err
		}
		return t.bulk.finish(inTx)
	})
}

// loading calls do in one transaction, with the connection that it is on and that
// takes many rows at once.
func (s *Store) loading(ctx context.Context, do func(ctx context.Context, conn *sql.Conn) error) error {
	conn, err := s.db.write.Conn(ctx)
	if err != nil {
		return s.db.translate(err)
	}
	defer discard(conn)
	if s.db.engine == sqlite {
		if err := setLoading(ctx, conn); err != nil {
			return s.db.translate(err)
		}
	}
	began, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return s.db.translate(err)
	}
	defer began.Rollback() // after a commit it does nothing
	inTx := context.WithValue(ctx, txKey{s.db}, &transaction{Tx: began, stmts: map[string]*sql.Stmt{}})
	if err := do(inTx, conn); err != nil {
		return err
	}
	if err := began.Commit(); err != nil {
		return commitError(err)
	}
	return nil
}

// lockLibrary keeps everybody else from writing until the transaction ends.
func (s *Store) lockLibrary(ctx context.Context) error {
	if err := s.LockCatalog(ctx); err != nil {
		return err
	}
	if err := s.LockAccounts(ctx); err != nil {
		return err
	}
	if s.db.engine == sqlite {
		return nil
	}
	// Messages have a lock of their own; see lockMessages.
	_, err := s.db.exec(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(messageLock))
	return err
}

// bulk is how an engine takes many rows.
type bulk interface {
	// begin puts off what is done for each row of a table, as far as it can be
	// made up for at the end. Where there are rows already that may take longer.
	begin(ctx context.Context, kind transfer.Kind, empty bool) error
	end(ctx context.Context, kind transfer.Kind) error
	// insert stores rows, all or none; a unique violation is told as the engine
	// tells it.
	insert(ctx context.Context, t *table, records []any) error
	// last returns the greatest id that a row of a table has or had.
	last(ctx context.Context, table string) (int64, error)
	// finish completes all before the commit.
	finish(ctx context.Context) error
}

// target is the database within the transaction of an import.
type target struct {
	library
	conn *sql.Conn
	bulk bulk
}

// Begin implements transfer.Target.
func (t *target) Begin(ctx context.Context, kind transfer.Kind) (count, last int64, err error) {
	table := tables[kind]
	if err := t.s.db.queryRow(ctx, `SELECT count(*) FROM `+table.name, nil, &count); err != nil {
		return 0, 0, err
	}
	if last, err = t.bulk.last(ctx, table.name); err != nil {
		return 0, 0, err
	}
	return count, last, t.bulk.begin(ctx, kind, count == 0)
}

// End implements transfer.Target.
func (t *target) End(ctx context.Context, kind transfer.Kind) error { return t.bulk.end(ctx, kind) }

// Insert implements transfer.Target.
func (t *target) Insert(ctx context.Context, kind transfer.Kind, records []any) error {
	err := t.bulk.insert(ctx, tables[kind], records)
	if isUnique(err) {
		return fmt.Errorf("%w: %w", transfer.ErrTaken, err)
	}
	return t.s.db.translate(err)
}

// Like implements transfer.Target.
func (t *target) Like(ctx context.Context, kind transfer.Kind, records []any) ([]any, error) {
	var like []any
	seen := map[int64]bool{}
	table := tables[kind]
	for _, k := range table.keys {
		values := make([]any, 0, len(records))
		for _, record := range records {
			if v := k.of(record); v != nil {
				values = append(values, v)
			}
		}
		err := inBatches(values, func(batch []any) error {
			places, args := inList(1, batch)
			return t.each(ctx, `SELECT id, `+table.selected()+` FROM `+table.name+` WHERE `+k.column+` IN (`+places+`)`, table,
				func(id int64, record any) error {
					if !seen[id] {
						seen[id] = true
						like = append(like, record)
					}
					return nil
				}, args...)
		})
		if err != nil {
			return nil, err
		}
	}
	return like, nil
}

// Replace implements transfer.Target.
func (t *target) Replace(ctx context.Context, u *transfer.User) error {
	n, err := t.s.db.exec(ctx, `UPDATE users SET oid = $1, external_id = $2, email = $3, email_folded = $4, verified = $5, full_name = $6,
		image = $7, password = $8, active = $9, admin = $10, staff = $11, created_at = $12, updated_at = $13, last_login_at = $14
		WHERE id = $15`, append(userValues(u)[1:], u.ID)...)
	if err == nil && n == 0 {
		err = translate(sql.ErrNoRows)
	}
	return err
}

// library reads the records that an import stores. It implements what
// transfer.Target and transfer.Source have in common.
type library struct{ s *Store }

// Each implements transfer.Target.
func (l library) Each(ctx context.Context, kind transfer.Kind, do func(record any) error) error {
	table := tables[kind]
	return l.each(ctx, `SELECT id, `+table.selected()+` FROM `+table.name, table, func(_ int64, record any) error { return do(record) })
}

// each reads the records that a query of an id and a table's columns selects.
func (l library) each(ctx context.Context, query string, t *table, do func(id int64, record any) error, args ...any) error {
	rows, err := l.s.db.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		id, record, err := t.scan(rows)
		if err != nil {
			return err
		}
		if err := do(id, record); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// Count returns how many records of a kind there are.
func (l library) Count(ctx context.Context, kind transfer.Kind) (n int64, err error) {
	if kind >= transfer.Kinds {
		return 0, errs.New(errs.Invalid, "There is no such kind of records.")
	}
	err = l.s.db.queryRow(ctx, `SELECT count(*) FROM `+tables[kind].name, nil, &n)
	return n, err
}
