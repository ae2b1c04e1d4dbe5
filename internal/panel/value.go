package panel

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Value returns v as the column's kind has it: see Filter.Value for what v may
// be. What it is not is an Invalid error by the column's name.
func (c Column) Value(v any) (any, error) {
	text, isText := v.(string)
	var err error
	switch c.Kind {
	case Text:
		if isText {
			return text, nil
		}
	case Int, Rel:
		if isText {
			v, err = strconv.ParseInt(text, 10, 64)
		}
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		if n, ok := v.(int64); ok && err == nil {
			return n, nil
		}
	case Float:
		if isText {
			v, err = strconv.ParseFloat(text, 64)
		}
		// Only numbers that compare: neither infinities nor what is none.
		if n, ok := v.(float64); ok && err == nil && !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n, nil
		}
	case Bool:
		if isText {
			v, err = strconv.ParseBool(text)
		}
		if b, ok := v.(bool); ok && err == nil {
			return b, nil
		}
	case Time:
		if isText {
			v, err = time.Parse(time.RFC3339, text)
		}
		if t, ok := v.(time.Time); ok && err == nil {
			return t, nil
		}
	}
	return nil, c.malformed(text)
}

// Items returns the values of a filter In, each as Value has it.
func (c Column) Items(v any) ([]any, error) {
	var list []any
	switch v := v.(type) {
	case []any:
		list = v
	case []int64:
		list = boxed(v)
	case []string:
		list = boxed(v)
	default:
		return nil, c.malformed("")
	}
	most := MaxValues
	if c.Kind == Int || c.Kind == Rel {
		most = MaxIDs
	}
	if len(list) > most {
		return nil, errs.InvalidFields(errs.Field{Name: c.Name, Code: errs.TooMany, Limit: int64(most)})
	}
	out := make([]any, len(list))
	for i, item := range list {
		var err error
		if out[i], err = c.Value(item); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func boxed[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

// malformed is the error for a value that is none of the column's kind.
func (c Column) malformed(text string) error {
	return errs.InvalidFields(errs.Field{Name: c.Name, Code: errs.Malformed, Value: fmt.Sprintf("%.100s", text)})
}
