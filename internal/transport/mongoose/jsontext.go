package mongoose

import (
	"fmt"
	"strconv"
	"unicode/utf16"
)

// A JSON reader that complains in the words of V8 11.3, the engine of Node 20:
// clients show these messages. The grammar is that of RFC 8259.

// maxDepth bounds how deep arrays and objects may be nested.
const maxDepth = 10_000

// ParseJSON reads one JSON text, given in UTF-16 code units because that is
// how the messages count. Numbers too large become infinite, as in JavaScript.
// The error is an *Error.
func ParseJSON(text []uint16) (Value, error) {
	p := jsonParser{text: text}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(text) {
		return nil, &Error{fmt.Sprintf("Unexpected non-whitespace character after JSON at position %d", p.at)}
	}
	return v, nil
}

// ParseBody reads the text of a body, which must be an object or an array. Of
// anything else, the message is the one that the first character alone gives
// rise to. The error is an *Error.
func ParseBody(text []uint16) (Value, error) {
	p := jsonParser{text: text}
	p.space()
	switch c := p.peek(); {
	case c == '{' || c == '[':
		return ParseJSON(text)
	case p.at == len(text):
		return nil, p.unexpected()
	}
	return nil, p.unexpectedToken()
}

type jsonParser struct {
	text []uint16
	at   int
}

// end is what peek returns behind the last unit; no JSON token begins with it.
const end = 0

// peek returns the unit at the cursor; a NUL in the text is told from the end
// by the cursor.
func (p *jsonParser) peek() uint16 {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return end
}

func (p *jsonParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next skips white space and takes the unit if it comes next.
func (p *jsonParser) next(c uint16) bool {
	if p.space(); p.peek() != c {
		return false
	}
	p.at++
	return true
}

func (p *jsonParser) value(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, p.fail("Nested too deep")
	}
	p.space()
	switch c := p.peek(); {
	case c == '"':
		return p.string()
	case c == '-' || isDigit(c):
		return p.number()
	case c == '{':
		p.at++
		return p.object(depth)
	case c == '[':
		p.at++
		return p.array(depth)
	case c == 't':
		return true, p.literal("true")
	case c == 'f':
		return false, p.literal("false")
	case c == 'n':
		return nil, p.literal("null")
	}
	return nil, p.unexpected()
}

func (p *jsonParser) object(depth int) (Value, error) {
	o := NewObject()
	if p.next('}') {
		return o, nil
	}
	expected := "Expected property name or '}'"
	for first := true; ; first = false {
		if p.space(); p.peek() != '"' {
			return nil, p.fail(expected)
		}
		name, err := p.string()
		if err != nil {
			return nil, err
		}
		if !p.next(':') {
			if first {
				return nil, p.fail("Expected ':' after property name")
			}
			return nil, p.unexpected()
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.Set(name, v)
		if p.next('}') {
			return o, nil
		}
		if !p.next(',') {
			return nil, p.fail("Expected ',' or '}' after property value")
		}
		expected = "Expected double-quoted property name"
	}
}

func (p *jsonParser) array(depth int) (Value, error) {
	list := []Value{}
	if p.next(']') {
		return list, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if p.next(']') {
			return list, nil
		}
		if !p.next(',') {
			return nil, p.fail("Expected ',' or ']' after array element")
		}
	}
}

func (p *jsonParser) literal(word string) error {
	for i := range len(word) {
		if p.peek() != uint16(word[i]) {
			return p.unexpected()
		}
		p.at++
	}
	return nil
}

func (p *jsonParser) number() (Value, error) {
	start := p.at
	if p.peek() == '-' {
		p.at++
		if !isDigit(p.peek()) {
			return nil, p.fail("No number after minus sign")
		}
	}
	if p.peek() == '0' {
		p.at++
		if isDigit(p.peek()) {
			return nil, p.fail("Unexpected number")
		}
	}
	p.digits()
	if p.peek() == '.' {
		p.at++
		if !isDigit(p.peek()) {
			return nil, p.fail("Unterminated fractional number")
		}
		p.digits()
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.at++
		if c := p.peek(); c == '+' || c == '-' {
			p.at++
		}
		if !isDigit(p.peek()) {
			return nil, p.fail("Exponent part is missing a number")
		}
		p.digits()
	}
	// All of it is ASCII, and out of range is infinite, not an error.
	n, _ := strconv.ParseFloat(string(utf16.Decode(p.text[start:p.at])), 64)
	return n, nil
}

func (p *jsonParser) digits() {
	for isDigit(p.peek()) {
		p.at++
	}
}

func isDigit(c uint16) bool { return '0' <= c && c <= '9' }

// string reads a string from its opening quote on.
func (p *jsonParser) string() (string, error) {
	p.at++
	start := p.at
	var units []uint16 // what came before start, if that had escapes
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			units = append(units, p.text[start:p.at]...)
			p.at++
			return string(utf16.Decode(units)), nil
		case c < ' ':
			return "", p.fail("Bad control character in string literal")
		case c == '\\':
			units = append(units, p.text[start:p.at]...)
			u, err := p.escape()
			if err != nil {
				return "", err
			}
			units = append(units, u)
			start = p.at
		default:
			p.at++
		}
	}
	return "", p.fail("Unterminated string")
}

// escape reads an escape from its backslash on.
func (p *jsonParser) escape() (uint16, error) {
	p.at++
	c := p.peek()
	if p.at == len(p.text) {
		return 0, p.unexpected()
	}
	p.at++
	switch c {
	case '"', '\\', '/':
		return c, nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return p.hex4()
	}
	p.at--
	return 0, p.fail("Bad escaped character")
}

func (p *jsonParser) hex4() (uint16, error) {
	var u uint16
	for range 4 {
		d := hexDigit(p.peek())
		if d < 0 {
			return 0, p.fail("Bad Unicode escape")
		}
		u = u<<4 | uint16(d)
		p.at++
	}
	return u, nil
}

func hexDigit(c uint16) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func (p *jsonParser) fail(message string) error {
	return &Error{fmt.Sprintf("%s in JSON at position %d", message, p.at)}
}

// unexpected complains of the token at the cursor.
func (p *jsonParser) unexpected() error {
	if p.at == len(p.text) {
		return &Error{"Unexpected end of JSON input"}
	}
	switch c := p.peek(); {
	case c == '"':
		return p.fail("Unexpected string")
	case c == '-' || isDigit(c):
		return p.fail("Unexpected number")
	}
	if all := string(utf16.Decode(p.text)); all == "[object Object]" {
		return &Error{`"` + all + `" is not valid JSON`}
	}
	return p.unexpectedToken()
}

func (p *jsonParser) unexpectedToken() error {
	return &Error{fmt.Sprintf("Unexpected token '%s', %s is not valid JSON",
		string(utf16.Decode(p.text[p.at:p.at+1])), p.around())}
}

// around quotes the text, of a long one what is within ten units of the
// cursor.
func (p *jsonParser) around() string {
	const context = 10
	from, to := 0, len(p.text)
	before, after := "", ""
	if len(p.text) > 2*context {
		if p.at >= context {
			from, before = p.at-context, "..."
		}
		if p.at < len(p.text)-context {
			to, after = p.at+context, "..."
		}
	}
	return before + `"` + string(utf16.Decode(p.text[from:to])) + `"` + after
}
