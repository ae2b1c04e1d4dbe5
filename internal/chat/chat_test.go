package chat_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// room is a world with three people in it.
type room struct {
	*world.World
	*chat.Service
	alice, bob, carol account.Actor
}

func newRoom(t *testing.T, engine string) room {
	t.Helper()
	w := world.New(t, engine)
	join := func(name string) account.Actor {
		u, _ := w.AddUser(t, name+"@example.com", name, false)
		return account.Actor{User: u, Via: account.ViaToken}
	}
	return room{w, w.Chat, join("alice"), join("bob"), join("carol")}
}

// eachEngine runs a test over a room on every engine.
func eachEngine(t *testing.T, test func(t *testing.T, r room)) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) { test(t, newRoom(t, engine)) })
	}
}

func (r room) send(t *testing.T, from, to account.Actor, content string) chat.Message {
	t.Helper()
	return must(r.Send(t.Context(), from, to.User.ID, content))(t)
}

// must returns v, and ends the test on an error.
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantKind(t *testing.T, err error, want errs.Kind) {
	t.Helper()
	if !errs.Is(err, want) {
		t.Errorf("error %v, want one of kind %v", err, want)
	}
}

// wantField checks that an error is Invalid, and its only field.
func wantField(t *testing.T, err error, name string, code errs.Code) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != name || e.Fields[0].Code != code {
		t.Errorf("error %v, want invalid: %s is %s", err, name, code)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %+v, want %+v", what, got, want)
	}
}

func contents(list []chat.Message) string {
	var out []string
	for _, m := range list {
		out = append(out, m.Content)
	}
	return strings.Join(out, " ")
}

func TestSend(t *testing.T) {
	eachEngine(t, func(t *testing.T, r room) {
		ctx := t.Context()
		m := r.send(t, r.alice, r.bob, "Grüße 🎵")
		want := chat.Message{
			ID: m.ID, OID: m.OID, SenderID: r.alice.User.ID, ReceiverID: r.bob.User.ID,
			Content: "Grüße 🎵", Created: m.Created, Updated: m.Created,
		}
		equal(t, "message", m, want)
		for _, who := range []account.Actor{r.alice, r.bob} {
			equal(t, "stored", must(r.Message(ctx, who, m.ID))(t), want)
		}
		_, err := r.Message(ctx, r.carol, m.ID)
		wantKind(t, err, errs.NotFound)
		_, err = r.Message(ctx, r.alice, 99)
		wantKind(t, err, errs.NotFound)

		longest := strings.Repeat("ü", chat.MaxContent)
		r.send(t, r.alice, r.alice, longest)
		for content, code := range map[string]errs.Code{
			"": errs.Required, longest + "x": errs.TooLong, "\xff": errs.Malformed, "null\x00": errs.Malformed,
		} {
			_, err := r.Send(ctx, r.alice, r.bob.User.ID, content)
			wantField(t, err, "content", code)
			_, err = r.Edit(ctx, r.alice, m.ID, chat.Change{Content: &content})
			wantField(t, err, "content", code)
		}
		_, err = r.Send(ctx, r.alice, 99, "x")
		wantField(t, err, "receiver", errs.Unknown)
	})
}

func TestStrangers(t *testing.T) {
	r := newRoom(t, "sqlite")
	ctx := t.Context()
	m := r.send(t, r.alice, r.bob, "Hello")
	var nobody account.Actor
	_, errSend := r.Send(ctx, nobody, r.bob.User.ID, "x")
	_, errMessage := r.Message(ctx, nobody, m.ID)
	_, _, errMessages := r.Messages(ctx, nobody, chat.Page{})
	_, errConversation := r.Conversation(ctx, nobody, r.bob.User.ID, chat.Page{})
	_, errBefore := r.ConversationBefore(ctx, nobody, r.bob.User.ID, m.ID, 1)
	_, errOID := r.MessageByOID(ctx, nobody, m.OID)
	_, errRead := r.MarkRead(ctx, nobody, r.bob.User.ID, m.ID)
	_, errUnread := r.Unread(ctx, nobody)
	_, errFrom := r.UnreadFrom(ctx, nobody, r.bob.User.ID)
	_, errList := r.Conversations(ctx, nobody, chat.Page{})
	_, errCount := r.CountConversations(ctx, nobody)
	_, errEdit := r.Edit(ctx, nobody, m.ID, chat.Change{})
	for _, err := range []error{
		errSend, errMessage, errMessages, errConversation, errBefore, errOID, errRead, errUnread, errFrom, errList, errCount, errEdit, r.MayEdit(ctx, nobody, m.ID), r.Delete(ctx, nobody, m.ID),
	} {
		wantKind(t, err, errs.Unauthenticated)
	}
}

