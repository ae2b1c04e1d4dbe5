package node

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// Limits small enough that a test can break them.
const (
	audioLimit = 256 << 10
	imageLimit = 64 << 10
)

// mount returns the dialect over a world.
func mount(w *world.World) *Dialect {
	return New(Config{
		Accounts: w.Accounts, Catalog: w.Catalog, Chat: w.Chat, Stage: w.Stage,
		Identifier: kit.Identifier{Accounts: w.Accounts},
		Origins:    kit.Origins{"http://localhost:3000", "https://music.example.org"},
		AudioLimit: audioLimit, ImageLimit: imageLimit,
		Recoverer: kit.Recoverer{Log: w.Log, Panicked: func() {}},
		Answers:   &kit.Answers{Revision: w.Catalog.Revision},
		Log:       slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

// people are in every world of the scripts, in this order. The first two write
// to each other where a script says so.
var people = []struct {
	name  string
	admin bool
}{{"admin", true}, {"bob", false}, {"ann", false}}

func TestWire(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := world.New(t, engine)
			vars := map[string]string{}
			keys := map[string]string{}
			for _, p := range people {
				u, key := w.AddUser(t, p.name+"@example.com", strings.ToUpper(p.name[:1])+p.name[1:], p.admin)
				vars[p.name], vars[p.name+".oid"], keys[p.name] = u.ExternalID, string(u.OID), key
				vars[p.name+".key"] = key
			}
			talk(t, w, keys)
			d := mount(w)
			documented := documentation(t, d)
			wiretest.Run(t, wiretest.Options{
				Handler: d.Handler(),
				Scripts: os.DirFS("testdata"),
				Files:   world.Fixtures(),
				Vars:    vars,
				Auth: func(name string, _ map[string]string) string {
					if keys[name] == "" {
						return ""
					}
					return "Bearer " + keys[name]
				},
				Observe: func(method, target string, status int, header http.Header, body []byte) {
					observe(t, method, target, status, header, body)
					if err := documented.Check(method, target, status, header.Get("Content-Type"), body); err != nil {
						t.Errorf("the documentation is wrong: %v", err)
					}
					vars["night.upper"] = strings.ToUpper(vars["night"])
					if n := w.Staged(t); n > 0 {
						t.Errorf("%s %s left %d uploads on the stage", method, target, n)
					}
				},
			})
		})
	}
}

// documentation describes the dialect alone.
func documentation(t *testing.T, d *Dialect) *openapi.API {
	t.Helper()
	docs, err := openapi.New(openapi.Config{
		Title: "Node", Operations: d.Operations(), Errors: map[openapi.Dialect][]any{openapi.Node: d.Errors()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// talk has Bob and Ann write to each other.
func talk(t *testing.T, w *world.World, keys map[string]string) {
	t.Helper()
	ctx := context.Background()
	actors := map[string]account.Actor{}
	for name, key := range keys {
		actor, err := w.Accounts.AuthenticateToken(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		actors[name] = actor
	}
	for _, m := range []struct{ from, to, content string }{
		{"bob", "ann", "Hi <b>&\x01 \"Ann\" "},
		{"ann", "bob", "日本 ✓"},
		{"bob", "bob", "me"},
		{"bob", "ann", "Bye"},
	} {
		if _, err := w.Chat.Send(ctx, actors[m.from], actors[m.to].User.ID, m.content); err != nil {
			t.Fatal(err)
		}
	}
}

// observe checks what holds for every answer.
func observe(t *testing.T, method, target string, status int, h http.Header, body []byte) {
	t.Helper()
	if status >= 500 {
		t.Errorf("%s %s: %d %s", method, target, status, body)
	}
	if h.Get("Access-Control-Allow-Origin") == "" || !strings.HasPrefix(h.Get("Vary"), "Origin") {
		t.Errorf("%s %s: CORS headers %v", method, target, h)
	}
	if len(body) == 0 {
		return
	}
	if !json.Valid(body) {
		t.Errorf("%s %s: not JSON: %s", method, target, body)
	}
	if tag := h.Get("ETag"); tag != kit.WeakETag(body) {
		t.Errorf("%s %s: ETag %s", method, target, tag)
	}
}
