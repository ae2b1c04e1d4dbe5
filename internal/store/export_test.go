package store

import (
	"context"
	"slices"
)

// What the tests of this package see of its inside.
const (
	PageRows = pageRows
	MaxIn    = maxIn
)

// Window returns how a page of a list of total rows, newest first, is read.
func Window(total, limit, offset int) (rows, skip int64, fromOldest bool) {
	w := windowOf(total, limit, offset)
	return w.limit, w.offset, w.fromOldest
}

// InList is inList over numbers.
func InList(first int, ids []int64) (string, []any) { return inList(first, ids) }

// Statements returns how many prepared statements are kept.
func (s *Store) Statements() int {
	n := 0
	s.db.stmts.m.Range(func(any, any) bool { n++; return true })
	return n
}

// Int returns the number that a query answers.
func (s *Store) Int(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = s.db.queryRow(ctx, query, args, &n)
	return n, err
}

// Exec runs a statement.
func (s *Store) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := s.db.exec(ctx, statement, args...)
	return err
}

// MigrateBefore applies the steps that come before one.
func (s *Store) MigrateBefore(ctx context.Context, name string) error {
	steps, err := s.Migrations(ctx)
	if err != nil {
		return err
	}
	for _, m := range steps[:slices.IndexFunc(steps, func(m Migration) bool { return m.Name == name })] {
		if _, err := s.apply(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

// Queries that must read ranges of indexes, with as many arguments as they take.
var RangeQueries = map[string]struct {
	Text string
	Args int
}{
	"conversations":       {conversationsOf, 3},
	"unread":              {unreadByOther, 1},
	"conversation before": {conversationBefore, 5},
	"messages, oldest":    {messagesFromOldest, 5},
	"messages, newest":    {messagesFromNewest, 5},
}

// Plan returns the steps in which SQLite would run a query over numbers.
func (s *Store) Plan(ctx context.Context, query string, args int) ([]string, error) {
	rows, err := s.db.query(ctx, `EXPLAIN QUERY PLAN `+query, make([]any, args)...)
	return collect(rows, err, func(r row) (step string, err error) {
		var id, parent, unused int
		return step, r.Scan(&id, &parent, &unused, &step)
	})
}

// Tables returns the names of all tables that the database has, and of those that
// a backup leaves.
func (s *Store) Tables(ctx context.Context) (all, left []string, err error) {
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if s.db.engine == postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`
	}
	rows, err := s.db.query(ctx, query)
	all, err = collect(rows, err, func(r row) (name string, err error) { return name, r.Scan(&name) })
	for name := range notCarried {
		left = append(left, name)
	}
	return all, left, err
}
