package oidc_test

import (
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
	"github.com/antiphon-music/antiphon/internal/identity/oidc/oidctest"
)

const callback = "https://music.example.org/web/api/oidc/company/callback"

// house is a provider, and who signs people in there.
type house struct {
	there *oidctest.Provider
	*oidc.Provider
	now time.Time
}

func newHouse(t *testing.T, edits ...func(*oidc.Config)) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 11, 22, 14, 8, 32, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	h.there = oidctest.Start(t, clock)
	h.there.Claims = map[string]any{"sub": "ann"}
	c := oidc.Config{
		Name: "company", Issuer: h.there.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		Scopes: []string{"profile", "email"}, GroupsClaim: "groups", Now: clock,
	}
	for _, edit := range edits {
		edit(&c)
	}
	h.Provider = oidc.New(c)
	return h
}

// travel begins a sign-in, and returns what the browser comes back with.
func (h *house) travel(t *testing.T) (oidc.Attempt, oidc.Answer) {
	t.Helper()
	to, attempt, err := h.Begin(t.Context(), callback)
	if err != nil {
		t.Fatal(err)
	}
	return attempt, visit(t, to)
}

// visit goes to a provider that signs in at once, and returns what it sends the
// browser back with.
func visit(t *testing.T, to string) oidc.Answer {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(to)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answerOf(t, answer.Header.Get("Location"))
}

func answerOf(t *testing.T, back string) oidc.Answer {
	t.Helper()
	if !strings.HasPrefix(back, callback+"?") {
		t.Fatalf("the browser is sent to %q", back)
	}
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	return oidc.Answer{State: q.Get("state"), Code: q.Get("code"), Error: q.Get("error"), Issuer: q.Get("iss")}
}

