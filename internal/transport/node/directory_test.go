package node

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// Everybody gets everybody else, also after somebody has joined or changed.
func TestDirectory(t *testing.T) {
	ctx := context.Background()
	w := world.New(t, "sqlite")
	d := &Dialect{c: Config{Accounts: w.Accounts}}
	names := func(actor account.Actor) []string {
		t.Helper()
		body, ok, err := d.people.without(ctx, d, actor, kit.MediaURLs{}.From("http://h"))
		if err != nil || !ok {
			t.Fatalf("the list: %v, %v", ok, err)
		}
		var list []struct{ FullName string }
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatalf("%v: %s", err, body)
		}
		var names []string
		for _, u := range list {
			names = append(names, u.FullName)
		}
		return names
	}
	check := func(when string, got []string, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: %q, want %q", when, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", when, got, want)
			}
		}
	}
	join := func(email, name string) account.Actor {
		t.Helper()
		u, err := w.Accounts.Register(ctx, account.NewUser{Email: email, FullName: name, Password: world.Password})
		if err != nil {
			t.Fatal(err)
		}
		return account.Actor{User: u, Via: account.ViaToken}
	}
	ann := join("ann@example.org", "Ann")
	check("alone", names(ann))
	bob := join("bob@example.org", "Bob")
	cat := join("cat@example.org", "Cat")
	check("the first", names(ann), "Bob", "Cat")
	check("in the middle", names(bob), "Ann", "Cat")
	check("the last", names(cat), "Ann", "Bob")
	check("nobody of them", names(account.Operator()), "Ann", "Bob", "Cat")
	name := "Robert"
	if _, err := w.Accounts.UpdateProfile(ctx, bob, account.Profile{FullName: &name}); err != nil {
		t.Fatal(err)
	}
	check("after a change", names(ann), "Robert", "Cat")
}
