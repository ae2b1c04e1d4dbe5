package account

import (
	"context"
	"strings"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	recoveryCodes = 10
	recoveryChars = 16 // of an alphabet of 32: 80 bits, which a plain hash protects
	recoveryGroup = 4
	// recoveryAlphabet leaves out what is easily mistaken on paper.
	recoveryAlphabet = "abcdefghjkmnpqrstuvwxyz123456789"
)

// NewRecoveryCodes makes codes for the actor, each of which stands in for his
// second factor once; those that he had are void. Errors: those of a wrong
// password; Conflict if he has no second factor.
func (s *Service) NewRecoveryCodes(ctx context.Context, actor Actor, password string) (codes []string, err error) {
	if err := s.confirm(ctx, actor, password); err != nil {
		return nil, err
	}
	err = s.change(ctx, func(ctx context.Context) error {
		f, err := s.factorsOf(ctx, actor.User.ID)
		if err == nil && !f.any() {
			err = errs.New(errs.Conflict, "There is no second factor that a code could stand in for.")
		}
		if err != nil {
			return err
		}
		codes, err = s.replaceRecovery(ctx, actor.User.ID)
		return err
	})
	return codes, err
}

// factorAdded follows a new factor of a user, tells him, and returns recovery
// codes if it is his first.
func (s *Service) factorAdded(ctx context.Context, userID int64) (codes []string, err error) {
	if err := s.settleFactors(ctx, userID); err != nil {
		return nil, err
	}
	if err := s.tell(ctx, MailFactor, userID, ""); err != nil {
		return nil, err
	}
	n, err := s.store.CountRecoveryCodes(ctx, userID)
	if err != nil || n > 0 {
		return nil, err
	}
	return s.replaceRecovery(ctx, userID)
}

func (s *Service) replaceRecovery(ctx context.Context, userID int64) ([]string, error) {
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		plain := randomString(recoveryChars, recoveryAlphabet)
		hashes[i] = HashKey(plain)
		var groups []string
		for ; plain != ""; plain = plain[recoveryGroup:] {
			groups = append(groups, plain[:recoveryGroup])
		}
		codes[i] = strings.Join(groups, "-")
	}
	return codes, s.store.ReplaceRecoveryCodes(ctx, userID, hashes)
}

// useRecovery reports whether a text is a recovery code of a user, and uses it
// up.
func (s *Service) useRecovery(ctx context.Context, userID int64, text string) (bool, error) {
	plain := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(text))
	if len(plain) != recoveryChars {
		return false, nil
	}
	err := s.store.UseRecoveryCode(ctx, userID, HashKey(plain))
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil, err
}
