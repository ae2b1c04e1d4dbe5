package django

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Values of a parsed body are nil, bool, integer, float64, string, []any and
// map[string]any, and file.Upload in a form. Strings may hold lone surrogates,
// encoded as UTF-8 would encode them if it allowed that.

// integer is a whole number of any size, in decimal digits with an optional
// minus sign and no leading zeros.
type integer string

// Bounds of what is parsed. The reference has none and answers 500 to deep
// nesting.
const (
	maxDepth  = 500
	maxValues = 100_000
	maxDigits = 4300 // of an integer, as in Python
)

// jsonError says what is wrong at which byte.
type jsonError struct {
	message string
	at      int
}

// parseJSON reads a JSON text as Python's json module does: it takes lone
// surrogates, of a repeated key the last value counts, and its errors are in
// that module's words (https://docs.python.org/3/library/json.html). Like
// Django REST framework's parser it takes no NaN and no Infinity.
func parseJSON(text []byte) (any, error) {
	decoded, err := decodeUTF8(text)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(decoded, "\ufeff") {
		return nil, located(decoded, &jsonError{"Unexpected UTF-8 BOM (decode using utf-8-sig)", 0})
	}
	p := jsonParser{text: decoded}
	p.space()
	v, err := p.value(0)
	if err == nil {
		if p.space(); p.at < len(p.text) {
			err = &jsonError{"Extra data", p.at}
		}
	}
	if err != nil {
		return nil, located(decoded, err)
	}
	return v, nil
}

// located adds to an error at a byte where that is, counted in characters.
func located(text string, err error) error {
	e, ok := err.(*jsonError)
	if !ok {
		return err
	}
	before := text[:e.at]
	line := 1 + strings.Count(before, "\n")
	column := 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
	return fmt.Errorf("%s: line %d column %d (char %d)", e.message, line, column, utf8.RuneCountInString(before))
}

func (e *jsonError) Error() string { return e.message }

// pythonError is an error of Python's that names no place.
type pythonError string

func (e pythonError) Error() string { return string(e) }

// decodeUTF8 returns the text, or Python's complaint. A character that is cut
// off at the very end is dropped, as Python's stream reader drops it.
func decodeUTF8(text []byte) (string, error) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		if _, size := utf8.DecodeRune(text[i:]); size > 1 {
			i += size
			continue
		}
		length, reason, cut := badUTF8(text[i:])
		switch {
		case cut:
			return string(text[:i]), nil
		case length == 1:
			return "", fmt.Errorf("'utf-8' codec can't decode byte 0x%02x in position %d: %s", text[i], i, reason)
		}
		return "", fmt.Errorf("'utf-8' codec can't decode bytes in position %d-%d: %s", i, i+length-1, reason)
	}
	return string(text), nil
}

// badUTF8 says how many bytes at the start of b are a broken character, and
// why; or that b ends within a character that is good so far.
func badUTF8(b []byte) (length int, reason string, cut bool) {
	want := 0
	low, high := byte(0x80), byte(0xbf) // of the second byte: Unicode, table 3-7
	switch c := b[0]; {
	case c >= 0xc2 && c <= 0xdf:
		want = 2
	case c >= 0xe0 && c <= 0xef:
		want = 3
		if c == 0xe0 {
			low = 0xa0
		} else if c == 0xed {
			high = 0x9f
		}
	case c >= 0xf0 && c <= 0xf4:
		want = 4
		if c == 0xf0 {
			low = 0x90
		} else if c == 0xf4 {
			high = 0x8f
		}
	default:
		return 1, "invalid start byte", false
	}
	for n := 1; n < want; n++ {
		if n == len(b) {
			return 0, "", true
		}
		if b[n] < low || b[n] > high {
			return n, "invalid continuation byte", false
		}
		low, high = 0x80, 0xbf
	}
	return want, "", false
}

type jsonParser struct {
	text   string
	at     int
	values int
}

func (p *jsonParser) space() {
	for p.at < len(p.text) && strings.IndexByte(" \t\n\r", p.text[p.at]) >= 0 {
		p.at++
	}
}

