// Package oidc lets people sign in at any provider that speaks OpenID Connect:
// a company's directory, Keycloak, Authentik, Google.
//
// It is the authorization code flow of OpenID Connect Core 1.0 with discovery
// and with PKCE (RFC 7636). Provider.Begin says where to send the browser, and
// Provider.Finish takes what it comes back with. In between the server keeps
// nothing: what it must remember is an Attempt, which the browser carries,
// sealed by the caller.
package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Config says where people sign in, and what the provider knows us by.
type Config struct {
	Name         string // in paths and in the database: "keycloak"
	Label        string // on the button; "" is Name
	Issuer       string // its address, below which .well-known/openid-configuration is
	ClientID     string
	ClientSecret string
	Scopes       []string // "openid" is always asked for
	// GroupsClaim is the claim that lists somebody's groups; AdminGroup and
	// EditorGroup those whose members get a role. With neither of the two, the
	// provider has no say about roles.
	GroupsClaim, AdminGroup, EditorGroup string

	HTTP *http.Client // nil is one with a timeout
	Now  func() time.Time
}

// httpTimeout is how long a provider may take to answer.
const httpTimeout = 10 * time.Second

// askAgain is how soon one that did not answer is asked again, so that those who
// come meanwhile do not wait one after another.
const askAgain = 2 * time.Second

// Provider is somewhere else to sign in. It is safe for concurrent use.
type Provider struct {
	c Config

	mu         sync.Mutex
	discovered *oidc.Provider // nil until it has answered
	failed     error          // of the last time it was asked and did not
	asked      time.Time
}

// New returns a provider, which is asked nothing until somebody signs in there:
// one that is away keeps nothing from starting.
func New(c Config) *Provider {
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: httpTimeout}
	}
	if c.Label == "" {
		c.Label = c.Name
	}
	if !slices.Contains(c.Scopes, oidc.ScopeOpenID) {
		c.Scopes = append([]string{oidc.ScopeOpenID}, c.Scopes...)
	}
	return &Provider{c: c}
}

// Name returns what the provider is called in paths.
func (p *Provider) Name() string { return p.c.Name }

// Label returns what people call it.
func (p *Provider) Label() string { return p.c.Label }

// Attempt is a sign-in that was begun. It is secret: whoever knows it can end
// the sign-in in place of whoever began it.
type Attempt struct {
	State    string // comes back in the query
	Nonce    string // comes back in the ID token
	Verifier string // of PKCE
}

// Begin returns where to send the browser of somebody who wants to sign in, and
// what to remember until he comes back to the callback's address. Errors:
// Unavailable if the provider cannot be reached.
func (p *Provider) Begin(ctx context.Context, callback string) (string, Attempt, error) {
	provider, err := p.discover(ctx)
	if err != nil {
		return "", Attempt{}, err
	}
	a := Attempt{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	return p.client(provider, callback).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// Answer is what the browser comes back with, of the query of the callback.
type Answer struct {
	State, Code string
	Error       string // "access_denied", if he did not sign in
	Issuer      string // who says that it answers (RFC 9207); "" if it does not
}

// Finish exchanges what the browser came back with for who it is. Errors:
// Unauthenticated if it is not the answer to the attempt, or the provider vouches
// for nobody; Forbidden if he has declined; Unavailable if the provider does not
// answer.
func (p *Provider) Finish(ctx context.Context, callback string, a Attempt, in Answer) (account.Outsider, error) {
	if a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(in.State)) != 1 {
		return account.Outsider{}, p.refuse(errors.New("the state is not that of the sign-in"))
	}
	if in.Issuer != "" && in.Issuer != p.c.Issuer {
		return account.Outsider{}, p.refuse(fmt.Errorf("another issuer answers: %q", in.Issuer))
	}
	if in.Error != "" {
		return account.Outsider{}, &errs.Error{Kind: errs.Forbidden, Err: fmt.Errorf("the provider %s says %q", p.c.Name, in.Error)}
	}
	provider, err := p.discover(ctx)
	if err != nil {
		return account.Outsider{}, err
	}
	ctx = oidc.ClientContext(ctx, p.c.HTTP)
	token, err := p.client(provider, callback).Exchange(ctx, in.Code, oauth2.VerifierOption(a.Verifier))
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError:
		return account.Outsider{}, p.refuse(err)
	case err != nil:
		return account.Outsider{}, p.away(err)
	}
	return p.outsider(ctx, provider, token, a.Nonce)
}

