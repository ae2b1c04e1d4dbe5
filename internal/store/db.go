package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// engine is the kind of database.
type engine uint8

const (
	sqlite engine = iota
	postgres
)

// String returns the engine's name as in a migration's file name.
func (e engine) String() string {
	if e == postgres {
		return "postgres"
	}
	return "sqlite"
}

// db runs statements. On SQLite one connection writes and a few read, so that
// a long scan never delays a write and a write never fails as busy; on
// PostgreSQL both are the same pool.
type db struct {
	engine engine
	write  *sql.DB
	read   *sql.DB
	stmts  stmtCache
	idle   int // how many of PostgreSQL's connections are kept while they are idle

	readers int // how many of SQLite's connections read
}

const (
	defaultSQLiteReaders = 4
	postgresConnections  = 24
	connectTimeout       = 5 * time.Second // to PostgreSQL, unless the URL has another
)

func openDB(c Config) (*db, error) {
	scheme, rest, _ := strings.Cut(c.URL, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(rest, c.Readers)
	case "postgres", "postgresql":
		return openPostgres(c.URL, c.Readers)
	}
	return nil, fmt.Errorf("database: the URL starts with sqlite: or postgres://, not %q", scheme)
}

func openSQLite(path string, readers int) (*db, error) {
	if path == "" {
		return nil, errors.New("database: sqlite: wants the path of a file")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	pragmas := url.Values{
		"_pragma": {
			// WAL lets readers go on while one writes; FULL keeps what was
			// committed through a power cut.
			"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
			"cache_size(-32000)", "temp_store(MEMORY)", "journal_size_limit(134217728)",
			// In pages of 4 KiB: only if Checkpoint does not keep up.
			"wal_autocheckpoint(40000)",
		},
		// A transaction that reads and then writes fails as busy if it did not
		// take the lock at its start.
		"_txlock": {"immediate"},
	}
	file := "file:" + (&url.URL{Path: path}).EscapedPath() + "?"
	write, err := openSQLiteFile(file + pragmas.Encode())
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	write.SetMaxOpenConns(1)
	pragmas["_pragma"] = append(pragmas["_pragma"], "query_only(1)", "cache_size(-8000)")
	read, err := openSQLiteFile(file + pragmas.Encode())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", err), write.Close())
	}
	if readers == 0 {
		readers = defaultSQLiteReaders
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return &db{engine: sqlite, write: write, read: read, readers: readers}, nil
}

// applicationName is what the name of each process begins with that an
// administrator of PostgreSQL sees; see alone.
const applicationName = "antiphon-"

func openPostgres(dsn string, connections int) (*db, error) {
	conf, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	// A server that is away, or a network that swallows everything, must be
	// noticed while callers still wait.
	if conf.ConnectTimeout == 0 {
		conf.ConnectTimeout = connectTimeout
	}
	if conf.RuntimeParams["application_name"] == "" {
		conf.RuntimeParams["application_name"] = applicationName + rand.Text()[:8]
	}
	dialer := &net.Dialer{Timeout: conf.ConnectTimeout, KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3,
	}}
	conf.DialFunc = dialer.DialContext
	pool := stdlib.OpenDB(*conf)
	if connections == 0 {
		connections = postgresConnections
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return &db{engine: postgres, write: pool, read: pool, idle: connections}, nil
}

func (d *db) close() error {
	err := d.stmts.close()
	if d.read != d.write {
		err = errors.Join(err, d.read.Close())
	}
	return errors.Join(err, d.write.Close())
}

// query runs a SELECT in the transaction of ctx, or else on a reader.
func (d *db) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	rows, err := d.queryRaw(ctx, text, args...)
	return rows, d.translate(err)
}

func (d *db) queryRaw(ctx context.Context, text string, args ...any) (rows *sql.Rows, err error) {
	if err := checkArgs(args); err != nil {
		return nil, err
	}
	if d.engine == sqlite {
		stmt, err := d.prepare(ctx, d.read, text)
		if err != nil {
			return nil, err
		}
		return stmt.QueryContext(ctx, args...)
	}
	if tx := d.txOf(ctx); tx != nil {
		return tx.QueryContext(ctx, text, args...)
	}
	// A SELECT changes nothing: one whose connection breaks runs again.
	again := func(err error) bool { return isBroken(err) && strings.HasPrefix(text, "SELECT") }
	err = retryIf(ctx, again, func() error {
		rows, err = d.read.QueryContext(ctx, text, args...)
		if away := unavailable(err); away != nil {
			d.dropBroken(away)
			return away
		}
		return err
	})
	return rows, err
}

// queryRow runs a SELECT of one row. A row that is not there is NotFound.
func (d *db) queryRow(ctx context.Context, text string, args []any, dest ...any) error {
	rows, err := d.queryRaw(ctx, text, args...)
	if err == nil {
		err = scanOne(rows, dest...)
	}
	return d.translate(err)
}

func scanOne(rows *sql.Rows, dest ...any) error {
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return rows.Close()
}

// exec runs a statement that writes, in the transaction of ctx or one of its
// own, and returns how many rows it touched.
func (d *db) exec(ctx context.Context, text string, args ...any) (int64, error) {
	res, err := d.execRaw(ctx, text, args...)
	if err != nil {
		return 0, d.translate(err)
	}
	n, err := res.RowsAffected()
	return n, translate(err)
}

func (d *db) execRaw(ctx context.Context, text string, args ...any) (res sql.Result, err error) {
	if err := checkArgs(args); err != nil {
		return nil, err
	}
	if d.engine == sqlite {
		stmt, err := d.prepare(ctx, d.write, text)
		if err != nil {
			return nil, err
		}
		return stmt.ExecContext(ctx, args...)
	}
	if tx := d.txOf(ctx); tx != nil {
		return tx.ExecContext(ctx, text, args...)
	}
	err = retry(ctx, func() error {
		res, err = d.write.ExecContext(ctx, text, args...)
		return err
	})
	return res, err
}

// execOne is exec for exactly one row: none is NotFound.
func (d *db) execOne(ctx context.Context, text string, args ...any) error {
	n, err := d.exec(ctx, text, args...)
	if err == nil && n == 0 {
		err = translate(sql.ErrNoRows)
	}
	return err
}

// insert runs an INSERT … RETURNING id.
func (d *db) insert(ctx context.Context, text string, args ...any) (id int64, err error) {
	run := func(ctx context.Context) error { return d.queryRow(ctx, text, args, &id) }
	switch {
	case d.txOf(ctx) != nil:
		err = run(ctx)
	case d.engine == sqlite:
		// Readers may not write: an INSERT that answers rows goes through a
		// transaction on the writer.
		err = d.inTx(ctx, run)
	default:
		err = retry(ctx, func() error { return run(ctx) })
	}
	return id, err
}
