package store_test

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestInvitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		eve := account.Invitation{Email: "Eve@example.com", Role: account.Editor, Inviter: "command line", Created: at(0), Expires: at(10)}
		eve.ID = must(s.PutInvitation(ctx, eve))(t).ID
		equal(t, "by its id", must(s.InvitationByID(ctx, eve.ID))(t), eve)
		equal(t, "by its address", must(s.InvitationByEmail(ctx, "eve@example.com", at(9)))(t), eve)
		_, err := s.InvitationByEmail(ctx, "eve@example.com", at(10))
		wantKind(t, err, errs.NotFound)
		_, err = s.InvitationByEmail(ctx, "adam@example.com", at(0))
		wantKind(t, err, errs.NotFound)

		// There is one for an address, which keeps its number.
		again := account.Invitation{ID: eve.ID, Email: "EVE@example.com", Role: account.Viewer, Inviter: "ann", Created: at(1), Expires: at(20)}
		equal(t, "number", must(s.PutInvitation(ctx, again))(t).ID, eve.ID)
		equal(t, "what it says now", must(s.InvitationByID(ctx, eve.ID))(t), again)
		adam := must(s.PutInvitation(ctx, account.Invitation{Email: "adam@example.com", Created: at(2), Expires: at(30)}))(t)
		if adam.ID == eve.ID {
			t.Error("two addresses have one invitation")
		}

		check(t, s.DeleteExpiredInvitations(ctx, at(20)))
		_, err = s.InvitationByID(ctx, eve.ID)
		wantKind(t, err, errs.NotFound)
		check(t, s.DeleteInvitation(ctx, adam.ID))
		wantKind(t, s.DeleteInvitation(ctx, adam.ID), errs.NotFound)
	})
}
