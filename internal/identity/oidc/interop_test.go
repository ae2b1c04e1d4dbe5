package oidc_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
)

// zitadel runs a provider that others have written: the library of ZITADEL, with
// the users of its example. It lives by the time of the day.
func zitadel(t *testing.T) *oidc.Provider {
	t.Helper()
	const secret = "secret of the example"
	storage.RegisterClients(storage.WebClient("antiphon", secret, callback))
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	people := storage.NewStorage(storage.NewUserStore(server.URL))
	mux.Handle("/", exampleop.SetupServer(server.URL, people, nil, false, op.WithAllowInsecure()))
	return oidc.New(oidc.Config{
		Name: "zitadel", Issuer: server.URL, ClientID: "antiphon", ClientSecret: secret, Scopes: []string{"profile", "email"}, Now: time.Now,
	})
}

// formID is what the page of the example knows a sign-in by.
var formID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// logIn fills in the form of the example as its user, and returns what the
// browser comes back with.
func logIn(t *testing.T, to string) oidc.Answer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	back := ""
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			back = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	page, err := browser.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	body := new(strings.Builder)
	if _, err := io.Copy(body, page.Body); err != nil {
		t.Fatal(err)
	}
	id := formID.FindStringSubmatch(body.String())
	if id == nil {
		t.Fatalf("%s: %s", page.Status, body)
	}
	answer, err := browser.PostForm(page.Request.URL.String(), url.Values{
		"id": {id[1]}, "username": {"test-user@127.0.0.1"}, "password": {"verysecure"},
	})
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answerOf(t, back)
}

func TestAgainstZitadel(t *testing.T) {
	p := zitadel(t)
	to, attempt, err := p.Begin(t.Context(), callback)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.Finish(t.Context(), callback, attempt, logIn(t, to))
	want := account.Outsider{Provider: "zitadel", Subject: "id1", OutsideProfile: account.OutsideProfile{
		Email: "test-user@zitadel.ch", EmailVerified: true, FullName: "Test User",
	}}
	if err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}

	// It holds to PKCE, and so do we.
	to, attempt, err = p.Begin(t.Context(), callback)
	if err != nil {
		t.Fatal(err)
	}
	answer := logIn(t, to)
	_, other, err := p.Begin(t.Context(), callback)
	if err != nil {
		t.Fatal(err)
	}
	attempt.Verifier = other.Verifier
	if _, err := p.Finish(t.Context(), callback, attempt, answer); !errs.Is(err, errs.Unauthenticated) {
		t.Errorf("with another's verifier: %v", err)
	}
}
