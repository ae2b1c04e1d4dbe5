package account_test

import (
	"errors"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func under(p account.Policy) func(*account.Config) {
	return func(c *account.Config) { c.Policy = p }
}

// reason returns why somebody may not have an account, "" if he may.
func reason(t *testing.T, err error) string {
	t.Helper()
	var r *account.Refusal
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &r) || !errs.Is(err, errs.Forbidden) || r.Error() == "":
		t.Fatalf("error %v", err)
	}
	return r.Reason
}

// The same policy holds for whoever registers, and whoever comes from elsewhere.
func TestPolicy(t *testing.T) {
	const (
		fine      = ""
		closed    = account.ReasonClosed
		uninvited = account.ReasonUninvited
		domain    = account.ReasonDomain
	)
	ours := []string{"example.org", "Music.Example"}
	for _, tt := range []struct {
		name              string
		policy            account.Policy
		email             string
		unproved, invited bool
		here, elsewhere   string // why he may not register here, or come from elsewhere
	}{
		{"open", account.Policy{}, "ann@anywhere.net", true, false, fine, fine},
		{"closed", account.Policy{Registration: account.Closed}, "ann@example.org", false, false, closed, closed},
		{"by invitation", account.Policy{Registration: account.Invited}, "ann@example.org", false, false, uninvited, uninvited},
		{"invited", account.Policy{Registration: account.Invited}, "ann@example.org", false, true, uninvited, fine},
		{"as who is invited", account.Policy{Registration: account.Invited}, "ann@example.org", true, true, uninvited, uninvited},
		{"of a domain", account.Policy{Domains: ours}, "ann@EXAMPLE.org", false, false, fine, fine},
		{"of the other one", account.Policy{Domains: ours}, "ann@music.example", false, false, fine, fine},
		{"said to be of a domain", account.Policy{Domains: ours}, "ann@example.org", true, false, fine, domain},
		{"of another domain", account.Policy{Domains: ours}, "ann@example.com", false, false, domain, domain},
		{"of one below it", account.Policy{Domains: ours}, "ann@sub.example.org", false, false, domain, domain},
		{"of one that ends so", account.Policy{Domains: ours}, "ann@badexample.org", false, false, domain, domain},
		{"invited from another domain", account.Policy{Domains: ours}, "ann@example.com", false, true, domain, fine},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEmbassy(t, under(tt.policy))
			ctx := t.Context()
			if tt.invited {
				check(t, second(e.Invite(ctx, account.Operator(), account.NewInvitation{Email: "Ann@" + tt.email[4:], Role: account.Editor})))
			}
			_, err := e.Register(ctx, account.NewUser{Email: tt.email, FullName: "Ann", Password: world.Password})
			equal(t, "registering", reason(t, err), tt.here)
			if err == nil {
				check(t, e.DeleteUser(ctx, account.Operator(), 1))
			}
			e.clerk.Put("user_ann", clerktest.Person{FirstName: "Ann", Email: tt.email, Unverified: tt.unproved})
			actor, err := e.come(t, "user_ann")
			equal(t, "coming with a token", reason(t, err), tt.elsewhere)
			if err == nil {
				equal(t, "editor", actor.Role() == account.Editor, tt.invited)
				check(t, e.DeleteUser(ctx, account.Operator(), actor.User.ID))
			}
			if tt.invited { // it was used up
				_ = second(e.Invite(ctx, account.Operator(), account.NewInvitation{Email: tt.email, Role: account.Editor}))
			}
			in := signIn(e.house, "ann")
			in.Email, in.EmailVerified = tt.email, !tt.unproved
			_, _, _, err = e.SignInOutside(ctx, in)
			equal(t, "signing in elsewhere", reason(t, err), tt.elsewhere)

			// Admins may add whom they like, and who is there stays.
			check(t, second(e.Create(ctx, account.Operator(), account.NewUser{Email: "x@anywhere.net", FullName: "X", Password: world.Password})))
			check(t, second2(e.Login(ctx, account.Login{Email: "x@anywhere.net", Password: world.Password})))
		})
	}
}

// second2 returns the error that comes with two values nobody needs.
func second2[A, B any](_ A, _ B, err error) error { return err }

func TestRegistrationNames(t *testing.T) {
	for _, r := range []account.Registration{account.Open, account.Invited, account.Closed} {
		if got, ok := account.ParseRegistration(r.String()); !ok || got != r {
			t.Errorf("%v is read as %v", r, got)
		}
	}
	if r, ok := account.ParseRegistration("unknown"); ok || r != account.Open {
		t.Errorf("%v, %v", r, ok)
	}
	equal(t, "an unknown one", account.Registration(9).String(), "unknown")
}

// signIn is a fresh sign-in at a provider, of somebody without an address.
func signIn(h house, subject string) account.OutsideSignIn {
	now := h.Clock.Now()
	return account.OutsideSignIn{
		Outsider: account.Outsider{Provider: "company", Subject: subject, OutsideProfile: account.OutsideProfile{FullName: "Somebody"}},
		Once:     now.String(), Until: now.Add(10 * time.Minute), Label: "a browser",
	}
}