// next returns the byte at hand, 0 at the end.
func (p *jsonParser) next() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *jsonParser) value(depth int) (any, error) {
	if p.values++; p.values > maxValues {
		return nil, &jsonError{fmt.Sprintf("More than %d values", maxValues), p.at}
	}
	switch c := p.next(); {
	case c == '"':
		return p.str()
	case c == '{':
		return p.object(depth + 1)
	case c == '[':
		return p.array(depth + 1)
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	for _, word := range []struct {
		text  string
		value any
	}{{"null", nil}, {"true", true}, {"false", false}} {
		if strings.HasPrefix(p.text[p.at:], word.text) {
			p.at += len(word.text)
			return word.value, nil
		}
	}
	for _, word := range []string{"NaN", "Infinity"} {
		if strings.HasPrefix(p.text[p.at:], word) {
			return nil, notFinite(word)
		}
	}
	return nil, &jsonError{"Expecting value", p.at}
}

func notFinite(word string) error {
	return pythonError("Out of range float values are not JSON compliant: '" + word + "'")
}

func (p *jsonParser) tooDeep(depth int) error {
	if depth <= maxDepth {
		return nil
	}
	return &jsonError{fmt.Sprintf("Nested deeper than %d levels", maxDepth), p.at}
}

func (p *jsonParser) object(depth int) (any, error) {
	if err := p.tooDeep(depth); err != nil {
		return nil, err
	}
	p.at++
	p.space()
	members := map[string]any{}
	if p.next() == '}' {
		p.at++
		return members, nil
	}
	for {
		if p.next() != '"' {
			return nil, &jsonError{"Expecting property name enclosed in double quotes", p.at}
		}
		name, err := p.str()
		if err != nil {
			return nil, err
		}
		p.space()
		if p.next() != ':' {
			return nil, &jsonError{"Expecting ':' delimiter", p.at}
		}
		p.at++
		p.space()
		if members[name], err = p.value(depth); err != nil {
			return nil, err
		}
		p.space()
		switch p.next() {
		case '}':
			p.at++
			return members, nil
		case ',':
			p.at++
			p.space()
		default:
			return nil, &jsonError{"Expecting ',' delimiter", p.at}
		}
	}
}

func (p *jsonParser) array(depth int) (any, error) {
	if err := p.tooDeep(depth); err != nil {
		return nil, err
	}
	p.at++
	p.space()
	items := []any{}
	if p.next() == ']' {
		p.at++
		return items, nil
	}
	for {
		item, err := p.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		p.space()
		switch p.next() {
		case ']':
			p.at++
			return items, nil
		case ',':
			p.at++
			p.space()
		default:
			return nil, &jsonError{"Expecting ',' delimiter", p.at}
		}
	}
}

// number reads the longest number there is; what follows is for the caller to
// complain about.
func (p *jsonParser) number() (any, error) {
	start := p.at
	if strings.HasPrefix(p.text[p.at:], "-Infinity") {
		return nil, notFinite("-Infinity")
	}
	if p.next() == '-' {
		p.at++
	}
	whole := p.digits()
	if whole == 0 {
		p.at = start
		return nil, &jsonError{"Expecting value", start}
	}
	if p.text[p.at-whole] == '0' {
		p.at -= whole - 1 // nothing follows a leading zero
	}
	end := p.at
	isFloat := false
	if p.next() == '.' {
		if p.at++; p.digits() > 0 {
			end, isFloat = p.at, true
		}
		p.at = end
	}
	if c := p.next(); c == 'e' || c == 'E' {
		p.at++
		if c := p.next(); c == '+' || c == '-' {
			p.at++
		}
		if p.digits() > 0 {
			end, isFloat = p.at, true
		}
		p.at = end
	}
	text := p.text[start:end]
	if isFloat {
		f, _ := strconv.ParseFloat(text, 64) // out of range is infinite, as in Python
		return f, nil
	}
	if n := len(strings.TrimPrefix(text, "-")); n > maxDigits {
		const text = "Exceeds the limit (%d digits) for integer string conversion: value has %d digits; " +
			"use sys.set_int_max_str_digits() to increase the limit"
		return nil, pythonError(fmt.Sprintf(text, maxDigits, n))
	}
	if text == "-0" {
		text = "0"
	}
	return integer(text), nil
}

func (p *jsonParser) digits() int {
	start := p.at
	for c := p.next(); '0' <= c && c <= '9'; c = p.next() {
		p.at++
	}
	return p.at - start
}

// str reads a string from its opening quote on.
func (p *jsonParser) str() (string, error) {
	start := p.at
	p.at++
	for i := p.at; i < len(p.text); i++ { // most strings have nothing to replace
		if c := p.text[i]; c == '"' {
			s := p.text[p.at:i]
			p.at = i + 1
			return s, nil
		} else if c == '\\' || c < ' ' {
			break
		}
	}
	var b []byte
	for {
		switch c := p.next(); {
		case p.at >= len(p.text):
			return "", &jsonError{"Unterminated string starting at", start}
		case c == '"':
			p.at++
			return string(b), nil
		case c < ' ':
			return "", &jsonError{"Invalid control character at", p.at}
		case c != '\\':
			b = append(b, c)
			p.at++
		default:
			var err error
			if b, err = p.escape(b, start); err != nil {
				return "", err
			}
		}
	}
}

// simpleEscapes are the characters after a backslash, and in the same order
// what they stand for.
const (
	simpleEscapes = `"\/bfnrt`
	escapedBytes  = "\"\\/\b\f\n\r\t"
)

func (p *jsonParser) escape(b []byte, start int) ([]byte, error) {
	slash := p.at
	p.at++
	if p.at >= len(p.text) {
		return nil, &jsonError{"Unterminated string starting at", start}
	}
	c := p.next()
	if i := strings.IndexByte(simpleEscapes, c); i >= 0 {
		p.at++
		return append(b, escapedBytes[i]), nil
	}
	if c != 'u' {
		return nil, &jsonError{`Invalid \escape`, slash}
	}
	first, ok := p.hex4(p.at + 1)
	if !ok {
		return nil, &jsonError{`Invalid \uXXXX escape`, p.at}
	}
	p.at += 5
	if first>>10 == 0xd800>>10 && strings.HasPrefix(p.text[p.at:], `\u`) {
		if second, ok := p.hex4(p.at + 2); ok && second>>10 == 0xdc00>>10 {
			p.at += 6
			return utf8.AppendRune(b, 0x10000+(first-0xd800)<<10+(second-0xdc00)), nil
		}
	}
	return appendAnyRune(b, first), nil
}

// hex4 reads four hexadecimal digits. Like Python's it wants something to
// follow them.
func (p *jsonParser) hex4(at int) (rune, bool) {
	if at+4 >= len(p.text) {
		return 0, false
	}
	for _, c := range []byte(p.text[at : at+4]) {
		if strings.IndexByte("0123456789abcdefABCDEF", c) < 0 {
			return 0, false
		}
	}
	n, err := strconv.ParseUint(p.text[at:at+4], 16, 32)
	return rune(n), err == nil
}

// appendAnyRune is utf8.AppendRune that also takes surrogates.
func appendAnyRune(b []byte, r rune) []byte {
	if r < 0xd800 || r > 0xdfff {
		return utf8.AppendRune(b, r)
	}
	return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
}
