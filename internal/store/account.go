package store

import (
	"context"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

const userColumns = `id, oid, external_id, email, verified, full_name, image, active, admin, audience, staff, second_factor, created_at, updated_at, last_login_at`

// userFields is where the userColumns of a row go.
func userFields(u *account.User) []any {
	return []any{
		&u.ID, &u.OID, &u.ExternalID, &u.Email, &u.Verified, &u.FullName, &u.Image,
		&u.Active, &u.Admin, &u.Audience, &u.Staff, &u.SecondFactor, (*instant)(&u.Joined), (*instant)(&u.Updated), (*instant)(&u.LastLogin),
	}
}

func scanUser(r row) (u account.User, err error) {
	err = r.Scan(userFields(&u)...)
	return u, err
}

func (s *Store) oneUser(ctx context.Context, where string, arg any) (account.User, error) {
	rows, err := s.db.query(ctx, `SELECT `+userColumns+` FROM users WHERE `+where, arg)
	return one(rows, err, scanUser)
}

// UserByID returns a user. Errors: NotFound.
func (s *Store) UserByID(ctx context.Context, id int64) (account.User, error) {
	return s.oneUser(ctx, `id = $1`, id)
}

// UserByExternalID returns a user. Errors: NotFound.
func (s *Store) UserByExternalID(ctx context.Context, externalID string) (account.User, error) {
	return s.oneUser(ctx, `external_id = $1`, externalID)
}

// UserByEmail returns the user with a folded address. Errors: NotFound.
func (s *Store) UserByEmail(ctx context.Context, folded string) (account.User, error) {
	return s.oneUser(ctx, `email_folded = $1`, folded)
}

// UsersByID returns the users that exist among the ids.
func (s *Store) UsersByID(ctx context.Context, ids []int64) (map[int64]account.User, error) {
	byID := make(map[int64]account.User, len(ids))
	err := inBatches(ids, func(batch []int64) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, `SELECT `+userColumns+` FROM users WHERE id IN (`+places+`)`, args...)
		return each(rows, err, scanUser, func(u account.User) error {
			byID[u.ID] = u
			return nil
		})
	})
	return byID, err
}

// Users returns the users that the filter selects.
func (s *Store) Users(ctx context.Context, f account.UserFilter) ([]account.User, error) {
	if f.NewestFirst {
		return s.newestUsers(ctx, f)
	}
	rows, err := s.db.query(ctx, `SELECT `+userColumns+` FROM users WHERE id <> $1 ORDER BY id LIMIT $2 OFFSET $3`,
		f.Except, limit(f.Limit), f.Offset)
	return collect(rows, err, scanUser)
}

// newestUsers reads a page of the list of all users, which can be found by its
// place, with one user more, and then takes out whom the filter leaves out.
func (s *Store) newestUsers(ctx context.Context, f account.UserFilter) ([]account.User, error) {
	n := f.Limit
	if n > 0 && f.Except != 0 {
		n++
	}
	ids, args, err := s.page(ctx, "users", n, f.Offset)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.query(ctx, `SELECT `+userColumns+` FROM users WHERE id IN (`+ids+`) ORDER BY created_at DESC, id DESC`, args...)
	list, err := collect(rows, err, scanUser)
	if err != nil || f.Except == 0 || len(list) == 0 {
		return list, err
	}
	at := slices.IndexFunc(list, func(u account.User) bool { return u.ID == f.Except })
	if at < 0 && f.Offset > 0 {
		// He is on an earlier page, and everybody has moved up by one; or on a
		// later one.
		left, err := s.UserByID(ctx, f.Except)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		if err == nil && (left.Joined.After(list[0].Joined) || left.Joined.Equal(list[0].Joined) && left.ID > list[0].ID) {
			at = 0
		}
	}
	if at >= 0 {
		list = slices.Delete(list, at, at+1)
	}
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return list, nil
}

// EachUser calls do for the users that the filter selects, in order of
// creation.
func (s *Store) EachUser(ctx context.Context, f account.UserFilter, do func(account.User) error) error {
	batch := func(after account.User, limit, offset int) ([]account.User, error) {
		rows, err := s.db.query(ctx, `SELECT `+userColumns+` FROM users WHERE id > $1 AND id <> $2 ORDER BY id LIMIT $3 OFFSET $4`,
			after.ID, f.Except, limit, offset)
		return collect(rows, err, scanUser)
	}
	return inPages(f.Limit, f.Offset, account.User{}, batch, func(users []account.User) error {
		for _, u := range users {
			if err := do(u); err != nil {
				return err
			}
		}
		return nil
	})
}

// CountUsers returns how many users there are.
func (s *Store) CountUsers(ctx context.Context) (n int, err error) {
	err = s.db.queryRow(ctx, `SELECT n FROM counters WHERE name = 'users'`, nil, &n)
	return n, err
}