// signIn goes all the way.
func (h *house) signIn(t *testing.T) (account.Outsider, error) {
	t.Helper()
	attempt, answer := h.travel(t)
	return h.Finish(t.Context(), callback, attempt, answer)
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if !errs.Is(err, want) {
		t.Errorf("%s: error %v, want one of kind %v", what, err, want)
	}
}

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	h.there.Claims = map[string]any{
		"sub": "ann", "email": "ann@example.com", "email_verified": true, "name": " Ann Lee ", "picture": "https://example.org/ann.png",
	}
	want := account.Outsider{Provider: "company", Subject: "ann", OutsideProfile: account.OutsideProfile{
		Email: "ann@example.com", EmailVerified: true, FullName: "Ann Lee", Image: "https://example.org/ann.png",
	}}
	for range 2 {
		if got, err := h.signIn(t); err != nil || got != want {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
	if n := h.there.Asked("/.well-known/openid-configuration"); n != 1 {
		t.Errorf("the provider was discovered %d times", n)
	}
	if refused := h.there.Refused(); len(refused) > 0 {
		t.Errorf("the provider refused %v", refused)
	}
	if h.Name() != "company" || h.Label() != "company" {
		t.Errorf("%s, %s", h.Name(), h.Label())
	}
}

func TestBegin(t *testing.T) {
	h := newHouse(t)
	seen := map[string]bool{}
	for range 2 {
		to, a, err := h.Begin(t.Context(), callback)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(to)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		if q.Get("redirect_uri") != callback || q.Get("state") != a.State || q.Get("nonce") != a.Nonce || q.Get("scope") != "openid profile email" ||
			q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == a.Verifier || q.Get("client_id") != oidctest.ClientID {
			t.Errorf("%s", to)
		}
		if strings.Contains(to, a.Verifier) || strings.Contains(to, url.QueryEscape(oidctest.ClientSecret)) {
			t.Errorf("a secret is in %s", to)
		}
		for _, secret := range []string{a.State, a.Nonce, a.Verifier} {
			if len(secret) < 26 || seen[secret] {
				t.Errorf("secret %q", secret)
			}
			seen[secret] = true
		}
	}
}

// What comes back has to be the answer to what was begun in this browser.
func TestForeignAnswers(t *testing.T) {
	h := newHouse(t)
	mine, answer := h.travel(t)
	_, other := h.travel(t)
	for what, tt := range map[string]struct {
		attempt oidc.Attempt
		answer  oidc.Answer
	}{
		"of another browser":   {mine, other},
		"without a state":      {mine, oidc.Answer{Code: answer.Code}},
		"without an attempt":   {oidc.Attempt{}, oidc.Answer{Code: answer.Code}},
		"of another provider":  {mine, oidc.Answer{State: answer.State, Code: answer.Code, Issuer: "https://evil.example"}},
		"without a code":       {mine, oidc.Answer{State: answer.State}},
		"with a made-up code":  {mine, oidc.Answer{State: answer.State, Code: "guess"}},
		"with another's code":  {mine, oidc.Answer{State: answer.State, Code: other.Code}},
		"declined by somebody": {mine, oidc.Answer{State: other.State, Error: "access_denied"}},
	} {
		_, err := h.Finish(t.Context(), callback, tt.attempt, tt.answer)
		wantKind(t, what, err, errs.Unauthenticated)
	}
	// Another's code failed for its verifier: a stolen code is of no use.
	if !slices.Contains(h.there.Refused(), "the verifier") {
		t.Errorf("refused: %v", h.there.Refused())
	}
	if _, err := h.Finish(t.Context(), callback, mine, answer); err != nil {
		t.Errorf("the right answer: %v", err)
	}
	_, err := h.Finish(t.Context(), callback, mine, answer)
	wantKind(t, "the same again", err, errs.Unauthenticated)
}

func TestDeclined(t *testing.T) {
	h := newHouse(t)
	h.there.Decline = true
	_, err := h.signIn(t)
	wantKind(t, "declined", err, errs.Forbidden)
}

func TestBadIDTokens(t *testing.T) {
	h := newHouse(t)
	set := func(name string, value any) func(jwt.MapClaims) {
		return func(c jwt.MapClaims) { c[name] = value }
	}
	for what, edit := range map[string]func(jwt.MapClaims){
		"another nonce":       set("nonce", "another"),
		"no nonce":            func(c jwt.MapClaims) { delete(c, "nonce") },
		"another issuer":      set("iss", "https://evil.example"),
		"another audience":    set("aud", "somebody"),
		"for another client":  set("azp", "somebody"),
		"expired":             set("exp", h.now.Unix()-1),
		"of tomorrow":         set("nbf", h.now.Add(24*time.Hour).Unix()),
		"another subject":     set("sub", "bob"), // than the endpoint for people tells of
		"a subject of nobody": set("sub", ""),
	} {
		h.there.Edit = edit
		_, err := h.signIn(t)
		wantKind(t, what, err, errs.Unauthenticated)
	}
	h.there.Edit = nil
	for what, sign := range map[string]func(jwt.MapClaims) string{
		"no token": func(jwt.MapClaims) string { return "" },
		"nonsense": func(jwt.MapClaims) string { return "a.b.c" },
		"signed by nobody": func(c jwt.MapClaims) string {
			text, _ := jwt.NewWithClaims(jwt.SigningMethodNone, c).SignedString(jwt.UnsafeAllowNoneSignatureType)
			return text
		},
		"signed by the client's secret": func(c jwt.MapClaims) string {
			text, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(oidctest.ClientSecret))
			return text
		},
	} {
		h.there.Sign = sign
		_, err := h.signIn(t)
		wantKind(t, what, err, errs.Unauthenticated)
	}
	h.there.Sign = nil
	if _, err := h.signIn(t); err != nil {
		t.Errorf("a good one: %v", err)
	}
}

// A provider that is away is asked again, though not by everybody at once.
func TestAway(t *testing.T) {
	h := newHouse(t)
	h.there.Away = true
	for range 3 {
		_, _, err := h.Begin(t.Context(), callback)
		wantKind(t, "beginning", err, errs.Unavailable)
	}
	if n := h.there.Asked("/.well-known/openid-configuration"); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	h.there.Away = false
	h.now = h.now.Add(2 * time.Second)
	attempt, answer := h.travel(t)
	h.there.Away = true
	_, err := h.Finish(t.Context(), callback, attempt, answer)
	wantKind(t, "coming back", err, errs.Unavailable)
	h.there.Away = false
	if _, err := h.Finish(t.Context(), callback, attempt, answer); err != nil {
		t.Errorf("coming back again: %v", err)
	}
}

// Whatever else calls itself the provider is none.
func TestOtherIssuer(t *testing.T) {
	h := newHouse(t, func(c *oidc.Config) { c.Issuer += "/" })
	_, _, err := h.Begin(t.Context(), callback)
	wantKind(t, "with another issuer", err, errs.Unavailable)
}

