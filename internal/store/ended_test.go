package store_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestLiveCredentials(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		alice, bob := addUser(t, s, 1), addUser(t, s, 2)
		bob.Active = false
		check(t, s.UpdateUser(ctx, bob))
		var tokens, sessions []int64
		for i, hash := range []string{"1", "2", "3"} {
			owner := []int64{alice.ID, alice.ID, bob.ID}[i]
			tokens = append(tokens, must(s.InsertToken(ctx, account.Token{UserID: owner, Created: at(1)}, hash))(t).ID)
			sessions = append(sessions, must(s.InsertSession(ctx, account.Session{
				UserID: owner, Created: at(1), Expires: at(10 * (i + 1)),
			}, hash))(t).ID)
		}
		const absent = 99
		live := func(found map[int64]bool, err error) []int64 {
			t.Helper()
			check(t, err)
			return slices.Sorted(maps.Keys(found))
		}
		equalLists(t, "tokens", live(s.LiveTokens(ctx, append(tokens, absent))), tokens[:2])
		equalLists(t, "sessions", live(s.LiveSessions(ctx, append(sessions, absent), at(10))), sessions[1:2])
		equalLists(t, "earlier", live(s.LiveSessions(ctx, sessions, at(9))), sessions[:2])
		equalLists(t, "none", live(s.LiveTokens(ctx, nil)), nil)

		check(t, s.DeleteToken(ctx, alice.ID, tokens[0]))
		many := make([]int64, 3*store.MaxIn)
		for i := range many {
			many[i] = int64(len(many) - i)
		}
		equalLists(t, "of many", live(s.LiveTokens(ctx, many)), tokens[1:2])
	})
}
