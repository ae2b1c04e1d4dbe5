package webui

import (
	"net/http"
	"path"
	"strconv"
	"strings"
)

// secure sets what every answer has: the app is nobody's frame, and what it
// loads is what it says it is.
func secure(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()")
}

// policy is the page's (https://www.w3.org/TR/CSP3/). Pictures and music may
// come from elsewhere, for songs can refer to them; code and styles may not. cdn
// is the origin of our own, with a space before it, which may be asked for data
// too; "" for none.
func policy(nonce, cdn string) string {
	return "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; " +
		"img-src 'self' data: blob: https: http:" + cdn + "; media-src 'self' blob: https: http:" + cdn + "; " +
		"connect-src 'self'" + cdn + "; font-src 'self'; manifest-src 'self'; worker-src 'self'; object-src 'none'; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// contentTypes are by the names' extensions. The system's own table is not
// asked: it differs from machine to machine.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".gif":         "image/gif",
	".ico":         "image/x-icon",
	".jpg":         "image/jpeg",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".map":         "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".webp":        "image/webp",
	".woff":        "font/woff",
	".woff2":       "font/woff2",
	".xml":         "application/xml",
}

func typeOf(name string) string {
	if t := contentTypes[path.Ext(name)]; t != "" {
		return t
	}
	return "application/octet-stream"
}

// choose returns the best variant for a client, by the values of its
// Accept-Encoding.
func (e *entry) choose(accepted []string) variant {
	list := strings.Join(accepted, ",")
	for _, v := range e.variants {
		if v.coding == "" || accepts(list, v.coding) {
			return v
		}
	}
	return e.variants[len(e.variants)-1]
}

// accepts reports whether a value of Accept-Encoding admits a coding
// (RFC 9110, 12.5.3). One that is named counts before "*".
func accepts(list, coding string) bool {
	others := false
	for item := range strings.SplitSeq(list, ",") {
		name, parameter, weighted := strings.Cut(item, ";")
		admitted := true
		if q, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameter)), "q="); weighted && ok {
			weight, err := strconv.ParseFloat(q, 64)
			admitted = err == nil && weight > 0
		}
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, coding):
			return admitted
		case name == "*":
			others = admitted
		}
	}
	return others
}