// InsertUser stores a new user and returns him with his id. Errors: Conflict
// with the field email.
func (s *Store) InsertUser(ctx context.Context, u account.User, passwordHash string) (account.User, error) {
	id, err := s.db.insert(ctx, `INSERT INTO users
		(oid, external_id, email, email_folded, verified, full_name, image, password, active, admin, audience, staff, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`,
		u.OID, u.ExternalID, u.Email, addressKey(u), u.Verified, u.FullName, u.Image, passwordHash,
		u.Active, u.Admin, int64(u.Audience), int64(u.Staff), instant(u.Joined), instant(u.Updated))
	u.ID = id
	return u, err
}

// addressKey is what no two users may have in common: the folded address, or for
// somebody who has none a text that is no address.
func addressKey(u account.User) string {
	if folded := account.FoldEmail(u.Email); folded != "" {
		return folded
	}
	return " " + u.ExternalID
}

// UpdateUser stores a user's changed fields. Errors: NotFound; Conflict with
// the field email.
func (s *Store) UpdateUser(ctx context.Context, u account.User) error {
	return s.db.execOne(ctx, `UPDATE users SET email = $1, email_folded = $2, verified = $3, full_name = $4,
		image = $5, active = $6, admin = $7, audience = $8, staff = $9, updated_at = $10 WHERE id = $11`,
		u.Email, addressKey(u), u.Verified, u.FullName, u.Image, u.Active, u.Admin,
		int64(u.Audience), int64(u.Staff), instant(u.Updated), u.ID)
}

// DeleteUser removes a user with his tokens, sessions and messages. Errors:
// NotFound.
func (s *Store) DeleteUser(ctx context.Context, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM users WHERE id = $1`, id)
}

// OtherAdmin reports whether an active user is an admin besides one.
func (s *Store) OtherAdmin(ctx context.Context, except int64) (found bool, err error) {
	err = s.db.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM users WHERE admin AND active AND id <> $1)`, []any{except}, &found)
	return found, err
}

// PasswordHash returns the stored form of a user's password. Errors: NotFound.
func (s *Store) PasswordHash(ctx context.Context, userID int64) (hash string, err error) {
	err = s.db.queryRow(ctx, `SELECT password FROM users WHERE id = $1`, []any{userID}, &hash)
	return hash, err
}

// SetPasswordHash replaces it. Errors: NotFound.
func (s *Store) SetPasswordHash(ctx context.Context, userID int64, hash string) error {
	return s.db.execOne(ctx, `UPDATE users SET password = $1 WHERE id = $2`, hash, userID)
}

// UpgradePasswordHash replaces it if it is still what is given.
func (s *Store) UpgradePasswordHash(ctx context.Context, userID int64, from, to string) error {
	_, err := s.db.exec(ctx, `UPDATE users SET password = $1 WHERE id = $2 AND password = $3`, to, userID, from)
	return err
}

// SetLastLogin records a sign-in.
func (s *Store) SetLastLogin(ctx context.Context, userID int64, at time.Time) error {
	return s.db.execOne(ctx, `UPDATE users SET last_login_at = $1 WHERE id = $2`, instant(at), userID)
}

// Acquainted returns which of the ids have exchanged a message with the user.
func (s *Store) Acquainted(ctx context.Context, userID int64, ids []int64) (map[int64]bool, error) {
	known := map[int64]bool{}
	err := inBatches(ids, func(batch []int64) error {
		places, args := inList(2, batch)
		rows, err := s.db.query(ctx, `SELECT high_id FROM conversations WHERE messages > 0 AND low_id = $1 AND high_id IN (`+places+`)
			UNION SELECT low_id FROM conversations WHERE messages > 0 AND high_id = $1 AND low_id IN (`+places+`)`,
			append([]any{userID}, args...)...)
		return each(rows, err, scanID, func(id int64) error {
			known[id] = true
			return nil
		})
	})
	return known, err
}

// AcquaintancesOf returns, for each of the ids, with whom that user has
// exchanged messages, in no order: one range of one index a user and direction.
func (s *Store) AcquaintancesOf(ctx context.Context, ids []int64) (map[int64][]int64, error) {
	known := map[int64][]int64{}
	err := inBatches(ids, func(batch []int64) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, `SELECT low_id, high_id FROM conversations WHERE messages > 0 AND low_id IN (`+places+`)
			UNION ALL SELECT high_id, low_id FROM conversations WHERE messages > 0 AND high_id IN (`+places+`) AND low_id <> high_id`, args...)
		return each(rows, err, scanPair, func(p pair) error {
			known[p.of] = append(known[p.of], p.other)
			return nil
		})
	})
	return known, err
}

type pair struct{ of, other int64 }

func scanPair(r row) (p pair, err error) {
	err = r.Scan(&p.of, &p.other)
	return p, err
}
