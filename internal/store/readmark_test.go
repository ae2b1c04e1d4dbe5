package store_test

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// place is where a message is in its conversation.
type place struct{ at, id int64 }

func (p place) after(q place) bool { return p.at > q.at || p.at == q.at && p.id > q.id }

func placeOf(m chat.Message) place { return place{m.Created.UnixMicro(), m.ID} }

// A model of a few people who write, read, edit and delete: all that the store
// says of it is worked out here the naive way.
type model struct {
	users    []int64
	messages map[int64]chat.Message
	marks    map[[2]int64]place // of reader and other
}

// between returns what two wrote to each other, oldest first.
func (v *model) between(a, b int64) []chat.Message {
	var list []chat.Message
	for _, m := range v.messages {
		if m.SenderID == a && m.ReceiverID == b || m.SenderID == b && m.ReceiverID == a {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b chat.Message) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	return list
}

func (v *model) readUpTo(reader, other int64) (ref chat.Ref) {
	mark, ok := v.marks[[2]int64{reader, other}]
	for _, m := range v.between(reader, other) {
		if ok && !placeOf(m).after(mark) {
			ref = chat.Ref{ID: m.ID, OID: m.OID}
		}
	}
	return ref
}

func (v *model) conversations(me int64) []chat.Summary {
	var list []chat.Summary
	for _, other := range v.users {
		both := v.between(me, other)
		if other == me || len(both) == 0 {
			continue
		}
		c := chat.Summary{OtherID: other, Last: both[len(both)-1], ReadUpTo: v.readUpTo(other, me)}
		for _, m := range both {
			if m.SenderID == other && placeOf(m).after(v.marks[[2]int64{me, other}]) {
				c.Unread++
			}
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b chat.Summary) int {
		return cmp.Or(b.Last.Created.Compare(a.Last.Created), cmp.Compare(b.Last.ID, a.Last.ID))
	})
	return list
}

func TestReadMarks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		chance := rand.New(rand.NewPCG(3, 4))
		v := model{messages: map[int64]chat.Message{}, marks: map[[2]int64]place{}}
		for i := range 5 {
			v.users = append(v.users, addUser(t, s, i).ID)
		}
		someone := func() int64 { return v.users[chance.IntN(len(v.users))] }
		anything := func() chat.Message {
			ids := slices.Sorted(maps.Keys(v.messages))
			return v.messages[ids[chance.IntN(len(ids))]]
		}
		verify := func() {
			t.Helper()
			for _, me := range v.users {
				want := v.conversations(me)
				equal(t, "count", must(s.CountConversations(ctx, me))(t), len(want))
				eachPage(min(len(want), 3), func(limit, offset int) {
					equalLists(t, "conversations", must(s.Conversations(ctx, me, chat.Page{Limit: limit, Offset: offset}))(t), slice(want, limit, offset))
				})
				unread := map[int64]int{}
				for _, c := range want {
					equal(t, "unread from one", must(s.UnreadFrom(ctx, me, c.OtherID))(t), c.Unread)
					if c.Unread > 0 {
						unread[c.OtherID] = c.Unread
					}
				}
				if got := must(s.Unread(ctx, me))(t); !maps.Equal(got, unread) {
					t.Errorf("unread: %v, want %v", got, unread)
				}
			}
		}
		for range 40 {
			from, to := someone(), someone()
			m := addMessage(t, s, chance.IntN(20), from, to)
			v.messages[m.ID] = m
		}
		verify()
		for step := range 60 {
			switch m := anything(); step % 4 {
			case 0, 1: // the reader may be either party
				mark := chat.Mark{ReaderID: m.ReceiverID, OtherID: m.SenderID, MessageID: m.ID, At: at(step)}
				if chance.IntN(4) == 0 {
					mark.ReaderID, mark.OtherID = mark.OtherID, mark.ReaderID
				}
				key := [2]int64{mark.ReaderID, mark.OtherID}
				forward := placeOf(m).after(v.marks[key])
				equal(t, "moved", must(s.MoveReadMark(ctx, mark, m.Created))(t), forward)
				if forward {
					v.marks[key] = placeOf(m)
				}
				got := must(s.ReadMark(ctx, mark.ReaderID, mark.OtherID))(t)
				equal(t, "mark", chat.Ref{ID: got.MessageID, OID: got.MessageOID}, v.readUpTo(mark.ReaderID, mark.OtherID))
			case 2:
				check(t, s.DeleteMessage(ctx, m.ID))
				delete(v.messages, m.ID)
			case 3:
				m.ReceiverID = someone()
				check(t, s.UpdateMessage(ctx, m))
				v.messages[m.ID] = m
			}
		}
		verify()

		gone := v.users[1]
		check(t, s.Exec(ctx, `DELETE FROM users WHERE id = $1`, gone))
		v.users = slices.Delete(v.users, 1, 2)
		maps.DeleteFunc(v.messages, func(_ int64, m chat.Message) bool { return m.SenderID == gone || m.ReceiverID == gone })
		verify()
		equal(t, "his marks", must(s.Int(ctx, `SELECT count(*) FROM read_marks WHERE reader_id = $1 OR other_id = $1`, gone))(t), 0)
		_, err := s.MoveReadMark(ctx, chat.Mark{ReaderID: v.users[0], OtherID: gone, MessageID: 1, At: at(1)}, at(1))
		wantKind(t, err, errs.NotFound)
		_, err = s.ReadMark(ctx, v.users[0], gone)
		wantKind(t, err, errs.NotFound)
	})
}

// However long a conversation is, and however many there are, no query walks
// through messages that it does not count or return.
func TestRangeQueries(t *testing.T) {
	s := storetest.Open(t, "sqlite")
	for name, q := range store.RangeQueries {
		steps := must(s.Plan(t.Context(), q.Text, q.Args))(t)
		ranges := 0
		for _, step := range steps {
			// mine are the ranges of a user's own conversations; c is what was
			// cut out of them, and until and the constant row are one row each.
			short := []string{"SCAN mine", "SCAN c", "SCAN until", "SCAN CONSTANT ROW"}
			if strings.HasPrefix(step, "SCAN ") && !slices.Contains(short, step) {
				t.Errorf("%s: %s", name, step)
			}
			if strings.Contains(step, "messages_pair (low_id=? AND high_id=?") {
				ranges++
			}
		}
		if ranges == 0 {
			t.Errorf("%s: no range of a conversation in %q", name, steps)
		}
	}
}
