package account

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Identity is somebody elsewhere who a user is: he may sign in there in place of
// here.
type Identity struct {
	ID       int64
	UserID   int64
	Provider string // where, as the configuration calls it
	Subject  string // who, as the provider calls him
	Email    string // what the provider said of him when he was linked
	Created  time.Time
}

// IdentityStore is what identities need of a database.
type IdentityStore interface {
	IdentitiesOf(ctx context.Context, userID int64) ([]Identity, error)         // the oldest first
	IdentityOf(ctx context.Context, provider, subject string) (Identity, error) // NotFound
	InsertIdentity(ctx context.Context, i Identity) (Identity, error)           // Conflict if somebody has it
	DeleteIdentity(ctx context.Context, userID, id int64) error                 // NotFound
	SetExternalID(ctx context.Context, userID int64, externalID string) error   // NotFound; Conflict
	// Spend notes that something was used that is good once; until is when it
	// would be good no more anyway. Conflict if it was used before.
	Spend(ctx context.Context, hash string, until time.Time) error
	DeleteSpent(ctx context.Context, now time.Time) error // those that ended by now
}

// Outsider is somebody who has signed in at a provider just now.
type Outsider struct {
	Provider string
	Subject  string
	OutsideProfile
	// Role is what the provider decides that he may do; nil if it has no say.
	Role *Role
}

// maxSubject is the greatest length of a provider's name for somebody: OpenID
// Connect allows 255 characters.
const maxSubject = 255

// OutsideSignIn is a sign-in at a provider that has come to its end.
type OutsideSignIn struct {
	Outsider
	Once  string    // what names this sign-in, which is good once
	Until time.Time // until when it could come to its end at all
	Label string    // what signs in, as it calls itself
}

// SignInOutside opens a session for somebody who has signed in at a provider: for
// the user who is linked to him, or else the one who has proved to own the same
// address, or a new one. Errors: Unauthenticated if the sign-in was used before,
// or the user is switched off; Conflict if somebody has the address who is not
// proved to be the same; *Refusal if the server's Policy does not let him have an
// account.
func (s *Service) SignInOutside(ctx context.Context, in OutsideSignIn) (User, Session, string, error) {
	if err := s.spendSignIn(ctx, in); err != nil {
		return User{}, Session{}, "", err
	}
	u, err := s.linked(ctx, in.Outsider)
	if errs.Is(err, errs.NotFound) {
		u, err = s.admit(ctx, in.OutsideProfile, admission{
			found: func(ctx context.Context) (User, error) { return s.linked(ctx, in.Outsider) },
			link: func(ctx context.Context, u User) (User, error) {
				return u, s.insertIdentity(ctx, u.ID, in.Outsider)
			},
		})
	}
	if err == nil && !u.Active {
		err = errs.New(errs.Unauthenticated, ReasonInactive)
	}
	if err == nil && in.Role != nil {
		u, err = s.assignRole(ctx, u.ID, *in.Role)
	}
	if err != nil {
		return User{}, Session{}, "", err
	}
	if u, err = s.signedIn(ctx, u); err != nil {
		return User{}, Session{}, "", err
	}
	session, key, err := s.OpenSession(ctx, u.ID, in.Label)
	return u, session, key, err
}

// LinkOutside lets the actor sign in at a provider from now on. Errors:
// Unauthenticated, also if the sign-in was used before; Conflict if somebody else
// is linked to it.
func (s *Service) LinkOutside(ctx context.Context, actor Actor, in OutsideSignIn) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	if err := s.spendSignIn(ctx, in); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		u, err := s.linked(ctx, in.Outsider)
		switch {
		case errs.Is(err, errs.NotFound):
		case err != nil:
			return err
		case u.ID == actor.User.ID:
			return nil
		default:
			return errs.New(errs.Conflict, "Somebody else signs in by this.")
		}
		if err := s.insertIdentity(ctx, actor.User.ID, in.Outsider); err != nil {
			return err
		}
		return s.tell(ctx, MailFactor, actor.User.ID, "")
	})
}

// Identities returns by what the actor can sign in elsewhere, the oldest first.
// Errors: Unauthenticated.
func (s *Service) Identities(ctx context.Context, actor Actor) ([]Identity, error) {
	if err := actor.RequireKnown(); err != nil {
		return nil, err
	}
	return s.store.IdentitiesOf(ctx, actor.User.ID)
}

// UnlinkOutside takes one of them away, unless he could not come in any more.
// Errors: Unauthenticated, NotFound, Conflict.
func (s *Service) UnlinkOutside(ctx context.Context, actor Actor, id int64) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		if err := s.store.DeleteIdentity(ctx, actor.User.ID, id); err != nil {
			return err
		}
		left, err := s.store.IdentitiesOf(ctx, actor.User.ID)
		if err != nil || len(left) > 0 {
			return err
		}
		hash, err := s.store.PasswordHash(ctx, actor.User.ID)
		if err == nil && hash == "" {
			err = errs.New(errs.Conflict, "This is the only way to sign in to the account. Set a password first.")
		}
		return err
	})
}

// linked returns the user who is linked to somebody elsewhere. Errors: NotFound;
// Unauthenticated for a subject that is none.
func (s *Service) linked(ctx context.Context, o Outsider) (User, error) {
	if o.Subject == "" || utf8.RuneCountInString(o.Subject) > maxSubject || strings.ContainsFunc(o.Subject, unstorable) {
		return User{}, errs.New(errs.Unauthenticated, ReasonUnknown)
	}
	i, err := s.store.IdentityOf(ctx, o.Provider, o.Subject)
	if err != nil {
		return User{}, err
	}
	return s.store.UserByID(ctx, i.UserID)
}

func (s *Service) insertIdentity(ctx context.Context, userID int64, o Outsider) error {
	_, err := s.store.InsertIdentity(ctx, Identity{
		UserID: userID, Provider: o.Provider, Subject: o.Subject, Email: o.tidy().Email, Created: s.now(),
	})
	return err
}

// unstorable tells the characters that a database does not take.
func unstorable(r rune) bool { return r == 0 || r == utf8.RuneError }

// spendSignIn uses up what names a sign-in, so that nobody who has seen it come to its
// end can do so again. Errors: Unauthenticated.
func (s *Service) spendSignIn(ctx context.Context, in OutsideSignIn) error {
	now := s.now()
	if !now.Before(in.Until) {
		return errs.New(errs.Unauthenticated, ReasonUnknown)
	}
	err := s.store.Spend(ctx, HashKey(in.Provider+" "+in.Once), in.Until)
	if errs.Is(err, errs.Conflict) {
		return errs.New(errs.Unauthenticated, ReasonUnknown)
	}
	return err
}

// assignRole gives a user the role that a provider decides about, and records it,
// unless no active admin would be left.
func (s *Service) assignRole(ctx context.Context, userID int64, role Role) (User, error) {
	u, err := s.store.UserByID(ctx, userID)
	if err != nil || u.Role() == role {
		return u, err
	}
	changed, err := s.edit(ctx, Actor{User: u, Via: ViaOutside}, userID, edit{apply: func(u *User) { u.setRole(role) }})
	if errs.Is(err, errs.Conflict) {
		return u, nil
	}
	return changed, err
}
