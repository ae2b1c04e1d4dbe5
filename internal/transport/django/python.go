package django

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clients rely on what Python takes for a number, for white space, and on how
// it prints them: int(), str() and str.strip() are part of the dialect
// (https://docs.python.org/3/library/functions.html#int).

// isSpace reports whether Python strips the character.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

func strip(s string) string { return strings.TrimFunc(s, isSpace) }

// parseInt is Python's int() of a string: white space around it, a sign,
// decimal digits of any script, single underscores between them. It returns
// the number in plain form.
func parseInt(s string) (integer, bool) {
	s = strings.TrimSpace(s) // not strip: the two disagree on the control characters
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		s, sign = rest, "-"
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	digits := make([]byte, 0, len(s))
	after := false // a digit
	for _, r := range s {
		d, ok := digitOf(r)
		switch {
		case ok:
			digits = append(digits, '0'+d)
		case r != '_' || !after:
			return "", false
		}
		after = ok
	}
	if !after || len(digits) > maxDigits {
		return "", false
	}
	plain := strings.TrimLeft(string(digits), "0")
	if plain == "" {
		return "0", true
	}
	return integer(sign + plain), true
}

// digitOf returns the value of a decimal digit of any script. Unicode has the
// ten of each in a row, from zero on.
func digitOf(r rune) (byte, bool) {
	if r < utf8.RuneSelf {
		return byte(r) - '0', '0' <= r && r <= '9'
	}
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, rows := range unicode.Nd.R16 {
		if lo, hi := rune(rows.Lo), rune(rows.Hi); lo <= r && r <= hi {
			return byte((r - lo) % 10), true
		}
	}
	for _, rows := range unicode.Nd.R32 {
		if lo, hi := rune(rows.Lo), rune(rows.Hi); lo <= r && r <= hi {
			return byte((r - lo) % 10), true
		}
	}
	return 0, false
}

// fits returns the number if it is within the bounds, and otherwise whether
// it is too great.
func (n integer) fits(low, high int64) (v int64, ok, great bool) {
	v, err := strconv.ParseInt(string(n), 10, 64)
	if err != nil {
		return 0, false, n[0] != '-'
	}
	return v, low <= v && v <= high, v > high
}

// id returns the number as the id of a row, 0 if no row can have it.
func (n integer) id() int64 {
	v, ok, _ := n.fits(1, math.MaxInt64)
	if !ok {
		return 0
	}
	return v
}

// printed is Python's str() of a value, for those that fields take.
func printed(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case integer:
		return string(v)
	case bool:
		if v {
			return "True"
		}
		return "False"
	case float64:
		return printFloat(v)
	}
	return ""
}

// printFloat is Python's repr() of a float: the shortest form, with an
// exponent of two digits or more below 1e-4 and from 1e16 on.
func printFloat(f float64) string {
	if math.IsInf(f, 0) {
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64), "+"))
	}
	if abs := math.Abs(f); abs != 0 && (abs < 1e-4 || abs >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// typeName is Python's name of a value's type.
func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "NoneType"
	case bool:
		return "bool"
	case integer:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case []any:
		return "list"
	case map[string]any:
		return "dict"
	}
	return "InMemoryUploadedFile"
}

// surrogate returns the first lone surrogate in a string of parseJSON.
func surrogate(s string) (rune, bool) {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == 0xed && s[i+1] >= 0xa0 {
			return rune(s[i]&0xf)<<12 | rune(s[i+1]&0x3f)<<6 | rune(s[i+2]&0x3f), true
		}
	}
	return 0, false
}

// characters counts as Python does: a surrogate is one.
func characters(s string) int {
	n := 0
	for i := range len(s) {
		if s[i]&0xc0 != 0x80 {
			n++
		}
	}
	return n
}
