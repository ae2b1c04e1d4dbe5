package store_test

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestIdentities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ann, bob := addUser(t, s, 1), addUser(t, s, 2)
		put := func(userID int64, provider, subject string) (account.Identity, error) {
			i := account.Identity{UserID: userID, Provider: provider, Subject: subject, Email: "a@example.com", Created: at(3)}
			got, err := s.InsertIdentity(ctx, i)
			if err == nil {
				i.ID = got.ID
				equal(t, "what was stored", must(s.IdentityOf(ctx, provider, subject))(t), i)
			}
			return got, err
		}
		first := must(put(ann.ID, "company", "a"))(t)
		other := must(put(ann.ID, "club", "a"))(t)
		must(put(bob.ID, "company", "A"))(t) // subjects tell capitals from small letters
		for _, userID := range []int64{ann.ID, bob.ID} {
			wantKind(t, second(put(userID, "company", "a")), errs.Conflict)
		}
		_, err := s.IdentityOf(ctx, "company", "b")
		wantKind(t, err, errs.NotFound)
		list := must(s.IdentitiesOf(ctx, ann.ID))(t)
		if len(list) != 2 || list[0] != must(s.IdentityOf(ctx, "company", "a"))(t) || list[1].ID != other.ID {
			t.Errorf("%+v", list)
		}
		wantKind(t, s.DeleteIdentity(ctx, bob.ID, first.ID), errs.NotFound)
		check(t, s.DeleteIdentity(ctx, ann.ID, first.ID))
		wantKind(t, s.DeleteIdentity(ctx, ann.ID, first.ID), errs.NotFound)
		must(put(bob.ID, "company", "a"))(t)

		check(t, s.DeleteUser(ctx, bob.ID))
		_, err = s.IdentityOf(ctx, "company", "a")
		wantKind(t, err, errs.NotFound)
		equal(t, "Ann's", len(must(s.IdentitiesOf(ctx, ann.ID))(t)), 1)
	})
}

func TestExternalIDs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ann, bob := addUser(t, s, 1), addUser(t, s, 2)
		check(t, s.SetExternalID(ctx, ann.ID, "user_clerk"))
		equal(t, "who is called so", must(s.UserByExternalID(ctx, "user_clerk"))(t).ID, ann.ID)
		_, err := s.UserByExternalID(ctx, ann.ExternalID)
		wantKind(t, err, errs.NotFound)
		wantKind(t, s.SetExternalID(ctx, bob.ID, "user_clerk"), errs.Conflict)
		wantKind(t, s.SetExternalID(ctx, 99, "user_nobody"), errs.NotFound)
	})
}

// Many may have no address, and nobody is found by that.
func TestUsersWithoutAddress(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var made []account.User
		for n := range 2 {
			u := user(n)
			u.Email = ""
			made = append(made, must(s.InsertUser(ctx, u, ""))(t))
		}
		for _, none := range []string{"", " " + made[0].ExternalID} {
			_, err := s.UserByEmail(ctx, account.FoldEmail(none))
			wantKind(t, err, errs.NotFound)
		}
		u := made[0]
		u.Email = "Ann@example.com"
		check(t, s.UpdateUser(ctx, u))
		equal(t, "who has the address", must(s.UserByEmail(ctx, "ann@example.com"))(t).ID, u.ID)
		other := made[1]
		other.Email = "ann@example.com"
		wantKind(t, s.UpdateUser(ctx, other), errs.Conflict)
		u.Email = ""
		check(t, s.UpdateUser(ctx, u))
		check(t, s.UpdateUser(ctx, other))
	})
}

func TestSpend(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		check(t, s.Spend(ctx, "1", at(5)))
		check(t, s.Spend(ctx, "2", at(9)))
		wantKind(t, s.Spend(ctx, "1", at(9)), errs.Conflict)
		check(t, s.DeleteSpent(ctx, at(5)))
		check(t, s.Spend(ctx, "1", at(9)))
		wantKind(t, s.Spend(ctx, "2", at(9)), errs.Conflict)
	})
}
