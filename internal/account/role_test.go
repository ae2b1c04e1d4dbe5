package account_test

import (
	"reflect"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
)

var roles = []account.Role{account.Member, account.Viewer, account.Editor, account.Administrator}

func TestRoleNames(t *testing.T) {
	for _, r := range roles {
		got, ok := account.ParseRole(r.String())
		if got != r || !ok {
			t.Errorf("%v became %v, %v", r, got, ok)
		}
	}
	equal(t, "no role", account.Role(99).String(), "unknown")
	for _, name := range []string{"", "Admin", "king", "unknown"} {
		if r, ok := account.ParseRole(name); ok {
			t.Errorf("%q is %v", name, r)
		}
	}
}

func TestRequire(t *testing.T) {
	for _, required := range roles {
		wantKind(t, account.Actor{User: account.User{Admin: true}}.Require(required), errs.Unauthenticated)
		check(t, account.Operator().Require(required))
		for _, has := range roles {
			u := account.User{Staff: has}
			if has == account.Administrator {
				u = account.User{Admin: true}
			}
			actor := account.Actor{User: u, Via: account.ViaSession}
			equal(t, "role", actor.Role(), has)
			err := actor.Require(required)
			if has >= required {
				check(t, err)
			} else {
				wantKind(t, err, errs.Forbidden)
			}
		}
	}
	equal(t, "role of nobody", account.Actor{User: account.User{Admin: true}}.Role(), account.Member)
}

func TestEntry(t *testing.T) {
	alice := account.Actor{User: account.User{ID: 7, Email: "a@example.com"}, Via: account.ViaSession}
	before, after := []audit.Value{{Field: "title", Text: "A"}}, []audit.Value{{Field: "title", Text: "B"}}
	for name, tt := range map[string]struct {
		actor         account.Actor
		before, after []audit.Value
		want          audit.Entry
	}{
		"added": {alice, nil, after, audit.Entry{
			ActorID: 7, Actor: "a@example.com", Action: audit.Added, Changes: []audit.Change{{Field: "title", To: "B"}},
		}},
		"changed": {alice, before, after, audit.Entry{
			ActorID: 7, Actor: "a@example.com", Action: audit.Changed, Changes: []audit.Change{{Field: "title", From: "A", To: "B"}},
		}},
		"deleted": {account.Operator(), before, nil, audit.Entry{
			Actor: "command line", Action: audit.Deleted, Changes: []audit.Change{{Field: "title", From: "A"}},
		}},
	} {
		tt.want.Model, tt.want.ObjectID, tt.want.Object = audit.Songs, "3", "Song"
		if got := tt.actor.Entry(audit.Songs, 3, "Song", tt.before, tt.after); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}
