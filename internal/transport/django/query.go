package django

import (
	"strings"
	"unicode/utf8"
)

// Query strings and URL-encoded forms are read and written as Python's
// urllib.parse does, because links copy the query of the request
// (https://docs.python.org/3/library/urllib.parse.html).

// params are the values of each name in the order sent.
type params map[string][]string

// parseParams reads at most limit pairs and reports whether that was all of
// them. It takes anything.
func parseParams(s string, limit int) (params, bool) {
	p := params{}
	for s != "" {
		var pair string
		pair, s, _ = strings.Cut(s, "&")
		if pair == "" {
			continue
		}
		if limit--; limit < 0 {
			return p, false
		}
		name, value, _ := strings.Cut(pair, "=")
		name = unescape(name)
		p[name] = append(p[name], unescape(value))
	}
	return p, true
}

// last returns the last value of a name, which is the one that counts.
func (p params) last(name string) string { return last(p[name]) }

// unescape decodes "+" and "%xx"; a "%" before anything else is itself, and
// what is no UTF-8 becomes U+FFFD.
func unescape(s string) string {
	if !strings.ContainsAny(s, "+%") {
		return replaceInvalid(s)
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '+':
			b = append(b, ' ')
		case s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b = append(b, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			b = append(b, s[i])
		}
	}
	return replaceInvalid(string(b))
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// replaceInvalid puts U+FFFD in the place of each broken character.
func replaceInvalid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if r, size := utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
			b.WriteString(s[i : i+size])
			i += size
			continue
		}
		b.WriteRune(utf8.RuneError)
		length, _, cut := badUTF8([]byte(s[i:min(i+utf8.UTFMax, len(s))]))
		if cut {
			break
		}
		i += length
	}
	return b.String()
}

// appendEscaped is quote_plus.
func appendEscaped(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', strings.IndexByte("_.-~", c) >= 0:
			b = append(b, c)
		case c == ' ':
			b = append(b, '+')
		default:
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return b
}
