package kit_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestCaller(t *testing.T) {
	ctx := context.Background()
	w := world.New(t, "sqlite")
	bob, token := w.AddUser(t, "bob@example.com", "Bob", false)
	_, session, err := w.Accounts.OpenSession(ctx, bob.ID, "test")
	if err != nil {
		t.Fatal(err)
	}
	gone, goneToken := w.AddUser(t, "gone@example.com", "Gone", false)
	if err := w.Accounts.SetActive(ctx, account.Operator(), gone.ID, false); err != nil {
		t.Fatal(err)
	}
	known := func(via account.Via) kit.Caller { return kit.Caller{Actor: account.Actor{Via: via}} }
	header := func(c kit.Caller, p kit.Problem) kit.Caller { c.Header, c.Problem = true, p; return c }
	cookie := func(c kit.Caller) kit.Caller { c.Cookie = true; return c }
	nobody := kit.Caller{}
	tests := []struct {
		name, authorization, cookie string
		want                        kit.Caller
	}{
		{"nothing", "", "", nobody},
		{"Bearer", "Bearer " + token, "", header(known(account.ViaToken), kit.NoProblem)},
		{"Token", "Token " + token, "", header(known(account.ViaToken), kit.NoProblem)},
		{"lower case and spaces", "  bearer   " + token + " ", "", header(known(account.ViaToken), kit.NoProblem)},
		{"no key", "Bearer ", "", header(nobody, kit.TokenMissing)},
		{"two keys", "Token a b", "", header(nobody, kit.TokenSpaces)},
		{"odd characters", "Token \xfc", "", header(nobody, kit.TokenCharacters)},
		{"unknown", "Token " + strings.Repeat("0", 40), "", header(nobody, kit.TokenUnknown)},
		{"a session is no token", "Token " + session, "", header(nobody, kit.TokenUnknown)},
		{"switched off", "Token " + goneToken, "", header(nobody, kit.UserInactive)},
		{"another scheme", "Basic Ym9iOmJvYg==", "", nobody},
		{"a key alone", token, "", nobody},
		{"session", "", "sessionid=" + session, cookie(known(account.ViaSession))},
		{"session in Clerk's cookie", "", "__session=" + session, cookie(known(account.ViaSession))},
		{"token in Clerk's cookie", "", "__session=" + token, cookie(known(account.ViaToken))},
		{"stale cookie", "", "sessionid=abc", nobody},
		{"empty cookie", "", "sessionid=; __session=" + token, cookie(known(account.ViaToken))},
		{"another scheme and a cookie", "Basic x", "sessionid=" + session, cookie(known(account.ViaSession))},
		{"the header comes first", "Token abc", "sessionid=" + session, header(nobody, kit.TokenUnknown)},
		{"switched off by cookie", "", "__session=" + goneToken, nobody},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			if tt.authorization != "" {
				r.Header.Set("Authorization", tt.authorization)
			}
			if tt.cookie != "" {
				r.Header.Set("Cookie", tt.cookie)
			}
			got, err := (kit.Identifier{Accounts: w.Accounts}).Caller(r)
			if err != nil {
				t.Fatal(err)
			}
			if tt.want.Actor.Known() && got.Actor.User.ID != bob.ID {
				t.Errorf("user %d", got.Actor.User.ID)
			}
			got.Actor = account.Actor{Via: got.Actor.Via}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
