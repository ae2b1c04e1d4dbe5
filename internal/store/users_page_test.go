package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// Whoever is left out, and wherever a page begins, it is the part of the list
// that cutting the whole list without him gives.
func TestPagesOfUsers(t *testing.T) {
	const n, limit = 12, 5
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		var all []int64 // newest first
		for i := range n {
			u := user(i)
			u.Joined = at(i / 2) // pairs join at once
			all = slices.Insert(all, 0, must(s.InsertUser(t.Context(), u, "hash"))(t).ID)
		}
		for _, except := range append(slices.Clone(all), 0, 9999) {
			others := slices.DeleteFunc(slices.Clone(all), func(id int64) bool { return id == except })
			for offset := range n + 2 {
				for _, size := range []int{limit, 0} {
					got := must(s.Users(t.Context(), account.UserFilter{Except: except, NewestFirst: true, Limit: size, Offset: offset}))(t)
					want := others[min(offset, len(others)):]
					if size > 0 {
						want = want[:min(size, len(want))]
					}
					ids := make([]int64, len(got))
					for i, u := range got {
						ids[i] = u.ID
					}
					equalLists(t, fmt.Sprintf("without %d, from %d, at most %d", except, offset, size), ids, want)
				}
			}
		}
	})
}

// The revision of a conversation rises with everything that changes it.
func TestConversationRevision(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		ann, bob, cat := addUser(t, s, 1).ID, addUser(t, s, 2).ID, addUser(t, s, 3).ID
		last := map[int64]int64{}
		rises := func(what string, others ...int64) {
			t.Helper()
			for _, other := range others {
				now := must(s.ConversationRevision(ctx, ann, other))(t)
				if now <= last[other] {
					t.Errorf("%s: the revision went from %d to %d", what, last[other], now)
				}
				equal(t, "seen by the other", must(s.ConversationRevision(ctx, other, ann))(t), now)
				last[other] = now
			}
		}
		equal(t, "before anything", must(s.ConversationRevision(ctx, ann, bob))(t), 0)
		m := must(insertMessage(ctx, s, message(1, ann, bob)))(t)
		rises("insert", bob)
		m.Content = "changed"
		check(t, s.UpdateMessage(ctx, m))
		rises("change", bob)
		m.ReceiverID = cat
		check(t, s.UpdateMessage(ctx, m))
		rises("move", bob, cat)
		check(t, s.DeleteMessage(ctx, m.ID))
		rises("delete", cat)
		equal(t, "acquaintances", len(must(s.Acquainted(ctx, ann, []int64{bob, cat}))(t)), 0)
		must(insertMessage(ctx, s, message(2, cat, ann)))(t)
		rises("insert after the last was deleted", cat)
	})
}
