package store

import (
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// constraints says what the breach of a constraint means to a caller. SQLite
// names the columns of a unique constraint where PostgreSQL names the
// constraint.
var constraints = []struct {
	postgres, sqlite string
	kind             errs.Kind
	field            errs.Field
}{
	{"users_email_folded_key", "users.email_folded", errs.Conflict, errs.Field{Name: "email", Code: errs.Taken}},
	{"passkeys_key_id_key", "passkeys.key_id", errs.Conflict, errs.Field{Name: "passkey", Code: errs.Taken}},
	{"users_external_id_key", "users.external_id", errs.Conflict, errs.Field{Name: "external_id", Code: errs.Taken}},
	{"identities_subject_key", "identities.provider", errs.Conflict, errs.Field{Name: "identity", Code: errs.Taken}},
	{"spent_pkey", "spent.hash", errs.Conflict, errs.Field{Name: "sign_in", Code: errs.Taken}},
	{"jobs_waiting", "jobs.unique_key", errs.Conflict, errs.Field{Name: "unique", Code: errs.Taken}},
}

// translate turns an engine's error into one of the vocabulary. What it does
// not know stays Internal.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &errs.Error{Kind: errs.NotFound}
	}
	if away := unavailable(err); away != nil {
		return away
	}
	if isFull(err) {
		return &errs.Error{Kind: errs.Unavailable, RetryAfter: roomMade, Err: err}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		for _, c := range constraints {
			if pg.ConstraintName == c.postgres {
				return &errs.Error{Kind: c.kind, Fields: []errs.Field{c.field}, Err: err}
			}
		}
		return err
	}
	var lite *driver.Error
	if errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_CONSTRAINT {
		for _, c := range constraints {
			if strings.Contains(lite.Error(), c.sqlite) {
				return &errs.Error{Kind: c.kind, Fields: []errs.Field{c.field}, Err: err}
			}
		}
	}
	return err
}

// roomMade is when to try again on a full disk: somebody has to make room first.
const roomMade = time.Minute

// isFull reports whether the database's disk is full.
func isFull(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "53100" // disk_full
	}
	var lite *driver.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_FULL
}

// isForeignKey reports whether a row was refused because it refers to one that
// does not exist.
func isForeignKey(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23503" // foreign_key_violation
	}
	var lite *driver.Error
	return errors.As(err, &lite) && lite.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// checkArgs refuses text that PostgreSQL cannot store. The features refuse it
// by field; this is for whatever else comes from outside, and keeps the two
// engines alike.
func checkArgs(args []any) error {
	for _, a := range args {
		if text, ok := a.(string); ok && (!utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0) {
			return errs.New(errs.Invalid, "Text must be UTF-8 without null characters.")
		}
	}
	return nil
}

func nameTaken() error {
	return &errs.Error{Kind: errs.Conflict, Fields: []errs.Field{{Name: "name", Code: errs.Taken}}}
}
