package dump

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// WalkJSON calls do with each key and value of an object, or with each value of an
// array and no key, in their order. It stops with do's first error. The document
// must be known to be JSON.
func WalkJSON(document []byte, do func(key, value []byte) error) error {
	keys := document[0] == '{'
	rest := document[1:]
	for {
		rest = afterSpace(rest)
		if rest[0] == '}' || rest[0] == ']' {
			return nil
		}
		if rest[0] == ',' {
			rest = afterSpace(rest[1:])
		}
		var key []byte
		if keys {
			n := jsonLength(rest)
			key = Unquoted(rest[:n])
			// What follows is a colon.
			rest = afterSpace(afterSpace(rest[n:])[1:])
		}
		n := jsonLength(rest)
		if err := do(key, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
}

func afterSpace(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// jsonLength returns how long the value is that b begins with.
func jsonLength(b []byte) int {
	switch b[0] {
	case '"':
		return stringLength(b)
	case '{', '[':
		depth := 0
		for i := 0; ; i++ {
			switch b[i] {
			case '"':
				i += stringLength(b[i:]) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	n := 0
	for n < len(b) && b[n] != ',' && b[n] != '}' && b[n] != ']' && !isSpace(b[n]) {
		n++
	}
	return n
}

func stringLength(b []byte) int {
	for i := 1; ; i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// Unquoted returns the text of a string of JSON, which is known to be one. It
// may share the string's bytes.
func Unquoted(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b[1 : len(b)-1]
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return nil
	}
	return []byte(s)
}

const hexDigits = "0123456789abcdef"

// AppendText appends a string of JSON (RFC 8259, section 7).
func AppendText(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		if c >= ' ' {
			b = append(b, '\\', c)
		} else {
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&15])
		}
		from = i + 1
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}
