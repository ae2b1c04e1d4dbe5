package clerk_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/identity/clerk"
	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
)

// clock is a time that stands still.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 22, 14, 8, 32, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a Clerk, and what trusts it.
type house struct {
	*clerktest.Instance
	*clerk.Clerk
	clock *clock
}

func newHouse(t *testing.T, edits ...func(*clerk.Config)) house {
	t.Helper()
	now := newClock()
	i := clerktest.New(now.Now)
	c := i.Start(t)
	for _, edit := range edits {
		edit(&c)
	}
	return house{i, mustNew(t, c), now}
}

func mustNew(t *testing.T, c clerk.Config) *clerk.Clerk {
	t.Helper()
	k, err := clerk.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (h house) accepts(t *testing.T, what, token string) {
	t.Helper()
	if _, err := h.Verify(t.Context(), token); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// refuses checks that a token is Unauthenticated, and that the log is told why.
func (h house) refuses(t *testing.T, what, token, why string) {
	t.Helper()
	got, err := h.Verify(t.Context(), token)
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Unauthenticated || !strings.Contains(err.Error(), why) || got != (account.Claims{}) {
		t.Errorf("%s: %+v, %v, want it refused for %q", what, got, err, why)
	}
	if e != nil && e.Message != account.ReasonUnknown {
		t.Errorf("%s: clients are told %q", what, e.Message)
	}
}

func with(name string, value any) func(jwt.MapClaims) {
	return func(c jwt.MapClaims) { c[name] = value }
}

func without(name string) func(jwt.MapClaims) { return func(c jwt.MapClaims) { delete(c, name) } }

func TestVerify(t *testing.T) {
	h := newHouse(t)
	now := h.clock.Now()
	got, err := h.Verify(t.Context(), h.Token("user_ann"))
	want := account.Claims{
		Subject: "user_ann", Session: "sess_user_ann", Issued: now, Expires: now.Add(clerktest.Lifetime + clerk.DefaultSkew),
	}
	if err != nil || got.Subject != want.Subject || got.Session != want.Session || !got.Issued.Equal(want.Issued) || !got.Expires.Equal(want.Expires) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	h.accepts(t, "without a session", h.Token("user_ann", without("sid")))
	h.accepts(t, "without a page, if any will do", h.Token("user_ann", without("azp")))
	// Clocks differ.
	h.accepts(t, "a little early", h.Token("user_ann", with("nbf", now.Unix()+5), with("iat", now.Unix()+5)))
	h.accepts(t, "a little late", h.Token("user_ann", with("exp", now.Unix()-4)))
}

func TestRefused(t *testing.T) {
	h := newHouse(t, func(c *clerk.Config) {
		c.AuthorizedParties = []string{"https://app.example.org", "https://other.example.org"}
	})
	now := h.clock.Now()
	h.accepts(t, "a good token", h.Token("user_ann"))
	h.accepts(t, "of another page", h.Token("user_ann", with("azp", "https://other.example.org")))
	for _, tt := range []struct {
		what, why string
		edit      func(jwt.MapClaims)
	}{
		{"expired", "token is expired", with("exp", now.Unix()-5)},
		{"for ever", "token is missing required claim", without("exp")},
		{"not yet", "not valid yet", with("nbf", now.Unix()+7)},
		{"of tomorrow", "used before issued", with("iat", now.Unix()+7)},
		{"of another instance", "invalid issuer", with("iss", "https://clerk.example.com")},
		{"of nobody's", "iss claim is required", without("iss")},
		{"for nobody", "names no subject", without("sub")},
		{"for an empty one", "names no subject", with("sub", "")},
		{"for a long one", "names no subject", with("sub", strings.Repeat("u", 201))},
		{"for one with a space", "names no subject", with("sub", "user ann")},
		{"for a number", "", with("sub", 5)},
		{"for another page", "was made for", with("azp", "https://evil.example")},
		{"for no page", "was made for", without("azp")},
		{"of a strange time", "", with("exp", "tomorrow")},
	} {
		h.refuses(t, tt.what, h.Token("user_ann", tt.edit), tt.why)
	}
}

// Whatever a token says of itself, only RS256 by the instance's key counts.
func TestForged(t *testing.T) {
	h := newHouse(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	good := h.Token("user_ann")
	h.accepts(t, "a good one", good)
	keyID := "ins_1"
	claims := h.Claims("user_ann")
	h.refuses(t, "by another key", clerktest.Sign(jwt.SigningMethodRS256, other, keyID, claims), "signature is invalid")
	h.refuses(t, "by nobody", clerktest.Sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, keyID, claims), "signing method none is invalid")
	h.refuses(t, "by the public key as a secret", clerktest.Sign(jwt.SigningMethodHS256, []byte(h.PublicKey()), keyID, claims), "signing method HS256 is invalid")
	h.refuses(t, "by a longer hash", clerktest.Sign(jwt.SigningMethodRS512, other, keyID, claims), "signing method RS512 is invalid")
	h.refuses(t, "by PSS", clerktest.Sign(jwt.SigningMethodPS256, other, keyID, claims), "signing method PS256 is invalid")
	h.refuses(t, "by an unknown key", clerktest.Sign(jwt.SigningMethodRS256, other, "ins_9", claims), "names no key")
	h.refuses(t, "by an unnamed key", clerktest.Sign(jwt.SigningMethodRS256, other, "", claims), "names no key")

	parts := strings.Split(good, ".")
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://clerk.example.org","sub":"user_bob","exp":9999999999}`))
	h.refuses(t, "with other claims", parts[0]+"."+payload+"."+parts[2], "signature is invalid")
	h.refuses(t, "without a signature", parts[0]+"."+parts[1]+".", "signature is invalid")
	mac := hmac.New(sha256.New, []byte(h.PublicKey()))
	mac.Write([]byte(parts[0] + "." + payload))
	h.refuses(t, "with a code in place of a signature", parts[0]+"."+payload+"."+base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), "signature is invalid")
	for _, text := range []string{"", ".", "..", "a.b.c", parts[0] + ".." + parts[2], strings.Repeat("a.", 9000), strings.Repeat("a", 20_000)} {
		h.refuses(t, "nonsense", text, "")
	}
}

// With a key in PEM nobody is asked for keys, and what tokens call them is of no
// interest.
func TestPublicKey(t *testing.T) {
	now := newClock()
	i := clerktest.New(now.Now)
	k := mustNew(t, clerk.Config{PublicKey: i.PublicKey(), Skew: clerk.DefaultSkew, Now: now.Now})
	h := house{i, k, now}
	h.accepts(t, "a good token", i.Token("user_ann"))
	h.accepts(t, "of whatever issuer, as none is set", i.Token("user_ann", with("iss", "https://other.example")))
	h.refuses(t, "by the public key as a secret", clerktest.Sign(jwt.SigningMethodHS256, []byte(i.PublicKey()), "", i.Claims("user_ann")), "HS256")
	old := i.Token("user_ann")
	i.Rotate()
	h.accepts(t, "by the old key", old)
	h.refuses(t, "by the new key", i.Token("user_ann"), "signature is invalid")

	// Nobody can be asked who he is.
	if p, err := k.Profile(t.Context(), "user_ann"); err != nil || p != (account.OutsideProfile{}) {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestNewRefused(t *testing.T) {
	for what, c := range map[string]clerk.Config{
		"nothing":               {},
		"no key in PEM":         {PublicKey: "-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----"},
		"no publishable key":    {PublishableKey: "pk_live_"},
		"another kind of key":   {PublishableKey: "sk_live_Y2xlcmsuZXhhbXBsZS5vcmck"},
		"a key of something":    {PublishableKey: "pk_live_!"},
		"a host without an end": {PublishableKey: "pk_live_" + base64.StdEncoding.EncodeToString([]byte("clerk.example.org"))},
		"a path":                {PublishableKey: "pk_live_" + base64.StdEncoding.EncodeToString([]byte("clerk.example.org/x$"))},
	} {
		if _, err := clerk.New(c); err == nil || !strings.HasPrefix(err.Error(), "clerk: ") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestIssuerOf(t *testing.T) {
	for key, want := range map[string]string{
		"pk_live_Y2xlcmsuZXhhbXBsZS5vcmck":            "https://clerk.example.org",
		"pk_test_ZGVtby5jbGVyay5hY2NvdW50cy5kZXYk":    "https://demo.clerk.accounts.dev",
		"pk_test_bG9jYWxob3N0OjgwODEk":                "https://localhost:8081",
		"pk_live_Y2xlcmsuc2hvcnQub3JnJA==":            "https://clerk.short.org",
		"pk_test_ZGVtby5jbGVyay5hY2NvdW50cy5kZXYkAAA": "",
	} {
		if got, err := clerk.IssuerOf(key); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", key, got, err, want)
		}
	}
	if !clerk.Development("pk_test_x") || clerk.Development("pk_live_x") || clerk.Development("") {
		t.Error("which instances are for development")
	}
}

// Without the settings that say where the keys are, they are where the others
// imply.
func TestWhereKeysAre(t *testing.T) {
	now := newClock()
	i := clerktest.New(now.Now)
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path+" "+r.Header.Get("Authorization"))
		r.URL.Path = clerktest.KeysPath
		i.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	own := with("iss", server.URL)
	for want, c := range map[string]clerk.Config{
		"/.well-known/jwks.json ":   {Issuer: server.URL + "/"},
		"/v1/jwks Bearer sk_test_a": {SecretKey: "sk_test_a", APIURL: server.URL + "/"},
		"/keys ":                    {Issuer: server.URL, JWKSURL: server.URL + "/keys"},
	} {
		asked = nil
		c.Now, c.HTTP, c.Skew = now.Now, server.Client(), clerk.DefaultSkew
		h := house{i, mustNew(t, c), now}
		h.accepts(t, want, i.Token("user_ann", own))
		if len(asked) != 1 || asked[0] != want {
			t.Errorf("asked %q, want %q", asked, want)
		}
	}
}
