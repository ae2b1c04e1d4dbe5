package store

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/backup"
)

// notCarried are the tables that stay behind, with the reason.
var notCarried = map[string]string{
	"migrations": "a target has its own, and an archive names them",
	"nodes":      "they are processes that run",
}

// created are the things that migrations make, by name.
var created = regexp.MustCompile(`(?m)^\s*CREATE (?:OR REPLACE )?(TABLE|FUNCTION) (\w+)`)

// made returns the names of the tables or functions that the migrations of both
// engines make, or once made.
func made(sort string) ([]string, error) {
	entries, err := fs.ReadDir(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range entries {
		text, err := fs.ReadFile(migrationFiles, "migrations/"+f.Name())
		if err != nil {
			return nil, err
		}
		for _, found := range created.FindAllSubmatch(text, -1) {
			if name := string(found[2]); string(found[1]) == sort && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// sortOf returns the sort of a declared type.
func sortOf(declared string) (backup.Sort, error) {
	switch strings.ToLower(declared) {
	case "bigint", "integer", "smallint":
		return backup.Whole, nil
	case "double precision":
		return backup.Real, nil
	case "text":
		return backup.Text, nil
	case "bytea":
		return backup.Bytes, nil
	case "boolean":
		return backup.Flag, nil
	}
	return 0, fmt.Errorf("the type %s is none that a backup knows", declared)
}

// carried returns the tables that a backup carries, each after those it refers
// to. A column that the database makes of others is left out.
func (s *Store) carried(ctx context.Context) ([]backup.Table, error) {
	names, err := made("TABLE")
	if err != nil {
		return nil, err
	}
	var tables []backup.Table
	refers := map[string][]string{}
	for _, name := range names {
		if notCarried[name] != "" {
			continue
		}
		columns, err := s.columns(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		if len(columns) == 0 { // it is no more
			continue
		}
		if refers[name], err = s.refersTo(ctx, name); err != nil {
			return nil, err
		}
		last, err := s.lastNumber(ctx, name)
		if err != nil {
			return nil, err
		}
		tables = append(tables, backup.Table{Name: name, Columns: columns, Last: last})
	}
	return inOrder(tables, refers), nil
}

// inOrder puts tables behind those they refer to, and else leaves their order.
func inOrder(tables []backup.Table, refers map[string][]string) []backup.Table {
	var ordered []backup.Table
	placed := map[string]bool{}
	var place func(t backup.Table)
	place = func(t backup.Table) {
		if placed[t.Name] {
			return
		}
		placed[t.Name] = true
		for _, other := range tables {
			if slices.Contains(refers[t.Name], other.Name) {
				place(other)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range tables {
		place(t)
	}
	return ordered
}

// columns returns the columns of a table that rows are stored with, none if there
// is no such table. They are in the order of their names, for migrations need not
// have made them in the same order on both engines.
func (s *Store) columns(ctx context.Context, table string) ([]backup.Column, error) {
	query := `SELECT name, type FROM pragma_table_xinfo($1) WHERE hidden = 0 ORDER BY name`
	if s.db.engine == postgres {
		query = `SELECT column_name, data_type FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY column_name COLLATE "C"`
	}
	rows, err := s.db.query(ctx, query, table)
	return collect(rows, err, func(r row) (c backup.Column, err error) {
		var declared string
		if err := r.Scan(&c.Name, &declared); err != nil {
			return c, err
		}
		c.Sort, err = sortOf(declared)
		return c, err
	})
}

// refersTo returns the tables that a table has foreign keys to.
func (s *Store) refersTo(ctx context.Context, table string) ([]string, error) {
	query := `SELECT DISTINCT "table" FROM pragma_foreign_key_list($1)`
	if s.db.engine == postgres {
		query = `SELECT DISTINCT confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND conrelid = to_regclass($1)`
	}
	rows, err := s.db.query(ctx, query, table)
	return collect(rows, err, func(r row) (name string, err error) { return name, r.Scan(&name) })
}

// lastNumber returns the greatest id that a row of a table has or had, nil for a
// table that gives none.
func (s *Store) lastNumber(ctx context.Context, table string) (*int64, error) {
	var gives int64
	query := `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1 AND sql LIKE '%AUTOINCREMENT%'`
	if s.db.engine == postgres {
		query = `SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'YES'`
	}
	if err := s.db.queryRow(ctx, query, []any{table}, &gives); err != nil || gives == 0 {
		return nil, err
	}
	var last int64
	query = `SELECT COALESCE(max(seq), 0) FROM sqlite_sequence WHERE name = '` + table + `'`
	if s.db.engine == postgres {
		query = `SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM ` + table + `_id_seq`
	}
	return &last, s.db.queryRow(ctx, query, nil, &last)
}
