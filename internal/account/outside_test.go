package account_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/clerk"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// embassy is a house that lets people of a Clerk in.
type embassy struct {
	house
	clerk *clerktest.Instance
}

func newEmbassy(t *testing.T, edits ...func(*account.Config)) embassy {
	t.Helper()
	w := world.New(t, "sqlite")
	there, outside := clerktest.Trusted(t, w.Clock.Now)
	trust := func(c *account.Config) { c.Outside = outside }
	return embassy{house{w, newService(t, w, append(edits, trust)...)}, there}
}

// come has somebody of the Clerk come with a fresh token.
func (e embassy) come(t *testing.T, subject string) (account.Actor, error) {
	t.Helper()
	return e.AuthenticateOutside(t.Context(), e.clerk.Token(subject))
}

func TestOutside(t *testing.T) {
	e := newEmbassy(t)
	e.clerk.Put("user_ann", clerktest.Person{FirstName: "Ann", LastName: "Lee", Email: "Ann@example.com", Image: "https://img.clerk.com/ann"})
	token := e.clerk.Token("user_ann")
	actor := must(e.AuthenticateOutside(t.Context(), token))(t)
	u := actor.User
	if u.ExternalID != "user_ann" || u.Email != "Ann@example.com" || !u.Verified || u.FullName != "Ann Lee" ||
		u.Image != "https://img.clerk.com/ann" || u.Role() != account.Member || !u.Active {
		t.Errorf("%+v", u)
	}
	equal(t, "who he is", must(e.Store.UserByExternalID(t.Context(), "user_ann"))(t).ID, u.ID)
	equal(t, "what he came by", actor.Credential(), account.Credential{Via: account.ViaOutside, ID: u.ID, Until: actor.Until})
	e.wantMails(t)

	// He is known now: nobody is asked again, and he keeps what he makes of himself.
	check(t, second(e.UpdateProfile(t.Context(), actor, account.Profile{FullName: ptr("Annie")})))
	e.clerk.SetAway(true)
	equal(t, "his name", must(e.come(t, "user_ann"))(t).User.FullName, "Annie")
	equal(t, "his name", must(e.AuthenticateOutside(t.Context(), token))(t).User.FullName, "Annie")
	equal(t, "questions about him", e.clerk.AskedFor("user_ann"), 1)
	equal(t, "questions for keys", e.clerk.Asked(clerktest.KeysPath), 1)

	// Without a password he cannot come otherwise.
	_, _, err := e.Login(t.Context(), account.Login{Email: "ann@example.com", Password: ""})
	if err == nil {
		t.Error("he signs in without a password")
	}

	e.pass(clerktest.Lifetime + clerk.DefaultSkew)
	_, err = e.AuthenticateOutside(t.Context(), token)
	wantKind(t, err, errs.Unauthenticated)

	check(t, e.SetActive(t.Context(), account.Operator(), u.ID, false))
	_, err = e.come(t, "user_ann")
	wantReason(t, err, account.ReasonInactive)
}

// A remembered token of somebody who is switched off is good no more.
func TestOutsideSwitchedOff(t *testing.T) {
	e := newEmbassy(t)
	e.clerk.Put("user_ann", clerktest.Person{FirstName: "Ann"})
	token := e.clerk.Token("user_ann")
	for range 3 {
		check(t, second(e.AuthenticateOutside(t.Context(), token)))
	}
	check(t, e.SetActive(t.Context(), account.Operator(), 1, false))
	_, err := e.AuthenticateOutside(t.Context(), token)
	wantReason(t, err, account.ReasonInactive)
}

