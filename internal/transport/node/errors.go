package node

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// A failure is an error with its status and the words that a client gets.
type failure struct {
	status  int
	message string
}

func (f *failure) Error() string { return f.message }

func badRequest(message string) error { return &failure{http.StatusBadRequest, message} }

// The words of the reference, and a few of our own where it has none.
const (
	textUnauthenticated = "Unauthorized - you must be logged in"
	textForbidden       = "Unauthorized - you must be an admin"
	textCrossSite       = "Unauthorized - requests of other sites are not accepted"
	textOtherUser       = "Unauthorized - you can only sign up as yourself"
	textBodyTooLarge    = "request entity too large"
	textCutOff          = "Unexpected end of form"
	textFilesMissing    = "Please upload all files"
	textFileRefused     = "Error uploading to cloudinary"
	textInternal        = "Internal server error"
	textUnavailable     = "Service unavailable, try again later"
	textRateLimited     = "Too many requests, try again later"
	textConflict        = "Conflict with what is stored"
	textAlbumNotFound   = "Album not found"
	textSongNotFound    = "Song not found"
	textNotFound        = "Not found"
)

func notRouted(r *http.Request) error {
	return &failure{http.StatusNotFound, "Cannot " + r.Method + " " + encodePath(rawPath(r))}
}

func undecodable(param string) error {
	return badRequest(fmt.Sprintf("Failed to decode param '%s'", param))
}

// uncast is what a query fails with whose value is not of its path's kind.
func uncast(kind string, sent mongoose.Value, path, model string) error {
	return badRequest(mongoose.CastMessage(kind, sent, path) + fmt.Sprintf(` for model "%s"`, model))
}

// noFiles is what taking a file out of no files fails with: of a form without
// any, or of a body that is no form at all.
func noFiles(form *kit.Form) error {
	what := "null"
	if form == nil {
		what = "undefined"
	}
	return badRequest("Cannot destructure property 'imageFile' of 'req.files' as it is " + what + ".")
}

func unsupportedEncoding(encoding string) error {
	return &failure{http.StatusUnsupportedMediaType, fmt.Sprintf(`unsupported content encoding "%s"`, encoding)}
}

func unsupportedCharset(charset string) error {
	return &failure{http.StatusUnsupportedMediaType, fmt.Sprintf(`unsupported charset "%s"`, strings.ToUpper(charset))}
}

func unsupportedForm(contentType string) error {
	return &failure{http.StatusUnsupportedMediaType, "Unsupported content type: " + contentType}
}

// refusedUser words why somebody may not have an account.
func refusedUser(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || e.Message == "" {
		return err
	}
	return &failure{http.StatusForbidden, e.Message}
}

// refused words what a Service refused about a document of a model.
func refused(model string, err error) error {
	return mongoose.Refused(model, err, func(f errs.Field) (path, message string) {
		path = wirePath(f.Name)
		return path, fieldMessage(path, f)
	})
}

// wirePath returns the name that a field of the domain has in this dialect.
func wirePath(field string) string {
	switch field {
	case "image":
		return imageField
	case "audio":
		return audioField
	case "release_year":
		return "releaseYear"
	case "album":
		return "albumId"
	case "message":
		return "messageId"
	case "full_name":
		return "fullName"
	}
	return field
}

func fieldMessage(path string, f errs.Field) string {
	switch f.Code {
	case errs.Required:
		return mongoose.RequiredMessage(path)
	case errs.TooLong:
		return mongoose.TooLongMessage(path, f.Limit)
	case errs.Empty:
		return "The file is empty."
	case errs.NotImage:
		return "The file is not an image that can be read."
	case errs.Pixels:
		return fmt.Sprintf("The image has more than %d pixels.", f.Limit)
	case errs.NotAudio:
		return "The file is not audio that can be played."
	}
	return mongoose.InvalidMessage(path)
}

// tooLarge words a broken limit of an upload.
func tooLarge(e *errs.Error) *failure {
	message := textBodyTooLarge
	for _, f := range e.Fields {
		if f.Name == imageField || f.Name == audioField {
			message = fmt.Sprintf("%s: The file is larger than the limit of %d bytes.", f.Name, f.Limit)
		}
	}
	return &failure{http.StatusRequestEntityTooLarge, message}
}

// word turns any error into what the client gets, and puts what he must not
// see into the log.
func (d *Dialect) word(w http.ResponseWriter, r *http.Request, err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var invalid *mongoose.Error
	if errors.As(err, &invalid) {
		return &failure{http.StatusBadRequest, invalid.Message}
	}
	if errors.Is(err, kit.ErrManyParts) {
		return &failure{http.StatusRequestEntityTooLarge, fmt.Sprintf("The form has more than %d parts.", maxParts)}
	}
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return &failure{http.StatusServiceUnavailable, textUnavailable} // nobody is there to read it
	}
	var e *errs.Error
	errors.As(err, &e)
	switch errs.KindOf(err) {
	case errs.Invalid:
		return &failure{http.StatusBadRequest, cmp.Or(e.Message, "Invalid request")}
	case errs.NotFound:
		return &failure{http.StatusNotFound, textNotFound}
	case errs.Conflict:
		return &failure{http.StatusConflict, textConflict}
	case errs.Unauthenticated:
		return &failure{http.StatusUnauthorized, textUnauthenticated}
	case errs.Forbidden:
		return &failure{http.StatusForbidden, textForbidden}
	case errs.TooLarge:
		return tooLarge(e)
	case errs.Unsupported:
		return &failure{http.StatusUnsupportedMediaType, "Unsupported media type"}
	case errs.RateLimited:
		retryAfter(w, e.RetryAfter)
		return &failure{http.StatusTooManyRequests, textRateLimited}
	case errs.Unavailable:
		d.c.Log.ErrorContext(r.Context(), "a part is unavailable", "error", err)
		retryAfter(w, e.RetryAfter)
		return &failure{http.StatusServiceUnavailable, textUnavailable}
	}
	d.c.Log.ErrorContext(r.Context(), "internal error", "method", r.Method, "path", r.URL.Path, "error", err)
	return &failure{http.StatusInternalServerError, textInternal}
}

func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(kit.RetryAfter(wait)))
}
