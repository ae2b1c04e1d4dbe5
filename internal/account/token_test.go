package account_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// wantReason checks that a key is refused, and why.
func wantReason(t *testing.T, err error, reason string) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Unauthenticated || e.Message != reason {
		t.Errorf("error %v, want unauthenticated: %s", err, reason)
	}
}

func TestTokens(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	alice, key := h.enter(t, u)
	bob, _ := h.enter(t, h.join(t, "bob@example.com"))
	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(key) {
		t.Errorf("key %q", key)
	}
	for _, wrong := range []string{"", "x", strings.ToUpper(key), key + " ", key[1:]} {
		_, err := h.AuthenticateToken(ctx, wrong)
		wantReason(t, err, account.ReasonUnknown)
	}

	odd := must(h.IssueToken(ctx, u.ID, "\xffnull\x00"+strings.Repeat("ü", 300)))(t)
	list := must(h.Tokens(ctx, alice))(t)
	equal(t, "tokens", len(list), 2)
	equal(t, "label", list[0].Label, "null"+strings.Repeat("ü", 196))
	equal(t, "label", list[1].Label, "test")
	_, err := h.Tokens(ctx, account.Actor{})
	wantKind(t, err, errs.Unauthenticated)

	wantKind(t, h.RevokeToken(ctx, account.Actor{}, list[0].ID), errs.Unauthenticated)
	wantKind(t, h.RevokeToken(ctx, bob, list[0].ID), errs.NotFound)
	must(h.AuthenticateToken(ctx, odd))(t)
	check(t, h.RevokeToken(ctx, alice, list[0].ID))
	_, err = h.AuthenticateToken(ctx, odd)
	wantReason(t, err, account.ReasonUnknown)
	wantKind(t, h.RevokeToken(ctx, alice, list[0].ID), errs.NotFound)

	check(t, h.Logout(ctx, account.Actor{}))
	check(t, h.Logout(ctx, account.Operator()))
	must(h.AuthenticateToken(ctx, key))(t)
	check(t, h.Logout(ctx, alice))
	check(t, h.Logout(ctx, alice)) // by another request meanwhile
	_, err = h.AuthenticateToken(ctx, key)
	wantReason(t, err, account.ReasonUnknown)
}

func TestSessions(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	session, key := must2(h.OpenSession(ctx, u.ID, "Firefox"))(t)
	if !regexp.MustCompile(`^[0-9a-z]{32}$`).MatchString(key) {
		t.Errorf("key %q", key)
	}
	// A session's key is no token's and the other way round, remembered or not.
	_, token := h.enter(t, u)
	for range 2 {
		_, err := h.AuthenticateToken(ctx, key)
		wantReason(t, err, account.ReasonUnknown)
		_, err = h.AuthenticateSession(ctx, token)
		wantReason(t, err, account.ReasonUnknown)
		must(h.AuthenticateSession(ctx, key))(t)
	}

	h.Clock.Set(session.Expires.Add(-time.Millisecond))
	must(h.AuthenticateSession(ctx, key))(t)
	equal(t, "expired", must(h.ExpireSessions(ctx))(t), 1) // the clock has moved on to the very end
	_, err := h.AuthenticateSession(ctx, key)
	wantReason(t, err, account.ReasonUnknown)

	_, key = must2(h.OpenSession(ctx, u.ID, "Firefox"))(t)
	actor := must(h.AuthenticateSession(ctx, key))(t)
	h.pass(account.SessionAge)
	_, err = h.AuthenticateSession(ctx, key) // though it is remembered, and still stored
	wantReason(t, err, account.ReasonUnknown)
	h.Forget()
	_, err = h.AuthenticateSession(ctx, key)
	wantReason(t, err, account.ReasonUnknown)
	check(t, h.Logout(ctx, actor))
	equal(t, "expired", must(h.ExpireSessions(ctx))(t), 0)
}

// What another process changes counts once Forget says so; what this one
// changes counts at once.
func TestRememberedActors(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	_, key := h.enter(t, u)
	name := func() string {
		t.Helper()
		return must(h.AuthenticateToken(ctx, key))(t).User.FullName
	}
	u.FullName = "Changed elsewhere"
	check(t, h.Store.UpdateUser(ctx, u))
	equal(t, "remembered", name(), "Somebody")
	h.Forget()
	equal(t, "after Forget", name(), "Changed elsewhere")

	other := newService(t, h.World)
	must(other.AuthenticateToken(ctx, key))(t)
	check(t, h.SetActive(ctx, account.Operator(), u.ID, false))
	_, err := h.AuthenticateToken(ctx, key)
	wantReason(t, err, account.ReasonInactive)
	_, err = h.AuthenticateToken(ctx, key) // remembered
	wantReason(t, err, account.ReasonInactive)
	must(other.AuthenticateToken(ctx, key))(t) // which has not been told yet
	other.Forget()
	_, err = other.AuthenticateToken(ctx, key)
	wantReason(t, err, account.ReasonInactive)

	check(t, h.SetActive(ctx, account.Operator(), u.ID, true))
	equal(t, "active again", name(), "Changed elsewhere")
	check(t, h.SetAdmin(ctx, account.Operator(), u.ID, true))
	equal(t, "admin", must(h.AuthenticateToken(ctx, key))(t).Admin(), true)
}

func TestRandomKey(t *testing.T) {
	for _, n := range []int{0, 1, 100} {
		if key := account.RandomKey(n); !regexp.MustCompile(`^[0-9a-z]*$`).MatchString(key) || len(key) != n {
			t.Errorf("%d characters: %q", n, key)
		}
	}
}
