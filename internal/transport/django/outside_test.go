package django_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// Clerk's tokens are good here too, and the policy holds for whoever registers and
// for whoever comes with one.
func TestOutside(t *testing.T) {
	const (
		closed    = `{"detail":"Accounts are made by the administrators of this server."}`
		uninvited = `{"detail":"Who wants an account on this server needs an invitation for his e-mail address."}`
		domain    = `{"detail":"Accounts on this server are for e-mail addresses of example.org."}`
	)
	for _, tt := range []struct {
		policy account.Policy
		status int
		body   string // of the refusal
	}{
		{account.Policy{}, 200, ""},
		{account.Policy{Domains: []string{"example.com", "example.org"}}, 200, ""},
		{account.Policy{Registration: account.Closed}, 403, closed},
		{account.Policy{Registration: account.Invited}, 403, uninvited},
		{account.Policy{Domains: []string{"example.org"}}, 403, domain},
	} {
		var there *clerktest.Instance
		w := world.New(t, "sqlite", func(c *account.Config) {
			there, c.Outside = clerktest.Trusted(t, c.Now)
			c.Policy = tt.policy
		})
		there.Put("user_ann", clerktest.Person{FirstName: "Ann", Email: "ann@example.com"})
		d := dialectOf(w)
		ask := func(method, path, authorization, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			answer := httptest.NewRecorder()
			d.Handler().ServeHTTP(answer, r)
			return answer
		}
		want := func(what string, got *httptest.ResponseRecorder, status int) {
			t.Helper()
			if got.Code != status || status == 403 && got.Body.String() != tt.body {
				t.Errorf("%+v, %s: %d: %s", tt.policy, what, got.Code, got.Body)
			}
		}
		token := there.Token("user_ann")
		want("a token", ask("GET", "/api/auth/user/", "Bearer "+token, ""), tt.status)
		want("a bare token", ask("GET", "/api/auth/user/", token, ""), tt.status)
		want("a token after the wrong word", ask("GET", "/api/auth/user/", "Token "+token, ""), 401)
		want("in public", ask("GET", "/api/songs/", "Bearer "+token, ""), 200)
		status := tt.status
		if status == 200 {
			status = 201
		}
		if tt.status == 403 { // a stranger is not told who has an account
			w.AddUser(t, "carl@example.com", "Carl", false)
			want("registering a taken address", ask("POST", "/api/auth/registration/", "", fmt.Sprintf(
				`{"email":"carl@example.com","full_name":"Bob","password1":%q,"password2":%q}`, world.Password, world.Password)), 403)
		}
		want("registering", ask("POST", "/api/auth/registration/", "", fmt.Sprintf(
			`{"email":"bob@example.com","full_name":"Bob","password1":%q,"password2":%q}`, world.Password, world.Password)), status)
	}
}
