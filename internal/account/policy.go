package account

import (
	"context"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Registration says who may get an account by himself.
type Registration uint8

// The ways. Admins may make accounts in any of them.
const (
	Open    Registration = iota // everybody
	Invited                     // whom an admin has invited
	Closed                      // nobody
)

var registrationNames = [...]string{"open", "invite", "closed"}

// String returns the way in one lower-case word.
func (r Registration) String() string {
	if int(r) < len(registrationNames) {
		return registrationNames[r]
	}
	return "unknown"
}

// ParseRegistration returns the way that String calls so.
func ParseRegistration(name string) (Registration, bool) {
	i := slices.Index(registrationNames[:], name)
	return Registration(max(i, 0)), i >= 0
}

// Policy says who may get an account by himself, in whatever dialect and from
// wherever he comes.
type Policy struct {
	Registration Registration
	Domains      []string // of e-mail addresses; none are all. Who is invited need have none of them.
}

// Policy returns the one in force.
func (s *Service) Policy() Policy { return s.policy }

// allows reports whether an address is of one of the domains.
func (p Policy) allows(email string) bool {
	if len(p.Domains) == 0 {
		return true
	}
	_, domain, _ := strings.Cut(FoldEmail(email), "@")
	return slices.ContainsFunc(p.Domains, func(d string) bool { return FoldEmail(d) == domain })
}

// Refusal is the error of somebody who may not get an account. It is a Forbidden
// one, with a sentence that says why.
type Refusal struct {
	Reason string // one of those below
	text   string
}

// The reasons of a Refusal.
const (
	ReasonClosed    = "registration_closed"
	ReasonUninvited = "invitation_needed"
	ReasonDomain    = "email_domain"
)

// Error returns the sentence.
func (r *Refusal) Error() string { return r.text }

// Unwrap returns the error's kind.
func (r *Refusal) Unwrap() error { return errs.New(errs.Forbidden, "%s", r.text) }

// joining is somebody who wants an account.
type joining struct {
	email   string
	proved  bool // the address is his: he need not have the key of his invitation
	outside bool // somebody elsewhere vouches for him
}

// mayJoin returns the invitation of somebody who wants an account, the zero one
// if he needs none. Errors: *Refusal.
func (s *Service) mayJoin(ctx context.Context, j joining) (Invitation, error) {
	if s.policy.Registration == Closed {
		return Invitation{}, &Refusal{ReasonClosed, "Accounts are made by the administrators of this server."}
	}
	if j.email != "" && j.proved {
		i, err := s.store.InvitationByEmail(ctx, FoldEmail(j.email), s.now())
		if !errs.Is(err, errs.NotFound) {
			return i, err
		}
	}
	if s.policy.Registration == Invited {
		return Invitation{}, &Refusal{ReasonUninvited, "Who wants an account on this server needs an invitation for his e-mail address."}
	}
	// Who comes from elsewhere is let in at once, and not asked to prove it.
	if !s.policy.allows(j.email) || len(s.policy.Domains) > 0 && j.outside && !j.proved {
		return Invitation{}, &Refusal{ReasonDomain, "Accounts on this server are for e-mail addresses of " + strings.Join(s.policy.Domains, ", ") + "."}
	}
	return Invitation{}, nil
}
