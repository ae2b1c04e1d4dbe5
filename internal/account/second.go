package account

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// SecondLogin is the second step of a sign-in: a code, of the app or for
// recovery, or what a passkey answered.
type SecondLogin struct {
	Challenge string // of the SecondStep
	Code      string // "" for a passkey
	State     string // of the passkey's ceremony
	Passkey   []byte // what the browser answered
	Site      Site
	Addr      string
	Label     string
}

// FinishSignIn is the second step of SignIn. Errors: Unauthenticated if the
// challenge does not hold any more; Invalid with the field code or passkey if
// that is wrong; RateLimited.
func (s *Service) FinishSignIn(ctx context.Context, in SecondLogin) (User, Session, string, error) {
	c, err := s.openChallenge(ctx, toSignIn, in.Challenge)
	if err != nil {
		return User{}, Session{}, "", err
	}
	u, err := s.store.UserByID(ctx, c.UserID)
	if err == nil && !u.Active {
		err = errs.New(errs.Unauthenticated, ReasonInactive)
	}
	if err != nil {
		return User{}, Session{}, "", err
	}
	if err := s.prove(ctx, u, in); err != nil {
		return User{}, Session{}, "", err
	}
	if u, err = s.signedIn(ctx, u); err != nil {
		return User{}, Session{}, "", err
	}
	session, key, err := s.OpenSession(ctx, u.ID, in.Label)
	return u, session, key, err
}

// prove checks the second factor of a sign-in.
func (s *Service) prove(ctx context.Context, u User, in SecondLogin) error {
	if in.Code != "" {
		return s.checkCode(ctx, u, in.Addr, in.Code)
	}
	if err := s.spend(u, in.Addr); err != nil {
		return err
	}
	userID, err := s.usePasskey(ctx, in.State, in.Passkey, in.Site)
	if errs.Is(err, errs.Unauthenticated) || err == nil && userID != u.ID {
		return errs.InvalidFields(errs.Field{Name: "passkey", Code: errs.Wrong})
	}
	if err == nil {
		s.earn(u, in.Addr)
	}
	return err
}

// checkCode checks a code of the user's app, or one for recovery. Errors:
// Invalid with the field code; RateLimited.
func (s *Service) checkCode(ctx context.Context, u User, addr, code string) error {
	if err := s.spend(u, addr); err != nil {
		return err
	}
	ok, err := s.useTOTP(ctx, u.ID, code)
	if errs.Is(err, errs.NotFound) {
		ok, err = false, nil
	}
	if err == nil && !ok {
		ok, err = s.useRecovery(ctx, u.ID, code)
	}
	if err != nil {
		return err
	}
	if !ok {
		return errs.InvalidFields(errs.Field{Name: "code", Code: errs.Wrong})
	}
	s.earn(u, addr)
	return nil
}

// spend counts a try of a second factor, which has a count of its own: who knows
// the password must not guess codes without end. Errors: RateLimited.
func (s *Service) spend(u User, addr string) error {
	if wait := s.throttle.try(addr, factorKey(u)); wait > 0 {
		return &errs.Error{Kind: errs.RateLimited, RetryAfter: wait}
	}
	return nil
}

// earn gives the try back.
func (s *Service) earn(u User, addr string) { s.throttle.succeed(addr, factorKey(u)) }

func factorKey(u User) string { return "second factor of " + u.ExternalID }

// secondStep lets in who has no second factor, or brings its code, and asks the
// others for it. Errors: *SecondStep; those of checkCode.
func (s *Service) secondStep(ctx context.Context, u User, in Login) error {
	if !u.SecondFactor {
		return nil
	}
	if in.Code != "" {
		return s.checkCode(ctx, u, in.Addr, in.Code)
	}
	f, err := s.factorsOf(ctx, u.ID)
	if err != nil {
		return err
	}
	step := &SecondStep{TOTP: f.TOTP, Passkey: len(f.Passkeys) > 0}
	if step.Challenge, err = s.newChallenge(ctx, toSignIn, u.ID, nil); err != nil {
		return err
	}
	return step
}
