package django

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// This file words the errors: those of the services, and those of HTTP that
// only this dialect knows.

// nonField is the key for what is wrong with the input as a whole.
const nonField = "non_field_errors"

// fieldError is what is wrong with one field.
type fieldError struct {
	name     string
	messages []string
}

// fieldErrors are answered with 400: {"field":["message"]}.
type fieldErrors []fieldError

func (e fieldErrors) Error() string { return fmt.Sprintf("%d wrong fields", len(e)) }

// wrongInput is a fieldErrors of one sentence about the whole.
func wrongInput(message string) error {
	return fieldErrors{{nonField, []string{message}}}
}

// A refusal is answered with its status and {"detail":"text"}.
type refusal struct {
	status int
	detail string
	retry  int // seconds for Retry-After; 0 for none
}

func (e *refusal) Error() string { return e.detail }

func refuse(status int, format string, args ...any) error {
	return &refusal{status: status, detail: fmt.Sprintf(format, args...)}
}

var (
	errNotFound     = refuse(http.StatusNotFound, "Not found.")
	errInvalidPage  = refuse(http.StatusNotFound, "Invalid page.")
	errAnonymous    = refuse(http.StatusUnauthorized, "Authentication credentials were not provided.")
	errForbidden    = refuse(http.StatusForbidden, "You do not have permission to perform this action.")
	errAccept       = refuse(http.StatusNotAcceptable, "Could not satisfy the request Accept header.")
	errInternal     = refuse(http.StatusInternalServerError, "A server error occurred.")
	errUnavailable  = refuse(http.StatusServiceUnavailable, "Service temporarily unavailable, try again later.")
	errTooLarge     = refuse(http.StatusRequestEntityTooLarge, "The request is too large.")
	errUnsupported  = refuse(http.StatusUnsupportedMediaType, "Unsupported media type in request.")
	errInvalid      = refuse(http.StatusBadRequest, "Invalid input.")
	errConflict     = refuse(http.StatusConflict, "The request conflicts with what is stored.")
	errLongQuery    = refuse(http.StatusBadRequest, "The query has more than %d parameters.", maxQuery)
	errManyFields   = refuse(http.StatusBadRequest, "The form has more than %d fields or %d files.", maxFormFields, maxFormFiles)
	errLongForm     = refuse(http.StatusBadRequest, "The form has more than %d bytes beside its files.", maxFormBytes)
	errNoDictionary = wrongInput("No data provided")
)

func errBodyTooLarge(limit int64) error {
	return refuse(http.StatusRequestEntityTooLarge, "The request is larger than the limit of %s.", bytesText(limit))
}

func errMethod(method string) error {
	return refuse(http.StatusMethodNotAllowed, "Method \"%s\" not allowed.", method)
}

// problems words bad credentials.
var problems = map[kit.Problem]error{
	kit.TokenMissing:    refuse(http.StatusUnauthorized, "Invalid token header. No credentials provided."),
	kit.TokenSpaces:     refuse(http.StatusUnauthorized, "Invalid token header. Token string should not contain spaces."),
	kit.TokenCharacters: refuse(http.StatusUnauthorized, "Invalid token header. Token string should not contain invalid characters."),
	kit.TokenUnknown:    refuse(http.StatusUnauthorized, "Invalid token."),
	kit.UserInactive:    refuse(http.StatusUnauthorized, "User inactive or deleted."),
}

// refused words why somebody may not have an account.
func refused(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Message == "" {
		return errForbidden
	}
	return refuse(http.StatusForbidden, "%s", e.Message)
}

// word returns an error as a fieldErrors or a refusal. What nobody classified
// is logged and answered without its text.
func (d *Dialect) word(ctx context.Context, err error) error {
	var fields fieldErrors
	var plain *refusal
	var e *errs.Error
	switch {
	case errors.As(err, &fields):
		return fields
	case errors.As(err, &plain):
		return plain
	case errors.As(err, &e):
		if e.Kind == errs.Unavailable {
			d.log.ErrorContext(ctx, "a part is unavailable", "error", err)
		}
		if worded := wordKind(e); worded != nil {
			return worded
		}
	case ctx.Err() != nil:
		return errUnavailable // nobody waits for the answer any more
	}
	d.log.ErrorContext(ctx, "request failed", "error", err)
	return errInternal
}

