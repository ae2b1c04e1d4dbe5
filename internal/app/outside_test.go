package app

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
	"github.com/antiphon-music/antiphon/internal/identity/oidc/oidctest"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// The settings reach the parts: a token of Clerk's is good in every dialect.
func TestOpenToClerk(t *testing.T) {
	there := clerktest.New(time.Now)
	backend := httptest.NewServer(there)
	t.Cleanup(backend.Close)
	there.Put("user_ann", clerktest.Person{FirstName: "Ann", Email: "ann@example.com"})
	there.Put("user_eve", clerktest.Person{FirstName: "Eve", Email: "eve@example.net"})
	f := newFixture(t, func(c *config.Config) {
		c.ClerkIssuer, c.ClerkPublicKey = clerktest.Issuer, there.PublicKey()
		c.ClerkSecretKey, c.ClerkAPIURL = clerktest.SecretKey, backend.URL
		c.Registration, c.AllowedDomain = "open", []string{"example.com"}
	})
	h := f.handler()
	for _, path := range []string{"/api/users", "/api/auth/user/", "/web/api/account/identities"} {
		if got := f.ask(h, "GET", path, there.Token("user_ann")); got.Code != http.StatusOK {
			t.Errorf("%s: %d: %s", path, got.Code, got.Body)
		}
		if got := f.ask(h, "GET", path, there.Token("user_eve")); got.Code != http.StatusForbidden || !strings.Contains(got.Body.String(), "example.com") {
			t.Errorf("%s of another domain: %d: %s", path, got.Code, got.Body)
		}
	}
	if n := there.AskedFor("user_ann"); n != 1 {
		t.Errorf("the backend was asked %d times", n)
	}
	if n := there.Asked(clerktest.KeysPath); n != 0 {
		t.Errorf("keys were fetched %d times in spite of the setting", n)
	}
}

// A server with a key that is none does not start.
func TestOpenWithWrongKey(t *testing.T) {
	c := testConfig(storetest.URL(t, "sqlite"), t.TempDir())
	c.ClerkPublicKey = "-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----"
	_, err := New(t.Context(), c, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "clerk: the public key") {
		t.Errorf("error %v", err)
	}
}

// A whole sign-in at a provider, with a browser's cookies.
func TestServeSignInElsewhere(t *testing.T) {
	there := oidctest.Start(t, time.Now)
	there.Claims = map[string]any{
		"sub": "ann", "name": "Ann", "email": "ann@example.com", "email_verified": true, "groups": []string{"music-admins"},
	}
	f := newFixture(t, func(c *config.Config) {
		c.OIDCName, c.OIDCIssuer, c.OIDCClientID, c.OIDCClientSecret = "company", there.URL, oidctest.ClientID, oidctest.ClientSecret
		c.OIDCScopes, c.OIDCGroupsClaim, c.OIDCAdminGroup = []string{"openid", "profile", "email"}, "groups", "music-admins"
		c.Registration = "closed"
	})
	addr, _ := f.start()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	get := func(path string) (*http.Response, string) {
		t.Helper()
		answer, err := browser.Get("http://" + addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(body)
	}
	const start = "/web/api/oidc/company/start?return=/web/api/session"
	if answer, _ := get(start); answer.Request.URL.RequestURI() != "/sign-in?next=%2Fweb%2Fapi%2Fsession&error="+account.ReasonClosed {
		t.Errorf("with nobody invited the browser ends at %s", answer.Request.URL)
	}
	if _, err := f.Accounts.Create(t.Context(), account.Operator(), account.NewUser{
		Email: "ann@example.com", FullName: "Ann", Password: crashPassword, Verified: true,
	}); err != nil {
		t.Fatal(err)
	}
	answer, body := get(start)
	var who struct {
		Me *struct{ Email, Role string }
	}
	if err := json.Unmarshal([]byte(body), &who); err != nil || who.Me == nil {
		t.Fatalf("the browser ends at %s: %s", answer.Request.URL, body)
	}
	if answer.Request.URL.Path != "/web/api/session" || who.Me.Email != "ann@example.com" || who.Me.Role != "admin" {
		t.Errorf("at %s: %s", answer.Request.URL, body)
	}
}

// The first admin comes in, whoever may register.
func TestFirstAdminOfClosedServer(t *testing.T) {
	c := testConfig(storetest.URL(t, "sqlite"), t.TempDir())
	c.Registration, c.AllowedDomain = "closed", []string{"example.org"}
	a, err := New(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	made, err := a.FirstAdmin(t.Context(), false)
	if err != nil || made == nil {
		t.Fatalf("%+v, %v", made, err)
	}
	u, _, err := a.Accounts.Login(t.Context(), account.Login{Email: made.Email, Password: made.Password})
	if err != nil || !u.Admin {
		t.Errorf("%+v, %v", u, err)
	}
}
