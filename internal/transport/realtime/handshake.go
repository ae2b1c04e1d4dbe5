package realtime

import (
	"io"
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// A visitor is what is kept of the request with which a session began.
type visitor struct {
	authorization string          // the header's value
	cookies       []kit.KeyCookie // in the order in which they are tried
	recovers      bool            // the client may be offered recovery
	debt          debt
	sending       chan struct{} // see messages; nil until the first
}

// maxCredential bounds what is kept, in bytes. No key is nearly as long.
const maxCredential = 8 << 10

// admit looks at the handshake of a session. Pages of foreign origins get an
// answer by polling, which browsers keep from them, but not in the name of the
// user whose cookies they make the browser send.
func (rt *Realtime) admit(r *http.Request) (origin any, err error) {
	foreign := rt.foreign(r)
	v := &visitor{
		authorization: kept(r.Header.Get("Authorization")),
		recovers:      !strings.HasPrefix(r.UserAgent(), "Dart/"),
	}
	if foreign {
		return v, nil
	}
	for _, c := range kit.Cookies(r) {
		c.Key, c.Since = kept(c.Key), kept(c.Since)
		v.cookies = append(v.cookies, c)
	}
	return v, nil
}

// kept returns a credential as a text of its own: header values are parts of
// one long text, which is not kept for them.
func kept(credential string) string {
	if len(credential) > maxCredential {
		return ""
	}
	return strings.Clone(credential)
}

// intrudes reports whether the page of a foreign origin asks for a websocket,
// which no browser would keep from it: a session's first, or one to take over.
func (rt *Realtime) intrudes(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") && rt.foreign(r)
}

// forbid refuses a websocket as Engine.IO does.
func forbid(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusForbidden)
	_, _ = io.WriteString(w, "Forbidden") // the client may be gone by now
}

// foreign reports whether the page of an origin that is not allowed sent the
// request. Browsers leave Origin out where a page of another origin loads a
// script, but say then where it comes from.
func (rt *Realtime) foreign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		return !rt.c.Origins.Allowed(origin, rt.c.Addresses.Base(r))
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

// recoverable reports whether a client is offered recovery. Those in Dart hand
// the offset at the end of each event to the application, as one argument more.
func recoverable(origin any) bool { return origin.(*visitor).recovers }