// wordKind words an error of the services; nil for an Internal one.
func wordKind(e *errs.Error) error {
	switch e.Kind {
	case errs.Invalid:
		return wordFields(e, errInvalid)
	case errs.Conflict:
		return wordFields(e, errConflict)
	case errs.NotFound:
		return errNotFound
	case errs.Unauthenticated:
		return errAnonymous
	case errs.Forbidden:
		return errForbidden
	case errs.TooLarge:
		return wordTooLarge(e)
	case errs.Unsupported:
		return errUnsupported
	case errs.RateLimited:
		return throttled(e)
	case errs.Unavailable:
		return unavailable(e)
	}
	return nil
}

// unavailable says when it may be worth to come back.
func unavailable(e *errs.Error) error {
	return &refusal{
		status: http.StatusServiceUnavailable, detail: errUnavailable.Error(), retry: kit.RetryAfter(e.RetryAfter),
	}
}

// wordFields words the fields of an error; without any, it is general.
func wordFields(e *errs.Error, general error) error {
	if len(e.Fields) == 0 {
		return general
	}
	var worded fieldErrors
	for _, f := range e.Fields {
		name := f.Name
		if name == "image" || name == "audio" {
			name += "_url"
		}
		worded = append(worded, fieldError{name, []string{fieldText(f)}})
	}
	return worded
}

func wordTooLarge(e *errs.Error) error {
	if len(e.Fields) == 0 {
		return errTooLarge
	}
	f := e.Fields[0]
	if f.Name == "body" {
		return errBodyTooLarge(f.Limit)
	}
	return &tooLargeFile{f.Name, fieldText(f)}
}

// tooLargeFile is answered with 413 and {"field":["message"]}.
type tooLargeFile struct{ name, message string }

func (e *tooLargeFile) Error() string { return e.name + ": " + e.message }

func throttled(e *errs.Error) error {
	wait := kit.RetryAfter(e.RetryAfter)
	unit := "seconds"
	if wait == 1 {
		unit = "second"
	}
	return &refusal{
		status: http.StatusTooManyRequests, retry: wait,
		detail: fmt.Sprintf("Request was throttled. Expected available in %d %s.", wait, unit),
	}
}

// fieldText words what is wrong with a field.
func fieldText(f errs.Field) string {
	switch f.Code {
	case errs.Required:
		return textBlank
	case errs.TooShort:
		return fmt.Sprintf("This password is too short. It must contain at least %d characters.", f.Limit)
	case errs.TooLong:
		return textTooLong(f.Limit)
	case errs.TooBig:
		return fmt.Sprintf("The submitted file is larger than the limit of %s.", bytesText(f.Limit))
	case errs.Taken:
		return "user with this email already exists."
	case errs.Unknown:
		return "Invalid pk - object does not exist."
	case errs.Empty:
		return textEmpty
	case errs.NotImage, errs.Pixels:
		return textNotImage
	case errs.NotAudio:
		return textNotAudio
	case errs.Common:
		return "This password is too common."
	case errs.Numeric:
		return "This password is entirely numeric."
	case errs.Similar:
		return "The password is too similar to the " + f.Value + "."
	}
	if f.Name == "email" {
		return textNotEmail
	}
	return "This value is not valid."
}

// bytesText returns a number of bytes, in MiB as well where that is whole.
func bytesText(n int64) string {
	if n > 0 && n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB (%d bytes)", n>>20, n)
	}
	return fmt.Sprintf("%d bytes", n)
}

// errorReply is the answer to an error of word.
func errorReply(err error) reply {
	switch e := err.(type) {
	case fieldErrors:
		return reply{status: http.StatusBadRequest, body: e.json()}
	case *tooLargeFile:
		return reply{status: http.StatusRequestEntityTooLarge, body: fieldErrors{{e.name, []string{e.message}}}.json()}
	case *refusal:
		r := reply{status: e.status, body: detail(e.detail).body}
		if e.retry > 0 {
			r.set("Retry-After", strconv.Itoa(e.retry))
		}
		if e.status == http.StatusUnauthorized {
			r.set("Www-Authenticate", "Token")
		}
		return r
	}
	return errorReply(errInternal)
}

func (e fieldErrors) json() []byte {
	b := []byte{'{'}
	for i, f := range e {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, f.name), ':', '[')
		for j, m := range f.messages {
			if j > 0 {
				b = append(b, ',')
			}
			b = appendString(b, m)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}
