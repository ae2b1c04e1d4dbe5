// Package oidctest is a provider of OpenID Connect on this machine, for tests:
// discovery, keys, the authorization code flow with PKCE, and the endpoint that
// tells of people. It checks what a client sends as a strict provider does, and
// can be told to answer what a bad one would.
package oidctest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"
)

// What the provider knows its client by. The secret has characters that have to
// be escaped twice.
const (
	ClientID     = "antiphon"
	ClientSecret = "s3cret/+ %"
)

const keyID = "key-1"

// Provider is a provider. Its exported fields may be set between requests.
type Provider struct {
	URL string // its issuer

	// Who signs in, by the claims of the ID token, "sub" among them.
	Claims map[string]any
	// Told is what the endpoint for people says besides the subject.
	Told map[string]any
	// Secret is how the client has to tell its secret: "" for the Authorization
	// header, "client_secret_post" for the form, "none" for a client that has none.
	Secret string
	// Decline has the user not sign in.
	Decline bool
	// Away has every request fail.
	Away bool
	// Edit spoils the ID token's claims.
	Edit func(jwt.MapClaims)
	// Sign signs in place of RS256 with the provider's key.
	Sign func(jwt.MapClaims) string

	now func() time.Time
	key *rsa.PrivateKey

	mu      sync.Mutex
	codes   map[string]grant
	tokens  map[string]string // the subject by the access token
	asked   map[string]int
	refused []string
}

// grant is what a code was given for.
type grant struct{ redirect, challenge, nonce string }

// Start runs a provider until the test ends.
func Start(t testing.TB, now func() time.Time) *Provider {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &Provider{now: now, key: key, codes: map[string]grant{}, tokens: map[string]string{}, asked: map[string]int{}}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

// Asked returns how many requests there were for a path.
func (p *Provider) Asked(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// Refused returns why requests were refused.
func (p *Provider) Refused() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.refused)
}

// ServeHTTP implements http.Handler.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[r.URL.Path]++
	if p.Away {
		http.Error(w, "away", http.StatusServiceUnavailable)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		document := map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token",
			"userinfo_endpoint": p.URL + "/people", "jwks_uri": p.URL + "/keys",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
			"code_challenge_methods_supported":      []string{"S256"},
		}
		if p.Secret != "" {
			document["token_endpoint_auth_methods_supported"] = []string{p.Secret}
		}
		answer(w, http.StatusOK, document)
	case "/keys":
		answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &p.key.PublicKey, KeyID: keyID, Algorithm: "RS256", Use: "sig"}}})
	case "/authorize":
		p.authorize(w, r)
	case "/token":
		p.token(w, r)
	case "/people":
		p.people(w, r)
	default:
		http.NotFound(w, r)
	}
}

// authorize signs the user in without a page, and sends the browser back.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != ClientID, err != nil, redirect.Host == "", !strings.HasSuffix(redirect.Path, "/callback"):
		p.refuse(w, http.StatusBadRequest, "invalid_request", "the client or where it is")
		return
	case q.Get("response_type") != "code", !slices.Contains(strings.Fields(q.Get("scope")), "openid"),
		q.Get("code_challenge_method") != "S256", len(q.Get("code_challenge")) != 43, len(q.Get("state")) < 20, len(q.Get("nonce")) < 20:
		p.refuse(w, http.StatusBadRequest, "invalid_request", "what it asks for")
		return
	}
	back := redirect.Query()
	back.Set("state", q.Get("state"))
	back.Set("iss", p.URL)
	if p.Decline {
		back.Set("error", "access_denied")
	} else {
		code := rand.Text()
		p.codes[code] = grant{q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("nonce")}
		back.Set("code", code)
	}
	redirect.RawQuery = back.Encode()
	http.Redirect(w, r, redirect.String(), http.StatusFound)
}

// token gives an ID token for a code, once.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !p.knows(r) {
		p.refuse(w, http.StatusUnauthorized, "invalid_client", "the client's secret")
		return
	}
	g, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case !ok, r.PostFormValue("grant_type") != "authorization_code", r.PostFormValue("redirect_uri") != g.redirect:
		p.refuse(w, http.StatusBadRequest, "invalid_grant", "the code")
		return
	case base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge:
		p.refuse(w, http.StatusBadRequest, "invalid_grant", "the verifier")
		return
	}
	now := p.now()
	c := jwt.MapClaims{
		"iss": p.URL, "aud": ClientID, "nonce": g.nonce, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	maps.Copy(c, p.Claims)
	subject, _ := c["sub"].(string)
	if p.Edit != nil {
		p.Edit(c)
	}
	signed := ""
	if p.Sign != nil {
		signed = p.Sign(c)
	} else {
		token := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
		token.Header["kid"] = keyID
		signed, _ = token.SignedString(p.key) // a key of the right kind
	}
	access := rand.Text()
	p.tokens[access] = subject
	answer(w, http.StatusOK, map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": signed})
}

// knows reports whether a request says in the right way which client it is.
func (p *Provider) knows(r *http.Request) bool {
	id, secret, header := r.BasicAuth()
	form := r.PostFormValue("client_id") == ClientID
	switch p.Secret {
	case "none":
		return !header && form && !r.PostForm.Has("client_secret")
	case "client_secret_post":
		return !header && form && r.PostFormValue("client_secret") == ClientSecret
	}
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	return header && id == ClientID && secret == ClientSecret
}

// people tells of who signed in.
func (p *Provider) people(w http.ResponseWriter, r *http.Request) {
	subject, ok := p.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	if !ok {
		p.refuse(w, http.StatusUnauthorized, "invalid_token", "the access token")
		return
	}
	told := map[string]any{"sub": subject}
	maps.Copy(told, p.Told)
	answer(w, http.StatusOK, told)
}

func (p *Provider) refuse(w http.ResponseWriter, status int, code, what string) {
	p.refused = append(p.refused, what)
	answer(w, status, map[string]any{"error": code})
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone by now
}
