package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Factors are what a user can prove. Who has one besides his password is asked
// for it at every sign-in.
type Factors struct {
	Password bool      // somebody who always signs in elsewhere need not have one
	TOTP     bool      // the codes of an authenticator app
	Passkeys []Passkey // the oldest first
	Recovery int       // how many recovery codes are left
}

// any reports whether there is a second factor. Recovery codes alone are none: they
// come with the others, and go with the last.
func (f Factors) any() bool { return f.TOTP || len(f.Passkeys) > 0 }

// FactorStore is what second factors need of a database.
type FactorStore interface {
	TOTPOf(ctx context.Context, userID int64) (TOTP, error) // NotFound
	PutTOTP(ctx context.Context, t TOTP) error              // in place of the one there was
	// UseTOTPStep notes that the code of a step was used, and makes the secret a
	// confirmed one. NotFound if a later one was used, or this.
	UseTOTPStep(ctx context.Context, userID, step int64) error
	DeleteTOTP(ctx context.Context, userID int64) error // NotFound

	PasskeysOf(ctx context.Context, userID int64) ([]Passkey, error) // the oldest first
	InsertPasskey(ctx context.Context, p Passkey) (Passkey, error)   // Conflict if it is registered
	UpdatePasskey(ctx context.Context, p Passkey) error              // its credential and last use; NotFound
	DeletePasskey(ctx context.Context, userID, id int64) error       // NotFound

	CountRecoveryCodes(ctx context.Context, userID int64) (int, error)
	ReplaceRecoveryCodes(ctx context.Context, userID int64, hashes []string) error
	UseRecoveryCode(ctx context.Context, userID int64, hash string) error // NotFound

	SetSecondFactor(ctx context.Context, userID int64, has bool) error // NotFound
}

// SecondStep is the error of a sign-in whose password is right and that wants a
// second factor. It is an Unauthenticated one.
type SecondStep struct {
	Challenge     string // to come back with: see FinishSignIn
	TOTP, Passkey bool   // what there is; a recovery code is good in any case
}

// Error says what is missing.
func (*SecondStep) Error() string { return "a second factor is needed" }

// Unwrap returns the error's kind.
func (*SecondStep) Unwrap() error {
	return errs.New(errs.Unauthenticated, ReasonSecondFactor)
}

// ReasonSecondFactor is the message of a SecondStep.
const ReasonSecondFactor = "second factor"

// challengeAge is how long somebody may take from his password to his second
// factor, or from the start to the end of a passkey's ceremony.
const challengeAge = 5 * time.Minute

// Factors returns the actor's own, and whether he has a password. Errors: Unauthenticated.
func (s *Service) Factors(ctx context.Context, actor Actor) (Factors, error) {
	if err := actor.RequireKnown(); err != nil {
		return Factors{}, err
	}
	return s.factorsOf(ctx, actor.User.ID)
}

func (s *Service) factorsOf(ctx context.Context, userID int64) (f Factors, err error) {
	t, err := s.store.TOTPOf(ctx, userID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return f, err
	}
	f.TOTP = err == nil && t.confirmed()
	hash, err := s.store.PasswordHash(ctx, userID)
	if err != nil {
		return f, err
	}
	f.Password = hash != ""
	if f.Passkeys, err = s.store.PasskeysOf(ctx, userID); err != nil {
		return f, err
	}
	f.Recovery, err = s.store.CountRecoveryCodes(ctx, userID)
	return f, err
}

// ResetFactors takes all second factors from a user who has lost them, on an
// admin's word. Errors: Unauthenticated, Forbidden, NotFound.
func (s *Service) ResetFactors(ctx context.Context, actor Actor, userID int64) error {
	if err := actor.RequireAdmin(); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		u, err := s.store.UserByID(ctx, userID)
		if err != nil {
			return err
		}
		err = s.audit.Record(ctx, actor.Entry(audit.Users, u.ID, u.Email,
			[]audit.Value{{Field: "second_factor", Text: strconv.FormatBool(u.SecondFactor)}},
			[]audit.Value{{Field: "second_factor", Text: "false"}}))
		if err != nil {
			return err
		}
		return s.removeFactors(ctx, userID)
	})
}

func (s *Service) removeFactors(ctx context.Context, userID int64) error {
	if err := s.store.DeleteTOTP(ctx, userID); err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	keys, err := s.store.PasskeysOf(ctx, userID)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if err := s.store.DeletePasskey(ctx, userID, k.ID); err != nil {
			return err
		}
	}
	return s.settleFactors(ctx, userID)
}

// settleFactors follows a change of a user's factors: without any, his recovery
// codes go.
func (s *Service) settleFactors(ctx context.Context, userID int64) error {
	f, err := s.factorsOf(ctx, userID)
	if err != nil {
		return err
	}
	if !f.any() {
		if err := s.store.ReplaceRecoveryCodes(ctx, userID, nil); err != nil {
			return err
		}
	}
	return s.store.SetSecondFactor(ctx, userID, f.any())
}

// confirm checks the password of an actor who changes his factors, so that a
// browser that was left alone gives nobody the account. Who has no password, as
// he signs in elsewhere, needs none. A wrong one counts as a try to sign in that
// failed. Errors: Unauthenticated; Invalid with the field current; RateLimited.
func (s *Service) confirm(ctx context.Context, actor Actor, password string) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	hash, err := s.store.PasswordHash(ctx, actor.User.ID)
	if err != nil || hash == "" {
		return err
	}
	_, err = s.guess(ctx, actor.User.ExternalID, FoldEmail(actor.User.Email), password)
	if errs.Is(err, errs.Unauthenticated) {
		return errs.InvalidFields(errs.Field{Name: "current", Code: errs.Wrong})
	}
	return err
}

// challenge is what a client that has to come back brings again, sealed.
type challenge struct {
	UserID   int64
	Password string // a fingerprint of it: a new one makes the challenge void
	Until    time.Time
	Passkey  json.RawMessage `json:",omitempty"` // the ceremony that was begun
}

// Purposes of challenges.
const (
	toSignIn        = "sign-in"
	toSignInPasskey = "passkey sign-in"
	toAddPasskey    = "passkey registration"
)

func (s *Service) newChallenge(ctx context.Context, purpose string, userID int64, ceremony any) (string, error) {
	hash, err := s.store.PasswordHash(ctx, userID)
	if err != nil {
		return "", err
	}
	c := challenge{UserID: userID, Password: fingerprint(hash), Until: s.now().Add(challengeAge)}
	if ceremony != nil {
		if c.Passkey, err = json.Marshal(ceremony); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.keys.Seal(purpose, "", text)), nil
}

// openChallenge returns what newChallenge has sealed. Errors: Unauthenticated
// if it is not genuine, too old, or of a former password.
func (s *Service) openChallenge(ctx context.Context, purpose, text string) (c challenge, err error) {
	void := errs.New(errs.Unauthenticated, ReasonUnknown)
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return c, void
	}
	plain, err := s.keys.Open(purpose, "", sealed)
	if err != nil {
		return c, void
	}
	if err := json.Unmarshal(plain, &c); err != nil {
		return c, err
	}
	hash, err := s.store.PasswordHash(ctx, c.UserID)
	switch {
	case errs.Is(err, errs.NotFound):
		return c, void
	case err != nil:
		return c, err
	case fingerprint(hash) != c.Password || s.now().After(c.Until):
		return c, void
	}
	return c, nil
}

func fingerprint(hash string) string {
	sum := sha256.Sum256([]byte(hash))
	return base64.RawStdEncoding.EncodeToString(sum[:12])
}