func TestWrongSecret(t *testing.T) {
	h := newHouse(t, func(c *oidc.Config) { c.ClientSecret = "wrong" })
	_, err := h.signIn(t)
	wantKind(t, "with a wrong secret", err, errs.Unauthenticated)
}

// A code is good once, so that the first try has to be right.
func TestWaysOfTheSecret(t *testing.T) {
	for _, way := range []string{"", "client_secret_post", "none"} {
		h := newHouse(t, func(c *oidc.Config) {
			if way == "none" {
				c.ClientSecret = ""
			}
		})
		h.there.Secret = way
		if _, err := h.signIn(t); err != nil {
			t.Errorf("%q: %v", way, err)
		}
		if refused := h.there.Refused(); len(refused) > 0 {
			t.Errorf("%q: the provider refused %v", way, refused)
		}
	}
}

func TestProfile(t *testing.T) {
	for _, tt := range []struct {
		name         string
		claims, told map[string]any
		want         account.OutsideProfile
	}{
		{"nothing", nil, nil, account.OutsideProfile{}},
		{"told when asked", nil, map[string]any{"email": "a@example.com", "email_verified": true, "name": "A"},
			account.OutsideProfile{Email: "a@example.com", EmailVerified: true, FullName: "A"}},
		{"told as a text", map[string]any{"email": "a@example.com", "email_verified": "true"}, nil,
			account.OutsideProfile{Email: "a@example.com", EmailVerified: true}},
		{"not verified", map[string]any{"email": "a@example.com", "email_verified": false}, nil, account.OutsideProfile{Email: "a@example.com"}},
		{"verified, of whatever address", map[string]any{"email": "a@example.com"}, map[string]any{"email": "b@example.com", "email_verified": true},
			account.OutsideProfile{Email: "a@example.com"}},
		{"parts of a name", map[string]any{"given_name": "Ann", "family_name": "Lee", "preferred_username": "al"}, nil, account.OutsideProfile{FullName: "Ann Lee"}},
		{"a user's name", map[string]any{"preferred_username": "al"}, nil, account.OutsideProfile{FullName: "al"}},
		{"of strange types", map[string]any{"email": 5, "name": []string{"A"}, "email_verified": 1, "picture": nil}, nil, account.OutsideProfile{}},
	} {
		h := newHouse(t)
		h.there.Told = tt.told
		for name, value := range tt.claims {
			h.there.Claims[name] = value
		}
		got, err := h.signIn(t)
		if err != nil || got.OutsideProfile != tt.want || got.Role != nil {
			t.Errorf("%s: %+v, %v, want %+v", tt.name, got, err, tt.want)
		}
	}
}

func TestRoles(t *testing.T) {
	both := func(c *oidc.Config) { c.AdminGroup, c.EditorGroup = "music-admins", "music-editors" }
	editors := func(c *oidc.Config) { c.EditorGroup = "music-editors" }
	other := func(c *oidc.Config) { c.AdminGroup, c.GroupsClaim = "music-admins", "roles" }
	role := func(r account.Role) *account.Role { return &r }
	for _, tt := range []struct {
		name   string
		edit   func(*oidc.Config)
		groups any
		want   *account.Role
	}{
		{"no say", func(*oidc.Config) {}, []string{"music-admins"}, nil},
		{"admin", both, []string{"people", "music-editors", "music-admins"}, role(account.Administrator)},
		{"editor", both, []string{"music-editors"}, role(account.Editor)},
		{"member", both, []string{"people", "music-admins-2"}, role(account.Member)},
		{"one group", both, "music-admins", role(account.Administrator)},
		{"no groups", both, nil, role(account.Member)},
		{"an empty group", editors, []string{""}, role(account.Member)},
		{"strange groups", both, map[string]any{"music-admins": true}, role(account.Member)},
		{"numbers", both, []any{5, nil, "music-editors"}, role(account.Editor)},
		{"another claim", other, []string{"music-admins"}, role(account.Member)},
	} {
		h := newHouse(t, tt.edit)
		if tt.groups != nil {
			h.there.Told = map[string]any{"groups": tt.groups}
		}
		got, err := h.signIn(t)
		if err != nil || !reflect.DeepEqual(got.Role, tt.want) {
			t.Errorf("%s: %v, %v, want %v", tt.name, got.Role, err, tt.want)
		}
	}
}