// outsider reads who a token is for.
func (p *Provider) outsider(ctx context.Context, provider *oidc.Provider, token *oauth2.Token, nonce string) (account.Outsider, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: p.c.ClientID, Now: p.c.Now, SupportedSigningAlgs: algorithms}).Verify(ctx, raw)
	if err != nil {
		return account.Outsider{}, p.refuse(err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 {
		return account.Outsider{}, p.refuse(errors.New("the nonce is not that of the sign-in"))
	}
	all := claims{}
	if err := id.Claims(&all); err != nil {
		return account.Outsider{}, p.refuse(err)
	}
	if authorized, _ := all["azp"].(string); authorized != "" && authorized != p.c.ClientID {
		return account.Outsider{}, p.refuse(fmt.Errorf("the token was made for %q", authorized))
	}
	// Many providers tell of the person only when they are asked.
	if provider.UserInfoEndpoint() != "" {
		info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return account.Outsider{}, p.away(err)
		}
		more := claims{}
		if err := info.Claims(&more); err != nil || info.Subject != id.Subject {
			return account.Outsider{}, p.refuse(errors.New("the provider tells of another person"))
		}
		all.add(more)
	}
	return account.Outsider{Provider: p.c.Name, Subject: id.Subject, OutsideProfile: all.profile(), Role: p.role(all)}, nil
}

// algorithms are those by which ID tokens may be signed: with keys that only the
// provider has, whatever it offers besides.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA}

// discover asks the provider for its addresses and keys, once it answers.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.discovered != nil {
		return p.discovered, nil
	}
	if p.failed != nil && p.c.Now().Sub(p.asked) < askAgain {
		return nil, p.failed
	}
	// The provider keeps its context to fetch keys later: it is not the request's.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.c.HTTP), p.c.Issuer)
	p.asked = p.c.Now()
	if err != nil {
		p.failed = p.away(err)
		return nil, p.failed
	}
	p.discovered = found
	return found, nil
}

func (p *Provider) client(provider *oidc.Provider, callback string) *oauth2.Config {
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = p.style(provider)
	return &oauth2.Config{
		ClientID: p.c.ClientID, ClientSecret: p.c.ClientSecret, Endpoint: endpoint,
		RedirectURL: callback, Scopes: p.c.Scopes,
	}
}

// style returns how the provider is told the client's secret: as it wants it, or
// as OpenID Connect Discovery has it if it does not say. Trying would spend codes.
func (p *Provider) style(provider *oidc.Provider) oauth2.AuthStyle {
	var says struct {
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	err := provider.Claims(&says)
	if p.c.ClientSecret == "" || err == nil && len(says.Methods) > 0 && !slices.Contains(says.Methods, "client_secret_basic") {
		return oauth2.AuthStyleInParams
	}
	return oauth2.AuthStyleInHeader
}

// role returns what the provider decides that somebody may do, nil if it has no
// say.
func (p *Provider) role(c claims) *account.Role {
	if p.c.AdminGroup == "" && p.c.EditorGroup == "" {
		return nil
	}
	groups := c.list(p.c.GroupsClaim)
	in := func(group string) bool { return group != "" && slices.Contains(groups, group) }
	role := account.Member
	switch {
	case in(p.c.AdminGroup):
		role = account.Administrator
	case in(p.c.EditorGroup):
		role = account.Editor
	}
	return &role
}

func (p *Provider) refuse(cause error) error {
	return &errs.Error{Kind: errs.Unauthenticated, Message: account.ReasonUnknown, Err: fmt.Errorf("the provider %s: %w", p.c.Name, cause)}
}

func (p *Provider) away(cause error) error {
	return &errs.Error{Kind: errs.Unavailable, RetryAfter: httpTimeout, Err: fmt.Errorf("the provider %s: %w", p.c.Name, cause)}
}

// claims are what a provider says of somebody, by the names of section 5.1 of
// OpenID Connect Core.
type claims map[string]any

// add puts in what is not there yet. Whether an address is verified is said of
// that address alone.
func (c claims) add(more claims) {
	_, addressed := c["email"]
	for name, value := range more {
		if _, ok := c[name]; !ok && !(addressed && name == "email_verified") {
			c[name] = value
		}
	}
}

func (c claims) text(name string) string {
	text, _ := c[name].(string)
	return strings.TrimSpace(text)
}

// truth reads a claim that some providers write as a text.
func (c claims) truth(name string) bool { return c[name] == true || c[name] == "true" }

// list reads a claim that is a list of texts, or one of them.
func (c claims) list(name string) []string {
	switch v := c[name].(type) {
	case string:
		return []string{v}
	case []any:
		var texts []string
		for _, one := range v {
			if text, ok := one.(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

func (c claims) profile() account.OutsideProfile {
	p := account.OutsideProfile{
		Email: c.text("email"), EmailVerified: c.truth("email_verified"), FullName: c.text("name"), Image: c.text("picture"),
	}
	if p.FullName == "" {
		p.FullName = strings.TrimSpace(c.text("given_name") + " " + c.text("family_name"))
	}
	if p.FullName == "" {
		p.FullName = c.text("preferred_username")
	}
	return p
}
