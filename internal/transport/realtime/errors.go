package realtime

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// Texts of our own, where the reference has none.
const (
	textOtherUser   = "Unauthorized - you can only speak for yourself"
	textSignedOut   = "Unauthorized - you must be logged in"
	textForbidden   = "Unauthorized - you may not do that"
	textNotFound    = "Not found"
	textConflict    = "Conflict with what is stored"
	textFlood       = "Too many events, try again later"
	textUnavailable = "Service unavailable, try again later"
	textInternal    = "Internal server error"
)

// destructured fails as the reference does when it takes the members of
// nothing: property is the first it takes, and of is what it calls the value,
// or "" where it has no name for it.
func destructured(property, of string, v mongoose.Value) error {
	name := of
	switch v.(type) {
	case nil:
		return cannotDestructure(property, cmp.Or(name, "object null"), "null")
	case mongoose.Missing:
		return cannotDestructure(property, cmp.Or(name, "undefined"), "undefined")
	}
	return nil
}

func cannotDestructure(property, of, what string) error {
	return &mongoose.Error{Message: fmt.Sprintf("Cannot destructure property '%s' of '%s' as it is %s.", property, of, what)}
}

// refused words what a service refused about a document of a model.
func refused(model string, err error) error {
	return mongoose.Refused(model, err, func(f errs.Field) (path, message string) {
		path = wirePath(f.Name)
		return path, fieldMessage(path, f)
	})
}

// wirePath returns the name that a field of the domain has in the events.
func wirePath(field string) string {
	switch field {
	case "receiver":
		return "receiverId"
	case "message":
		return "messageId"
	}
	return field
}

func unknownMessage(path string) string {
	what := "user"
	if path == "messageId" {
		what = "message of the two"
	}
	return fmt.Sprintf("Path `%s` names no %s.", path, what)
}

func fieldMessage(path string, f errs.Field) string {
	switch f.Code {
	case errs.Required:
		return mongoose.RequiredMessage(path)
	case errs.Unknown:
		return unknownMessage(path)
	case errs.TooLong:
		return mongoose.TooLongMessage(path, f.Limit)
	}
	return mongoose.InvalidMessage(path)
}

// word turns any error into what the client gets, and puts what he must not
// see into the log.
func (rt *Realtime) word(err error) string {
	var invalid *mongoose.Error
	if errors.As(err, &invalid) {
		return invalid.Message
	}
	if rt.ctx.Err() != nil {
		return textUnavailable // the server stops, which is no fault
	}
	var e *errs.Error
	errors.As(err, &e)
	switch errs.KindOf(err) {
	case errs.Invalid:
		return cmp.Or(e.Message, "Invalid request")
	case errs.NotFound:
		return textNotFound
	case errs.Conflict:
		return textConflict
	case errs.Unauthenticated:
		return textSignedOut
	case errs.Forbidden:
		return cmp.Or(e.Message, textForbidden)
	case errs.RateLimited:
		return textFlood
	case errs.Unavailable:
		rt.c.Log.ErrorContext(rt.ctx, "a part is unavailable", "error", err)
		return textUnavailable
	}
	rt.c.Log.ErrorContext(rt.ctx, "internal error in an event", "error", err)
	return textInternal
}

// writeMessage answers a request as the REST API of the Node dialect does.
func writeMessage(w http.ResponseWriter, r *http.Request, status int, message string) {
	e := kit.NewEncoded(append(kit.AppendString([]byte(`{"message":`), message, false), '}'))
	h := w.Header()
	h["Etag"] = e.Tag
	h["Content-Length"] = e.Length
	h.Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(e.Body) // the client may be gone by now
	}
}
