// Package store keeps everything in a SQL database, SQLite or PostgreSQL, and
// is the only place that knows SQL.
//
// One text of SQL serves both engines. The kit is small: db.go opens and runs
// statements, tx.go carries a transaction in a context, migrate.go brings the
// schema up to date, instant.go stores times, errors.go translates what the
// engines complain about. Each feature has a file of its own name.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Store answers for the features' Store interfaces. It is safe for concurrent
// use.
type Store struct {
	db    *db
	marks *marks
}

// Config says which database to use.
type Config struct {
	// URL is "postgres://user:password@host/database", or
	// "sqlite:path/to/file" (":memory:" is not supported: it has one
	// connection's memory only).
	URL string
	// Readers is how many connections read at once; 0 takes the default of
	// the engine.
	Readers int
}

// Open connects to a database without changing it: see Migrate.
func Open(ctx context.Context, c Config) (*Store, error) {
	d, err := openDB(c)
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return &Store{db: d, marks: newMarks()}, nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.db.close() }

// Engine returns "sqlite" or "postgres".
func (s *Store) Engine() string { return s.db.engine.String() }

// Ready reports whether the database answers and can be written.
func (s *Store) Ready(ctx context.Context) error {
	_, err := s.db.exec(ctx, `UPDATE counters SET n = n WHERE name = 'ready'`)
	return err
}

// inList returns "$first, $first+1, …" for the ids, and the ids as arguments.
// The number of places is a power of two, filled up with the last id, so that
// few distinct statements are ever prepared.
func inList[T any](first int, ids []T) (places string, args []any) {
	n := 1
	for n < len(ids) {
		n *= 2
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return b.String(), args
}

// maxIn is how many ids go into one statement: SQLite takes 32,766
// parameters, and longer lists are no faster.
const maxIn = 1024

// collect reads all rows with scan.
func collect[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	list := []T{}
	err = each(rows, err, scan, func(v T) error {
		list = append(list, v)
		return nil
	})
	return list, err
}

// each reads the rows one by one with scan and hands them to do.
func each[T any](rows *sql.Rows, err error, scan func(row) (T, error), do func(T) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return err
		}
		if err := do(v); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}

// row is what a scan function reads from: *sql.Row or *sql.Rows.
type row interface{ Scan(dest ...any) error }

// one reads a single row with scan. None is NotFound.
func one[T any](rows *sql.Rows, err error, scan func(row) (T, error)) (v T, _ error) {
	if err != nil {
		return v, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return v, translate(err)
		}
		return v, translate(sql.ErrNoRows)
	}
	if v, err = scan(rows); err != nil {
		return v, err
	}
	return v, rows.Close()
}

func scanID(r row) (id int64, err error) {
	err = r.Scan(&id)
	return id, err
}

// inBatches hands out the ids in parts that one statement can take.
func inBatches[T any](ids []T, do func(batch []T) error) error {
	for batch := range slices.Chunk(ids, maxIn) {
		if err := do(batch); err != nil {
			return err
		}
	}
	return nil
}

// limit returns the LIMIT for a page: 0 means all.
func limit(n int) int64 {
	if n <= 0 {
		return math.MaxInt64
	}
	return int64(n)
}

// pageRows is how many rows a stream reads at once.
const pageRows = 500

// inPages reads a long list in parts, each from behind the last row of the
// one before, and hands them to do. Between two parts no connection is held,
// so that a slow reader of the list is in nobody's way. A limit of 0 is none.
func inPages[T any](limit, offset int, first T, read func(after T, limit, offset int) ([]T, error), do func([]T) error) error {
	for after := first; ; offset = 0 {
		n := pageRows
		if limit > 0 {
			n = min(n, limit)
		}
		part, err := read(after, n, offset)
		if err != nil {
			return err
		}
		if len(part) > 0 {
			if err := do(part); err != nil {
				return err
			}
			after = part[len(part)-1]
		}
		if limit > 0 {
			if limit -= len(part); limit == 0 {
				return nil
			}
		}
		if len(part) < n {
			return nil
		}
	}
}
