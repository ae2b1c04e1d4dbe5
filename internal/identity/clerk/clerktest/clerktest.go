// Package clerktest is a Clerk on this machine, for tests and benchmarks: it
// signs session tokens, and serves its keys and its users over HTTP as Clerk's
// backend API does.
package clerktest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/identity/clerk"
)

// What the instance is known by.
const (
	Issuer    = "https://clerk.example.org"
	SecretKey = "sk_test_secret"
	Lifetime  = time.Minute // of a token
)

// Where it answers.
const (
	KeysPath  = "/v1/jwks"
	usersPath = "/v1/users/"
)

// Person is a user of the instance.
type Person struct {
	FirstName, LastName string
	Email               string // "" for none
	Unverified          bool   // the address is not known to be his
	Image               string
	Banned              bool
}

// Instance is a Clerk. It is safe for concurrent use.
type Instance struct {
	now func() time.Time

	mu     sync.Mutex
	key    *rsa.PrivateKey
	keyID  string
	issued int // keys
	people map[string]Person
	away   bool
	asked  map[string]int
}

// New returns an instance without users, by whose clock tokens are signed.
func New(now func() time.Time) *Instance {
	i := &Instance{now: now, people: map[string]Person{}, asked: map[string]int{}}
	i.Rotate()
	return i
}

// Start serves the instance until the test ends, and returns what trusts it.
func (i *Instance) Start(t testing.TB) clerk.Config {
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	return clerk.Config{
		Issuer: Issuer, JWKSURL: server.URL + KeysPath, APIURL: server.URL, SecretKey: SecretKey, HTTP: server.Client(),
		Skew: clerk.DefaultSkew, Now: i.now, Log: slog.New(slog.DiscardHandler),
	}
}

// Trusted runs an instance until the test ends, and returns it with what trusts it.
func Trusted(t testing.TB, now func() time.Time) (*Instance, *clerk.Clerk) {
	t.Helper()
	i := New(now)
	k, err := clerk.New(i.Start(t))
	if err != nil {
		t.Fatal(err)
	}
	return i, k
}

// Put adds a user, or changes him.
func (i *Instance) Put(subject string, p Person) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.people[subject] = p
}

// Rotate has the instance sign with a new key from now on, and serve that alone.
func (i *Instance) Rotate() {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // only if the machine has no randomness
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.issued++
	i.key, i.keyID = key, fmt.Sprintf("ins_%d", i.issued)
}

// SetAway has the instance answer nothing but errors, or end that.
func (i *Instance) SetAway(away bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.away = away
}

// Asked returns how many requests there were for a path.
func (i *Instance) Asked(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked[path]
}

// AskedFor returns how many requests there were for a user.
func (i *Instance) AskedFor(subject string) int { return i.Asked(usersPath + subject) }

// PublicKey returns the key of the instance, in PEM.
func (i *Instance) PublicKey() string {
	key, _ := i.current()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err) // not for an RSA key
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// Token returns a session token of a user, for a minute from now on. Edits are
// made to its claims.
func (i *Instance) Token(subject string, edits ...func(jwt.MapClaims)) string {
	key, id := i.current()
	return Sign(jwt.SigningMethodRS256, key, id, i.Claims(subject, edits...))
}

// Claims returns what a token of a user says.
func (i *Instance) Claims(subject string, edits ...func(jwt.MapClaims)) jwt.MapClaims {
	now := i.now()
	c := jwt.MapClaims{
		"iss": Issuer, "sub": subject, "sid": "sess_" + subject, "azp": "https://app.example.org",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(Lifetime).Unix(),
	}
	for _, edit := range edits {
		edit(c)
	}
	return c
}

// Sign returns a token that says something, by any algorithm and key.
func Sign(method jwt.SigningMethod, key any, keyID string, c jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, c)
	token.Header["kid"] = keyID
	text, err := token.SignedString(key)
	if err != nil {
		panic(err) // the key is not of the algorithm
	}
	return text
}

func (i *Instance) current() (*rsa.PrivateKey, string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.key, i.keyID
}

// ServeHTTP implements http.Handler.
func (i *Instance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	i.asked[r.URL.Path]++
	away, key, id := i.away, i.key, i.keyID
	subject, isUser := strings.CutPrefix(r.URL.Path, usersPath)
	person, known := i.people[subject]
	i.mu.Unlock()
	switch {
	case away:
		http.Error(w, `{"errors":[{"code":"internal_error"}]}`, http.StatusBadGateway)
	case r.URL.Path == KeysPath:
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: id, Algorithm: "RS256", Use: "sig"}}})
	case !isUser || r.Header.Get("Authorization") != "Bearer "+SecretKey:
		http.Error(w, `{"errors":[{"code":"authentication_invalid"}]}`, http.StatusUnauthorized)
	case !known:
		http.Error(w, `{"errors":[{"code":"resource_not_found"}]}`, http.StatusNotFound)
	default:
		answer(w, person.wire(subject))
	}
}

// wire is the person as Clerk's backend tells of him, as far as anybody reads it.
func (p Person) wire(subject string) map[string]any {
	user := map[string]any{
		"id": subject, "object": "user", "first_name": p.FirstName, "last_name": p.LastName, "username": nil,
		"image_url": p.Image, "banned": p.Banned, "primary_email_address_id": nil, "email_addresses": []any{},
	}
	if p.Email == "" {
		return user
	}
	status := "verified"
	if p.Unverified {
		status = "unverified"
	}
	user["primary_email_address_id"] = "idn_2"
	user["email_addresses"] = []any{
		map[string]any{"id": "idn_1", "email_address": "old@example.com", "verification": map[string]any{"status": "verified"}},
		map[string]any{"id": "idn_2", "email_address": p.Email, "verification": map[string]any{"status": status}},
	}
	return user
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone by now
}
