package store

import (
	"context"
	"database/sql"
	"errors"

	sqlitedriver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// alone returns a Conflict unless this process is the only one of the program's
// that has the database open.
func (d *db) alone(ctx context.Context) error {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return d.translate(err)
	}
	defer discard(conn)
	used, err := d.used(ctx, conn)
	if err != nil {
		return d.translate(err)
	}
	if used {
		return errs.New(errs.Conflict, "a server, or another command, has this database open: stop it first")
	}
	return nil
}

// used reports whether others have the database open. The connection is the
// writer's, and not one for anything else afterwards.
func (d *db) used(ctx context.Context, conn *sql.Conn) (bool, error) {
	if d.engine == postgres {
		var others int64
		err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND application_name LIKE $1 AND application_name <> current_setting('application_name')`, applicationName+`%`).Scan(&others)
		return others > 0, err
	}
	// Only the one connection that there is can leave the write-ahead log: the
	// readers of this process step aside for that moment.
	d.read.SetMaxIdleConns(0)
	defer d.read.SetMaxIdleConns(d.readers)
	_, err := conn.ExecContext(ctx, `PRAGMA busy_timeout = 500; PRAGMA journal_mode = DELETE`)
	if locked := (*sqlitedriver.Error)(nil); errors.As(err, &locked) && locked.Code()&0xff == sqlite3.SQLITE_BUSY {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	_, err = conn.ExecContext(ctx, `PRAGMA journal_mode = WAL`)
	return false, err
}
