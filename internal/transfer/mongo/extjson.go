package mongo

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/oid"
)

// walkExtended walks through a document of extended JSON, whose values may be of
// its canonical or its relaxed form, each for itself
// (https://github.com/mongodb/specifications/blob/master/source/extended-json/extended-json.md).
func walkExtended(document []byte, do func(key []byte, v value) error) error {
	if len(document) == 0 || document[0] != '{' || !json.Valid(document) {
		return malformed("a document is no JSON")
	}
	return walkJSON(document, do)
}

// walkJSON walks through an object or an array that is known to be JSON. The
// keys of an array are empty.
func walkJSON(document []byte, do func(key []byte, v value) error) error {
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
			key = unquoted(rest[:n])
			// What follows is a colon.
			rest = afterSpace(afterSpace(rest[n:])[1:])
		}
		n := jsonLength(rest)
		if err := do(key, jsonValue(rest[:n])); err != nil {
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

// unquoted returns the text of a string.
func unquoted(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b[1 : len(b)-1]
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return nil
	}
	return []byte(s)
}

// jsonValue reads a value that is known to be JSON.
func jsonValue(b []byte) (v value) {
	switch b[0] {
	case 'n':
		v.form = null
	case 't':
		v.form, v.whole = boolean, 1
	case 'f':
		v.form = boolean
	case '"':
		v.form, v.data = text, unquoted(b)
	case '[':
		v.form, v.data, v.walk = array, b, walkJSON
	case '{':
		if inside := afterSpace(b[1:]); inside[0] == '"' && inside[1] == '$' {
			return extended(inside)
		}
		v.form, v.data, v.walk = object, b, walkJSON
	default:
		var err error
		if v.whole, err = strconv.ParseInt(string(b), 10, 64); err == nil {
			v.form = whole
			return v
		}
		// What is out of range is infinity, which no field takes.
		v.form = double
		v.number, _ = strconv.ParseFloat(string(b), 64)
	}
	return v
}

// extended reads the inside of an object whose only key names a type.
func extended(inside []byte) value {
	n := stringLength(inside)
	name := inside[:n]
	inside = afterSpace(afterSpace(inside[n:])[1:])
	n = jsonLength(inside)
	if afterSpace(inside[n:])[0] != '}' {
		return value{}
	}
	return typed(string(name[1:len(name)-1]), inside[:n])
}

// typed reads the value of a type that is not JSON's. Of the zero form is what
// is of no use, or is not what its type asks for.
func typed(name string, b []byte) (v value) {
	inner := jsonValue(b)
	content, err := string(inner.data), error(nil)
	if name == "$date" {
		return typedDate(inner)
	}
	if name == "$undefined" {
		return value{form: null}
	}
	if inner.form != text {
		return v
	}
	switch name {
	case "$oid":
		parsed, ok := oid.Parse(content)
		if !ok {
			return v
		}
		v.form, v.id = id, bytesOf(parsed)
	case "$symbol":
		return inner
	case "$numberInt", "$numberLong":
		v.form = whole
		v.whole, err = strconv.ParseInt(content, 10, 64)
	case "$numberDouble":
		v.form = double
		v.number, err = strconv.ParseFloat(content, 64)
	case "$numberDecimal":
		v.form = decimal
		v.number, err = strconv.ParseFloat(content, 64)
	}
	if err != nil && !math.IsInf(v.number, 0) {
		return value{}
	}
	return v
}

// typedDate reads a date: canonical as a long number of milliseconds, relaxed
// as text, and in dumps of old tools as a plain number.
func typedDate(inner value) value {
	switch inner.form {
	case whole, text:
		if at, ok := inner.asTime(); ok {
			return value{form: date, whole: at.UnixMilli()}
		}
	}
	return value{}
}
