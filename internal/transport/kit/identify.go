package kit

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Problem says what is wrong with the credentials that a request brought.
type Problem uint8

// The problems. Whoever brought no credentials has none.
const (
	NoProblem       Problem = iota
	TokenMissing            // the scheme without a key
	TokenSpaces             // a key with spaces
	TokenCharacters         // a key with characters that no key has
	TokenUnknown            // a key that no token and no session has (any more)
	UserInactive            // a good key of a user who is switched off
)

// Caller is who sent a request, and how he said so.
type Caller struct {
	Actor   account.Actor // anonymous if nothing proved otherwise
	Problem Problem
	Header  bool // an Authorization header with a scheme we know was looked at
	Cookie  bool // a cookie was looked at: other sites can make a browser send it
}

// Cookies that carry a key: SessionCookie as Django's, ClerkCookie as the Node
// reference's frontend has it.
const (
	SessionCookie = "sessionid"
	ClerkCookie   = "__session"
)

// Identifier finds out who sent a request.
type Identifier struct{ Accounts *account.Service }

// Caller looks at the Authorization header (either dialect's word, "Token" or
// "Bearer"), then at the session cookie, then at __session. The error is
// Internal or Unavailable; bad credentials are a Problem, on which each
// dialect decides.
func (i Identifier) Caller(r *http.Request) (Caller, error) {
	if c, err := i.ByHeader(r.Context(), r.Header.Get("Authorization")); c.Header || err != nil {
		return c, err
	}
	if c, err := r.Cookie(SessionCookie); err == nil && c.Value != "" {
		return i.ByCookie(r.Context(), c.Value)
	}
	if c, err := r.Cookie(ClerkCookie); err == nil && c.Value != "" {
		return i.ByCookie(r.Context(), c.Value)
	}
	return Caller{}, nil
}

// ByHeader looks at the value of an Authorization header alone. One that is
// empty or of another scheme is not looked at.
func (i Identifier) ByHeader(ctx context.Context, header string) (Caller, error) {
	key, problem, ok := headerKey(header)
	c := Caller{Header: ok, Problem: problem}
	if !ok || problem != NoProblem {
		return c, nil
	}
	return i.byKey(ctx, c, key, i.Accounts.AuthenticateToken)
}

// ByCookie tries a cookie's value as a session and then as a token. One that
// is neither is no problem: browsers send cookies that have long expired.
func (i Identifier) ByCookie(ctx context.Context, key string) (Caller, error) {
	c, err := i.byKey(ctx, Caller{Cookie: true}, key, i.Accounts.AuthenticateSession)
	if err == nil && c.Problem == TokenUnknown {
		c, err = i.byKey(ctx, Caller{Cookie: true}, key, i.Accounts.AuthenticateToken)
	}
	if c.Problem != NoProblem {
		return Caller{}, err
	}
	return c, err
}

func (i Identifier) byKey(ctx context.Context, c Caller, key string,
	authenticate func(context.Context, string) (account.Actor, error),
) (Caller, error) {
	actor, err := authenticate(ctx, key)
	if c.Problem, err = problemOf(err); c.Problem == NoProblem && err == nil {
		c.Actor = actor
	}
	return c, err
}

// headerKey reads "Token KEY" or "Bearer KEY". ok is false if the header is
// empty or of another scheme.
func headerKey(header string) (key string, p Problem, ok bool) {
	parts := strings.Fields(header)
	if len(parts) == 0 || !(strings.EqualFold(parts[0], "Token") || strings.EqualFold(parts[0], "Bearer")) {
		return "", NoProblem, false
	}
	switch {
	case len(parts) == 1:
		return "", TokenMissing, true
	case len(parts) > 2:
		return "", TokenSpaces, true
	}
	for _, c := range []byte(parts[1]) {
		if c > 0x7e {
			return "", TokenCharacters, true
		}
	}
	return parts[1], NoProblem, true
}

// problemOf tells bad credentials from a fault of ours.
func problemOf(err error) (Problem, error) {
	var e *errs.Error
	switch {
	case err == nil:
		return NoProblem, nil
	case errors.As(err, &e) && e.Kind == errs.Unauthenticated && e.Message == account.ReasonInactive:
		return UserInactive, nil
	case errs.Is(err, errs.Unauthenticated):
		return TokenUnknown, nil
	}
	return NoProblem, err
}
