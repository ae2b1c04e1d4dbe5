package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

const sessionColumns = `id, user_id, label, created_at, expires_at`

func scanSession(r row) (v account.Session, err error) {
	err = r.Scan(&v.ID, &v.UserID, &v.Label, (*instant)(&v.Created), (*instant)(&v.Expires))
	return v, err
}

// InsertSession stores a new session and returns it with its id.
func (s *Store) InsertSession(ctx context.Context, v account.Session, hash string) (account.Session, error) {
	id, err := s.db.insert(ctx, `INSERT INTO sessions (user_id, hash, label, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		v.UserID, hash, v.Label, instant(v.Created), instant(v.Expires))
	v.ID = id
	return v, err
}

// SessionsByHash returns the sessions of those hashes, and whose they are.
func (s *Store) SessionsByHash(ctx context.Context, hashes []string) ([]account.Held[account.Session], error) {
	return heldByHash(ctx, s, `SELECT hash, session_id, user_id, label, begun_at, expires_at, `+userColumns+`
		FROM (SELECT hash, id AS session_id, user_id, label, created_at AS begun_at, expires_at FROM sessions WHERE hash IN (`,
		hashes, func(v *account.Session) []any {
			return []any{&v.ID, &v.UserID, &v.Label, (*instant)(&v.Created), (*instant)(&v.Expires)}
		})
}

// SessionByID returns a session. Errors: NotFound.
func (s *Store) SessionByID(ctx context.Context, id int64) (account.Session, error) {
	rows, err := s.db.query(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE id = $1`, id)
	return one(rows, err, scanSession)
}

// SessionsOf returns a user's sessions that have not expired by now, newest
// first.
func (s *Store) SessionsOf(ctx context.Context, userID int64, now time.Time) ([]account.Session, error) {
	rows, err := s.db.query(ctx, `SELECT `+sessionColumns+` FROM sessions WHERE user_id = $1 AND expires_at > $2 ORDER BY id DESC`,
		userID, instant(now))
	return collect(rows, err, scanSession)
}

// DeleteSession removes a user's session. Errors: NotFound.
func (s *Store) DeleteSession(ctx context.Context, userID, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id = $2`, userID, id)
}

// DeleteSessionsOf removes a user's sessions but for one; 0 spares none.
func (s *Store) DeleteSessionsOf(ctx context.Context, userID, except int64) error {
	_, err := s.db.exec(ctx, `DELETE FROM sessions WHERE user_id = $1 AND id <> $2`, userID, except)
	return err
}

// DeleteExpiredSessions removes the sessions that ended before now.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) (int, error) {
	n, err := s.db.exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, instant(now))
	return int(n), err
}
