package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

const identityColumns = `id, user_id, provider, subject, email, created_at`

func scanIdentity(r row) (i account.Identity, err error) {
	err = r.Scan(&i.ID, &i.UserID, &i.Provider, &i.Subject, &i.Email, (*instant)(&i.Created))
	return i, err
}

// IdentitiesOf returns who a user is elsewhere, the oldest first.
func (s *Store) IdentitiesOf(ctx context.Context, userID int64) ([]account.Identity, error) {
	rows, err := s.db.query(ctx, `SELECT `+identityColumns+` FROM identities WHERE user_id = $1 ORDER BY id`, userID)
	return collect(rows, err, scanIdentity)
}

// IdentityOf returns what links somebody elsewhere to a user. Errors: NotFound.
func (s *Store) IdentityOf(ctx context.Context, provider, subject string) (account.Identity, error) {
	rows, err := s.db.query(ctx, `SELECT `+identityColumns+` FROM identities WHERE provider = $1 AND subject = $2`, provider, subject)
	return one(rows, err, scanIdentity)
}

// InsertIdentity links somebody elsewhere to a user. Errors: Conflict if he is
// linked, to whomever.
func (s *Store) InsertIdentity(ctx context.Context, i account.Identity) (account.Identity, error) {
	id, err := s.db.insert(ctx, `INSERT INTO identities (user_id, provider, subject, email, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		i.UserID, i.Provider, i.Subject, i.Email, instant(i.Created))
	i.ID = id
	return i, err
}

// DeleteIdentity removes an identity of a user's. Errors: NotFound.
func (s *Store) DeleteIdentity(ctx context.Context, userID, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM identities WHERE user_id = $1 AND id = $2`, userID, id)
}

// SetExternalID gives a user another external id. Errors: NotFound; Conflict if
// somebody has it.
func (s *Store) SetExternalID(ctx context.Context, userID int64, externalID string) error {
	return s.db.execOne(ctx, `UPDATE users SET external_id = $1 WHERE id = $2`, externalID, userID)
}

// Spend notes that something was used. Errors: Conflict if it was before.
func (s *Store) Spend(ctx context.Context, hash string, until time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO spent (hash, expires_at) VALUES ($1, $2)`, hash, instant(until))
	return err
}

// DeleteSpent removes what would be good no more by now anyway.
func (s *Store) DeleteSpent(ctx context.Context, now time.Time) error {
	_, err := s.db.exec(ctx, `DELETE FROM spent WHERE expires_at <= $1`, instant(now))
	return err
}
