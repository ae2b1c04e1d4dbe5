package files

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName is the length of the longest name that is looked up, in bytes.
const maxName = 1024

// validName reports whether a name can be one: a relative path with slashes,
// without empty or dotted segments, backslashes or control characters. Names are
// keys of the database and never paths on the disk; this keeps nonsense away
// from both.
func validName(name string) bool {
	if name == "" || len(name) > maxName || !utf8.ValidString(name) {
		return false
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r == '\\' || unicode.IsControl(r) }) {
		return false
	}
	for segment := range strings.SplitSeq(name, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return false
		}
	}
	return true
}