func TestOutsideRefused(t *testing.T) {
	e := newEmbassy(t)
	e.clerk.Put("user_bad", clerktest.Person{FirstName: "Bad", Banned: true})
	for _, subject := range []string{"user_bad", "user_nobody"} {
		_, err := e.come(t, subject)
		wantReason(t, err, account.ReasonUnknown)
	}
	for what, token := range map[string]string{
		"nonsense": "a.b.c", "nothing": "",
		"expired": e.clerk.Token("user_ann", func(c jwt.MapClaims) { c["exp"] = e.Clock.Now().Unix() - 60 }),
	} {
		_, err := e.AuthenticateOutside(t.Context(), token)
		if !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("%s: %v", what, err)
		}
	}
	e.clerk.SetAway(true)
	for range 3 {
		_, err := e.come(t, "user_ann")
		wantKind(t, err, errs.Unavailable)
	}
	equal(t, "questions while it is away", e.clerk.AskedFor("user_ann"), 1)
	e.clerk.Put("user_ann", clerktest.Person{FirstName: "Ann"})
	e.clerk.SetAway(false)
	e.pass(time.Minute)
	equal(t, "his name", must(e.come(t, "user_ann"))(t).User.FullName, "Ann")
	equal(t, "users", must(e.Store.CountUsers(t.Context()))(t), 1)

	// Keys of our own are none of Clerk's, and the other way round.
	own := must(e.IssueToken(t.Context(), 1, "test"))(t)
	_, err := e.AuthenticateOutside(t.Context(), own)
	wantKind(t, err, errs.Unauthenticated)
	_, err = e.AuthenticateToken(t.Context(), e.clerk.Token("user_ann"))
	wantKind(t, err, errs.Unauthenticated)
	for text, want := range map[string]bool{own: false, "a.b.c": false, "aa.b.c": true, "a.b.c.d": false, "": false, "a.b": false} {
		equal(t, text, e.OutsideToken(text), want)
	}

	h := newHouse(t)
	equal(t, "without Clerk", h.OutsideToken("aa.b.c"), false)
	_, err = h.AuthenticateOutside(t.Context(), e.clerk.Token("user_ann"))
	wantKind(t, err, errs.Unauthenticated)
}

// A cookie is from before a later sign-in or sign-out.
func TestOutsideSince(t *testing.T) {
	e := newEmbassy(t)
	e.clerk.Put("user_ann", clerktest.Person{})
	token := e.clerk.Token("user_ann")
	issued := e.Clock.Now().Truncate(time.Second)
	for range 2 {
		check(t, second(e.AuthenticateOutsideSince(t.Context(), token, issued)))
		_, err := e.AuthenticateOutsideSince(t.Context(), token, issued.Add(time.Second))
		wantKind(t, err, errs.Unauthenticated)
	}
}

// Many first requests at once make one account, and ask one question.
func TestOutsideAtOnce(t *testing.T) {
	e := newEmbassy(t)
	e.clerk.Put("user_ann", clerktest.Person{FirstName: "Ann", Email: "ann@example.com"})
	token := e.clerk.Token("user_ann")
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			if a, err := e.AuthenticateOutside(t.Context(), token); err != nil || a.User.ExternalID != "user_ann" {
				t.Errorf("%+v, %v", a.User, err)
			}
		})
	}
	group.Wait()
	equal(t, "users", must(e.Store.CountUsers(t.Context()))(t), 1)
	equal(t, "questions", e.clerk.AskedFor("user_ann"), 1)
}

