package jsonapi

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Failure is the body of every answer of status 400 or more.
type Failure struct {
	Error Problem `json:"error"`
}

// Problem says what is wrong.
type Problem struct {
	Kind      string         `json:"kind" enum:"invalid not_found conflict unauthenticated forbidden too_large unsupported rate_limited unavailable internal"`
	Message   string         `json:"message" doc:"what is wrong, in one sentence" example:"The title is missing."`
	Fields    []FieldProblem `json:"fields" doc:"what is wrong with which field; empty if it is none's"`
	RequestID string         `json:"requestId" doc:"names the request in the server's log" example:"5f2c9a4e11-42"`
	// Details are members that only some routes add.
	Details any `json:"details,omitempty" doc:"what else is known, on some routes"`
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct {
	Name    string `json:"name" example:"title"`
	Code    string `json:"code" doc:"names what is wrong: required, too_long, malformed, taken, …" example:"required"`
	Limit   int64  `json:"limit" doc:"the bound that was broken; 0 if the code has none" example:"0"`
	Message string `json:"message" doc:"the same in one sentence" example:"The title is missing."`
}

// Errors samples the bodies of errors.
func (a *API) Errors() []any { return []any{Failure{}} }

// Detailed is an error whose answer tells more than its kind and fields: the
// details become a member of the error.
type Detailed struct {
	Err     error
	Details any
}

// Error returns the error's own text.
func (d *Detailed) Error() string { return d.Err.Error() }

// Unwrap returns the error.
func (d *Detailed) Unwrap() error { return d.Err }

// unknownField is the code of a member that a body may not have.
const unknownField errs.Code = "unknown_field"

// kinds are the wire's words for the kinds of errors.
var kinds = map[errs.Kind]struct {
	name    string
	status  int
	message string
}{
	errs.Internal:        {"internal", http.StatusInternalServerError, "Something went wrong on the server."},
	errs.Invalid:         {"invalid", http.StatusBadRequest, "Something is wrong with what was sent."},
	errs.NotFound:        {"not_found", http.StatusNotFound, "There is no such thing."},
	errs.Conflict:        {"conflict", http.StatusConflict, "This clashes with what is there already."},
	errs.Unauthenticated: {"unauthenticated", http.StatusUnauthorized, "Sign in first."},
	errs.Forbidden:       {"forbidden", http.StatusForbidden, "You may not do this."},
	errs.TooLarge:        {"too_large", http.StatusRequestEntityTooLarge, "What was sent is too large."},
	errs.Unsupported:     {"unsupported", http.StatusUnsupportedMediaType, "The server does not read a body of this type."},
	errs.RateLimited:     {"rate_limited", http.StatusTooManyRequests, "Too many tries. Wait a little."},
	errs.Unavailable:     {"unavailable", http.StatusServiceUnavailable, "A part of the server does not answer at the moment."},
}

// refusal is an error that HTTP has and the features have not.
type refusal struct {
	status  int
	kind    errs.Kind
	message string
}

func (f *refusal) Error() string { return f.message }

func notRouted() error { return &refusal{http.StatusNotFound, errs.NotFound, "There is no such path."} }

func wrongMethod(allowed string) error {
	return &refusal{http.StatusMethodNotAllowed, errs.Invalid, "This path takes only " + allowed + "."}
}

func crossSite(err error) error {
	return &errs.Error{Kind: errs.Forbidden, Message: "Pages of other sites may not do this.", Err: err}
}

// fail answers with an error.
func (a *API) fail(c *Call, err error) {
	if cause := c.Context().Err(); cause != nil && errors.Is(err, cause) {
		return // whoever asked has gone
	}
	status := kinds[errs.KindOf(err)].status
	var e *errs.Error
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		status = refused.status
	case errors.As(err, &e) && e.RetryAfter > 0:
		c.W.Header().Set("Retry-After", strconv.Itoa(kit.RetryAfter(e.RetryAfter)))
	}
	if status >= http.StatusInternalServerError {
		a.c.Log.LogAttrs(c.Context(), slog.LevelError, "a request failed",
			slog.String("method", c.R.Method), slog.String("route", c.route.Path), slog.Any("error", err))
	}
	c.W.Header().Del("Cache-Control") // the answer's own
	c.write(status, a.problem(c, err))
}

// problem words an error; a nil one is internal.
func (a *API) problem(c *Call, err error) Failure {
	kind := errs.KindOf(err)
	p := Problem{Fields: []FieldProblem{}, RequestID: c.W.Header().Get("X-Request-Id")}
	var refused *refusal
	var e *errs.Error
	switch {
	case errors.As(err, &refused):
		kind, p.Message = refused.kind, refused.message
	case kind != errs.Internal && errors.As(err, &e):
		p.Message = e.Message
		for _, f := range e.Fields {
			p.Fields = append(p.Fields, c.fieldProblem(f))
		}
		if p.Message == "" && len(p.Fields) > 0 {
			p.Message = p.Fields[0].Message
		}
		if kind == errs.RateLimited && p.Message == "" {
			p.Message = "Too many tries. Come back in " + waiting(e.RetryAfter) + "."
		}
	}
	p.Kind = kinds[kind].name
	if p.Message == "" {
		p.Message = kinds[kind].message
	}
	var detailed *Detailed
	if errors.As(err, &detailed) {
		p.Details = detailed.Details
	}
	return Failure{p}
}

// waiting is a time in words, rounded up.
func waiting(d time.Duration) string {
	seconds := int(math.Ceil(d.Seconds()))
	switch minutes := (seconds + 59) / 60; {
	case seconds <= 1:
		return "a second"
	case seconds < 60:
		return fmt.Sprintf("%d seconds", seconds)
	case minutes == 1:
		return "a minute"
	default:
		return fmt.Sprintf("%d minutes", minutes)
	}
}
