package account

import (
	"context"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Invitation lets whoever owns an address have an account. It goes there as a
// link, and is also good for him if he comes from elsewhere with that address.
type Invitation struct {
	ID      int64
	Email   string
	Role    Role
	Inviter string // who invited him, as the log of changes calls him
	Created time.Time
	Expires time.Time
}

// InvitationStore is what invitations need of a database.
type InvitationStore interface {
	// PutInvitation stores an invitation in place of the one that its address has.
	PutInvitation(ctx context.Context, i Invitation) (Invitation, error)
	InvitationByID(ctx context.Context, id int64) (Invitation, error)                        // NotFound
	InvitationByEmail(ctx context.Context, folded string, now time.Time) (Invitation, error) // not expired by now; NotFound
	DeleteInvitation(ctx context.Context, id int64) error                                    // NotFound
	DeleteExpiredInvitations(ctx context.Context, before time.Time) error
}

// invitationShown is how long admins still see an invitation that has expired.
const invitationShown = 30 * 24 * time.Hour

// NewInvitation is what an admin says to invite somebody.
type NewInvitation struct {
	Email string
	Role  Role
}

// Invite sends a link to an address by which its owner can make an account, in
// place of one that went there before. Errors: Unauthenticated, Forbidden;
// Invalid with the fields email, role; Conflict if somebody has the address, or
// if nobody may register.
func (s *Service) Invite(ctx context.Context, actor Actor, in NewInvitation) (i Invitation, err error) {
	if err := actor.RequireAdmin(); err != nil {
		return Invitation{}, err
	}
	in.Email = strings.TrimSpace(in.Email)
	if err := errs.InvalidFields(append(checkEmail(in.Email), checkRole(in.Role)...)...); err != nil {
		return Invitation{}, err
	}
	if s.policy.Registration == Closed {
		return Invitation{}, errs.New(errs.Conflict, "Nobody can register on this server, with an invitation or without. Add users in its place.")
	}
	now := s.now()
	err = s.change(ctx, func(ctx context.Context) error {
		_, err := s.store.UserByEmail(ctx, FoldEmail(in.Email))
		if err == nil {
			return &errs.Error{Kind: errs.Conflict, Fields: []errs.Field{{Name: "email", Code: errs.Taken}}}
		}
		if !errs.Is(err, errs.NotFound) {
			return err
		}
		i, err = s.store.PutInvitation(ctx, Invitation{
			Email: in.Email, Role: in.Role, Inviter: actor.name(), Created: now, Expires: now.Add(inviteAge),
		})
		if err != nil {
			return err
		}
		if err := s.store.DeleteLinks(ctx, LinkInvite, 0, FoldEmail(i.Email)); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, actor.Entry(audit.Invitations, i.ID, i.Email, nil, i.values())); err != nil {
			return err
		}
		return s.queue(ctx, MailJob{Kind: MailInvite, Email: i.Email})
	})
	return i, err
}

// Reinvite sends a link again, with all the time that a new one has. Errors:
// those of Invite, NotFound.
func (s *Service) Reinvite(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	i, err := s.store.InvitationByID(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.Invite(ctx, actor, NewInvitation{Email: i.Email, Role: i.Role})
	return err
}

// Uninvite takes an invitation back. Errors: Unauthenticated, Forbidden,
// NotFound.
func (s *Service) Uninvite(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		i, err := s.store.InvitationByID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.audit.Record(ctx, actor.Entry(audit.Invitations, i.ID, i.Email, i.values(), nil)); err != nil {
			return err
		}
		return s.accept(ctx, i)
	})
}

// Invitation returns what the key of a link invites to. Errors: NotFound for a
// key that is unknown, used or expired, or whose invitation was taken back.
func (s *Service) Invitation(ctx context.Context, key string) (Invitation, error) {
	l, err := s.peekLink(ctx, LinkInvite, key)
	if err != nil {
		return Invitation{}, err
	}
	return s.store.InvitationByEmail(ctx, l.Email, s.now())
}

// openInvitation takes the key of a link, which has to have gone to the address.
// Errors: Invalid with the field invitation.
func (s *Service) openInvitation(ctx context.Context, key, email string) error {
	l, err := s.useLink(ctx, LinkInvite, key)
	if err != nil {
		return asField(err, "invitation")
	}
	if l.Email != FoldEmail(email) {
		return errs.InvalidFields(errs.Field{Name: "invitation", Code: errs.Wrong})
	}
	return nil
}

// accept uses an invitation up, with the links that went out for it. The zero
// one is none.
func (s *Service) accept(ctx context.Context, i Invitation) error {
	if i.ID == 0 {
		return nil
	}
	if err := s.store.DeleteInvitation(ctx, i.ID); err != nil {
		return err
	}
	return s.store.DeleteLinks(ctx, LinkInvite, 0, FoldEmail(i.Email))
}

// values are what the log tells of an invitation.
func (i Invitation) values() []audit.Value {
	return []audit.Value{{Field: "email", Text: i.Email}, {Field: "role", Text: i.Role.String()}}
}
