package store_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// The pages of a user's messages are right however his conversations overlap,
// many of them begin at one time, and the messages are gone that some began or
// ended with.
func TestMessagesOfMany(t *testing.T) {
	const people, messages = 40, 400
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		var users []int64
		for i := range people {
			users = append(users, addUser(t, s, i).ID)
		}
		me := users[people/2] // in some conversations the lower, in some the higher
		chance := rand.New(rand.NewPCG(3, 4))
		someone := func(before int) int64 { return users[chance.IntN(before)] }
		for name, made := range map[string]func(i int) (when int, other int64){
			"at one time": func(int) (int, int64) { return 7, someone(people) },
			"at random":   func(int) (int, int64) { return chance.IntN(50), someone(people) },
			"in turn":     func(i int) (int, int64) { return i / 3, users[i*people/messages] },
			"mostly one":  func(i int) (int, int64) { return i, someone(1 + chance.IntN(1+chance.IntN(people))) },
		} {
			check(t, s.Exec(ctx, `DELETE FROM messages`))
			var batch []chat.Message
			for i := range messages {
				when, other := made(i)
				from, to := me, other
				if chance.IntN(2) == 0 {
					from, to = other, me
				}
				batch = append(batch, message(when, from, to))
				// What others write to each other is not his.
				batch = append(batch, message(when, users[0], users[1]))
			}
			must(s.InsertMessages(ctx, batch))(t)
			var mine []chat.Message
			for _, m := range batch {
				if m.SenderID == me || m.ReceiverID == me {
					mine = append(mine, m)
				}
			}
			verify := func() {
				t.Helper()
				slices.SortFunc(mine, func(a, b chat.Message) int {
					return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
				})
				want := keys(mine, messageID)
				equal(t, name+": count", must(s.CountMessagesOf(ctx, me))(t), len(want))
				for _, limit := range []int{0, 1, 7, 60} {
					for offset := 0; offset <= len(want)+20; offset += 37 {
						got := must(s.MessagesOf(ctx, me, chat.Page{Limit: limit, Offset: offset}))(t)
						equalLists(t, name, keys(got, messageID), slice(want, limit, offset))
					}
				}
			}
			verify()
			gone := func(m chat.Message) bool {
				return m.Created.Before(mine[20].Created) || m.Created.After(mine[len(mine)-20].Created) || m.ID%5 == 0
			}
			var left []chat.Message
			for _, m := range mine {
				if !gone(m) {
					left = append(left, m)
					continue
				}
				check(t, s.DeleteMessage(ctx, m.ID))
			}
			mine = left
			verify()
			// An old message that moves is one of its new conversation.
			if m := &mine[0]; m.SenderID == me {
				m.ReceiverID = users[people-1]
				check(t, s.UpdateMessage(ctx, *m))
				verify()
			}
			checkCounts(t, s)
		}
	})
}

// An upgrade keeps every message and the numbers of its conversation, and gives
// no id twice.
func TestMigrateBounds(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			ctx := t.Context()
			s := open(t, storetest.URL(t, engine))
			check(t, s.MigrateBefore(ctx, "0005_bounds"))
			for n := range 3 { // with the columns that there were then
				u := user(n)
				check(t, s.Exec(ctx, `INSERT INTO users (oid, external_id, email, email_folded, verified, full_name, image, password, active, admin, created_at, updated_at)
					VALUES ($1, $2, $3, $4, TRUE, '', '', '', TRUE, FALSE, 0, 0)`, string(u.OID), u.ExternalID, u.Email, account.FoldEmail(u.Email)))
			}
			a, b, c := int64(1), int64(2), int64(3)
			var kept []chat.Message
			for i, pair := range [][2]int64{{a, b}, {b, a}, {a, a}, {c, b}, {b, c}} {
				kept = append(kept, addMessage(t, s, 60*(9-i), pair[0], pair[1]))
			}
			for _, other := range []int64{a, c} { // nothing is left of the second conversation
				check(t, s.DeleteMessage(ctx, addMessage(t, s, 60*20, a, other).ID))
			}
			last := kept[len(kept)-1].ID + 2
			revision := must(s.ConversationRevision(ctx, a, b))(t)

			must(s.Migrate(ctx))(t)
			for _, m := range kept {
				equal(t, "message", must(s.MessageByID(ctx, m.ID))(t), m)
			}
			checkCounts(t, s)
			equal(t, "revision", must(s.ConversationRevision(ctx, a, b))(t), revision)
			for query, want := range map[string]int{
				`SELECT first_at FROM conversations WHERE low_id = $1 AND high_id = $2`: 8,
				`SELECT last_at FROM conversations WHERE low_id = $1 AND high_id = $2`:  9,
			} {
				equal(t, query, must(s.Int(ctx, query, a, b))(t), at(60*want).UnixMicro())
			}
			equalLists(t, "messages", keys(must(s.MessagesOf(ctx, b, chat.Page{}))(t), messageID),
				[]int64{kept[4].ID, kept[3].ID, kept[1].ID, kept[0].ID})

			next := addMessage(t, s, 1, c, a)
			if next.ID <= last {
				t.Errorf("the id %d was given before", next.ID)
			}
			const absent = 99
			equal(t, "a message to nobody", addMessage(t, s, 2, a, absent).ID, 0)
			if _, err := insertMessage(ctx, s, next); err == nil {
				t.Error("an ObjectId is stored twice")
			}
			check(t, s.Exec(ctx, `DELETE FROM users WHERE id = $1`, b))
			equalLists(t, "left", keys(must(s.MessagesOf(ctx, a, chat.Page{}))(t), messageID), []int64{next.ID, kept[2].ID})
			equal(t, "all that is left", must(s.Int(ctx, `SELECT count(*) FROM messages`))(t), 2)
			checkCounts(t, s)
		})
	}
}
