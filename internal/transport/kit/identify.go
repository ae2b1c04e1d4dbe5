package kit

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

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
	UserRefused             // a good token of elsewhere, of somebody who may not have an account here
)

// Caller is who sent a request, and how he said so.
type Caller struct {
	Actor   account.Actor // anonymous if nothing proved otherwise
	Problem Problem
	Header  bool // an Authorization header with a scheme we know was looked at
	Cookie  bool // a cookie was looked at: other sites can make a browser send it

	// Refusal is the error that says why, of UserRefused: a Forbidden or a
	// Conflict.
	Refusal error
}

// Cookies that carry a key: SessionCookie as Django's, ClerkCookie as the Node
// reference's frontend has it. The others are Clerk's too: ClerkSince has the
// second in which the user last signed in or out, 0 if he is signed out, and
// ClerkBrowser names a browser to an instance for development.
const (
	SessionCookie = "sessionid"
	ClerkCookie   = "__session"
	ClerkSince    = "__client_uat"
	ClerkBrowser  = "__clerk_db_jwt"
)

// Identifier finds out who sent a request.
type Identifier struct {
	Accounts *account.Service
	// ClerkBrowser has cookies of Clerk count only with that of the same name.
	ClerkBrowser bool
}

// Caller looks at the Authorization header (either dialect's word, "Token" or
// "Bearer", or a bare token of elsewhere), then at the session cookie, then at
// __session. The error is Internal or Unavailable; bad credentials are a Problem,
// on which each dialect decides.
func (i Identifier) Caller(r *http.Request) (Caller, error) {
	if c, err := i.ByHeader(r.Context(), first(r.Header, "Authorization")); c.Header || err != nil {
		return c, err
	}
	for _, k := range Cookies(r) {
		if c, err := i.ByCookie(r.Context(), k); c.Actor.Known() || err != nil {
			return c, err
		}
	}
	return Caller{}, nil
}

// KeyCookie is one of a request's that may hold a key, with what belongs to it.
type KeyCookie struct {
	Key     string
	Since   string // of ClerkSince
	Browser bool   // there is ClerkBrowser
}

// Cookies returns those of a request that may hold a key, in the order in which
// they are looked at.
func Cookies(r *http.Request) []KeyCookie {
	var found []KeyCookie
	for _, name := range []string{SessionCookie, ClerkCookie} {
		c, err := r.Cookie(name)
		if err != nil || c.Value == "" {
			continue
		}
		k := KeyCookie{Key: c.Value}
		if name == ClerkCookie {
			if since, err := r.Cookie(ClerkSince); err == nil {
				k.Since = since.Value
			}
			browser, err := r.Cookie(ClerkBrowser)
			k.Browser = err == nil && browser.Value != ""
		}
		found = append(found, k)
	}
	return found
}

// ByHeader looks at the value of an Authorization header alone. One that is
// empty or of another scheme is not looked at. Tokens of elsewhere come after
// "Bearer", written like this, or alone, as Clerk's own libraries take them.
func (i Identifier) ByHeader(ctx context.Context, header string) (Caller, error) {
	if token := strings.TrimPrefix(header, "Bearer "); i.Accounts.OutsideToken(token) && !strings.Contains(token, " ") {
		return i.byKey(ctx, Caller{Header: true}, token, i.Accounts.AuthenticateOutside)
	}
	key, problem, ok := headerKey(header)
	c := Caller{Header: ok, Problem: problem}
	if !ok || problem != NoProblem {
		return c, nil
	}
	return i.byKey(ctx, c, key, i.Accounts.AuthenticateToken)
}

// ByCookie tries a cookie's value as a session and then as a token, or as a token
// of elsewhere. One that is none of them is no problem: browsers send cookies
// that have long expired.
func (i Identifier) ByCookie(ctx context.Context, k KeyCookie) (Caller, error) {
	c, err := i.byCookie(ctx, k)
	if c.Problem != NoProblem {
		return Caller{}, err
	}
	return c, err
}

func (i Identifier) byCookie(ctx context.Context, k KeyCookie) (Caller, error) {
	if i.Accounts.OutsideToken(k.Key) {
		since, err := strconv.ParseInt(k.Since, 10, 64)
		if err != nil || since <= 0 || i.ClerkBrowser && !k.Browser {
			return Caller{}, nil
		}
		return i.byKey(ctx, Caller{Cookie: true}, k.Key, func(ctx context.Context, token string) (account.Actor, error) {
			return i.Accounts.AuthenticateOutsideSince(ctx, token, time.Unix(since, 0))
		})
	}
	c, err := i.byKey(ctx, Caller{Cookie: true}, k.Key, i.Accounts.AuthenticateSession)
	if err == nil && c.Problem == TokenUnknown {
		c, err = i.byKey(ctx, Caller{Cookie: true}, k.Key, i.Accounts.AuthenticateToken)
	}
	return c, err
}

func (i Identifier) byKey(ctx context.Context, c Caller, key string,
	authenticate func(context.Context, string) (account.Actor, error),
) (Caller, error) {
	actor, err := authenticate(ctx, key)
	if errs.Is(err, errs.Forbidden) || errs.Is(err, errs.Conflict) {
		c.Problem, c.Refusal = UserRefused, err
		return c, nil
	}
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
