package account

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// RequestReset sends a link to an address by which its owner may set his
// password, if anybody has an account with it: which it does not tell. Errors:
// Invalid with the field email; RateLimited.
func (s *Service) RequestReset(ctx context.Context, in MailRequest) error {
	return s.request(ctx, MailReset, in)
}

// SendReset sends such a link to a user, on an admin's word. Errors:
// Unauthenticated, Forbidden, NotFound.
func (s *Service) SendReset(ctx context.Context, actor Actor, userID int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(ctx context.Context) error {
		u, err := s.store.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		entry := actor.Entry(audit.Users, u.ID, u.Email, u.values(), u.values())
		entry.Changes = append(entry.Changes, audit.Change{Field: "reset_link"})
		if err := s.audit.Record(ctx, entry); err != nil {
			return err
		}
		return s.queue(ctx, MailJob{Kind: MailReset, UserID: userID})
	})
}

// Reset is a new password by the key of a link.
type Reset struct {
	UserID   int64 // whose the link is, as the client says; 0 if it does not
	Key      string
	Password string
}

// ResetPassword sets the password of the link's user. All that he has signed in
// with ends, and his address is verified: he got the link there. A link is void
// once the password or the address has changed. Errors: Invalid with the field
// user, key or password.
func (s *Service) ResetPassword(ctx context.Context, in Reset) error {
	u, err := s.resetting(ctx, in, s.peekLink)
	if err != nil {
		return err
	}
	if err := errs.InvalidFields(s.CheckPassword(in.Password, u.Email)...); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, in.Password)
	if err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		u, err := s.resetting(ctx, in, s.useLink)
		if err != nil {
			return err
		}
		u.Verified, u.Updated = true, s.now()
		if err := s.store.UpdateUser(ctx, u); err != nil {
			return err
		}
		if err := s.store.DeleteTokensOf(ctx, u.ID); err != nil {
			return err
		}
		return s.setPasswordHash(ctx, u.ID, hash, 0)
	})
}

// CheckReset tells whether a link is good, and leaves it so. Errors: Invalid
// with the field user or key.
func (s *Service) CheckReset(ctx context.Context, in Reset) error {
	_, err := s.resetting(ctx, in, s.peekLink)
	return err
}

// resetting returns the user whose password a key may set, as open finds it.
// Errors: Invalid with the field user or key.
func (s *Service) resetting(
	ctx context.Context, in Reset, open func(context.Context, LinkPurpose, string) (Link, error),
) (User, error) {
	if in.UserID != 0 {
		if _, err := s.store.UserByID(ctx, in.UserID); err != nil {
			return User{}, asField(err, "user")
		}
	}
	l, err := open(ctx, LinkReset, in.Key)
	if err != nil {
		return User{}, asField(err, "key")
	}
	u, err := s.store.UserByID(ctx, l.UserID)
	if err != nil {
		return User{}, asField(err, "key")
	}
	hash, err := s.store.PasswordHash(ctx, l.UserID)
	if err != nil {
		return User{}, asField(err, "key")
	}
	if !u.Active || FoldEmail(u.Email) != l.Email || fingerprint(hash) != l.Password || in.UserID != 0 && in.UserID != u.ID {
		return User{}, errs.InvalidFields(errs.Field{Name: "key", Code: errs.Unknown})
	}
	return u, nil
}

// asField makes of a NotFound an Invalid about what the field names.
func asField(err error, field string) error {
	if errs.Is(err, errs.NotFound) {
		return errs.InvalidFields(errs.Field{Name: field, Code: errs.Unknown})
	}
	return err
}
