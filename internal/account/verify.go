package account

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// RequestVerification sends a link to an address by which its owner proves that
// it is his, unless he has, or nobody has an account with it: which it does not
// tell. Errors: Invalid with the field email; RateLimited.
func (s *Service) RequestVerification(ctx context.Context, in MailRequest) error {
	return s.request(ctx, MailVerify, in)
}

// Verify takes the key of such a link, and returns whose address is verified by
// it. Errors: NotFound for a key that is unknown, used or expired, or was sent
// to another address than the user has now.
func (s *Service) Verify(ctx context.Context, key string) (u User, err error) {
	if _, err := s.peekLink(ctx, LinkVerify, key); err != nil {
		return User{}, err // before all other changes wait for nothing
	}
	err = s.change(ctx, func(ctx context.Context) error {
		l, err := s.useLink(ctx, LinkVerify, key)
		if err != nil {
			return err
		}
		if u, err = s.store.UserByID(ctx, l.UserID); err != nil {
			return err
		}
		if FoldEmail(u.Email) != l.Email {
			return &errs.Error{Kind: errs.NotFound}
		}
		u.Verified, u.Updated = true, s.now()
		return s.store.UpdateUser(ctx, u)
	})
	if err != nil {
		return User{}, err
	}
	return s.withRights(u), nil
}
