package store_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestMessage(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		a, b, c := addUser(t, s, 1).ID, addUser(t, s, 2).ID, addUser(t, s, 3).ID
		m := message(1, b, a)
		m.Content = "Grüße\n'quoted' 🎵"
		m = must(insertMessage(ctx, s, m))(t)
		equal(t, "by id", must(s.MessageByID(ctx, m.ID))(t), m)
		equal(t, "by its other id", must(s.MessageByOID(ctx, m.OID))(t), m)
		m.ReceiverID, m.Content, m.Updated = c, "changed", at(9)
		check(t, s.UpdateMessage(ctx, m))
		equal(t, "changed", must(s.MessageByID(ctx, m.ID))(t), m)
		equal(t, "left to the first receiver", must(s.CountMessagesOf(ctx, a))(t), 0)

		const absent = 99
		equal(t, "a message to nobody", addMessage(t, s, 2, a, absent).ID, 0)
		lost := m
		lost.ReceiverID = absent
		wantField(t, s.UpdateMessage(ctx, lost), errs.Invalid, "receiver", errs.Unknown)
		equal(t, "after an error", must(s.MessageByID(ctx, m.ID))(t), m)

		check(t, s.DeleteMessage(ctx, m.ID))
		_, err := s.MessageByID(ctx, m.ID)
		wantKind(t, err, errs.NotFound)
		_, err = s.MessageByOID(ctx, m.OID)
		wantKind(t, err, errs.NotFound)
		wantKind(t, s.UpdateMessage(ctx, m), errs.NotFound)
		wantKind(t, s.DeleteMessage(ctx, m.ID), errs.NotFound)
	})
}

func TestMessages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var u [4]int64
		for i := range u {
			u[i] = addUser(t, s, i).ID
		}
		var all []chat.Message
		for _, v := range []struct{ at, from, to int }{
			{5, 0, 1}, {1, 1, 0}, {3, 0, 0}, {3, 2, 0}, {3, 0, 2}, {9, 1, 2}, {7, 1, 0}, {8, 0, 0},
		} {
			all = append(all, addMessage(t, s, v.at, u[v.from], u[v.to]))
		}
		slices.SortFunc(all, func(a, b chat.Message) int {
			return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
		})
		only := func(keep func(m chat.Message) bool) []int64 {
			return keys(slices.DeleteFunc(slices.Clone(all), func(m chat.Message) bool { return !keep(m) }), messageID)
		}
		for _, me := range u {
			mine := only(func(m chat.Message) bool { return m.SenderID == me || m.ReceiverID == me })
			equal(t, "count", must(s.CountMessagesOf(ctx, me))(t), len(mine))
			eachPage(len(mine), func(limit, offset int) {
				got := must(s.MessagesOf(ctx, me, chat.Page{Limit: limit, Offset: offset}))(t)
				equalLists(t, "messages", keys(got, messageID), slice(mine, limit, offset))
			})
			for _, other := range u {
				both := only(func(m chat.Message) bool {
					return m.SenderID == me && m.ReceiverID == other || m.SenderID == other && m.ReceiverID == me
				})
				eachPage(len(both), func(limit, offset int) {
					got := must(s.Conversation(ctx, me, other, chat.Page{Limit: limit, Offset: offset}))(t)
					equalLists(t, "conversation", keys(got, messageID), slice(both, limit, offset))
				})
				for limit := range len(both) + 2 {
					for end := range len(both) + 1 {
						before := chat.Message{}
						if end < len(both) {
							before = must(s.MessageByID(ctx, both[end]))(t)
						}
						got := must(s.ConversationBefore(ctx, me, other, before, limit))(t)
						equalLists(t, "before", keys(got, messageID), both[max(0, end-limit):end])
					}
				}
			}
		}
		// Messages go with either party.
		check(t, s.Exec(ctx, `DELETE FROM users WHERE id = $1`, u[1]))
		left := only(func(m chat.Message) bool { return m.SenderID != u[1] && m.ReceiverID != u[1] })
		equalLists(t, "left", keys(must(s.MessagesOf(ctx, u[0], chat.Page{}))(t), messageID), left)
		equal(t, "count", must(s.CountMessagesOf(ctx, u[0]))(t), len(left))
	})
}
