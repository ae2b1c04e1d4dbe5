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

// invite invites somebody, and returns the key that he is sent.
func (h house) invite(t *testing.T, email string, role account.Role) (account.Invitation, string) {
	t.Helper()
	i := must(h.Invite(t.Context(), account.Operator(), account.NewInvitation{Email: email, Role: role}))(t)
	return i, h.letter(t).Key
}

func (h house) accept(t *testing.T, email, key string) (account.User, error) {
	t.Helper()
	return h.Register(t.Context(), account.NewUser{Email: email, FullName: "Eve", Password: world.Password, Invitation: key})
}

func TestInvite(t *testing.T) {
	h := newHouse(t, under(account.Policy{Registration: account.Invited, Domains: []string{"example.org"}}))
	ctx := t.Context()
	i, key := h.invite(t, "Eve@example.com", account.Editor)
	h.wantLog(t, audit.Invitations, i.ID, "command line added Eve@example.com: email  > Eve@example.com, role  > editor")

	shown := must(h.Invitation(ctx, key))(t)
	equal(t, "invitation", shown, i)
	wantFaults(t, second(h.accept(t, "adam@example.com", key)), errs.Invalid, "invitation wrong")
	wantFaults(t, second(h.accept(t, "eve@example.com", strings.Repeat("x", 40))), errs.Invalid, "invitation unknown")
	wantFaults(t, second(h.accept(t, "eve@example.com", "short")), errs.Invalid, "invitation unknown")
	equal(t, "without the key", reason(t, second(h.accept(t, "eve@example.com", ""))), account.ReasonUninvited)

	u := must(h.accept(t, "eve@example.com", key))(t)
	if !u.Verified || u.Role() != account.Editor {
		t.Errorf("%+v", u)
	}
	h.wantMails(t) // there is nothing to be proved
	_, err := h.Invitation(ctx, key)
	wantKind(t, err, errs.NotFound)
	_, err = h.Store.InvitationByID(ctx, i.ID)
	wantKind(t, err, errs.NotFound)
	wantFaults(t, second(h.accept(t, "eve@example.com", key)), errs.Invalid, "invitation unknown")
}

// A registration that fails leaves the invitation good.
func TestInvitationIsKept(t *testing.T) {
	h := newHouse(t, under(account.Policy{Registration: account.Invited}))
	_, key := h.invite(t, "eve@example.com", account.Member)
	_, err := h.Register(t.Context(), account.NewUser{Email: "eve@example.com", FullName: "Eve", Password: "123", Invitation: key})
	wantKind(t, err, errs.Invalid)
	check(t, second(h.accept(t, "eve@example.com", key)))
}

func TestReinvite(t *testing.T) {
	h := newHouse(t, under(account.Policy{Registration: account.Invited}))
	ctx := t.Context()
	i, old := h.invite(t, "eve@example.com", account.Editor)
	h.pass(6 * 24 * time.Hour)
	check(t, h.Reinvite(ctx, account.Operator(), i.ID))
	key := h.letter(t).Key
	_, err := h.Invitation(ctx, old)
	wantKind(t, err, errs.NotFound)
	again := must(h.Invitation(ctx, key))(t)
	if again.ID != i.ID || again.Role != account.Editor || !again.Expires.After(i.Expires) {
		t.Errorf("%+v", again)
	}
	// Who is invited twice gets what was said last.
	_, key = h.invite(t, "EVE@example.com", account.Viewer)
	equal(t, "role", must(h.Invitation(ctx, key))(t).Role, account.Viewer)
	wantKind(t, h.Reinvite(ctx, account.Operator(), 99), errs.NotFound)
}

func TestUninvite(t *testing.T) {
	h := newHouse(t, under(account.Policy{Registration: account.Invited}))
	ctx := t.Context()
	i, key := h.invite(t, "eve@example.com", account.Member)
	check(t, h.Uninvite(ctx, account.Operator(), i.ID))
	h.wantLog(t, audit.Invitations, i.ID, "command line deleted eve@example.com: email eve@example.com > , role member > ")
	wantFaults(t, second(h.accept(t, "eve@example.com", key)), errs.Invalid, "invitation unknown")
	wantKind(t, h.Uninvite(ctx, account.Operator(), i.ID), errs.NotFound)
}

func TestInvitationExpires(t *testing.T) {
	h := newHouse(t, under(account.Policy{Registration: account.Invited}))
	ctx := t.Context()
	i, key := h.invite(t, "eve@example.com", account.Member)
	h.pass(7*24*time.Hour + time.Minute)
	wantFaults(t, second(h.accept(t, "eve@example.com", key)), errs.Invalid, "invitation unknown")
	check(t, second(h.ExpireLinks(ctx)))
	check(t, second(h.Store.InvitationByID(ctx, i.ID))) // admins may want to send it again
	h.pass(30 * 24 * time.Hour)
	check(t, second(h.ExpireLinks(ctx)))
	_, err := h.Store.InvitationByID(ctx, i.ID)
	wantKind(t, err, errs.NotFound)
}

func TestInviteRefused(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	member, _ := h.enter(t, h.join(t, "ann@example.com"))
	invite := func(a account.Actor, email string, role account.Role) error {
		return second(h.Invite(ctx, a, account.NewInvitation{Email: email, Role: role}))
	}
	wantKind(t, invite(member, "eve@example.com", account.Member), errs.Forbidden)
	wantKind(t, h.Reinvite(ctx, member, 1), errs.Forbidden)
	wantKind(t, h.Uninvite(ctx, member, 1), errs.Forbidden)
	wantKind(t, invite(account.Actor{}, "eve@example.com", account.Member), errs.Unauthenticated)
	wantFaults(t, invite(account.Operator(), "eve", account.Role(9)), errs.Invalid, "email malformed, role unknown")
	wantFaults(t, invite(account.Operator(), "ANN@example.com", account.Member), errs.Conflict, "email taken")

	closed := newHouse(t, under(account.Policy{Registration: account.Closed}))
	wantKind(t, second(closed.Invite(ctx, account.Operator(), account.NewInvitation{Email: "eve@example.com"})), errs.Conflict)
	closed.wantMails(t)
}
