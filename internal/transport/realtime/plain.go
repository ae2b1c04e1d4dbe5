package realtime

import (
	"bytes"
	"encoding/json"
)

// What clients send is nearly always right: an object with a few strings. That
// is read here, without building any values; whatever else it may be is left
// to package mongoose, which has the words for it.

// A member is one of an object that a client sent.
type member struct {
	name  string
	token []byte // of a JSON string, with its quotes; nil: there is none
}

// plain finds members of an object, which is valid JSON; of two with the same
// name the last counts. It reports false if that takes more than a look: of what
// is no object, of a member that is no string, and of names with escapes.
func plain(object json.RawMessage, wanted []member) bool {
	if len(object) == 0 || object[0] != '{' {
		return false
	}
	for at := space(object, 1); object[at] == '"'; {
		end := stringEnd(object, at)
		name := object[at+1 : end-1]
		if bytes.IndexByte(name, '\\') >= 0 {
			return false
		}
		at = space(object, end)
		at = space(object, at+1) // behind the colon
		end = valueEnd(object, at)
		for i := range wanted {
			if wanted[i].name != string(name) {
				continue
			}
			if object[at] != '"' {
				return false
			}
			wanted[i].token = object[at:end]
		}
		at = space(object, end)
		if object[at] == '}' {
			return true
		}
		at = space(object, at+1) // behind the comma
	}
	return true // it is empty
}

// text returns what the member says, "" if there is none.
func (m *member) text() string {
	if m.token == nil {
		return ""
	}
	quoted := m.token[1 : len(m.token)-1]
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted)
	}
	var s string
	if err := json.Unmarshal(m.token, &s); err != nil {
		return "" // cannot be: it is valid
	}
	return s
}

// absentOr reports whether the member says just that, or is not there.
func (m *member) absentOr(s string) bool { return m.token == nil || m.text() == s }

// plainlyIs reports whether an argument that should be a string is just that one.
func plainlyIs(arg json.RawMessage, s string) bool {
	return len(arg) == len(s)+2 && arg[0] == '"' && string(arg[1:len(arg)-1]) == s
}

// space returns where the white space from a place on ends.
func space(text []byte, at int) int {
	for text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r' {
		at++
	}
	return at
}

// stringEnd returns where a string ends that begins at a place.
func stringEnd(text []byte, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// valueEnd returns where a value ends that begins at a place within an object.
func valueEnd(text []byte, at int) int {
	for depth := 0; ; at++ {
		switch text[at] {
		case '"':
			if at = stringEnd(text, at) - 1; depth == 0 {
				return at + 1
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return at // of a number, true, false or null, behind which the object ends
			}
			if depth == 0 {
				return at + 1
			}
		case ',':
			if depth == 0 {
				return at
			}
		}
	}
}
