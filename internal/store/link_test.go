package store_test

import (
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestLinks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		now := time.Date(2026, 11, 22, 14, 8, 32, 0, time.UTC)
		u := addUser(t, s, 1)
		put := func(purpose account.LinkPurpose, userID int64, email, hash string) account.Link {
			t.Helper()
			l := account.Link{Purpose: purpose, UserID: userID, Email: email, Password: "print", Created: now, Expires: now.Add(time.Hour)}
			check(t, s.InsertLink(ctx, l, hash))
			got := must(s.LinkByHash(ctx, purpose, hash, now))(t)
			l.ID = got.ID
			equal(t, "link", got, l)
			return l
		}
		there := func(purpose account.LinkPurpose, hash string, want bool) {
			t.Helper()
			_, err := s.LinkByHash(ctx, purpose, hash, now)
			if err != nil {
				wantKind(t, err, errs.NotFound)
			}
			equal(t, string(purpose)+" "+hash, err == nil, want)
		}

		reset := put(account.LinkReset, u.ID, "a@example.com", "1")
		put(account.LinkReset, u.ID, "b@example.com", "2")
		put(account.LinkVerify, u.ID, "a@example.com", "3")
		put(account.LinkInvite, 0, "a@example.com", "4")
		put(account.LinkInvite, 0, "b@example.com", "5")

		there(account.LinkVerify, "1", false)
		_, err := s.TakeLink(ctx, account.LinkVerify, "1", now)
		wantKind(t, err, errs.NotFound)
		_, err = s.TakeLink(ctx, account.LinkReset, "1", now.Add(time.Hour))
		wantKind(t, err, errs.NotFound)
		got := must(s.TakeLink(ctx, account.LinkReset, "1", now))(t)
		reset.ID = got.ID
		equal(t, "taken", got, reset)
		_, err = s.TakeLink(ctx, account.LinkReset, "1", now)
		wantKind(t, err, errs.NotFound)

		check(t, s.DeleteLinks(ctx, account.LinkReset, u.ID, ""))
		there(account.LinkReset, "2", false)
		there(account.LinkVerify, "3", true)
		check(t, s.DeleteLinks(ctx, account.LinkInvite, 0, "a@example.com"))
		there(account.LinkInvite, "4", false)
		there(account.LinkInvite, "5", true)

		check(t, s.DeleteUser(ctx, u.ID))
		there(account.LinkVerify, "3", false)
		equal(t, "expired", must(s.DeleteExpiredLinks(ctx, now.Add(time.Hour-time.Microsecond)))(t), 0)
		equal(t, "expired", must(s.DeleteExpiredLinks(ctx, now.Add(time.Hour)))(t), 1)
	})
}

func TestDeleteTokensOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a, b := addUser(t, s, 1), addUser(t, s, 2)
		for hash, id := range map[string]int64{"1": a.ID, "2": a.ID, "3": b.ID} {
			must(s.InsertToken(ctx, account.Token{UserID: id, Created: a.Joined}, hash))(t)
		}
		check(t, s.DeleteTokensOf(ctx, a.ID))
		equal(t, "his", len(must(s.TokensOf(ctx, a.ID))(t)), 0)
		equal(t, "another's", len(must(s.TokensOf(ctx, b.ID))(t)), 1)
	})
}
