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

// sentences say what is wrong with a field, by the code: of its name in words,
// its limit, that limit as bound writes it, and its name as it was sent.
var sentences = map[errs.Code]string{
	errs.Required:  "The %[1]s is missing.",
	errs.TooShort:  "The %[1]s needs at least %[2]d characters.",
	errs.TooLong:   "The %[1]s may have at most %[2]d characters.",
	errs.TooBig:    "The %[1]s may be at most %[3]s.",
	errs.TooMany:   "The %[1]s may have at most %[2]d parts.",
	errs.Malformed: "The %[1]s is not of the form it should have.",
	errs.Taken:     "Somebody else has this %[1]s already.",
	errs.Unknown:   "The %[1]s names nothing that exists.",
	errs.Empty:     "The %[1]s is an empty file.",
	errs.NotImage:  "The %[1]s is no whole image that the server can read.",
	errs.NotAudio:  "The %[1]s is no audio that the server can read.",
	errs.Common:    "The %[1]s is one that many people use.",
	errs.Numeric:   "The %[1]s has nothing but digits.",
	errs.Similar:   "The %[1]s is too close to the e-mail address.",
	errs.Pixels:    "The %[1]s has more than %[2]d pixels.",
	errs.Wrong:     "The %[1]s is not right.",
	errs.LastAdmin: "Nobody else is an active admin.",
	unknownField:   "The body may not have a field %[4]q.",
}

// sentence says in English what is wrong with a field.
func sentence(name string, f errs.Field) string {
	format, ok := sentences[f.Code]
	if !ok {
		format = "The %[1]s cannot be taken."
	}
	return fmt.Sprintf(format, name, f.Limit, bound(f), f.Name)
}

// bound writes the limit of a number, or of a file in bytes.
func bound(f errs.Field) string {
	const mebi = 1 << 20
	if f.Value == "" && f.Limit >= mebi && f.Limit%mebi == 0 {
		return fmt.Sprintf("%d MiB", f.Limit/mebi)
	}
	return fmt.Sprint(f.Limit)
}
