package fetch

import (
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	dialTimeout = 10 * time.Second
	idleTimeout = 30 * time.Second

	// maxHeader is the greatest length of an answer's header, in bytes.
	maxHeader = 64 << 10

	// maxRedirects is how many redirects are followed.
	maxRedirects = 5

	// idlePerHost is how many connections to one server are kept: most files are
	// of one.
	idlePerHost = 8
)

// newClient returns a client that connects to public addresses alone unless
// private ones are allowed. No proxy is asked: what it connects to could not be
// seen.
func newClient(private bool) *http.Client {
	dialer := &net.Dialer{Timeout: dialTimeout}
	if !private {
		dialer.Control = refusePrivate
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         dialer.DialContext,
			TLSHandshakeTimeout: dialTimeout,
			IdleConnTimeout:     idleTimeout,
			MaxIdleConnsPerHost: idlePerHost,
			ForceAttemptHTTP2:   true,
			// Files are packed already, and a part of a packed answer is no part of
			// the file.
			DisableCompression:     true,
			MaxResponseHeaderBytes: maxHeader,
		},
		CheckRedirect: func(to *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errs.New(errs.Invalid, "it was redirected more than %d times", maxRedirects)
			}
			return checkURL(to.URL)
		},
	}
}

// refusePrivate refuses to connect to what is not public. It is asked with the
// address that a name has turned out to have, right before each connection, so
// that neither redirects nor names that change their address get by.
func refusePrivate(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !public(at.Addr()) {
		return errs.New(errs.Forbidden, "it is at %s, which is no public address, and these are not allowed", address)
	}
	return nil
}

// public reports whether an address is of the public Internet.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range reserved() {
		if p.Contains(a) {
			return false
		}
	}
	return a.Is4() || netip.MustParsePrefix("2000::/3").Contains(a)
}

// reserved are the ranges that are not what they seem or lead elsewhere, from
// the registries of special addresses
// (https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry). Of IPv6, only
// 2000::/3 is given out at all.
func reserved() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),       // this network
		netip.MustParsePrefix("100.64.0.0/10"),   // behind a provider's NAT
		netip.MustParsePrefix("192.0.0.0/24"),    // protocols
		netip.MustParsePrefix("192.0.2.0/24"),    // documentation
		netip.MustParsePrefix("192.88.99.0/24"),  // 6to4 relays
		netip.MustParsePrefix("198.18.0.0/15"),   // benchmarks
		netip.MustParsePrefix("198.51.100.0/24"), // documentation
		netip.MustParsePrefix("203.0.113.0/24"),  // documentation
		netip.MustParsePrefix("240.0.0.0/4"),     // future use, broadcast
		netip.MustParsePrefix("2001::/23"),       // protocols, Teredo among them
		netip.MustParsePrefix("2001:db8::/32"),   // documentation
		netip.MustParsePrefix("2002::/16"),       // 6to4, which has an IPv4 address in it
		netip.MustParsePrefix("3fff::/20"),       // documentation
	}
}
