package node

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Paths are matched as Express matches them: on the text as it was sent,
// literals in either case, with or without a slash at the end.

// maxSegments is one more than the segments of the longest route.
const maxSegments = 6

// A path is cut into the texts between its slashes.
type path struct {
	segments [maxSegments]string
	n        int // 0 for a path that no route has
}

// rawPath returns the path of a request as it was sent.
func rawPath(r *http.Request) string {
	target := r.RequestURI
	if !strings.HasPrefix(target, "/") {
		return r.URL.EscapedPath()
	}
	if i := strings.IndexAny(target, "?#"); i >= 0 {
		target = target[:i]
	}
	return target
}

// cut splits a raw path. Where a router is mounted, behind the second segment,
// Express lets a doubled slash pass; anywhere else it matches nothing.
func cut(raw string) path {
	var p path
	rest, ok := strings.CutPrefix(raw, "/")
	if !ok {
		return path{}
	}
	rest, _ = strings.CutSuffix(rest, "/")
	for more := rest != ""; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		if segment == "" {
			if p.n == 2 && !strings.HasPrefix(rest, "/") {
				continue
			}
			return path{}
		}
		if p.n == maxSegments {
			return path{}
		}
		p.segments[p.n] = segment
		p.n++
	}
	return p
}

// under reports whether the path is that of the literals or below it.
func (p path) under(literals ...string) bool {
	if p.n < len(literals) {
		return false
	}
	for i, l := range literals {
		if !strings.EqualFold(p.segments[i], l) {
			return false
		}
	}
	return true
}

// matches reports whether the path has the form of a pattern, and returns the
// text in the place of its parameter, still encoded.
func (p path) matches(pattern []string) (param string, ok bool) {
	if p.n != len(pattern) {
		return "", false
	}
	for i, literal := range pattern {
		if strings.HasPrefix(literal, ":") {
			param = p.segments[i]
		} else if !strings.EqualFold(p.segments[i], literal) {
			return "", false
		}
	}
	return param, true
}

// find returns the route of a method and path with its decoded parameter, or
// nil. The error is that of a parameter that cannot be decoded, whatever the
// method.
func (d *Dialect) find(method string, p path) (*route, string, error) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	for i := range d.routes {
		rt := &d.routes[i]
		raw, ok := p.matches(rt.segments)
		if !ok {
			continue
		}
		param := raw
		if strings.Contains(raw, "%") {
			var err error
			if param, err = url.PathUnescape(raw); err != nil || !utf8.ValidString(param) {
				return nil, "", undecodable(raw)
			}
		}
		if rt.method == method {
			return rt, param, nil
		}
	}
	return nil, "", nil
}

// encodePath percent-encodes what may not stand in a URL, and leaves alone
// what is encoded already (https://github.com/pillarjs/encodeurl).
func encodePath(raw string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(raw) {
		c := raw[i]
		switch {
		case c == '%' && i+2 < len(raw) && isHex(raw[i+1]) && isHex(raw[i+2]):
			b.WriteByte(c)
		case c <= ' ' || c >= 0x7f || strings.IndexByte("\"%<>`{}", c) >= 0:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
