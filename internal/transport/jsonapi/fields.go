package jsonapi

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// fieldProblem words what is wrong with a field, under the name that the wire
// has for it.
func (c *Call) fieldProblem(f errs.Field) FieldProblem {
	name, ok := c.route.Fields[f.Name]
	if !ok {
		name = camel(f.Name)
	}
	return FieldProblem{Name: name, Code: string(f.Code), Limit: f.Limit, Message: sentence(words(name), f)}
}

// camel writes a feature's name of a field as JSON has it: full_name is
// fullName.
func camel(name string) string {
	var b strings.Builder
	for i, part := range strings.Split(name, "_") {
		if i > 0 && part != "" {
			part = strings.ToUpper(part[:1]) + part[1:]
		}
		b.WriteString(part)
	}
	return b.String()
}

// words makes words of a name: fullName is "full name".
func words(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// sentence says in English what is wrong with a field.
func sentence(name string, f errs.Field) string {
	switch f.Code {
	case errs.Required:
		return fmt.Sprintf("The %s is missing.", name)
	case errs.TooShort:
		return fmt.Sprintf("The %s needs at least %d characters.", name, f.Limit)
	case errs.TooLong:
		return fmt.Sprintf("The %s may have at most %d characters.", name, f.Limit)
	case errs.TooBig:
		return fmt.Sprintf("The %s may be at most %s.", name, bound(f))
	case errs.TooMany:
		return fmt.Sprintf("The %s may have at most %d parts.", name, f.Limit)
	case errs.Malformed:
		return fmt.Sprintf("The %s is not of the form it should have.", name)
	case errs.Taken:
		return fmt.Sprintf("Somebody else has this %s already.", name)
	case errs.Unknown:
		return fmt.Sprintf("The %s names nothing that exists.", name)
	case errs.Empty:
		return fmt.Sprintf("The %s is an empty file.", name)
	case errs.NotImage:
		return fmt.Sprintf("The %s is no whole image that the server can read.", name)
	case errs.NotAudio:
		return fmt.Sprintf("The %s is no audio that the server can read.", name)
	case errs.Common:
		return fmt.Sprintf("The %s is one that many people use.", name)
	case errs.Numeric:
		return fmt.Sprintf("The %s has nothing but digits.", name)
	case errs.Similar:
		return fmt.Sprintf("The %s is too close to the e-mail address.", name)
	case errs.Pixels:
		return fmt.Sprintf("The %s has more than %d pixels.", name, f.Limit)
	case unknownField:
		return fmt.Sprintf("The body may not have a field %q.", f.Name)
	case errs.Wrong:
		return fmt.Sprintf("The %s is not right.", name)
	case errs.LastAdmin:
		return "Nobody else is an active admin."
	}
	return fmt.Sprintf("The %s cannot be taken.", name)
}

// bound writes the limit of a number, or of a file in bytes.
func bound(f errs.Field) string {
	const mebi = 1 << 20
	if f.Value == "" && f.Limit >= mebi && f.Limit%mebi == 0 {
		return fmt.Sprintf("%d MiB", f.Limit/mebi)
	}
	return fmt.Sprint(f.Limit)
}
