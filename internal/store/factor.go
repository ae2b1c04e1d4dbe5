package store

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
)

// TOTPOf returns the secret of a user's authenticator app. Errors: NotFound.
func (s *Store) TOTPOf(ctx context.Context, userID int64) (account.TOTP, error) {
	rows, err := s.db.query(ctx, `SELECT user_id, sealed, step, created_at FROM totp WHERE user_id = $1`, userID)
	return one(rows, err, func(r row) (t account.TOTP, err error) {
		err = r.Scan(&t.UserID, &t.Sealed, &t.Step, (*instant)(&t.Created))
		return t, err
	})
}

// PutTOTP stores a secret in place of the one there was.
func (s *Store) PutTOTP(ctx context.Context, t account.TOTP) error {
	_, err := s.db.exec(ctx, `INSERT INTO totp (user_id, sealed, step, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE SET sealed = EXCLUDED.sealed, step = EXCLUDED.step, created_at = EXCLUDED.created_at`,
		t.UserID, t.Sealed, t.Step, instant(t.Created))
	return err
}

// UseTOTPStep notes the last step whose code was used. Errors: NotFound if that
// is not later than the one before.
func (s *Store) UseTOTPStep(ctx context.Context, userID, step int64) error {
	return s.db.execOne(ctx, `UPDATE totp SET step = $1 WHERE user_id = $2 AND step < $1`, step, userID)
}

// DeleteTOTP removes a user's secret. Errors: NotFound.
func (s *Store) DeleteTOTP(ctx context.Context, userID int64) error {
	return s.db.execOne(ctx, `DELETE FROM totp WHERE user_id = $1`, userID)
}

// PasskeysOf returns a user's passkeys, the oldest first.
func (s *Store) PasskeysOf(ctx context.Context, userID int64) ([]account.Passkey, error) {
	rows, err := s.db.query(ctx, `SELECT id, user_id, name, key_id, credential, created_at, last_used_at FROM passkeys WHERE user_id = $1 ORDER BY id`, userID)
	return collect(rows, err, func(r row) (p account.Passkey, err error) {
		var credential string
		err = r.Scan(&p.ID, &p.UserID, &p.Name, &p.KeyID, &credential, (*instant)(&p.Created), (*instant)(&p.LastUsed))
		p.Credential = []byte(credential)
		return p, err
	})
}

// InsertPasskey stores a passkey and returns it with its id. Errors: Conflict if
// it is registered, whoever's it is.
func (s *Store) InsertPasskey(ctx context.Context, p account.Passkey) (account.Passkey, error) {
	id, err := s.db.insert(ctx, `INSERT INTO passkeys (user_id, name, key_id, credential, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		p.UserID, p.Name, p.KeyID, string(p.Credential), instant(p.Created))
	p.ID = id
	return p, err
}

// UpdatePasskey stores the credential and the last use of the passkey of a
// KeyID. Errors: NotFound.
func (s *Store) UpdatePasskey(ctx context.Context, p account.Passkey) error {
	return s.db.execOne(ctx, `UPDATE passkeys SET credential = $1, last_used_at = $2 WHERE user_id = $3 AND key_id = $4`,
		string(p.Credential), instant(p.LastUsed), p.UserID, p.KeyID)
}

// DeletePasskey removes a passkey of a user's. Errors: NotFound.
func (s *Store) DeletePasskey(ctx context.Context, userID, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM passkeys WHERE user_id = $1 AND id = $2`, userID, id)
}

// CountRecoveryCodes returns how many a user has left.
func (s *Store) CountRecoveryCodes(ctx context.Context, userID int64) (n int, err error) {
	err = s.db.queryRow(ctx, `SELECT count(*) FROM recovery_codes WHERE user_id = $1`, []any{userID}, &n)
	return n, err
}

// ReplaceRecoveryCodes gives a user these codes and no others.
func (s *Store) ReplaceRecoveryCodes(ctx context.Context, userID int64, hashes []string) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.db.exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, userID); err != nil {
			return err
		}
		for _, hash := range hashes {
			if _, err := s.db.exec(ctx, `INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)`, userID, hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// UseRecoveryCode removes a code. Errors: NotFound.
func (s *Store) UseRecoveryCode(ctx context.Context, userID int64, hash string) error {
	return s.db.execOne(ctx, `DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2`, userID, hash)
}

// SetSecondFactor stores whether a user has a second factor. Errors: NotFound.
func (s *Store) SetSecondFactor(ctx context.Context, userID int64, has bool) error {
	return s.db.execOne(ctx, `UPDATE users SET second_factor = $1 WHERE id = $2`, has, userID)
}
