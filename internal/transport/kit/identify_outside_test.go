package kit_test

import (
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestCallerFromElsewhere(t *testing.T) {
	var there *clerktest.Instance
	w := world.New(t, "sqlite", func(c *account.Config) { there, c.Outside = clerktest.Trusted(t, c.Now) })
	w.AddUser(t, "eve@example.com", "Eve", false)
	there.Put("user_ann", clerktest.Person{FirstName: "Ann"})
	there.Put("user_eve", clerktest.Person{FirstName: "Eve", Email: "eve@example.com", Unverified: true})
	ann, eve := there.Token("user_ann"), there.Token("user_eve")
	now := w.Clock.Now().Unix()
	_, session, err := w.Accounts.OpenSession(t.Context(), 1, "a browser")
	if err != nil {
		t.Fatal(err)
	}
	cookie := func(token string, since int64) string {
		return "__session=" + token + "; __client_uat=" + strconv.FormatInt(since, 10)
	}
	const browser = "; __clerk_db_jwt=dvb_1"
	for _, tt := range []struct {
		name, authorization, cookie string
		development                 bool
		problem                     kit.Problem
		via                         account.Via
	}{
		{"Bearer", "Bearer " + ann, "", false, kit.NoProblem, account.ViaOutside},
		{"bare", ann, "", false, kit.NoProblem, account.ViaOutside},
		{"Token", "Token " + ann, "", false, kit.TokenUnknown, 0},
		{"lower case", "bearer " + ann, "", false, kit.TokenUnknown, 0},
		{"two spaces", "Bearer  " + ann, "", false, kit.TokenUnknown, 0},
		{"forged", "Bearer " + ann + "x", "", false, kit.TokenUnknown, 0},
		{"of who may not have an account", "Bearer " + eve, "", false, kit.UserRefused, 0},
		{"a cookie", "", cookie(ann, now-5), false, kit.NoProblem, account.ViaOutside},
		{"a cookie alone", "", "__session=" + ann, false, kit.NoProblem, 0},
		{"a cookie from before", "", cookie(ann, now+60), false, kit.NoProblem, 0},
		{"a cookie of who is out", "", cookie(ann, 0), false, kit.NoProblem, 0},
		{"a cookie and nonsense", "", "__session=" + ann + "; __client_uat=x", false, kit.NoProblem, 0},
		{"a cookie of who may not have an account", "", cookie(eve, now-5), false, kit.NoProblem, 0},
		{"a cookie in development", "", cookie(ann, now-5), true, kit.NoProblem, 0},
		{"both cookies in development", "", cookie(ann, now-5) + browser, true, kit.NoProblem, account.ViaOutside},
		{"a session of ours comes first", "", "sessionid=" + session + "; " + cookie(ann, now-5), false, kit.NoProblem, account.ViaSession},
		{"unless it is stale", "", "sessionid=old; " + cookie(ann, now-5), false, kit.NoProblem, account.ViaOutside},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			if tt.authorization != "" {
				r.Header.Set("Authorization", tt.authorization)
			}
			if tt.cookie != "" {
				r.Header.Set("Cookie", tt.cookie)
			}
			got, err := kit.Identifier{Accounts: w.Accounts, ClerkBrowser: tt.development}.Caller(r)
			if err != nil {
				t.Fatal(err)
			}
			if got.Problem != tt.problem || got.Actor.Via != tt.via || (got.Refusal != nil) != (tt.problem == kit.UserRefused) {
				t.Errorf("%+v", got)
			}
			if tt.problem == kit.UserRefused && !errs.Is(got.Refusal, errs.Conflict) {
				t.Errorf("refused for %v", got.Refusal)
			}
		})
	}

	there.SetAway(true)
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Authorization", there.Token("user_bob"))
	if _, err := (kit.Identifier{Accounts: w.Accounts}).Caller(r); !errs.Is(err, errs.Unavailable) {
		t.Errorf("while Clerk is away: %v", err)
	}
}
