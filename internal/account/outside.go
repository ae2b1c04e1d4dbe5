package account

import (
	"cmp"
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
)

// Outside is a service elsewhere whose own tokens let people in.
type Outside interface {
	// Verify returns what a token says, if the service made it and it holds at
	// the moment. Unauthenticated. It asks nobody, but for keys now and then.
	Verify(ctx context.Context, token string) (Claims, error)
	// Profile asks the service who somebody is. NotFound, Unavailable.
	Profile(ctx context.Context, subject string) (OutsideProfile, error)
}

// Claims are what a token of an Outside says.
type Claims struct {
	Subject string // whom it is for, as the service calls him
	Session string // of the service, "" if it does not say
	Issued  time.Time
	Expires time.Time
}

// OutsideProfile is what somebody elsewhere says of a person. What it does not
// say is empty.
type OutsideProfile struct {
	Email         string
	EmailVerified bool // it has made sure that the address is his
	FullName      string
	Image         string // an absolute URL
}

// outsideFor is how long a connection that was begun with an outside token
// lasts: clients send one once, and the tokens themselves last a minute.
const outsideFor = 24 * time.Hour

// OutsideToken reports whether a text has the form of an Outside's tokens, of
// which there is one: a JWT in its compact form. No key of ours has a dot.
func (s *Service) OutsideToken(text string) bool {
	return s.outside != nil && strings.Count(text, ".") == 2 && len(text) > len("a.b.c")
}

// AuthenticateOutside returns the actor behind a token of the Outside, and makes
// an account for whoever comes with his first. Errors: Unauthenticated, as
// AuthenticateToken; those of SignInOutside if there can be no account;
// Unavailable.
func (s *Service) AuthenticateOutside(ctx context.Context, token string) (Actor, error) {
	return s.AuthenticateOutsideSince(ctx, token, time.Time{})
}

// AuthenticateOutsideSince is AuthenticateOutside for a token that was made at a
// time or after it; an earlier one is Unauthenticated.
func (s *Service) AuthenticateOutsideSince(ctx context.Context, token string, since time.Time) (Actor, error) {
	if s.outside == nil {
		return Actor{}, errs.New(errs.Unauthenticated, ReasonUnknown)
	}
	hash := HashKey(token)
	generation := s.actors.generation()
	c, ok := s.actors.get(hash)
	if !ok || c.actor.Via != ViaOutside {
		var err error
		if c, err = s.outsideCredential(ctx, token); err != nil {
			return Actor{}, err
		}
		s.actors.put(generation, hash, c)
	}
	switch {
	case !s.now().Before(c.expires), c.issued.Before(since):
		return Actor{}, errs.New(errs.Unauthenticated, ReasonUnknown)
	case !c.actor.User.Active:
		return Actor{}, errs.New(errs.Unauthenticated, ReasonInactive)
	}
	return c.actor, nil
}

// outsideCredential checks a token, and finds its user or makes him.
func (s *Service) outsideCredential(ctx context.Context, token string) (*credential, error) {
	claims, err := s.outside.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	u, err := s.store.UserByExternalID(ctx, claims.Subject)
	if errs.Is(err, errs.NotFound) {
		u, err = s.welcome(ctx, claims.Subject)
	}
	if err != nil {
		return nil, err
	}
	actor := Actor{User: s.withRights(u), Via: ViaOutside, CredentialID: u.ID, Until: s.now().Add(outsideFor).Unix()}
	return &credential{actor: actor, issued: claims.Issued, expires: claims.Expires}, nil
}

// welcome gives an account to somebody of the Outside who has none. He is called
// there and here by the same external id, also if he had an account already.
func (s *Service) welcome(ctx context.Context, subject string) (User, error) {
	profile, err := s.outside.Profile(ctx, subject)
	if errs.Is(err, errs.NotFound) { // there is a token of somebody who is gone
		return User{}, &errs.Error{Kind: errs.Unauthenticated, Message: ReasonUnknown, Err: err}
	}
	if err != nil {
		return User{}, err
	}
	return s.admit(ctx, profile, admission{
		found: func(ctx context.Context) (User, error) { return s.store.UserByExternalID(ctx, subject) },
		link: func(ctx context.Context, u User) (User, error) {
			u.ExternalID = subject
			return u, s.store.SetExternalID(ctx, u.ID, subject)
		},
		externalID: subject,
	})
}

// admission is how somebody from elsewhere gets to his account.
type admission struct {
	found      func(context.Context) (User, error)       // the account that is linked to him; NotFound
	link       func(context.Context, User) (User, error) // links one
	externalID string                                    // of a new account; "" makes one up
}

