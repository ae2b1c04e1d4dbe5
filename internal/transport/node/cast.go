package node

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// A validator turns what a client sent into what a model holds, and collects
// what is wrong as mongoose does: first what cannot be cast, then what is
// missing, each in the order of the schema, which is the order of the calls.
type validator struct {
	model    string
	uncast   []string
	unusable []string
	infinite string // the first path that holds an infinite number
}

// text casts the value at a path to a required string.
func (v *validator) text(path string, sent value) string {
	s, present, ok := castString(sent)
	switch {
	case !ok:
		v.uncast = append(v.uncast, path+": "+castMessage("string", sent, path))
	case !present || s == "":
		v.unusable = append(v.unusable, path+": "+requiredMessage(path))
	case strings.ContainsRune(s, 0):
		v.unusable = append(v.unusable, path+": "+nulMessage(path))
	}
	return s
}

// number casts the value at a path to a required number.
func (v *validator) number(path string, sent value) float64 {
	n, present, ok := castNumber(sent)
	switch {
	case !ok:
		v.uncast = append(v.uncast, path+": "+castMessage("Number", sent, path))
	case !present:
		v.unusable = append(v.unusable, path+": "+requiredMessage(path))
	case math.IsInf(n, 0) && v.infinite == "":
		v.infinite = infiniteMessage(path, n)
	}
	return n
}

// id casts the value at a path to an id, "" for none.
func (v *validator) id(path string, sent value) oid.ID {
	switch sent {
	case missing{}, nil, "":
		return ""
	}
	if s, ok := sent.(string); ok {
		if id, ok := oid.Parse(s); ok {
			return id
		}
	}
	v.uncast = append(v.uncast, path+": "+castMessage("ObjectId", sent, path)+` because of "BSONError"`)
	return ""
}

// err returns what is wrong, or nil.
func (v *validator) err() error {
	if wrong := slices.Concat(v.uncast, v.unusable); len(wrong) > 0 {
		return invalid(v.model, wrong...)
	}
	if v.infinite != "" {
		return badRequest(v.infinite)
	}
	return nil
}

// castString casts as mongoose does: null and undefined stay absent, numbers
// and booleans become text, arrays and objects cannot.
func castString(sent value) (s string, present, ok bool) {
	switch sent := sent.(type) {
	case nil, missing:
		return "", false, true
	case string:
		return sent, true, true
	case bool:
		return strconv.FormatBool(sent), true, true
	case float64:
		return jsNumber(sent), true, true
	case *object:
		s, ok := sent.get("_id").(string) // a document stands for its id
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
func castNumber(sent value) (n float64, present, ok bool) {
	switch sent := sent.(type) {
	case nil, missing:
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

// jsSpace is what JavaScript trims: white space and line ends (ECMA-262,
// TrimString).
const jsSpace = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

var (
	decimalNumber = regexp.MustCompile(`^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$`)
	radixNumber   = regexp.MustCompile(`^0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)$`)
)

// toNumber is JavaScript's Number() of a string (ECMA-262, StringToNumber); ok
// is false for NaN.
func toNumber(s string) (n float64, ok bool) {
	s = strings.Trim(s, jsSpace)
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

// castMessage is mongoose's message for a value that cannot be cast.
func castMessage(kind string, sent value, path string) string {
	return fmt.Sprintf(`Cast to %s failed for value %s (type %s) at path "%s"`, kind, quoted(sent), typeName(sent), path)
}

// quoted shows a value as mongoose does: as Node.js, but in double quotes.
func quoted(sent value) string {
	s := inspect(sent)
	if rest, ok := strings.CutPrefix(s, "'"); ok {
		s = `"` + rest
	}
	if rest, ok := strings.CutSuffix(s, "'"); ok {
		s = rest + `"`
	}
	if !strings.HasPrefix(s, `"`) {
		s = `"` + s + `"`
	}
	return s
}

func requiredMessage(path string) string { return fmt.Sprintf("Path `%s` is required.", path) }
