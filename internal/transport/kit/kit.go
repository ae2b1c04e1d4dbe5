// Package kit is what the dialects share of HTTP: who is asking, uploads,
// addresses, conditional answers, and how a route documents itself. It knows
// no dialect's words.
package kit

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Addresses works out under which address a client sees the server.
type Addresses struct {
	// Public is the scheme and host to use whatever a request says, or nil to
	// believe the Host header.
	Public *url.URL
	// Proxies are the networks whose X-Forwarded-Proto and X-Forwarded-For are
	// believed.
	Proxies []netip.Prefix
}

// Base returns scheme and host without a trailing slash, such as
// "https://music.example.org". A Host header that names no host counts as
// "localhost": what a request says must not get into the text of an answer.
func (a Addresses) Base(r *http.Request) string {
	if a.Public != nil {
		return a.Public.Scheme + "://" + a.Public.Host
	}
	scheme := "http"
	if r.TLS != nil || (strings.EqualFold(first(r.Header, "X-Forwarded-Proto"), "https") && a.fromProxy(r)) {
		scheme = "https"
	}
	if !plainHost(r.Host) {
		return scheme + "://localhost"
	}
	return scheme + "://" + r.Host
}

// first returns what [http.Header.Get] does for a name that is written as the
// map has it, which that makes sure of each time.
func first(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// maxHost is the length of the longest name in the DNS, with a port.
const maxHost = 253 + len(":65535")

// plainHost reports whether a Host header has nothing but what names,
// addresses and ports consist of. The server lets more pass.
func plainHost(host string) bool {
	if host == "" || len(host) > maxHost {
		return false
	}
	for _, c := range []byte(host) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == ':', c == '[', c == ']':
		default:
			return false
		}
	}
	return true
}

// Client returns the address of whoever asks, behind a believed proxy the one
// that the proxy names.
func (a Addresses) Client(r *http.Request) string {
	peer, ok := peerOf(r)
	if !ok {
		return r.RemoteAddr
	}
	if !a.believes(peer) {
		return peer.String()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		peer = hop.Unmap().WithZone("")
		if !a.believes(peer) {
			break
		}
	}
	return peer.String()
}

func (a Addresses) fromProxy(r *http.Request) bool {
	peer, ok := peerOf(r)
	return ok && a.believes(peer)
}

func (a Addresses) believes(addr netip.Addr) bool {
	for _, p := range a.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func peerOf(r *http.Request) (netip.Addr, bool) {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	return ap.Addr().Unmap().WithZone(""), err == nil
}
