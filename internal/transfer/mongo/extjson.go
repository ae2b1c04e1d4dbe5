package mongo

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
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

// walkJSON walks through an object or an array that is known to be JSON.
func walkJSON(document []byte, do func(key []byte, v value) error) error {
	return dump.WalkJSON(document, func(key, raw []byte) error { return do(key, jsonValue(raw)) })
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
		v.form, v.data = text, dump.Unquoted(b)
	case '[':
		v.form, v.data, v.walk = array, b, walkJSON
	case '{':
		return jsonObject(b)
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

// jsonObject reads an object. If its only key begins with a dollar, that names a
// type which JSON has not; one of several that begin so is of no use.
func jsonObject(b []byte) value {
	var first, content []byte
	keys := 0
	_ = dump.WalkJSON(b, func(key, raw []byte) error { // it has no errors of its own
		if keys == 0 {
			first, content = key, raw
		}
		keys++
		return nil
	})
	switch {
	case len(first) == 0 || first[0] != '$':
		return value{form: object, data: b, walk: walkJSON}
	case keys > 1:
		return value{}
	}
	return typed(string(first), content)
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
