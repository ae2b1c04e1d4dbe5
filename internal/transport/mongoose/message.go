package mongoose

import (
	"errors"
	"fmt"
	"strings"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// An Error says what is wrong with what a client sent, in the words that the
// client is to get.
type Error struct{ Message string }

func (e *Error) Error() string { return e.Message }

// Invalid returns an *Error that joins what is wrong with the paths of a
// model, each "path: message".
func Invalid(model string, wrong ...string) error {
	return &Error{model + " validation failed: " + strings.Join(wrong, ", ")}
}

// Refused returns an *Error for an error of kind Invalid that names fields, each
// as word has it, and any other error as it is.
func Refused(model string, err error, word func(errs.Field) (path, message string)) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) == 0 {
		return err
	}
	wrong := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		path, message := word(f)
		wrong[i] = path + ": " + message
	}
	return Invalid(model, wrong...)
}

// CastMessage is mongoose's message for a value that cannot be cast.
func CastMessage(kind string, sent Value, path string) string {
	return fmt.Sprintf(`Cast to %s failed for value %s (type %s) at path "%s"`, kind, quoted(sent), typeName(sent), path)
}

// RequiredMessage is mongoose's message for a value that is not there.
func RequiredMessage(path string) string { return fmt.Sprintf("Path `%s` is required.", path) }

// TooLongMessage is mongoose's message for a text of more than limit
// characters, without the text.
func TooLongMessage(path string, limit int64) string {
	return fmt.Sprintf("Path `%s` is longer than the maximum allowed length (%d).", path, limit)
}

// InvalidMessage is mongoose's message for a value that a rule without a
// message of its own refuses, without the value.
func InvalidMessage(path string) string { return fmt.Sprintf("Path `%s` is invalid.", path) }

func nulMessage(path string) string { return fmt.Sprintf("Path `%s` contains a NUL character.", path) }

func infiniteMessage(path string, n float64) string {
	return fmt.Sprintf(`invalid value: { "%s": %+f } (infinity values are not allowed)`, path, n)
}

// quoted shows a value as mongoose does: as Node.js, but in double quotes.
func quoted(sent Value) string {
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
