package account

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// LinkPurpose says what a link is good for.
type LinkPurpose string

// The purposes of links.
const (
	LinkVerify LinkPurpose = "verify" // its user owns the address
	LinkReset  LinkPurpose = "reset"  // whoever has it may set its user's password
	LinkInvite LinkPurpose = "invite" // whoever has it may get an account for the address
)

// Link is what a key is good for that went to an address by mail. It works
// once, and not for ever; the key itself is known to the receiver alone.
type Link struct {
	ID       int64
	Purpose  LinkPurpose
	UserID   int64  // 0 for nobody who has an account
	Email    string // where it went, folded
	Password string // a fingerprint of the user's password when it was made; "" without a user
	Created  time.Time
	Expires  time.Time
}

// LinkStore is what links need of a database.
type LinkStore interface {
	InsertLink(ctx context.Context, l Link, hash string) error
	// LinkByHash returns a link that has not expired by now. NotFound.
	LinkByHash(ctx context.Context, purpose LinkPurpose, hash string, now time.Time) (Link, error)
	// TakeLink is LinkByHash and removes the link.
	TakeLink(ctx context.Context, purpose LinkPurpose, hash string, now time.Time) (Link, error)
	// DeleteLinks removes the links of a purpose that belong to a user, or for
	// user 0 those that went to the address.
	DeleteLinks(ctx context.Context, purpose LinkPurpose, userID int64, email string) error
	DeleteExpiredLinks(ctx context.Context, now time.Time) (int, error)
}

// linkChars is the length of a link's key: 206 bits, which a plain hash
// protects.
const linkChars = 40

// issueLink makes a link for a user and his address, or with user 0 for an
// address alone, and returns its key: 40 lower-case letters and digits, which
// are stored nowhere in the clear. Those that were made before stay good, since
// nobody knows which of several mails is read.
func (s *Service) issueLink(ctx context.Context, purpose LinkPurpose, userID int64, email string, ttl time.Duration) (key string, err error) {
	now := s.now()
	l := Link{Purpose: purpose, UserID: userID, Email: FoldEmail(email), Created: now, Expires: now.Add(ttl)}
	if userID != 0 {
		hash, err := s.store.PasswordHash(ctx, userID)
		if err != nil {
			return "", err
		}
		l.Password = fingerprint(hash)
	}
	key = RandomKey(linkChars)
	return key, s.store.InsertLink(ctx, l, HashKey(key))
}

// peekLink returns what a key is good for, and leaves it so. Errors: NotFound
// for a key that is unknown, used or expired.
func (s *Service) peekLink(ctx context.Context, purpose LinkPurpose, key string) (Link, error) {
	if len(key) != linkChars {
		return Link{}, &errs.Error{Kind: errs.NotFound}
	}
	return s.store.LinkByHash(ctx, purpose, HashKey(key), s.now())
}

// useLink is peekLink, after which the key is used, and so are all others of
// its purpose and user, or address if there is no user. It belongs into the
// transaction of what the link is for, so that a link whose use fails stays
// good.
func (s *Service) useLink(ctx context.Context, purpose LinkPurpose, key string) (l Link, err error) {
	if len(key) != linkChars {
		return Link{}, &errs.Error{Kind: errs.NotFound}
	}
	err = s.store.InTx(ctx, func(ctx context.Context) error {
		if l, err = s.store.TakeLink(ctx, purpose, HashKey(key), s.now()); err != nil {
			return err
		}
		return s.store.DeleteLinks(ctx, purpose, l.UserID, l.Email)
	})
	return l, err
}

// ExpireLinks removes the links that have expired, and returns how many; and what
// is kept like them: invitations a month after their end, and what names sign-ins
// elsewhere that have come to their ends.
func (s *Service) ExpireLinks(ctx context.Context) (int, error) {
	now := s.now()
	if err := s.store.DeleteExpiredInvitations(ctx, now.Add(-invitationShown)); err != nil {
		return 0, err
	}
	if err := s.store.DeleteSpent(ctx, now); err != nil {
		return 0, err
	}
	return s.store.DeleteExpiredLinks(ctx, now)
}
