package store

import "context"

// userNumbers are the columns that name a user by number, besides those of
// conversations, which follow the messages.
var userNumbers = []struct{ table, column string }{
	{"tokens", "user_id"},
	{"sessions", "user_id"},
	{"plays", "user_id"},
	{"links", "user_id"},
	{"identities", "user_id"},
	{"totp", "user_id"},
	{"recovery_codes", "user_id"},
	{"passkeys", "user_id"},
	{"read_marks", "reader_id"},
	{"read_marks", "other_id"},
	{"messages", "sender_id"},
	{"messages", "receiver_id"},
	{"audit", "actor_id"},
}

// Renumber implements transfer.Target. What refers to the user refers to a copy
// of him before he goes.
func (t *target) Renumber(ctx context.Context, from, to int64) error {
	run := func(text string, args ...any) error {
		_, err := t.s.db.exec(ctx, text, args...)
		return err
	}
	const rest = `verified, full_name, image, password, active, admin, audience, staff, second_factor, created_at, updated_at, last_login_at`
	// No two may have the first of these in common, even for a moment.
	err := run(`INSERT INTO users (id, oid, external_id, email, email_folded, `+rest+`)
		SELECT CAST($1 AS BIGINT), '-' || oid, '-' || external_id, email, '-' || email_folded, `+rest+` FROM users WHERE id = $2`, to, from)
	if err != nil {
		return err
	}
	for _, u := range userNumbers {
		if err := run(`UPDATE `+u.table+` SET `+u.column+` = $1 WHERE `+u.column+` = $2`, to, from); err != nil {
			return err
		}
	}
	if err := run(`UPDATE audit SET object_id = CAST(CAST($1 AS BIGINT) AS TEXT)
		WHERE model = 'users' AND object_id = CAST(CAST($2 AS BIGINT) AS TEXT)`, to, from); err != nil {
		return err
	}
	if err := run(`DELETE FROM conversations WHERE low_id = $1 OR high_id = $1`, from); err != nil {
		return err
	}
	if err := run(`DELETE FROM users WHERE id = $1`, from); err != nil {
		return err
	}
	return run(`UPDATE users SET oid = substr(oid, 2), external_id = substr(external_id, 2), email_folded = substr(email_folded, 2)
		WHERE id = $1`, to)
}