// Only an address that is proved on both sides makes two accounts one.
func TestOutsideWithKnownAddress(t *testing.T) {
	for _, tt := range []struct {
		name                        string
		here, there, factor, active bool
		want                        errs.Kind // Internal for a link
	}{
		{name: "proved nowhere", active: true, want: errs.Conflict},
		{name: "proved here", here: true, active: true, want: errs.Conflict},
		{name: "proved there", there: true, active: true, want: errs.Conflict},
		{name: "proved twice", here: true, there: true, active: true},
		{name: "guarded by a second factor", here: true, there: true, factor: true, active: true, want: errs.Conflict},
		{name: "switched off", here: true, there: true, want: errs.Unauthenticated},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := newEmbassy(t)
			u := must(e.Create(t.Context(), account.Operator(), account.NewUser{
				Email: "ann@example.com", FullName: "Ann", Password: world.Password, Verified: tt.here, Role: account.Editor,
			}))(t)
			actor, _ := e.enter(t, u)
			if tt.factor {
				e.app(t, actor)
			}
			if !tt.active {
				check(t, e.SetActive(t.Context(), account.Operator(), u.ID, false))
			}
			e.Mails.Take()
			e.clerk.Put("user_ann", clerktest.Person{FirstName: "Other", Email: "Ann@Example.com", Unverified: !tt.there})
			came, err := e.come(t, "user_ann")
			if tt.want != errs.Internal {
				wantKind(t, err, tt.want)
				equal(t, "external id", must(e.Store.UserByID(t.Context(), u.ID))(t).ExternalID, u.ExternalID)
				e.wantMails(t)
				return
			}
			check(t, err)
			if came.User.ID != u.ID || came.User.FullName != "Ann" || came.User.ExternalID != "user_ann" || came.Role() != account.Editor {
				t.Errorf("%+v", came.User)
			}
			e.wantMails(t, account.MailFactor)
			check(t, second(e.come(t, "user_ann")))
			equal(t, "users", must(e.Store.CountUsers(t.Context()))(t), 1)
		})
	}
}

// Who is nobody yet may say what he is called, once.
func TestIntroduce(t *testing.T) {
	e := newEmbassy(t)
	ctx := t.Context()
	for _, subject := range []string{"user_ann", "user_bob"} { // two without an address are two
		e.clerk.Put(subject, clerktest.Person{})
	}
	ann, bob := must(e.come(t, "user_ann"))(t), must(e.come(t, "user_bob"))(t)
	wantFaults(t, e.Introduce(ctx, ann, " ", ""), errs.Invalid, "full_name required")
	check(t, e.Introduce(ctx, ann, " Ann Lee ", "https://img.clerk.com/ann"))
	check(t, e.Introduce(ctx, ann, "Somebody Else", "https://img.clerk.com/other"))
	check(t, e.Introduce(ctx, bob, strings.Repeat("b", 300), "javascript:alert(1)"))
	wantKind(t, e.Introduce(ctx, account.Actor{}, "Nobody", ""), errs.Unauthenticated)
	u := must(e.come(t, "user_ann"))(t).User
	equal(t, "name", u.FullName, "Ann Lee")
	equal(t, "picture", u.Image, "https://img.clerk.com/ann")
	u = must(e.come(t, "user_bob"))(t).User
	equal(t, "length of the name", len(u.FullName), account.MaxFullName)
	equal(t, "picture", u.Image, "")
	check(t, e.Introduce(ctx, must(e.come(t, "user_ann"))(t), "Again", ""))
	equal(t, "name", must(e.come(t, "user_ann"))(t).User.FullName, "Ann Lee")
}

// A connection that was begun with a token lasts a day, unless its user is shut out.
func TestOutsideEnded(t *testing.T) {
	e := newEmbassy(t)
	e.clerk.Put("user_ann", clerktest.Person{})
	actor := must(e.come(t, "user_ann"))(t)
	held := []account.Credential{actor.Credential()}
	ended := func(want int) {
		t.Helper()
		equal(t, "ended", len(must(e.Ended(t.Context(), held))(t)), want)
	}
	e.pass(23 * time.Hour)
	ended(0)
	check(t, e.SetActive(t.Context(), account.Operator(), actor.User.ID, false))
	ended(1)
	check(t, e.SetActive(t.Context(), account.Operator(), actor.User.ID, true))
	ended(0)
	e.pass(time.Hour + time.Minute)
	ended(1)
	held[0].Until = e.Clock.Now().Unix() + 60
	check(t, e.DeleteUser(t.Context(), account.Operator(), actor.User.ID))
	ended(1)
}
