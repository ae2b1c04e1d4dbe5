package account_test

import (
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestOwnSignIns(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	bob, _ := h.enter(t, h.join(t, "bob@example.com"))
	byToken, _ := h.enter(t, u)
	_, key := must2(h.OpenSession(ctx, u.ID, "Firefox"))(t)
	bySession := must(h.AuthenticateSession(ctx, key))(t)
	h.pass(time.Hour)
	other, otherKey := must2(h.OpenSession(ctx, u.ID, "Safari"))(t)

	for _, actor := range []account.Actor{byToken, bySession} {
		tokens, sessions := must(h.Tokens(ctx, actor))(t), must(h.Sessions(ctx, actor))(t)
		if len(tokens) != 1 || len(sessions) != 2 {
			t.Fatalf("tokens %v, sessions %v", tokens, sessions)
		}
		equal(t, "token is current", tokens[0].Current, actor.Via == account.ViaToken)
		equal(t, "newest first", sessions[0], other)
		equal(t, "label", sessions[1].Label, "Firefox")
		equal(t, "session is current", sessions[1].Current, actor.Via == account.ViaSession)
	}
	equal(t, "of another", len(must(h.Sessions(ctx, bob))(t)), 0)
	wantKind(t, second(h.Sessions(ctx, account.Actor{})), errs.Unauthenticated)

	wantKind(t, h.RevokeSession(ctx, account.Actor{}, other.ID), errs.Unauthenticated)
	wantKind(t, h.RevokeSession(ctx, bob, other.ID), errs.NotFound)
	must(h.AuthenticateSession(ctx, otherKey))(t)
	check(t, h.RevokeSession(ctx, byToken, other.ID))
	wantReason(t, second(h.AuthenticateSession(ctx, otherKey)), account.ReasonUnknown)
	wantKind(t, h.RevokeSession(ctx, byToken, other.ID), errs.NotFound)

	h.pass(account.SessionAge)
	equal(t, "after they expired", len(must(h.Sessions(ctx, byToken))(t)), 0)
}

func TestRevokeOf(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u := h.join(t, "alice@example.com")
	alice, key := h.enter(t, u)
	session, sessionKey := must2(h.OpenSession(ctx, u.ID, "Firefox"))(t)
	bob := h.join(t, "bob@example.com")
	must(h.UpdateUser(ctx, account.Operator(), bob.ID, account.UserChange{Role: ptr(account.Editor)}))(t)
	editor, _ := h.enter(t, bob)
	must(h.AuthenticateSession(ctx, sessionKey))(t)

	for name, revoke := range map[string]func(actor account.Actor) error{
		"token":   func(actor account.Actor) error { return h.RevokeTokenOf(ctx, actor, alice.CredentialID) },
		"session": func(actor account.Actor) error { return h.RevokeSessionOf(ctx, actor, session.ID) },
	} {
		wantKind(t, revoke(account.Actor{}), errs.Unauthenticated)
		wantKind(t, revoke(editor), errs.Forbidden)
		if err := revoke(account.Operator()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantKind(t, revoke(account.Operator()), errs.NotFound)
	}
	wantReason(t, second(h.AuthenticateToken(ctx, key)), account.ReasonUnknown)
	wantReason(t, second(h.AuthenticateSession(ctx, sessionKey)), account.ReasonUnknown)
	h.wantLog(t, audit.Tokens, alice.CredentialID, "command line deleted alice@example.com: user alice@example.com > , label test > ")
	h.wantLog(t, audit.Sessions, session.ID, "command line deleted alice@example.com: user alice@example.com > , label Firefox > ")
}
