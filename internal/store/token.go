package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

const tokenColumns = `id, user_id, label, created_at, last_used_at`

func scanToken(r row) (t account.Token, err error) {
	err = r.Scan(&t.ID, &t.UserID, &t.Label, (*instant)(&t.Created), (*instant)(&t.LastUsed))
	return t, err
}

// InsertToken stores a new token and returns it with its id.
func (s *Store) InsertToken(ctx context.Context, t account.Token, hash string) (account.Token, error) {
	id, err := s.db.insert(ctx, `INSERT INTO tokens (user_id, hash, label, created_at) VALUES ($1, $2, $3, $4) RETURNING id`,
		t.UserID, hash, t.Label, instant(t.Created))
	t.ID = id
	return t, err
}

// TokensByHash returns the tokens of those hashes, and whose they are.
func (s *Store) TokensByHash(ctx context.Context, hashes []string) ([]account.Held[account.Token], error) {
	return heldByHash(ctx, s, `SELECT hash, token_id, user_id, label, begun_at, last_used_at, `+userColumns+`
		FROM (SELECT hash, id AS token_id, user_id, label, created_at AS begun_at, last_used_at FROM tokens WHERE hash IN (`,
		hashes, func(t *account.Token) []any {
			return []any{&t.ID, &t.UserID, &t.Label, (*instant)(&t.Created), (*instant)(&t.LastUsed)}
		})
}

// TokenByID returns a token. Errors: NotFound.
func (s *Store) TokenByID(ctx context.Context, id int64) (account.Token, error) {
	rows, err := s.db.query(ctx, `SELECT `+tokenColumns+` FROM tokens WHERE id = $1`, id)
	return one(rows, err, scanToken)
}

// TokensOf returns a user's tokens, newest first.
func (s *Store) TokensOf(ctx context.Context, userID int64) ([]account.Token, error) {
	rows, err := s.db.query(ctx, `SELECT `+tokenColumns+` FROM tokens WHERE user_id = $1 ORDER BY id DESC`, userID)
	return collect(rows, err, scanToken)
}

// DeleteToken removes a user's token. Errors: NotFound.
func (s *Store) DeleteToken(ctx context.Context, userID, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM tokens WHERE user_id = $1 AND id = $2`, userID, id)
}

// DeleteTokensOf removes all tokens of a user.
func (s *Store) DeleteTokensOf(ctx context.Context, userID int64) error {
	_, err := s.db.exec(ctx, `DELETE FROM tokens WHERE user_id = $1`, userID)
	return err
}

// TouchTokens records that tokens were used.
func (s *Store) TouchTokens(ctx context.Context, ids []int64, at time.Time) error {
	return inBatches(ids, func(batch []int64) error {
		places, args := inList(2, batch)
		_, err := s.db.exec(ctx, `UPDATE tokens SET last_used_at = $1 WHERE id IN (`+places+`)`,
			append([]any{instant(at)}, args...)...)
		return err
	})
}
