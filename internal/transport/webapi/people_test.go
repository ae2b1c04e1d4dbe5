package webapi_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
)

func TestPeople(t *testing.T) {
	s := newServer(t)
	ctx := context.Background()
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	bob, bobKey := s.AddUser(t, "bob@example.com", "Bob Ünal", false)
	gone, _ := s.AddUser(t, "gone@example.com", "Gone", false)
	if err := s.Accounts.SetActive(ctx, account.Operator(), gone.ID, false); err != nil {
		t.Fatal(err)
	}
	var p page[person]
	s.get("people", key).is(200, &p)
	if p.Total != 1 || p.Items[0].ID != bob.ExternalID || p.Items[0].Name != "Bob Ünal" {
		t.Errorf("%+v", p)
	}
	s.get("people?q=%C3%BCnal+bob", key).is(200, &p)
	if p.Total != 1 {
		t.Errorf("%+v", p)
	}
	s.get("people?q=ada", key).is(200, &p)
	if p.Total != 0 || p.Items == nil {
		t.Errorf("%+v", p)
	}
	s.get("people?limit=501", key).fails(400, "invalid", "limit too_big")
	s.get("people", "").fails(401, "unauthenticated", "")
	var one person
	s.get("people/"+bob.ExternalID, key).is(200, &one)
	if one.Name != "Bob Ünal" {
		t.Errorf("%+v", one)
	}
	s.get("people/user_nobody", key).fails(404, "not_found", "")
	s.get("people/"+bob.ExternalID, "").fails(401, "unauthenticated", "")

	type present struct {
		Person   person
		Activity string
	}
	var online []present
	s.get("presence", key).is(200, &online)
	if online == nil || len(online) != 0 {
		t.Errorf("%+v", online)
	}
	actor, err := s.Accounts.AuthenticateToken(ctx, bobKey)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Presence.Announce(ctx, actor, "Playing One by Two"); err != nil {
		t.Fatal(err)
	}
	s.get("presence", key).is(200, &online)
	if len(online) != 1 || online[0].Person.ID != bob.ExternalID || online[0].Activity != "Playing One by Two" {
		t.Errorf("%+v", online)
	}
	s.get("presence", "").fails(401, "unauthenticated", "")
}

type message struct{ ID, From, To, Content string }

func TestChat(t *testing.T) {
	s := newServer(t)
	ada, key := s.AddUser(t, "ada@example.com", "Ada", false)
	bob, bobKey := s.AddUser(t, "bob@example.com", "Bob", false)
	_, carolKey := s.AddUser(t, "carol@example.com", "Carol", false)
	send := func(who, to, content string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: "conversations/" + to + "/messages", who: who, body: fmt.Sprintf(`{"content":%q}`, content)})
	}
	var sent [3]message
	for i := range sent {
		send(key, bob.ExternalID, fmt.Sprint("Message ", i)).is(201, &sent[i])
	}
	if sent[0].From != ada.ExternalID || sent[0].To != bob.ExternalID || sent[0].Content != "Message 0" {
		t.Errorf("%+v", sent[0])
	}
	send(key, bob.ExternalID, "").fails(400, "invalid", "content required")
	send(key, bob.ExternalID, strings.Repeat("x", 100_001)).fails(400, "invalid", "content too_long")
	send(key, "user_nobody", "x").fails(404, "not_found", "")
	send("", bob.ExternalID, "x").fails(401, "unauthenticated", "")

	type conversation struct {
		Person   person
		Last     *message
		Unread   int
		ReadUpTo *string
	}
	var list page[conversation]
	s.get("conversations", bobKey).is(200, &list)
	if list.Total != 1 || list.Items[0].Person.ID != ada.ExternalID || list.Items[0].Unread != 3 || *list.Items[0].Last != sent[2] || list.Items[0].ReadUpTo != nil {
		t.Errorf("%+v", list)
	}
	s.get("conversations", carolKey).is(200, &list)
	if list.Total != 0 || list.Items == nil {
		t.Errorf("%+v", list)
	}
	s.get("conversations?limit=x", key).fails(400, "invalid", "limit malformed")
	s.get("conversations", "").fails(401, "unauthenticated", "")

	of := "conversations/" + ada.ExternalID
	history := func(query, want string) {
		t.Helper()
		var list []message
		s.get(of+"/messages"+query, bobKey).is(200, &list)
		var texts []string
		for _, m := range list {
			texts = append(texts, m.Content)
		}
		if got := strings.Join(texts, ", "); got != want {
			t.Errorf("messages%s: %s, want %s", query, got, want)
		}
	}
	history("", "Message 0, Message 1, Message 2")
	history("?limit=2", "Message 1, Message 2")
	history("?limit=1&before="+sent[2].ID, "Message 1")
	s.get(of+"/messages?limit=201", bobKey).fails(400, "invalid", "limit too_big")
	s.get(of+"/messages?before=x", bobKey).fails(400, "invalid", "before unknown")
	s.get(of+"/messages?before="+sent[0].ID, carolKey).fails(400, "invalid", "before unknown")
	s.get("conversations/user_nobody/messages", bobKey).fails(404, "not_found", "")
	s.get(of+"/messages", "").fails(401, "unauthenticated", "")

	read := func(who, body string) answer {
		t.Helper()
		return s.do(request{method: "POST", path: of + "/read", who: who, body: body})
	}
	var state struct {
		Unread   int
		ReadUpTo *string
	}
	read(bobKey, `{"messageId":"`+sent[1].ID+`"}`).is(200, &state)
	if state.Unread != 1 || *state.ReadUpTo != sent[1].ID {
		t.Errorf("%+v", state)
	}
	read(bobKey, `{}`).is(200, &state)
	if state.Unread != 0 || *state.ReadUpTo != sent[2].ID {
		t.Errorf("%+v", state)
	}
	read(bobKey, `{"messageId":"x"}`).fails(400, "invalid", "messageId unknown")
	read(key, `{}`).fails(404, "not_found", "") // with himself
	read("", `{}`).fails(401, "unauthenticated", "")
	s.get("conversations", key).is(200, &list)
	if list.Items[0].ReadUpTo == nil || *list.Items[0].ReadUpTo != sent[2].ID {
		t.Errorf("%+v", list)
	}

	drop := func(who, id string) answer {
		t.Helper()
		return s.do(request{method: "DELETE", path: "messages/" + id, who: who})
	}
	drop("", sent[0].ID).fails(401, "unauthenticated", "")
	drop(bobKey, sent[0].ID).fails(403, "forbidden", "")
	drop(carolKey, sent[0].ID).fails(404, "not_found", "")
	drop(key, "x").fails(404, "not_found", "")
	drop(key, sent[0].ID).is(204, nil)
	history("", "Message 1, Message 2")
}
