package app

import (
	"io"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/account"
)

// What is no dialect's has doors of its own.

// only lets those pass whose role is high enough, and tells the others why not.
func (a *App) only(role account.Role, why string, next http.Handler) http.Handler {
	identifier := a.identifier()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := identifier.Caller(r)
		switch {
		case err != nil:
			http.Error(w, "The accounts cannot be read at the moment", http.StatusServiceUnavailable)
		case !c.Actor.Known():
			w.Header().Set("WWW-Authenticate", "Token")
			http.Error(w, why, http.StatusUnauthorized)
		case c.Actor.Role() < role:
			http.Error(w, why, http.StatusForbidden)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// members keeps what tells of a private instance to those who are signed in.
func (a *App) members(next http.Handler) http.Handler {
	if !a.Config.Private {
		return next
	}
	return a.only(account.Member, "This server is for its members", next)
}

// unlisted keeps a private instance out of search engines, and its answers out
// of caches that several people use, unless they say otherwise themselves.
func (a *App) unlisted(next http.Handler) http.Handler {
	if !a.Config.Private {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Robots-Tag"] = noIndex
		h["Cache-Control"] = forOne
		next.ServeHTTP(w, r)
	})
}

// Values of headers as net/http keeps them; nobody changes them.
var (
	noIndex = []string{"noindex, nofollow"}
	forOne  = []string{"private, no-cache"}
)

func noRobots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "User-agent: *\nDisallow: /\n") // the client may be gone by now
}
