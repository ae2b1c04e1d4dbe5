package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/antiphon-music/antiphon/internal/backup"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Replace replaces all of the database in one transaction: everything that
// migrations made goes, those of the source are applied, do fills the tables, and
// the other migrations follow. It implements backup.Sink.
func (s *Store) Replace(ctx context.Context, r backup.Replacement, do func(context.Context, backup.Target) error) error {
	if err := s.db.alone(ctx); err != nil {
		return err
	}
	return s.loading(ctx, func(inTx context.Context, conn *sql.Conn) error { return s.replace(inTx, conn, r, do) })
}

func (s *Store) replace(ctx context.Context, conn *sql.Conn, r backup.Replacement, do func(context.Context, backup.Target) error) error {
	if err := s.mayReplace(ctx, r); err != nil {
		return err
	}
	if err := s.unmake(ctx); err != nil {
		return err
	}
	if err := s.migrateTo(ctx, r.Migrations); err != nil {
		return err
	}
	t := &replaced{contents: contents{s}, conn: conn}
	if err := t.begin(ctx); err != nil {
		return err
	}
	if err := do(ctx, t); err != nil {
		return err
	}
	if err := t.end(ctx); err != nil {
		return err
	}
	if _, err := s.Migrate(ctx); err != nil {
		return err
	}
	if r.Past {
		return s.skipRevisions(ctx)
	}
	return nil
}

// mayReplace refuses a database in which there is something.
func (s *Store) mayReplace(ctx context.Context, r backup.Replacement) error {
	tables, err := s.carried(ctx)
	if err != nil {
		return err
	}
	if r.Force {
		return nil
	}
	for _, t := range tables {
		if t.Name == "counters" { // it has rows from the start
			continue
		}
		var n int64
		if err := s.db.queryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+t.Name+` LIMIT 1) AS one`, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "the database is not empty: it has %s; with --force all of it is replaced", t.Name)
		}
	}
	return nil
}

// unmake drops all that migrations have made.
func (s *Store) unmake(ctx context.Context) error {
	tables, err := made("TABLE")
	if err != nil {
		return err
	}
	cascade := ""
	if s.db.engine == postgres {
		cascade = " CASCADE"
	}
	for _, name := range append(tables, "migrations") {
		if _, err := s.db.exec(ctx, `DROP TABLE IF EXISTS `+name+cascade); err != nil {
			return err
		}
	}
	if s.db.engine == sqlite {
		return nil
	}
	functions, err := made("FUNCTION")
	if err != nil {
		return err
	}
	for _, name := range functions {
		// Without its arguments it is found as long as there is one of its name.
		if _, err := s.db.exec(ctx, `DROP FUNCTION IF EXISTS `+name+` CASCADE`); err != nil {
			return err
		}
	}
	return nil
}

