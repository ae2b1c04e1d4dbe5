// Package clerk lets people in who have signed in at Clerk: it checks Clerk's
// session tokens, and asks Clerk's backend who somebody is.
//
// A token is a JWT (RFC 7519) that Clerk signs with RS256 and renews each
// minute. It is checked without asking Clerk, with the keys of the instance,
// which are remembered; see keys. Who the user is, by name and address, is
// asked once, when he is seen for the first time.
//
// Claims and checks follow Clerk's documentation of manual JWT verification:
// https://clerk.com/docs/backend-requests/manual-jwt
package clerk

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Config says which instance of Clerk is trusted. At least one of Issuer,
// PublishableKey, PublicKey and SecretKey names it.
type Config struct {
	// Issuer is who has to have issued a token: "https://clerk.example.org".
	// "" is what PublishableKey says.
	Issuer         string
	PublishableKey string // "pk_live_…", which names the issuer
	// PublicKey is the key that signs, in PEM; "" fetches the keys from JWKSURL.
	PublicKey string
	// JWKSURL is where the keys are; "" is Issuer/.well-known/jwks.json, or
	// without an issuer the backend API's.
	JWKSURL           string
	SecretKey         string        // "sk_live_…", for the backend API; "" asks it nothing
	APIURL            string        // of the backend API; "" is Clerk's own
	AuthorizedParties []string      // origins for whose pages a token may be made; none are all
	Skew              time.Duration // by how much clocks may differ
	HTTP              *http.Client  // nil is one with a timeout
	Now               func() time.Time
	Log               *slog.Logger
}

// DefaultAPI is Clerk's backend API.
const DefaultAPI = "https://api.clerk.com"

// DefaultSkew is by how much clocks may differ if nobody says otherwise, as in
// Clerk's own libraries.
const DefaultSkew = 5 * time.Second

// httpTimeout is how long Clerk may take to answer.
const httpTimeout = 5 * time.Second

// Clerk is one instance of Clerk. It is safe for concurrent use.
type Clerk struct {
	parser  *jwt.Parser
	parties []string
	skew    time.Duration
	keys    keySource
	people  *directory // nil without a secret key
	log     *slog.Logger
}

// keySource returns the key that a token's header names.
type keySource interface {
	key(ctx context.Context, id string) (*rsa.PublicKey, error)
}

// New returns the instance that the configuration names. It asks Clerk nothing
// yet.
func New(c Config) (*Clerk, error) {
	issuer, err := c.issuer()
	if err != nil {
		return nil, err
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: httpTimeout}
	}
	c.APIURL = strings.TrimRight(c.APIURL, "/")
	if c.APIURL == "" {
		c.APIURL = DefaultAPI
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), // no other, whatever the token says
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(c.Skew), jwt.WithTimeFunc(c.Now),
	}
	if issuer != "" {
		options = append(options, jwt.WithIssuer(issuer))
	}
	k := &Clerk{parser: jwt.NewParser(options...), parties: c.AuthorizedParties, skew: c.Skew, log: c.Log}
	if c.SecretKey != "" {
		k.people = newDirectory(c)
	}
	if k.keys, err = c.keySource(issuer); err != nil {
		return nil, err
	}
	return k, nil
}

// issuer returns who has to have issued a token, "" for anybody whose signature
// is right.
func (c Config) issuer() (string, error) {
	if c.Issuer != "" || c.PublishableKey == "" {
		return strings.TrimRight(c.Issuer, "/"), nil
	}
	return IssuerOf(c.PublishableKey)
}

// keySource returns where the keys come from.
func (c Config) keySource(issuer string) (keySource, error) {
	switch {
	case c.PublicKey != "":
		key, err := jwt.ParseRSAPublicKeyFromPEM([]byte(c.PublicKey))
		if err != nil {
			return nil, fmt.Errorf("clerk: the public key: %w", err)
		}
		return onlyKey{key}, nil
	case c.JWKSURL != "":
		return newKeys(c, c.JWKSURL, ""), nil
	case issuer != "":
		return newKeys(c, issuer+"/.well-known/jwks.json", ""), nil
	case c.SecretKey != "":
		return newKeys(c, c.APIURL+"/v1/jwks", c.SecretKey), nil
	}
	return nil, errors.New("clerk: nothing says which instance is trusted")
}

// IssuerOf returns the issuer that a publishable key names: "pk_test_" or
// "pk_live_", and then the host with a "$" at its end in base 64.
func IssuerOf(publishable string) (string, error) {
	wrong := errors.New("clerk: the publishable key is none such as pk_live_…")
	rest, ok := strings.CutPrefix(publishable, "pk_live_")
	if !ok {
		if rest, ok = strings.CutPrefix(publishable, "pk_test_"); !ok {
			return "", wrong
		}
	}
	text, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(rest, "="))
	if err != nil {
		return "", wrong
	}
	host, ok := strings.CutSuffix(string(text), "$")
	issuer := "https://" + host
	if u, err := url.Parse(issuer); !ok || err != nil || u.Host != host || host == "" {
		return "", wrong
	}
	return issuer, nil
}

// Development reports whether a publishable key is one of an instance for
// development, for whose cookies Clerk asks for one more.
func Development(publishable string) bool { return strings.HasPrefix(publishable, "pk_test_") }

// claims are what a session token says.
type claims struct {
	jwt.RegisteredClaims
	AuthorizedParty string `json:"azp"`
	Session         string `json:"sid"`
}

// Bounds of a token, in bytes: of all of it, and of the subject.
const (
	maxToken   = 16 << 10
	maxSubject = 200
)

// Verify implements account.Outside. Errors: Unauthenticated, with what is wrong
// as its cause; also while Clerk's keys cannot be had, which is logged.
func (k *Clerk) Verify(ctx context.Context, token string) (account.Claims, error) {
	if len(token) > maxToken {
		return account.Claims{}, refused(errors.New("the token is too long"))
	}
	var c claims
	_, err := k.parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		return k.keys.key(ctx, id)
	})
	if err != nil {
		return account.Claims{}, refused(err)
	}
	switch {
	case c.Subject == "" || len(c.Subject) > maxSubject || strings.ContainsFunc(c.Subject, unprintable):
		return account.Claims{}, refused(errors.New("the token names no subject"))
	case len(k.parties) > 0 && !slices.Contains(k.parties, c.AuthorizedParty):
		return account.Claims{}, refused(fmt.Errorf("the token was made for %q", c.AuthorizedParty))
	}
	verified := account.Claims{Subject: c.Subject, Session: c.Session, Expires: c.ExpiresAt.Add(k.skew)}
	if c.IssuedAt != nil {
		verified.Issued = c.IssuedAt.Time
	}
	return verified, nil
}

// unprintable tells the characters that no id has.
func unprintable(r rune) bool { return r <= ' ' || r > '~' }

func refused(cause error) error {
	return &errs.Error{Kind: errs.Unauthenticated, Message: account.ReasonUnknown, Err: fmt.Errorf("clerk: %w", cause)}
}