func TestLists(t *testing.T) {
	r := newRoom(t, "sqlite")
	ctx := t.Context()
	r.send(t, r.alice, r.bob, "1")
	r.send(t, r.bob, r.alice, "2")
	r.send(t, r.alice, r.carol, "3")
	r.send(t, r.alice, r.alice, "4")
	r.send(t, r.carol, r.bob, "5")
	for _, tt := range []struct {
		who   account.Actor
		page  chat.Page
		total int
		want  string
	}{
		{r.alice, chat.Page{}, 4, "1 2 3 4"},
		{r.alice, chat.Page{Limit: 2, Offset: 1}, 4, "2 3"},
		{r.alice, chat.Page{Limit: 2, Offset: 3}, 4, "4"},
		{r.alice, chat.Page{Offset: 9}, 4, ""},
		{r.bob, chat.Page{}, 3, "1 2 5"},
		{r.carol, chat.Page{}, 2, "3 5"},
	} {
		list, total, err := r.Messages(ctx, tt.who, tt.page)
		if err != nil || total != tt.total || contents(list) != tt.want {
			t.Errorf("%s, %+v: %d: %s, %v, want %d: %s", tt.who.User.FullName, tt.page, total, contents(list), err, tt.total, tt.want)
		}
	}
	for _, tt := range []struct {
		a, b account.Actor
		page chat.Page
		want string
	}{
		{r.alice, r.bob, chat.Page{}, "1 2"},
		{r.bob, r.alice, chat.Page{}, "1 2"},
		{r.bob, r.alice, chat.Page{Limit: 1, Offset: 1}, "2"},
		{r.alice, r.alice, chat.Page{}, "4"},
		{r.bob, r.carol, chat.Page{}, "5"},
		{r.carol, r.carol, chat.Page{}, ""},
	} {
		equal(t, "conversation", contents(must(r.Conversation(ctx, tt.a, tt.b.User.ID, tt.page))(t)), tt.want)
	}
	equal(t, "conversation with nobody", len(must(r.Conversation(ctx, r.alice, 99, chat.Page{}))(t)), 0)
}

// A message is its sender's to change and to delete; its receiver is told so,
// and to all others it is not there.
func TestEditAndDelete(t *testing.T) {
	eachEngine(t, func(t *testing.T, r room) {
		ctx := t.Context()
		m := r.send(t, r.alice, r.bob, "Hello")
		content := "Changed"
		for kind, who := range map[errs.Kind]account.Actor{errs.Forbidden: r.bob, errs.NotFound: r.carol} {
			_, err := r.Edit(ctx, who, m.ID, chat.Change{Content: &content})
			wantKind(t, err, kind)
			wantKind(t, r.MayEdit(ctx, who, m.ID), kind)
			wantKind(t, r.Delete(ctx, who, m.ID), kind)
		}
		equal(t, "after tries", must(r.Message(ctx, r.alice, m.ID))(t), m)
		if err := r.MayEdit(ctx, r.alice, m.ID); err != nil {
			t.Error(err)
		}

		got := must(r.Edit(ctx, r.alice, m.ID, chat.Change{Content: &content}))(t)
		if !got.Updated.After(m.Updated) {
			t.Error("the time of the change did not move")
		}
		m.Content, m.Updated = content, got.Updated
		equal(t, "edited", got, m)
		equal(t, "stored", must(r.Message(ctx, r.bob, m.ID))(t), m)

		absent := int64(99)
		_, err := r.Edit(ctx, r.alice, m.ID, chat.Change{ReceiverID: &absent, Content: &content})
		wantField(t, err, "receiver", errs.Unknown)
		got = must(r.Edit(ctx, r.alice, m.ID, chat.Change{ReceiverID: &r.carol.User.ID}))(t)
		equal(t, "content", got.Content, content)
		_, err = r.Message(ctx, r.bob, m.ID)
		wantKind(t, err, errs.NotFound)
		equal(t, "to another", must(r.Message(ctx, r.carol, m.ID))(t), got)

		if err := r.Delete(ctx, r.alice, m.ID); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"delete": r.Delete(ctx, r.alice, m.ID), "ask": r.MayEdit(ctx, r.alice, m.ID),
			"edit": func() error { _, err := r.Edit(ctx, r.alice, m.ID, chat.Change{}); return err }(),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Error(fmt.Errorf("%s again: %w", what, err))
			}
		}
	})
}

func TestRemove(t *testing.T) {
	eachEngine(t, func(t *testing.T, r room) {
		ctx := t.Context()
		editor := r.carol
		editor.User.Staff = account.Editor
		viewer := r.carol
		viewer.User.Staff = account.Viewer
		m := r.send(t, r.alice, r.bob, "Rude words")

		wantKind(t, r.Remove(ctx, account.Actor{}, m.ID), errs.Unauthenticated)
		for _, actor := range []account.Actor{r.alice, viewer} {
			wantKind(t, r.Remove(ctx, actor, m.ID), errs.Forbidden)
		}
		if err := r.Remove(ctx, editor, m.ID); err != nil {
			t.Fatal(err)
		}
		_, err := r.Message(ctx, r.alice, m.ID)
		wantKind(t, err, errs.NotFound)
		wantKind(t, r.Remove(ctx, editor, m.ID), errs.NotFound)

		entries := must(r.Audit.Of(ctx, audit.Messages, fmt.Sprint(m.ID), 10))(t)
		if len(entries) != 1 {
			t.Fatalf("%d entries", len(entries))
		}
		equal(t, "who", entries[0].ActorID, editor.User.ID)
		equal(t, "action", entries[0].Action, audit.Deleted)
		equal(t, "what", entries[0].Object, "Rude words")
		equal(t, "content", entries[0].Changes[2], audit.Change{Field: "content", From: "Rude words"})
	})
}
