package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/antiphon-music/antiphon/internal/backup"
)

// Dump lets do read all of the database as it is at one moment, whatever is
// written meanwhile. It implements backup.Source.
//
// Errors: do's own; Unavailable if the database is away.
func (s *Store) Dump(ctx context.Context, do func(context.Context, backup.Snapshot) error) error {
	return s.readOnce(ctx, func(ctx context.Context, tx *transaction) error {
		v := &dump{contents: contents{s}, tx: tx}
		rows, err := s.db.query(ctx, `SELECT name FROM migrations ORDER BY name`)
		v.migrations, err = collect(rows, err, func(r row) (name string, err error) { return name, r.Scan(&name) })
		if err != nil {
			return err
		}
		if v.tables, err = s.carried(ctx); err != nil {
			return err
		}
		return do(ctx, v)
	})
}

// dump implements backup.Snapshot.
type dump struct {
	contents
	tx         *transaction
	migrations []string
	tables     []backup.Table
}

func (v *dump) in(ctx context.Context) context.Context {
	return context.WithValue(ctx, txKey{v.s.db}, v.tx)
}

// Migrations implements backup.Snapshot.
func (v *dump) Migrations() []string { return v.migrations }

// Tables implements backup.Snapshot.
func (v *dump) Tables() []backup.Table { return v.tables }

// Count implements backup.Snapshot.
func (v *dump) Count(ctx context.Context, t backup.Table) (n int64, err error) {
	return n, v.s.db.queryRow(v.in(ctx), `SELECT count(*) FROM `+t.Name, nil, &n)
}

// Each implements backup.Snapshot.
func (v *dump) Each(ctx context.Context, t backup.Table, do func(row []any) error) error {
	return v.contents.Each(v.in(ctx), t, do)
}

// Contents implements backup.Snapshot.
func (v *dump) Contents(ctx context.Context, do func(backup.Content) error) error {
	rows, err := v.s.db.query(v.in(ctx), `SELECT blob, max(size) FROM files WHERE removed_at IS NULL GROUP BY blob ORDER BY blob`)
	return each(rows, err, func(r row) (c backup.Content, err error) {
		return c, r.Scan((*string)(&c.Key), &c.Size)
	}, do)
}

// contents reads tables for a backup.
type contents struct{ s *Store }

// Each calls do with each row of a table.
func (c contents) Each(ctx context.Context, t backup.Table, do func(row []any) error) error {
	names := make([]string, len(t.Columns))
	cells := make([]any, len(t.Columns))
	for i, column := range t.Columns {
		names[i], cells[i] = column.Name, newCell(column.Sort)
	}
	rows, err := c.s.db.query(ctx, `SELECT `+strings.Join(names, ", ")+` FROM `+t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(cells))
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return translate(err)
		}
		for i, c := range cells {
			values[i] = valueOf(c)
		}
		if err := do(values); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// newCell returns what a value of a sort is scanned into.
func newCell(s backup.Sort) any {
	switch s {
	case backup.Whole:
		return new(sql.NullInt64)
	case backup.Real:
		return new(sql.NullFloat64)
	case backup.Flag:
		return new(sql.NullBool)
	case backup.Bytes:
		return new(sql.Null[[]byte])
	}
	return new(sql.NullString)
}

// valueOf returns the value in a cell, as a row of a backup has it.
func valueOf(cell any) any {
	switch c := cell.(type) {
	case *sql.NullInt64:
		if c.Valid {
			return c.Int64
		}
	case *sql.NullFloat64:
		if c.Valid {
			return c.Float64
		}
	case *sql.NullBool:
		if c.Valid {
			return c.Bool
		}
	case *sql.NullString:
		if c.Valid {
			return c.String
		}
	case *sql.Null[[]byte]:
		if c.Valid {
			return append([]byte{}, c.V...) // none are not NULL
		}
	}
	return nil
}
