package adminapi

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
)

func TestPreview(t *testing.T) {
	s := open(t)
	listener := account.Actor{User: s.users["editor"], Via: account.ViaToken}
	if err := s.Listening.Record(t.Context(), listener, s.songs["Low"].ID); err != nil {
		t.Fatal(err)
	}
	s.do(t, "editor", "POST", "albums/actions/delete?preview=1", fmt.Sprintf(`{"ids":[%d]}`, s.album.ID)).want(t, 200, map[string]string{
		"count": "1", "items.#": "1", "items.0.label": "Tide", "items.0.detail": "Anna", "items.0.items.#": "3",
		"items.0.items.0.label": "High", "items.0.items.0.detail": "Songs", "items.0.items.2.label": "Low", "items.0.items.2.detail": "Plays",
		"summary.#": "3", "summary.0.label": "Albums", "summary.0.count": "1", "summary.1.label": "Songs", "summary.1.count": "2",
		"summary.2.label": "Plays", "summary.2.count": "1",
	})
	s.do(t, "admin", "POST", "users/actions/delete?preview=1", fmt.Sprintf(`{"ids":[%d]}`, s.users["viewer"].ID)).want(t, 200, map[string]string{
		"summary.0.label": "Users", "summary.1.label": "Messages", "summary.1.count": "1", "summary.2.label": "Tokens", "items.0.items.#": "2",
	})
	s.do(t, "editor", "POST", "songs/actions/delete?preview=1", `{"all":true,"q":"anna"}`).want(t, 200, map[string]string{
		"count": "2", "items.#": "2", "summary.#": "2", "summary.1.label": "Plays",
	})
	s.do(t, "editor", "POST", "songs/actions/delete?preview=1", `{"ids":[99999]}`).want(t, 200, map[string]string{"count": "0", "items.#": "0"})
	s.do(t, "viewer", "GET", "songs", nil).want(t, 200, map[string]string{"total": "3"})
}

func TestActions(t *testing.T) {
	ctx := context.Background()
	s := open(t)
	act := func(role, path string, body any) answer { return s.do(t, role, "POST", path, body) }

	alone := s.songs["Alone"].ID
	act("editor", "songs/actions/set_album", fmt.Sprintf(`{"ids":[%d,%d],"value":%d}`, alone, alone, s.album.ID)).want(t, 200, map[string]string{"done": "1"})
	s.do(t, "viewer", "GET", "songs?album="+fmt.Sprint(s.album.ID), nil).want(t, 200, map[string]string{"total": "3"})
	act("editor", "songs/actions/set_album", `{"all":true,"filters":{"album":"-"},"value":null}`).want(t, 200, map[string]string{"done": "0"})
	act("editor", "songs/actions/set_album", `{"all":true,"q":"bela","value":null}`).want(t, 200, map[string]string{"done": "1"})
	act("editor", "songs/actions/delete", `{"all":true,"filters":{"album":"-"}}`).want(t, 200, map[string]string{"done": "1"})
	act("editor", "albums/actions/delete", fmt.Sprintf(`{"ids":[%d,99999]}`, s.album.ID)).want(t, 200, map[string]string{"done": "1"})
	s.do(t, "viewer", "GET", "songs", nil).want(t, 200, map[string]string{"total": "0"})

	member, viewer := s.users["member"].ID, s.users["viewer"].ID
	for name, want := range map[string]string{"make_viewer": "viewer", "make_editor": "editor", "make_admin": "admin", "make_member": "member"} {
		act("admin", "users/actions/"+name, fmt.Sprintf(`{"ids":[%d]}`, member)).want(t, 200, map[string]string{"done": "1"})
		s.do(t, "admin", "GET", fmt.Sprint("users/", member), nil).want(t, 200, map[string]string{"values.role": want})
	}
	act("admin", "users/actions/deactivate", fmt.Sprintf(`{"ids":[%d]}`, viewer)).want(t, 200, nil)
	s.do(t, "viewer", "GET", "", nil).want(t, 401, nil)
	act("admin", "users/actions/activate", fmt.Sprintf(`{"ids":[%d]}`, viewer)).want(t, 200, nil)
	s.do(t, "viewer", "GET", "", nil).want(t, 200, nil)

	act("editor", "messages/actions/delete", `{"all":true}`).want(t, 200, map[string]string{"done": "1"})
	list, _, err := s.Chat.Messages(ctx, account.Actor{User: s.users["viewer"], Via: account.ViaToken}, chatPage)
	if err != nil || len(list) > 0 {
		t.Errorf("%v %v", list, err)
	}

	if _, _, err := s.Accounts.OpenSession(ctx, viewer, "a browser"); err != nil {
		t.Fatal(err)
	}
	act("admin", "sessions/actions/delete", `{"all":true}`).want(t, 200, map[string]string{"done": "1"})
	act("admin", "tokens/actions/delete", fmt.Sprintf(`{"all":true,"filters":{"user":"%d"}}`, viewer)).want(t, 200, map[string]string{"done": "1"})
	s.do(t, "viewer", "GET", "", nil).want(t, 401, nil)

	// The admin himself stays, and what was done before him is told.
	act("admin", "users/actions/delete", `{"all":true}`).want(t, 409, map[string]string{"error.kind": "conflict"})
	s.do(t, "admin", "GET", fmt.Sprint("users/", s.users["admin"].ID), nil).want(t, 200, nil)
}

func TestActionNonsense(t *testing.T) {
	s := open(t)
	song := s.songs["Low"].ID
	for _, tt := range []struct{ path, body, want string }{
		{"songs/actions/delete", `{}`, "ids required"},
		{"songs/actions/delete", `{"ids":[]}`, "ids required"},
		{"songs/actions/delete", `{"ids":[1],"all":true}`, "ids malformed"},
		{"songs/actions/delete", `{"ids":["x"]}`, "ids malformed"},
		{"songs/actions/delete", `{"ids":[1` + strings.Repeat(",1", 10_000) + `]}`, "ids too_many"},
		{"songs/actions/delete", `{"all":true,"filters":{"nothing":"1"}}`, "nothing unknown_field"},
		{"songs/actions/delete", `{"all":true,"filters":{"album":"x"}}`, "album malformed"},
		{"songs/actions/delete", `{"ids":[1],"value":1}`, "value unknown_field"},
		{"songs/actions/delete", `{"ids":[1],"more":1}`, "more unknown_field"},
		{"songs/actions/set_album", `{"ids":[1]}`, "value required"},
		{"songs/actions/set_album", `{"ids":[1],"value":{}}`, "value required"},
		{"songs/actions/set_album", `{"ids":[1],"value":"x"}`, "value unknown"},
		{"songs/actions/set_album", fmt.Sprintf(`{"ids":[%d],"value":99999}`, song), "value unknown"},
		{"songs/actions/delete?preview=2", `{"ids":[1]}`, "preview unknown"},
	} {
		got := s.do(t, "editor", "POST", tt.path, tt.body)
		if got.status != 400 || !strings.HasPrefix(got.fields(), tt.want) {
			t.Errorf("%s %.60s: %d %s, want 400 %s: %s", tt.path, tt.body, got.status, got.fields(), tt.want, got.text)
		}
	}
	s.do(t, "editor", "POST", "songs/actions/nothing", `{"ids":[1]}`).want(t, 404, nil)
	s.do(t, "viewer", "GET", "songs", nil).want(t, 200, map[string]string{"total": "3"})
}
