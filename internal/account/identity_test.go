package account_test

import (
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// arrive signs somebody in by a provider.
func (h house) arrive(t *testing.T, in account.OutsideSignIn) (account.User, error) {
	t.Helper()
	u, session, key, err := h.SignInOutside(t.Context(), in)
	if err != nil {
		return u, err
	}
	actor := must(h.AuthenticateSession(t.Context(), key))(t)
	if actor.User.ID != u.ID || actor.CredentialID != session.ID || session.Label != "a browser" {
		t.Errorf("%+v by %+v", actor, session)
	}
	return u, nil
}

func TestSignInOutside(t *testing.T) {
	h := newHouse(t)
	in := signIn(h, "ann")
	in.OutsideProfile = account.OutsideProfile{Email: "Ann@example.com", EmailVerified: true, FullName: "Ann", Image: "https://example.org/ann.png"}
	u := must(h.arrive(t, in))(t)
	if u.Email != "Ann@example.com" || !u.Verified || u.FullName != "Ann" || u.Image != "https://example.org/ann.png" || u.Role() != account.Member {
		t.Errorf("%+v", u)
	}
	if !strings.HasPrefix(u.ExternalID, "user_") {
		t.Errorf("external id %q", u.ExternalID)
	}
	if stored := must(h.Store.UserByID(t.Context(), u.ID))(t); stored.LastLogin.IsZero() {
		t.Error("he has never signed in")
	}
	actor, _ := h.enter(t, u)
	list := must(h.Identities(t.Context(), actor))(t)
	if len(list) != 1 || list[0].Provider != "company" || list[0].Subject != "ann" || list[0].Email != "Ann@example.com" || list[0].Created.IsZero() {
		t.Errorf("%+v", list)
	}

	// He is who he is by his subject, whatever else is said of him later.
	in = signIn(h, "ann")
	in.Email, in.EmailVerified, in.FullName = "new@example.com", true, "Other"
	again := must(h.arrive(t, in))(t)
	if again.ID != u.ID || again.Email != "Ann@example.com" || again.FullName != "Ann" {
		t.Errorf("%+v", again)
	}
	// The same subject of another provider is somebody else.
	in = signIn(h, "ann")
	in.Provider = "club"
	if other := must(h.arrive(t, in))(t); other.ID == u.ID {
		t.Error("two providers have one user")
	}
	check(t, h.SetActive(t.Context(), account.Operator(), u.ID, false))
	_, err := h.arrive(t, signIn(h, "ann"))
	wantReason(t, err, account.ReasonInactive)
}

func TestSignInOutsideOnce(t *testing.T) {
	h := newHouse(t)
	in := signIn(h, "ann")
	check(t, second(h.arrive(t, in)))
	_, err := h.arrive(t, in)
	wantReason(t, err, account.ReasonUnknown)
	in.Subject = "bob"
	_, err = h.arrive(t, in)
	wantReason(t, err, account.ReasonUnknown)

	late := signIn(h, "ann")
	h.pass(10 * time.Minute)
	_, err = h.arrive(t, late)
	wantReason(t, err, account.ReasonUnknown)

	// What is over anyway is forgotten.
	check(t, second(h.ExpireLinks(t.Context())))
	in.Until = h.Clock.Now().Add(time.Minute)
	check(t, second(h.arrive(t, in)))

	for _, subject := range []string{"", strings.Repeat("s", 256), "a\x00b"} {
		_, err := h.arrive(t, signIn(h, subject))
		wantReason(t, err, account.ReasonUnknown)
	}
	equal(t, "users", must(h.Store.CountUsers(t.Context()))(t), 2)
}

func TestSignInOutsideWithKnownAddress(t *testing.T) {
	h := newHouse(t)
	ann := must(h.Create(t.Context(), account.Operator(), account.NewUser{
		Email: "ann@example.com", FullName: "Ann", Password: world.Password, Verified: true,
	}))(t)
	h.join(t, "bob@example.com") // who has proved nothing
	h.Mails.Take()
	try := func(subject, email string, proved bool) (account.User, error) {
		in := signIn(h, subject)
		in.Email, in.EmailVerified = email, proved
		return h.arrive(t, in)
	}
	_, err := try("a", "ann@example.com", false)
	wantFaults(t, err, errs.Conflict, "email taken")
	_, err = try("b", "bob@example.com", true)
	wantFaults(t, err, errs.Conflict, "email taken")
	h.wantMails(t)
	equal(t, "who signs in", must(try("a", "ANN@example.com", true))(t).ID, ann.ID)
	h.wantMails(t, account.MailFactor)
	equal(t, "his password", second2(h.Login(t.Context(), account.Login{Email: "ann@example.com", Password: world.Password})), nil)
}

// A provider may decide at each sign-in who has which role.
func TestRoleOfProvider(t *testing.T) {
	h := newHouse(t)
	as := func(r *account.Role) account.User {
		t.Helper()
		in := signIn(h, "ann")
		in.Email, in.EmailVerified, in.Role = "ann@example.com", true, r
		return must(h.arrive(t, in))(t)
	}
	u := as(ptr(account.Editor))
	equal(t, "role", u.Role(), account.Editor)
	h.wantLog(t, audit.Users, u.ID, "ann@example.com changed ann@example.com: role member > editor")
	equal(t, "role, if it has no say", as(nil).Role(), account.Editor)
	equal(t, "role", as(ptr(account.Administrator)).Role(), account.Administrator)
	equal(t, "role of the last admin", as(ptr(account.Member)).Role(), account.Administrator)
	check(t, second(h.Create(t.Context(), account.Operator(), account.NewUser{
		Email: "root@example.com", FullName: "Root", Password: world.Password, Role: account.Administrator,
	})))
	equal(t, "role beside another admin", as(ptr(account.Member)).Role(), account.Member)
}

func TestLinkOutside(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	ann, _ := h.enter(t, h.join(t, "ann@example.com"))
	bob, _ := h.enter(t, h.join(t, "bob@example.com"))
	h.Mails.Take()
	in := signIn(h, "a")
	check(t, h.LinkOutside(ctx, ann, in))
	h.wantMails(t, account.MailFactor)
	wantReason(t, h.LinkOutside(ctx, ann, in), account.ReasonUnknown) // used
	check(t, h.LinkOutside(ctx, ann, signIn(h, "a")))                 // it is his already
	wantKind(t, h.LinkOutside(ctx, bob, signIn(h, "a")), errs.Conflict)
	wantKind(t, h.LinkOutside(ctx, account.Actor{}, signIn(h, "b")), errs.Unauthenticated)
	equal(t, "who signs in", must(h.arrive(t, signIn(h, "a")))(t).ID, ann.User.ID)

	id := must(h.Identities(ctx, ann))(t)[0].ID
	equal(t, "Bob's", len(must(h.Identities(ctx, bob))(t)), 0)
	wantKind(t, h.UnlinkOutside(ctx, bob, id), errs.NotFound)
	wantKind(t, h.UnlinkOutside(ctx, account.Actor{}, id), errs.Unauthenticated)
	check(t, h.UnlinkOutside(ctx, ann, id)) // she has a password
	if u := must(h.arrive(t, signIn(h, "a")))(t); u.ID == ann.User.ID {
		t.Error("she signs in by what was unlinked")
	}
	_, err := h.Identities(ctx, account.Actor{})
	wantKind(t, err, errs.Unauthenticated)
}

// Nobody shuts himself out.
func TestLastWayIn(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	actor, _ := h.enter(t, must(h.arrive(t, signIn(h, "a")))(t))
	first := must(h.Identities(ctx, actor))(t)[0].ID
	wantKind(t, h.UnlinkOutside(ctx, actor, first), errs.Conflict)
	in := signIn(h, "a")
	in.Provider = "club"
	check(t, h.LinkOutside(ctx, actor, in))
	check(t, h.UnlinkOutside(ctx, actor, first))
	last := must(h.Identities(ctx, actor))(t)[0].ID
	wantKind(t, h.UnlinkOutside(ctx, actor, last), errs.Conflict)
	equal(t, "what is left", len(must(h.Identities(ctx, actor))(t)), 1)

	// Who has no password may set his first.
	check(t, h.ChangeOwnPassword(ctx, actor, "", world.Password))
	wantFaults(t, h.ChangeOwnPassword(ctx, actor, "wrong", world.Password), errs.Invalid, "current wrong")
	actor, _ = h.enter(t, must(h.Store.UserByID(ctx, actor.User.ID))(t))
	check(t, h.UnlinkOutside(ctx, actor, last))
}
