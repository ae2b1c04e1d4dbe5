package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

const linkColumns = `id, purpose, coalesce(user_id, 0), email, password, created_at, expires_at`

func scanLink(r row) (l account.Link, err error) {
	err = r.Scan(&l.ID, &l.Purpose, &l.UserID, &l.Email, &l.Password, (*instant)(&l.Created), (*instant)(&l.Expires))
	return l, err
}

// InsertLink stores a new link.
func (s *Store) InsertLink(ctx context.Context, l account.Link, hash string) error {
	_, err := s.db.exec(ctx, `INSERT INTO links (purpose, user_id, email, password, hash, created_at, expires_at)
		VALUES ($1, nullif(CAST($2 AS BIGINT), 0), $3, $4, $5, $6, $7)`,
		string(l.Purpose), l.UserID, l.Email, l.Password, hash, instant(l.Created), instant(l.Expires))
	return err
}

// LinkByHash returns a link that has not expired by now. Errors: NotFound.
func (s *Store) LinkByHash(ctx context.Context, purpose account.LinkPurpose, hash string, now time.Time) (account.Link, error) {
	rows, err := s.db.query(ctx, `SELECT `+linkColumns+` FROM links WHERE hash = $1 AND purpose = $2 AND expires_at > $3`,
		hash, string(purpose), instant(now))
	return one(rows, err, scanLink)
}

// TakeLink is LinkByHash and removes the link.
func (s *Store) TakeLink(ctx context.Context, purpose account.LinkPurpose, hash string, now time.Time) (l account.Link, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		rows, err := s.db.query(ctx, `DELETE FROM links WHERE hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING `+linkColumns,
			hash, string(purpose), instant(now))
		l, err = one(rows, err, scanLink)
		return err
	})
	return l, err
}

// DeleteLinks removes the links of a purpose that belong to a user, or for user
// 0 those that went to the address.
func (s *Store) DeleteLinks(ctx context.Context, purpose account.LinkPurpose, userID int64, email string) error {
	where, arg := `user_id = $2`, any(userID)
	if userID == 0 {
		where, arg = `user_id IS NULL AND email = $2`, email
	}
	_, err := s.db.exec(ctx, `DELETE FROM links WHERE purpose = $1 AND `+where, string(purpose), arg)
	return err
}

// DeleteExpiredLinks removes the links that ended by now.
func (s *Store) DeleteExpiredLinks(ctx context.Context, now time.Time) (int, error) {
	n, err := s.db.exec(ctx, `DELETE FROM links WHERE expires_at <= $1`, instant(now))
	return int(n), err
}
