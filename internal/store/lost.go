package store

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// comeBack is what callers are told to wait when the database is away: a
// restart takes about as long.
const comeBack = 2 * time.Second

// lost is the cause of an Unavailable error: the connection to PostgreSQL could
// not be had, or broke.
type lost struct {
	cause  error
	dialed bool // there was a connection
}

func (l *lost) Error() string { return "the connection to the database is lost: " + l.cause.Error() }
func (l *lost) Unwrap() error { return l.cause }

// unavailable returns the error for a lost connection, or nil if err is
// anything else.
func unavailable(err error) error {
	if err == nil {
		return nil
	}
	var already *lost
	if errors.As(err, &already) {
		return err
	}
	dialed, is := isLost(err)
	if !is {
		return nil
	}
	return &errs.Error{Kind: errs.Unavailable, RetryAfter: comeBack, Err: &lost{err, dialed}}
}

// translate is translate for an error of this database.
func (d *db) translate(err error) error {
	err = translate(err)
	d.dropBroken(err)
	return err
}

// dropBroken closes the connections that are idle if err says that one broke:
// the others most likely did as well, and each would fail a caller before it is
// noticed.
func (d *db) dropBroken(err error) {
	if d.engine == postgres && isBroken(err) {
		d.write.SetMaxIdleConns(0)
		d.write.SetMaxIdleConns(d.idle)
	}
}

// isBroken reports whether a translated error means that there was a connection
// and it broke.
func isBroken(err error) bool {
	var l *lost
	return errors.As(err, &l) && l.dialed
}

// isLost reports whether an engine's error means that the connection is of no
// use any more, and whether there was one.
func isLost(err error) (dialed, is bool) {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return false, isOutage(connect)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return true, isShutdown(pg)
	}
	var network *net.OpError
	return true, errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.As(err, &network) || errors.Is(err, pgconn.ErrConnClosed)
}

// isOutage tells a server that is away from one that refuses us: a wrong
// password does not get better by waiting.
func isOutage(err *pgconn.ConnectError) bool {
	var pg *pgconn.PgError
	return !errors.As(err, &pg) || isShutdown(pg)
}

// isShutdown reports whether the server says that it stops, or starts, or has
// no connection left: see the codes in appendix A of PostgreSQL's manual.
func isShutdown(pg *pgconn.PgError) bool {
	switch pg.Code {
	case "57P01", "57P02", "57P03", // admin_shutdown, crash_shutdown, cannot_connect_now
		"25P03", // idle_in_transaction_session_timeout
		"53300": // too_many_connections
		return true
	}
	return len(pg.Code) == 5 && pg.Code[:2] == "08" // connection_exception
}

// isLostBeforeCommit reports whether a transaction ended because its connection
// did, so that nothing of it has happened. An error of dialing is none: trying
// again at once would not help.
func isLostBeforeCommit(err error) bool {
	var after *uncertain
	return isBroken(err) && !errors.As(err, &after)
}

// uncertain is a connection that was lost while a transaction committed.
type uncertain struct{ cause error }

func (u *uncertain) Error() string {
	return "the transaction may have happened: " + u.cause.Error()
}
func (u *uncertain) Unwrap() error { return u.cause }

// commitError translates an error of COMMIT.
func commitError(err error) error {
	away := unavailable(err)
	if away != nil && !pgconn.SafeToRetry(err) { // it may have been sent
		return &errs.Error{Kind: errs.Unavailable, RetryAfter: comeBack, Err: &uncertain{away}}
	}
	return translate(err)
}
