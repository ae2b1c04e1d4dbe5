package mongo

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
)

// form is what a value of a document is.
type form uint8

const (
	other   form = iota // nothing that a field of ours can be made of
	null                // or undefined
	text                // data, in UTF-8
	whole               // whole
	double              // number
	decimal             // number
	boolean             // whole: 0 or 1
	object              // data is a document
	array               // data is a document whose keys do not matter
	id                  // id
	date                // whole: milliseconds since 1970
)

var formNames = [...]string{
	"a value of another type", "null", "text", "a whole number", "a number", "a decimal number",
	"true or false", "a document", "an array", "an ObjectId", "a date",
}

func (f form) String() string { return formNames[f] }

// walk calls do with each key and value of a document, in its order. What it
// passes is valid until do returns. It fails with a malformed error if it cannot
// make sense of the document, and with the first error of do.
type walk func(document []byte, do func(key []byte, v value) error) error

// value is one value of a document, of whichever encoding.
type value struct {
	form   form
	data   []byte
	number float64
	whole  int64
	id     [12]byte
	walk   walk // through data, of an object and an array
}

// malformed says what is wrong within a document.
type malformed string

func (m malformed) Error() string { return string(m) }

// The casts are those of Mongoose, which shows what is stored in the type of its
// schema: https://mongoosejs.com/docs/schematypes.html.

// asText casts to a string: numbers, booleans and ObjectIds become what
// JavaScript makes of them.
func (v value) asText() (string, bool) {
	switch v.form {
	case text:
		return string(v.data), true
	case whole:
		return strconv.FormatInt(v.whole, 10), true
	case double, decimal:
		return scriptNumber(v.number), true
	case boolean:
		return strconv.FormatBool(v.whole != 0), true
	case id:
		return hex.EncodeToString(v.id[:]), true
	}
	return "", false
}

// scriptNumber writes a number as JavaScript does:
// https://tc39.es/ecma262/#sec-numeric-types-number-tostring.
func scriptNumber(f float64) string {
	switch abs := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	case abs >= 1e-6 && abs < 1e21:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// asNumber casts to a finite number.
func (v value) asNumber() (float64, bool) {
	n := v.number
	switch v.form {
	case whole, boolean:
		n = float64(v.whole)
	case text:
		var err error
		if n, err = strconv.ParseFloat(strings.TrimSpace(string(v.data)), 64); err != nil {
			return 0, false
		}
	case double, decimal:
	default:
		return 0, false
	}
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, false
	}
	return n, true
}

// The times that can be told: those of years of four digits, in milliseconds
// since 1970.
const (
	firstMilli = -62_135_596_800_000
	lastMilli  = 253_402_300_799_999
)

// The forms in which a date may be text, besides RFC 3339.
const (
	dateAlone    = "2006-01-02"
	dateZoneHour = "2006-01-02T15:04:05.999999999Z0700"
)

// asTime casts to a time, of the precision of a date: milliseconds.
func (v value) asTime() (time.Time, bool) {
	ms := v.whole
	switch v.form {
	case date, whole:
	case double:
		if math.IsNaN(v.number) || v.number < firstMilli || v.number > lastMilli {
			return time.Time{}, false
		}
		ms = int64(v.number)
	case text:
		for _, layout := range []string{time.RFC3339Nano, dateZoneHour, dateAlone} {
			if t, err := time.Parse(layout, string(v.data)); err == nil {
				return t.UTC().Truncate(time.Millisecond), t.Year() > 0
			}
		}
		return time.Time{}, false
	default:
		return time.Time{}, false
	}
	if ms < firstMilli || ms > lastMilli {
		return time.Time{}, false
	}
	return time.UnixMilli(ms).UTC(), true
}

// asID casts to an ObjectId.
func (v value) asID() (oid.ID, bool) {
	switch v.form {
	case id:
		return oid.ID(hex.EncodeToString(v.id[:])), true
	case text:
		return oid.Parse(string(v.data))
	}
	return "", false
}
