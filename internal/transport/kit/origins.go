package kit

import (
	"net/http"
	"slices"
)

// Origins are the web origins whose pages may call the server and read the
// answers, such as "http://localhost:3000". The first is the main one.
type Origins []string

// Allowed reports whether a page of the origin may: one of the list, or the
// server's own under the base address.
func (o Origins) Allowed(origin, base string) bool {
	return origin != "" && (origin == base || slices.Contains(o, origin))
}

// AllowOrigins returns next with its answers readable by pages of the origins.
func AllowOrigins(o Origins, a Addresses, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Also where no page is named: a cache must not hand that answer to one.
		w.Header().Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); o.Allowed(origin, a.Base(r)) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		next.ServeHTTP(w, r)
	})
}
