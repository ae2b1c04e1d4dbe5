package kit

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// The appenders below write JSON without reflection and without allocation.
// They serve the lists that are asked for most; everything else goes through
// encoding/json.

// AppendString appends s as a JSON string: UTF-8 as it is, `"`, `\` and
// control characters escaped, and neither <, >, & nor / escaped, as both
// references write it. Bytes that are not UTF-8 become U+FFFD. lineSeparators
// also escapes U+2028 and U+2029, as Django REST framework does and JavaScript
// does not.
func AppendString(dst []byte, s string, lineSeparators bool) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			switch {
			case r == utf8.RuneError && size == 1:
				dst = append(append(dst, s[start:i]...), "\uFFFD"...)
			case lineSeparators && (r == '\u2028' || r == '\u2029'):
				dst = append(append(dst, s[start:i]...), `\u202`...)
				dst = append(dst, hex[r&15])
			default:
				i += size
				continue
			}
			i += size
			start = i
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		start = i
	}
	return append(append(dst, s[start:]...), '"')
}

// AppendNumber appends a number as JavaScript prints it (ECMA-262,
// Number::toString): shortest form, no exponent from 1e-6 up to below 1e21.
func AppendNumber(dst []byte, n float64) []byte {
	if abs := math.Abs(n); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		start := len(dst)
		dst = strconv.AppendFloat(dst, n, 'e', -1, 64)
		// Go writes at least two digits of exponent, JavaScript as few as it can.
		if k := len(dst); k-start >= 4 && dst[k-4] == 'e' && dst[k-2] == '0' {
			dst = append(dst[:k-2], dst[k-1])
		}
		return dst
	}
	if n == 0 {
		return append(dst, '0') // not -0
	}
	return strconv.AppendFloat(dst, n, 'f', -1, 64)
}
