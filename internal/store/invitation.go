package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

const invitationColumns = `id, email, role, inviter, created_at, expires_at`

func scanInvitation(r row) (i account.Invitation, err error) {
	err = r.Scan(&i.ID, &i.Email, &i.Role, &i.Inviter, (*instant)(&i.Created), (*instant)(&i.Expires))
	return i, err
}

// PutInvitation stores an invitation, in place of the one that its address has,
// and returns it with its id.
func (s *Store) PutInvitation(ctx context.Context, i account.Invitation) (account.Invitation, error) {
	id, err := s.db.insert(ctx, `INSERT INTO invitations (email, email_folded, role, inviter, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (email_folded) DO UPDATE SET email = EXCLUDED.email, role = EXCLUDED.role, inviter = EXCLUDED.inviter,
			created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at RETURNING id`,
		i.Email, account.FoldEmail(i.Email), int64(i.Role), i.Inviter, instant(i.Created), instant(i.Expires))
	i.ID = id
	return i, err
}

// InvitationByID returns an invitation. Errors: NotFound.
func (s *Store) InvitationByID(ctx context.Context, id int64) (account.Invitation, error) {
	rows, err := s.db.query(ctx, `SELECT `+invitationColumns+` FROM invitations WHERE id = $1`, id)
	return one(rows, err, scanInvitation)
}

// InvitationByEmail returns the invitation of a folded address that has not
// expired by now. Errors: NotFound.
func (s *Store) InvitationByEmail(ctx context.Context, folded string, now time.Time) (account.Invitation, error) {
	rows, err := s.db.query(ctx, `SELECT `+invitationColumns+` FROM invitations WHERE email_folded = $1 AND expires_at > $2`, folded, instant(now))
	return one(rows, err, scanInvitation)
}

// DeleteInvitation removes an invitation. Errors: NotFound.
func (s *Store) DeleteInvitation(ctx context.Context, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM invitations WHERE id = $1`, id)
}

// DeleteExpiredInvitations removes the invitations that ended by a time.
func (s *Store) DeleteExpiredInvitations(ctx context.Context, before time.Time) error {
	_, err := s.db.exec(ctx, `DELETE FROM invitations WHERE expires_at <= $1`, instant(before))
	return err
}
