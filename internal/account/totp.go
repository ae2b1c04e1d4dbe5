package account

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"image/png"
	"net/url"
	"strconv"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// TOTP is the secret that a user's authenticator app shares with the server:
// RFC 6238, with SHA-1, six digits and steps of 30 seconds, as all apps have it.
type TOTP struct {
	UserID  int64
	Sealed  []byte // the secret
	Step    int64  // of the last code that was used; 0 until the first confirms the secret
	Created time.Time
}

func (t TOTP) confirmed() bool { return t.Step > 0 }

const (
	totpSecret = 20 // bytes, as long as a SHA-1
	totpStep   = 30 // seconds
	totpSlack  = 1  // steps that clocks may be apart
	totpIssuer = "Antiphon"
	purposeOTP = "totp"
)

// NewTOTP is a secret for an authenticator app to take in.
type NewTOTP struct {
	Secret string // in base 32, for typing
	URL    string // otpauth://…, for opening in an app
	QR     []byte // the URL as a PNG
}

// qrSize is the width and height of the picture, in pixels.
const qrSize = 240

// BeginTOTP makes a secret for the actor, in place of one that he has begun and
// not confirmed. It counts for nothing before ConfirmTOTP. Errors: those of a
// wrong password, see ChangeOwnPassword; Conflict if he has one already.
func (s *Service) BeginTOTP(ctx context.Context, actor Actor, password string) (NewTOTP, error) {
	if err := s.confirm(ctx, actor, password); err != nil {
		return NewTOTP{}, err
	}
	raw := make([]byte, totpSecret)
	_, _ = rand.Read(raw) // never fails: it ends the program instead
	err := s.change(ctx, func(ctx context.Context) error {
		t, err := s.store.TOTPOf(ctx, actor.User.ID)
		if err == nil && t.confirmed() {
			return errs.New(errs.Conflict, "An authenticator app is set up already.")
		}
		if err != nil && !errs.Is(err, errs.NotFound) {
			return err
		}
		return s.store.PutTOTP(ctx, TOTP{
			UserID: actor.User.ID, Sealed: s.keys.Seal(purposeOTP, idText(actor.User.ID), raw), Created: s.now(),
		})
	})
	if err != nil {
		return NewTOTP{}, err
	}
	return presentTOTP(raw, actor.User.Email)
}

func presentTOTP(raw []byte, email string) (NewTOTP, error) {
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + totpIssuer + ":" + email}
	u.RawQuery = url.Values{"secret": {secret}, "issuer": {totpIssuer}}.Encode()
	key, err := otp.NewKeyFromURL(u.String())
	if err != nil {
		return NewTOTP{}, err
	}
	img, err := key.Image(qrSize, qrSize)
	if err != nil {
		return NewTOTP{}, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return NewTOTP{}, err
	}
	return NewTOTP{Secret: secret, URL: u.String(), QR: b.Bytes()}, nil
}

// ConfirmTOTP makes the secret that was begun the actor's second factor, once
// his app has shown a right code. If it is his first factor, it returns recovery
// codes, which nobody sees again. Errors: Unauthenticated; NotFound if none was
// begun; Invalid with the field code; RateLimited.
func (s *Service) ConfirmTOTP(ctx context.Context, actor Actor, code string) (recovery []string, err error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	if err := s.spend(actor.User, actor.User.ExternalID); err != nil {
		return nil, err
	}
	err = s.change(ctx, func(ctx context.Context) error {
		ok, err := s.useTOTP(ctx, actor.User.ID, code)
		if err != nil {
			return err
		}
		if !ok {
			return errs.InvalidFields(errs.Field{Name: "code", Code: errs.Wrong})
		}
		recovery, err = s.factorAdded(ctx, actor.User.ID)
		return err
	})
	if err == nil {
		s.earn(actor.User, actor.User.ExternalID)
	}
	return recovery, err
}

// RemoveTOTP takes the authenticator app from the actor. Errors: those of a
// wrong password; NotFound.
func (s *Service) RemoveTOTP(ctx context.Context, actor Actor, password string) error {
	if err := s.confirm(ctx, actor, password); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		if err := s.store.DeleteTOTP(ctx, actor.User.ID); err != nil {
			return err
		}
		return s.settleFactors(ctx, actor.User.ID)
	})
}

// useTOTP reports whether a code is the app's of about now, and was not used
// before. Errors: NotFound if there is no secret.
func (s *Service) useTOTP(ctx context.Context, userID int64, code string) (bool, error) {
	t, err := s.store.TOTPOf(ctx, userID)
	if err != nil {
		return false, err
	}
	raw, err := s.keys.Open(purposeOTP, idText(userID), t.Sealed)
	if err != nil {
		return false, err
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	now := s.now().Unix() / totpStep
	for step := now - totpSlack; step <= now+totpSlack; step++ {
		right, err := hotp.GenerateCode(secret, uint64(step))
		if err != nil {
			return false, err
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			err := s.store.UseTOTPStep(ctx, userID, step)
			if errs.Is(err, errs.NotFound) {
				return false, nil
			}
			return err == nil, err
		}
	}
	return false, nil
}

func idText(id int64) string { return strconv.FormatInt(id, 10) }
