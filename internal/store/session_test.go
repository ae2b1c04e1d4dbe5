package store_test

import (
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		alice, bob := addUser(t, s, 1).ID, addUser(t, s, 2).ID
		insert := func(userID int64, hash string, expires int) account.Session {
			return must(s.InsertSession(ctx, account.Session{
				UserID: userID, Label: "Firefox", Created: at(0), Expires: at(expires),
			}, hash))(t)
		}
		present := func(want ...string) {
			t.Helper()
			var got []string
			for _, h := range must(s.SessionsByHash(ctx, []string{"1", "2", "3", "4"}))(t) {
				got = append(got, h.Hash)
			}
			slices.Sort(got)
			equalLists(t, "sessions", got, want)
		}
		one := insert(alice, "1", 10)
		two := insert(alice, "2", 20)
		his := insert(bob, "3", 30)
		insert(bob, "4", 40)
		found := must(s.SessionsByHash(ctx, []string{"1"}))(t)[0]
		equal(t, "by hash", found.Credential, one)
		equal(t, "whose it is", found.User.ID, alice)

		equal(t, "by id", must(s.SessionByID(ctx, one.ID))(t), one)
		wantKind(t, second(s.SessionByID(ctx, 99)), errs.NotFound)
		equalLists(t, "of a user", must(s.SessionsOf(ctx, alice, at(9)))(t), []account.Session{two, one})
		equalLists(t, "of a user", must(s.SessionsOf(ctx, alice, at(10)))(t), []account.Session{two})

		wantKind(t, s.DeleteSession(ctx, alice, his.ID), errs.NotFound)
		check(t, s.DeleteSessionsOf(ctx, bob, his.ID))
		present("1", "2", "3")
		equal(t, "expired", must(s.DeleteExpiredSessions(ctx, at(9)))(t), 0)
		equal(t, "expired", must(s.DeleteExpiredSessions(ctx, at(10)))(t), 1)
		present("2", "3")
		check(t, s.DeleteSession(ctx, bob, his.ID))
		wantKind(t, s.DeleteSession(ctx, bob, his.ID), errs.NotFound)
		present("2")
		check(t, s.DeleteSessionsOf(ctx, alice, 0))
		present()
		insert(bob, "4", 40)
		check(t, s.Exec(ctx, `DELETE FROM users WHERE id = $1`, bob))
		present()
	})
}
