package store_test

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestToken(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		owner := addUser(t, s, 1)
		alice, bob := owner.ID, addUser(t, s, 2).ID
		byHash := func(hash string) account.Token {
			t.Helper()
			list := must(s.TokensByHash(ctx, []string{"none", hash}))(t)
			if len(list) != 1 || list[0].Hash != hash {
				t.Fatalf("by %q: %v", hash, list)
			}
			found, u := list[0].Credential, list[0].User
			equal(t, "whose it is", u.ID, found.UserID)
			if u.ID == alice {
				equal(t, "user", u, owner)
			}
			return found
		}
		insert := func(userID int64, hash string) account.Token {
			return must(s.InsertToken(ctx, account.Token{UserID: userID, Label: "curl", Created: at(1)}, hash))(t)
		}
		one, two, his := insert(alice, "1"), insert(alice, "2"), insert(bob, "3")
		equal(t, "by hash", byHash("1"), one)
		equal(t, "by several", len(must(s.TokensByHash(ctx, []string{"1", "2", "3", "1"}))(t)), 3)
		equal(t, "by none", len(must(s.TokensByHash(ctx, nil))(t)), 0)
		equal(t, "by id", must(s.TokenByID(ctx, one.ID))(t), one)
		wantKind(t, second(s.TokenByID(ctx, 99)), errs.NotFound)
		equalLists(t, "tokens", must(s.TokensOf(ctx, alice))(t), []account.Token{two, one})
		equal(t, "tokens of nobody", len(must(s.TokensOf(ctx, 99))(t)), 0)

		check(t, s.TouchTokens(ctx, []int64{one.ID, his.ID, 99}, at(5)))
		one.LastUsed = at(5)
		equal(t, "touched", byHash("1"), one)
		equal(t, "not touched", byHash("2"), two)

		wantKind(t, s.DeleteToken(ctx, alice, his.ID), errs.NotFound)
		check(t, s.DeleteToken(ctx, alice, one.ID))
		wantKind(t, s.DeleteToken(ctx, alice, one.ID), errs.NotFound)
		equal(t, "deleted", len(must(s.TokensByHash(ctx, []string{"1"}))(t)), 0)

		// Tokens go with their user; one for nobody cannot be.
		check(t, s.Exec(ctx, `DELETE FROM users WHERE id = $1`, alice))
		equal(t, "of nobody", len(must(s.TokensByHash(ctx, []string{"2"}))(t)), 0)
		equal(t, "another's", byHash("3").ID, his.ID)
		_, err := s.InsertToken(ctx, account.Token{UserID: alice, Created: noon}, "4")
		wantKind(t, err, errs.Internal)
	})
}