// admit returns the account of somebody whom a service elsewhere vouches for: the
// one that is linked to him, or else that with his address, or a new one.
//
// Only an address that is proved on both sides makes two accounts one, and only
// where no second factor guards the one there is: otherwise whoever controls a
// name elsewhere would get into the account of whoever has that address here.
//
// Errors: Conflict if somebody has the address who is not proved to be the same;
// *Refusal; Unauthenticated if he is switched off.
func (s *Service) admit(ctx context.Context, p OutsideProfile, a admission) (u User, err error) {
	p = p.tidy()
	if _, _, err := s.place(ctx, p); err != nil {
		return User{}, err // before all other changes wait for nothing
	}
	created := false
	err = s.change(ctx, func(ctx context.Context) error {
		if u, err = a.found(ctx); !errs.Is(err, errs.NotFound) {
			return err
		}
		var i Invitation
		if u, i, err = s.place(ctx, p); err != nil {
			return err
		}
		if created = u.ID == 0; created {
			u, err = s.newOutsider(ctx, p, a.externalID, i)
		} else {
			err = s.tell(ctx, MailFactor, u.ID, "")
		}
		if err != nil {
			return err
		}
		u, err = a.link(ctx, u)
		return err
	})
	if err != nil {
		return User{}, err
	}
	if created {
		s.counted()
	}
	return u, nil
}

// place returns the account that somebody from elsewhere may have: that with his
// address, or the zero one for a new account, with the invitation that he has.
// Errors as admit.
func (s *Service) place(ctx context.Context, p OutsideProfile) (User, Invitation, error) {
	u, err := s.byAddress(ctx, p)
	if !errs.Is(err, errs.NotFound) {
		return u, Invitation{}, err
	}
	i, err := s.mayJoin(ctx, joining{email: p.Email, proved: p.EmailVerified, outside: true})
	return User{}, i, err
}

// byAddress returns the account that has the address of somebody from elsewhere.
// Errors: NotFound; Conflict if the two are not proved to be one person;
// Unauthenticated if he is switched off.
func (s *Service) byAddress(ctx context.Context, p OutsideProfile) (User, error) {
	if p.Email == "" {
		return User{}, &errs.Error{Kind: errs.NotFound}
	}
	u, err := s.store.UserByEmail(ctx, FoldEmail(p.Email))
	switch {
	case err != nil:
		return User{}, err
	case !p.EmailVerified || !u.Verified || u.SecondFactor:
		return User{}, &errs.Error{
			Kind: errs.Conflict, Fields: []errs.Field{{Name: "email", Code: errs.Taken}},
			Message: "There is an account with this e-mail address already. Sign in to it, and link the other one in the settings.",
		}
	case !u.Active:
		return User{}, errs.New(errs.Unauthenticated, ReasonInactive)
	}
	return u, nil
}

// newOutsider makes an account without a password.
func (s *Service) newOutsider(ctx context.Context, p OutsideProfile, externalID string, i Invitation) (User, error) {
	now := s.now()
	u := User{
		OID: s.ids.New(), ExternalID: cmp.Or(externalID, newExternalID()), Email: p.Email, Verified: p.EmailVerified,
		FullName: p.FullName, Image: p.Image, Active: true, Joined: now, Updated: now,
	}
	u.setRole(i.Role)
	u, err := s.store.InsertUser(ctx, u, "")
	if err != nil {
		return User{}, err
	}
	return u, s.accept(ctx, i)
}

// tidy leaves out what an account could not hold.
func (p OutsideProfile) tidy() OutsideProfile {
	if p.Email = strings.TrimSpace(p.Email); !ValidEmail(p.Email) {
		p.Email, p.EmailVerified = "", false
	}
	p.FullName = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(p.FullName, ""), "\x00", ""))
	if utf8.RuneCountInString(p.FullName) > MaxFullName {
		p.FullName = string([]rune(p.FullName)[:MaxFullName])
	}
	if !file.IsURL(p.Image) || utf8.RuneCountInString(p.Image) > maxImageURL || strings.ContainsFunc(p.Image, unprintable) {
		p.Image = ""
	}
	return p
}

// maxImageURL is the greatest length of the address of a picture elsewhere.
const maxImageURL = 2000

func unprintable(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }

// Introduce gives the actor the name and the picture that he says are his, if he
// came from elsewhere and nothing is known of him yet. Errors: Unauthenticated;
// Invalid with the field full_name.
func (s *Service) Introduce(ctx context.Context, actor Actor, fullName, image string) error {
	if err := actor.RequireKnown(); err != nil {
		return err
	}
	if actor.User.FullName != "" {
		return nil
	}
	p := OutsideProfile{FullName: fullName, Image: image}.tidy()
	if err := errs.InvalidFields(checkFullName(p.FullName)...); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		u, err := s.store.UserByID(ctx, actor.User.ID)
		if err != nil || u.FullName != "" { // another request has said it meanwhile
			return err
		}
		u.FullName, u.Image, u.Updated = p.FullName, cmp.Or(u.Image, p.Image), s.now()
		return s.store.UpdateUser(ctx, u)
	})
}
