package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// setLoading has the connection take many rows at once; it is not one for
// anything else afterwards. References are not looked at row by row: the importer
// makes sure of them, and nobody else writes. Indexes are sorted on disk, for
// there is not enough memory for millions of rows; so much as the cache has is
// used for that besides.
func setLoading(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = 0; PRAGMA temp_store = FILE; PRAGMA cache_size = -16000`)
	return err
}

// discard closes a connection, so that nobody gets it again.
func discard(conn *sql.Conn) {
	// The error is the one that is returned here.
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// rowsPerInsert is how many rows an INSERT of an import has; more would be no
// faster.
const rowsPerInsert = 64

// sqliteBulk inserts many rows a statement, through the driver itself: what
// database/sql does for each value takes as long as to store it.
type sqliteBulk struct {
	t       *target
	created map[transfer.Kind][]string // the indexes and triggers to be made again
}

func newSQLiteBulk(t *target) *sqliteBulk { return &sqliteBulk{t, map[transfer.Kind][]string{}} }

// begin drops the indexes and triggers of an empty table; the index of a UNIQUE
// constraint stays, for only a new table could have it again. Of users, of whom
// there may be one already, only the triggers go.
func (b *sqliteBulk) begin(ctx context.Context, kind transfer.Kind, empty bool) error {
	sorts := `'index', 'trigger'`
	switch {
	case countAll(kind) == nil:
		return nil
	case kind == transfer.Users:
		sorts = `'trigger'`
	case !empty:
		return nil
	}
	texts, err := b.t.s.dropParts(ctx, `SELECT type, name, sql FROM sqlite_master
		WHERE tbl_name = $1 AND type IN (`+sorts+`) AND sql IS NOT NULL ORDER BY rowid`, tables[kind].name)
	b.created[kind] = append(b.created[kind], texts...) // it may have begun before
	return err
}

// dropParts drops indexes and triggers, of which a query selects the sort, the
// name and the text that makes it again. It returns these texts.
func (s *Store) dropParts(ctx context.Context, query string, args ...any) (texts []string, err error) {
	type part struct{ sort, name, text string }
	rows, err := s.db.query(ctx, query, args...)
	parts, err := collect(rows, err, func(r row) (p part, err error) {
		err = r.Scan(&p.sort, &p.name, &p.text)
		return p, err
	})
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if _, err := s.db.exec(ctx, `DROP `+p.sort+` `+p.name); err != nil {
			return nil, err
		}
		texts = append(texts, p.text)
	}
	return texts, nil
}

// end makes them again, and counts what the triggers would have counted.
func (b *sqliteBulk) end(ctx context.Context, kind transfer.Kind) error {
	texts := b.created[kind]
	if texts == nil {
		return nil
	}
	delete(b.created, kind)
	for _, text := range append(texts, countAll(kind)...) {
		if _, err := b.t.s.db.exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

// countAll counts all rows of a table at once, as its triggers count each; see
// the migrations 0002 and 0005. It is nil for a table without such triggers.
func countAll(kind transfer.Kind) []string {
	works := func(table string) []string {
		return []string{
			`UPDATE counters SET n = n + (SELECT count(*) FROM ` + table + `) WHERE name IN ('` + table + `', 'catalog')`,
			`INSERT INTO artists (name, works) SELECT artist, count(*) FROM ` + table + ` WHERE TRUE GROUP BY artist
				ON CONFLICT (name) DO UPDATE SET works = works + EXCLUDED.works`,
		}
	}
	switch kind {
	case transfer.Users:
		return []string{
			`UPDATE counters SET n = n + 1 WHERE name IN ('catalog', 'accounts')`,
			`UPDATE counters SET n = (SELECT count(*) FROM users) WHERE name = 'users'`,
		}
	case transfer.Albums:
		return works("albums")
	case transfer.Songs:
		return works("songs")
	case transfer.Messages:
		return []string{
			`INSERT INTO conversations (low_id, high_id, messages, revision, first_at, last_at)
				SELECT low_id, high_id, count(*), 1, min(created_at), max(created_at) FROM messages WHERE TRUE GROUP BY low_id, high_id
				ON CONFLICT (low_id, high_id) DO UPDATE SET messages = conversations.messages + EXCLUDED.messages,
					revision = conversations.revision + 1, first_at = EXCLUDED.first_at, last_at = EXCLUDED.last_at`,
		}
	}
	return nil
}

func (b *sqliteBulk) insert(ctx context.Context, t *table, records []any) error {
	if err := b.run(ctx, `SAVEPOINT transferred`); err != nil {
		return err
	}
	err := b.t.conn.Raw(func(c any) error {
		// A context that can end costs a goroutine a statement.
		return insertRows(context.WithoutCancel(ctx), c.(driver.ConnPrepareContext), t, records)
	})
	if err != nil {
		return errors.Join(err, b.run(ctx, `ROLLBACK TO transferred`), b.run(ctx, `RELEASE transferred`))
	}
	if err := b.run(ctx, `RELEASE transferred`); err != nil {
		return err
	}
	return ctx.Err()
}

func (b *sqliteBulk) run(ctx context.Context, text string) error {
	_, err := b.t.s.db.txOf(ctx).ExecContext(ctx, text)
	return err
}

func insertRows(ctx context.Context, c driver.ConnPrepareContext, t *table, records []any) error {
	args := make([]driver.NamedValue, rowsPerInsert*len(t.columns))
	for i := range args {
		args[i].Ordinal = i + 1
	}
	for len(records) > 0 {
		rows := rowsPerInsert
		if len(records) < rows {
			rows = 1
		}
		n := len(records) - len(records)%rows
		if err := insertSome(ctx, c, t, records[:n], rows, args[:rows*len(t.columns)]); err != nil {
			return err
		}
		records = records[n:]
	}
	return nil
}

// insertSome stores records, so many a statement.
func insertSome(ctx context.Context, c driver.ConnPrepareContext, t *table, records []any, rows int, args []driver.NamedValue) (err error) {
	stmt, err := c.PrepareContext(ctx, t.insertText(rows))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stmt.Close()) }()
	for len(records) > 0 {
		at := 0
		for _, record := range records[:rows] {
			for _, v := range t.values(record) {
				args[at].Value = v
				at++
			}
		}
		if _, err := stmt.(driver.StmtExecContext).ExecContext(ctx, args); err != nil {
			return err
		}
		records = records[rows:]
	}
	return nil
}

// insertText is SQLite's INSERT of so many rows.
func (t *table) insertText(rows int) string {
	one := `(` + strings.TrimSuffix(strings.Repeat(`?, `, len(t.columns)), `, `) + `), `
	return `INSERT INTO ` + t.name + ` (` + strings.Join(t.columns, ", ") + `) VALUES ` +
		strings.TrimSuffix(strings.Repeat(one, rows), `, `)
}

func (b *sqliteBulk) last(ctx context.Context, table string) (last int64, err error) {
	err = b.t.s.db.queryRow(ctx, `SELECT seq FROM sqlite_sequence WHERE name = $1`, []any{table}, &last)
	if errs.Is(err, errs.NotFound) {
		err = nil
	}
	return last, err
}

// finish has nothing to do: SQLite goes on behind the greatest id that it was
// given.
func (b *sqliteBulk) finish(context.Context) error { return nil }

// isUnique reports whether a row was refused because another has the same value
// of what no two may have in common.
func isUnique(err error) bool {
	if isUniquePostgres(err) {
		return true
	}
	var lite *sqlitedriver.Error
	if !errors.As(err, &lite) {
		return false
	}
	switch lite.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return false
}
