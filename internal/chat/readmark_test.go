package chat_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
)

func ref(m chat.Message) chat.Ref { return chat.Ref{ID: m.ID, OID: m.OID} }

func TestReadMarks(t *testing.T) {
	eachEngine(t, func(t *testing.T, r room) {
		ctx := t.Context()
		var told []chat.Mark
		r.Read.Subscribe(func(m chat.Mark) { told = append(told, m) })
		read := func(who, other account.Actor, messageID int64) chat.Ref {
			t.Helper()
			m := must(r.MarkRead(ctx, who, other.User.ID, messageID))(t)
			if m.ReaderID != who.User.ID || m.OtherID != other.User.ID || m.At.IsZero() != (m.MessageID == 0) {
				t.Errorf("mark %+v", m)
			}
			return chat.Ref{ID: m.MessageID, OID: m.MessageOID}
		}
		unread := func(who account.Actor, want map[int64]int) {
			t.Helper()
			if got := must(r.Unread(ctx, who))(t); !maps.Equal(got, want) {
				t.Errorf("unread: %v, want %v", got, want)
			}
		}
		equal(t, "nothing to read", read(r.alice, r.bob, 0), chat.Ref{})
		equal(t, "nobody to read", read(r.alice, account.Actor{User: account.User{ID: 99}}, 0), chat.Ref{})

		one := r.send(t, r.bob, r.alice, "1")
		two := r.send(t, r.bob, r.alice, "2")
		own := r.send(t, r.alice, r.bob, "3")
		r.send(t, r.carol, r.alice, "4")
		r.send(t, r.alice, r.alice, "5")
		unread(r.alice, map[int64]int{r.bob.User.ID: 2, r.carol.User.ID: 1})
		unread(r.bob, map[int64]int{r.alice.User.ID: 1})

		equal(t, "first", read(r.alice, r.bob, one.ID), ref(one))
		equal(t, "left", must(r.UnreadFrom(ctx, r.alice, r.bob.User.ID))(t), 1)
		equal(t, "all", read(r.alice, r.bob, 0), ref(own))
		equal(t, "back", read(r.alice, r.bob, two.ID), ref(own))
		equal(t, "again", read(r.alice, r.bob, 0), ref(own))
		unread(r.alice, map[int64]int{r.carol.User.ID: 1})
		ids := []int64{}
		for _, m := range told {
			ids = append(ids, m.MessageID)
		}
		if want := []int64{one.ID, own.ID}; !slices.Equal(ids, want) {
			t.Errorf("told of %v, want %v", ids, want)
		}

		list := must(r.Conversations(ctx, r.bob, chat.Page{}))(t)
		want := []chat.Summary{{OtherID: r.alice.User.ID, Last: own, Unread: 1, ReadUpTo: ref(own)}}
		if !slices.Equal(list, want) {
			t.Errorf("conversations %+v, want %+v", list, want)
		}
		equal(t, "conversations", must(r.CountConversations(ctx, r.alice))(t), 2)
		list = must(r.Conversations(ctx, r.alice, chat.Page{Limit: 1}))(t)
		equal(t, "the latest", list[0].OtherID, r.carol.User.ID)
		equal(t, "not read", list[0].ReadUpTo, chat.Ref{})

		if err := r.Delete(ctx, r.alice, own.ID); err != nil {
			t.Fatal(err)
		}
		equal(t, "the marked one is gone", read(r.alice, r.bob, 0), ref(two))
		unread(r.bob, map[int64]int{})

		_, err := r.MarkRead(ctx, r.alice, r.alice.User.ID, 0)
		wantKind(t, err, errs.NotFound)
		foreign := r.send(t, r.carol, r.bob, "6")
		for _, id := range []int64{foreign.ID, r.send(t, r.alice, r.carol, "7").ID, 99} {
			_, err := r.MarkRead(ctx, r.alice, r.bob.User.ID, id)
			wantField(t, err, "message", errs.Unknown)
		}
	})
}

func TestConversationBefore(t *testing.T) {
	r := newRoom(t, "sqlite")
	ctx := t.Context()
	var sent []chat.Message
	for range chat.MaxHistory + 5 {
		sent = append(sent, r.send(t, r.alice, r.bob, "x"))
	}
	foreign := r.send(t, r.alice, r.carol, "y")
	for _, tt := range []struct {
		before int64
		limit  int
		want   []chat.Message
	}{
		{0, 2, sent[len(sent)-2:]},
		{sent[4].ID, 3, sent[1:4]},
		{sent[2].ID, 50, sent[:2]},
		{sent[0].ID, 50, nil},
		{0, 1000, sent[5:]},
	} {
		got := must(r.ConversationBefore(ctx, r.bob, r.alice.User.ID, tt.before, tt.limit))(t)
		if !slices.Equal(got, tt.want) {
			t.Errorf("before %d, %d: %d messages", tt.before, tt.limit, len(got))
		}
	}
	for _, id := range []int64{foreign.ID, 9999} {
		_, err := r.ConversationBefore(ctx, r.alice, r.bob.User.ID, id, 1)
		wantField(t, err, "before", errs.Unknown)
	}
	equal(t, "by its other id", must(r.MessageByOID(ctx, r.bob, sent[3].OID))(t), sent[3])
	_, err := r.MessageByOID(ctx, r.bob, foreign.OID)
	wantKind(t, err, errs.NotFound)
}
