package account

import (
	"context"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Login is a try to sign in.
type Login struct {
	Email    string
	Password string
	Addr     string // where the try comes from; for throttling
	Label    string // what tries, as it calls itself
	Code     string // of a second factor; "" if none is given
}

// Login checks an e-mail and a password and returns the user with a key of
// his own for this sign-in. Errors: Unauthenticated if they do not match or
// the user is switched off, which look the same; *SecondStep if they do, and
// the user has a second factor of which there is no code; Invalid with the field
// code if that is wrong; RateLimited after too many wrong ones from one address
// or for one account.
func (s *Service) Login(ctx context.Context, in Login) (User, string, error) {
	u, err := s.verify(ctx, in)
	if err != nil {
		return User{}, "", err
	}
	key, err := s.IssueToken(ctx, u.ID, in.Label)
	if err != nil {
		return User{}, "", err
	}
	return u, key, nil
}

// SignIn is Login for a browser: it opens a session in place of a token and
// returns it with its key. Errors as Login.
func (s *Service) SignIn(ctx context.Context, in Login) (User, Session, string, error) {
	u, err := s.verify(ctx, in)
	if err != nil {
		return User{}, Session{}, "", err
	}
	session, key, err := s.OpenSession(ctx, u.ID, in.Label)
	if err != nil {
		return User{}, Session{}, "", err
	}
	return u, session, key, nil
}

func (s *Service) verify(ctx context.Context, in Login) (User, error) {
	if utf8.RuneCountInString(in.Email) > MaxEmail { // nobody's, and not worth remembering
		return User{}, &errs.Error{Kind: errs.Unauthenticated}
	}
	u, err := s.guess(ctx, in.Addr, FoldEmail(in.Email), in.Password)
	if err != nil {
		return User{}, err
	}
	if err := s.secondStep(ctx, u, in); err != nil {
		return User{}, err
	}
	return s.signedIn(ctx, u)
}

// signedIn notes that a user has signed in, and returns him with his rights.
func (s *Service) signedIn(ctx context.Context, u User) (User, error) {
	u.LastLogin = s.now()
	if err := s.store.SetLastLogin(ctx, u.ID, u.LastLogin); err != nil {
		return User{}, err
	}
	return s.withRights(u), nil
}

// guess is match for as long as not too many have failed. Errors:
// Unauthenticated, RateLimited.
func (s *Service) guess(ctx context.Context, addr, folded, password string) (User, error) {
	if wait := s.throttle.try(addr, folded); wait > 0 {
		return User{}, &errs.Error{Kind: errs.RateLimited, RetryAfter: wait}
	}
	u, err := s.match(ctx, folded, password)
	switch {
	case err == nil:
		s.throttle.succeed(addr, folded)
	case !errs.Is(err, errs.Unauthenticated):
		s.throttle.takeBack(addr, folded)
	}
	return u, err
}

// match returns the active user with the address and the password. Errors:
// Unauthenticated.
func (s *Service) match(ctx context.Context, folded, password string) (User, error) {
	u, err := s.store.UserByEmail(ctx, folded)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return User{}, err
	}
	hash := "" // nobody's: costs the same time and matches nothing
	if err == nil {
		if hash, err = s.store.PasswordHash(ctx, u.ID); err != nil {
			return User{}, err
		}
	}
	ok, err := s.hasher.Verify(ctx, hash, password)
	if err != nil {
		return User{}, err
	}
	if !ok || !u.Active {
		return User{}, &errs.Error{Kind: errs.Unauthenticated}
	}
	if s.hasher.Outdated(hash) {
		return u, s.upgrade(ctx, u.ID, hash, password)
	}
	return u, nil
}

// upgrade stores a password as it would be stored today, unless it is another by
// now. Only its owner's sign-in shows what it is.
func (s *Service) upgrade(ctx context.Context, userID int64, outdated, password string) error {
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.UpgradePasswordHash(ctx, userID, outdated, hash)
}