// migrateTo applies those migrations and no other.
func (s *Store) migrateTo(ctx context.Context, names []string) error {
	steps, err := s.Migrations(ctx)
	if err != nil {
		return err
	}
	for i, name := range names {
		if i >= len(steps) || steps[i].Name != name {
			return errs.New(errs.Invalid, "the source has the migration %s, which this version does not know: it was written by a newer one", name)
		}
		if _, err := s.apply(ctx, steps[i]); err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}

// skippedRevisions is by how much revisions rise: more than they can have risen
// between a backup and the end of the database that it was made of.
const skippedRevisions = 1 << 32

// skipRevisions has revisions go on where they cannot have been: clients keep
// answers by them.
func (s *Store) skipRevisions(ctx context.Context) error {
	for _, text := range []string{
		`UPDATE counters SET n = n + $1 WHERE name IN ('catalog', 'accounts')`,
		`UPDATE conversations SET revision = revision + $1`,
	} {
		if _, err := s.db.exec(ctx, text, skippedRevisions); err != nil {
			return err
		}
	}
	return nil
}

// replaced implements backup.Target.
type replaced struct {
	contents
	conn   *sql.Conn
	tables []backup.Table
	again  []string // statements that make what was dropped
}

// Tables implements backup.Target.
func (t *replaced) Tables() []backup.Table { return t.tables }

// begin empties the tables, which have rows of their migrations, and has nothing
// happen for each row: what triggers keep is carried too.
func (t *replaced) begin(ctx context.Context) (err error) {
	if t.tables, err = t.s.carried(ctx); err != nil {
		return err
	}
	if t.s.db.engine == sqlite {
		if t.again, err = t.s.dropParts(ctx, `SELECT type, name, sql FROM sqlite_master
			WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid`); err != nil {
			return err
		}
	} else if _, err := t.s.db.exec(ctx, `SET CONSTRAINTS ALL IMMEDIATE`); err != nil { // or they wait in memory
		return err
	}
	for _, table := range slices.Backward(t.tables) {
		if t.s.db.engine == postgres {
			if _, err := t.s.db.exec(ctx, `ALTER TABLE `+table.Name+` DISABLE TRIGGER USER`); err != nil {
				return err
			}
		}
		if _, err := t.s.db.exec(ctx, `DELETE FROM `+table.Name); err != nil {
			return err
		}
	}
	return nil
}

// Put implements backup.Target.
func (t *replaced) Put(ctx context.Context, of backup.Table, rows [][]any) error {
	bulk := &table{name: of.Name, values: func(r any) []any { return r.([]any) }}
	for _, c := range of.Columns {
		bulk.columns = append(bulk.columns, c.Name)
	}
	records := make([]any, len(rows))
	for i, row := range rows {
		records[i] = row
	}
	err := t.conn.Raw(func(c any) error {
		if t.s.db.engine == sqlite {
			return insertRows(context.WithoutCancel(ctx), c.(driver.ConnPrepareContext), bulk, records)
		}
		return copyRows(ctx, c.(*stdlib.Conn).Conn(), bulk, records)
	})
	if err == nil && of.Last != nil && *of.Last > 0 {
		err = t.setLast(ctx, of)
	}
	if err != nil {
		return t.s.db.translate(err)
	}
	return ctx.Err()
}

// copyRows stores records by COPY.
func copyRows(ctx context.Context, c *pgx.Conn, t *table, records []any) error {
	i := 0
	_, err := c.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		if i == len(records) {
			return nil, nil
		}
		i++
		return t.values(records[i-1]), nil
	}))
	return err
}

// setLast has a table's numbers go on behind the greatest that it had.
func (t *replaced) setLast(ctx context.Context, of backup.Table) error {
	if t.s.db.engine == postgres {
		_, err := t.s.db.exec(ctx, `SELECT setval('`+of.Name+`_id_seq', $1)`, *of.Last)
		return err
	}
	n, err := t.s.db.exec(ctx, `UPDATE sqlite_sequence SET seq = $1 WHERE name = $2`, *of.Last, of.Name)
	if err == nil && n == 0 {
		_, err = t.s.db.exec(ctx, `INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)`, of.Name, *of.Last)
	}
	return err
}

// end makes again what begin has dropped, and looks at all references.
func (t *replaced) end(ctx context.Context) error {
	if t.s.db.engine == postgres {
		for _, table := range t.tables {
			if _, err := t.s.db.exec(ctx, `ALTER TABLE `+table.Name+` ENABLE TRIGGER USER`); err != nil {
				return err
			}
		}
		return nil
	}
	for _, text := range t.again {
		if _, err := t.s.db.exec(ctx, text); err != nil {
			return err
		}
	}
	rows, err := t.s.db.query(ctx, `SELECT "table", COALESCE(rowid, 0), "parent" FROM pragma_foreign_key_check LIMIT 1`)
	broken, err := collect(rows, err, func(r row) (what string, err error) {
		var child, parent string
		var id int64
		err = r.Scan(&child, &id, &parent)
		return fmt.Sprintf("row %d of %s refers to one of %s that is not there", id, child, parent), err
	})
	if err == nil && len(broken) > 0 {
		err = errors.New(strings.Join(broken, ", "))
	}
	return err
}
