package mongoose

import (
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// A Validator turns what a client sent into what a model holds, and collects
// what is wrong as mongoose does: first what cannot be cast, then what is
// missing, each in the order of the schema, which is the order of the calls.
type Validator struct {
	Model    string // whose name begins the message
	uncast   []string
	unusable []string
	infinite string // the first path that holds an infinite number
}

// Text casts the value at a path to a required string.
func (v *Validator) Text(path string, sent Value) string {
	s, present, ok := CastString(sent)
	switch {
	case !ok:
		v.uncast = append(v.uncast, path+": "+CastMessage("string", sent, path))
	case !present || s == "":
		v.unusable = append(v.unusable, path+": "+RequiredMessage(path))
	case strings.ContainsRune(s, 0):
		v.unusable = append(v.unusable, path+": "+nulMessage(path))
	}
	return s
}

// Number casts the value at a path to a required number.
func (v *Validator) Number(path string, sent Value) float64 {
	n, present, ok := castNumber(sent)
	switch {
	case !ok:
		v.uncast = append(v.uncast, path+": "+CastMessage("Number", sent, path))
	case !present:
		v.unusable = append(v.unusable, path+": "+RequiredMessage(path))
	case math.IsInf(n, 0) && v.infinite == "":
		v.infinite = infiniteMessage(path, n)
	}
	return n
}

// ID casts the value at a path to an id, "" for none.
func (v *Validator) ID(path string, sent Value) oid.ID {
	switch sent {
	case Missing{}, nil, "":
		return ""
	}
	if s, ok := sent.(string); ok {
		if id, ok := oid.Parse(s); ok {
			return id
		}
	}
	v.uncast = append(v.uncast, path+": "+CastMessage("ObjectId", sent, path)+` because of "BSONError"`)
	return ""
}

// Err returns what is wrong, as an *Error, or nil.
func (v *Validator) Err() error {
	if wrong := slices.Concat(v.uncast, v.unusable); len(wrong) > 0 {
		return Invalid(v.Model, wrong...)
	}
	if v.infinite != "" {
		return &Error{v.infinite}
	}
	return nil
}

// CastString casts as mongoose does: null and undefined stay absent, numbers
// and booleans become text, arrays and objects cannot.
func CastString(sent Value) (s string, present, ok bool) {
	switch sent := sent.(type) {
	case nil, Missing:
		return "", false, true
	case string:
		return sent, true, true
	case bool:
		return strconv.FormatBool(sent), true, true
	case float64:
		return jsNumber(sent), true, true
	case *Object:
		s, ok := sent.Get("_id").(string) // a document stands for its id
		return s, ok, ok
	}
	return "", false, false
}

func jsNumber(n float64) string {
	switch {
	case math.IsInf(n, 1):
		return "Infinity"
	case math.IsInf(n, -1):
		return "-Infinity"
	}
	return string(kit.AppendNumber(nil, n))
}

// castNumber casts the text of a form field as mongoose does: by JavaScript's
// Number(), but "" is absent and NaN no number.
func castNumber(sent Value) (n float64, present, ok bool) {
	switch sent := sent.(type) {
	case nil, Missing:
		return 0, false, true
	case string:
		if sent == "" {
			return 0, false, true
		}
		n, ok := toNumber(sent)
		return n, ok, ok
	}
	return 0, false, false
}

// jsSpace is white space and line ends (ECMA-262, TrimString).
const jsSpace = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

var (
	decimalNumber = regexp.MustCompile(`^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$`)
	radixNumber   = regexp.MustCompile(`^0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$`)
)

// Trim returns a text as JavaScript trims it.
func Trim(s string) string { return strings.Trim(s, jsSpace) }

// toNumber is JavaScript's Number() of a string (ECMA-262, StringToNumber); ok
// is false for NaN.
func toNumber(s string) (n float64, ok bool) {
	s = Trim(s)
	switch {
	case s == "":
		return 0, true
	case s == "Infinity" || s == "+Infinity":
		return math.Inf(1), true
	case s == "-Infinity":
		return math.Inf(-1), true
	case radixNumber.MatchString(s):
		i, ok := new(big.Int).SetString(s, 0)
		if !ok {
			return 0, false
		}
		n, _ := new(big.Float).SetInt(i).Float64()
		return n, true
	case decimalNumber.MatchString(s):
		n, _ := strconv.ParseFloat(s, 64) // out of range is infinite
		return n, true
	}
	return 0, false
}
