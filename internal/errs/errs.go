// Package errs is the error vocabulary that every layer shares: a feature says
// what kind of thing went wrong and in which field, and each dialect words it.
//
// It imports nothing of the project, so that anything may import it.
package errs

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Kind classes an error by what the caller can do about it.
type Kind uint8

// The kinds. The zero Kind is Internal, so that an error nobody classified is
// never shown to a client.
const (
	Internal        Kind = iota // a fault of ours; its text is for the log only
	Invalid                     // the input is wrong; Fields says where
	NotFound                    // the thing named does not exist, or not for this caller
	Conflict                    // the input clashes with what is stored
	Unauthenticated             // nobody knows who is asking
	Forbidden                   // it is known who is asking, and he may not
	TooLarge                    // an upload or a body is over its limit
	Unsupported                 // the media type of a body is not understood
	RateLimited                 // too many tries; RetryAfter says when to come back
	Unavailable                 // a part we need does not answer at the moment
)

var kindNames = [...]string{
	"internal", "invalid", "not found", "conflict", "unauthenticated",
	"forbidden", "too large", "unsupported", "rate limited", "unavailable",
}

// String returns the kind in lower-case words.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Code names what is wrong with one field, so that a dialect can use its own
// words for it.
type Code string

// The codes of a field.
const (
	Required  Code = "required"        // missing or empty
	TooShort  Code = "too_short"       // fewer than Limit characters
	TooLong   Code = "too_long"        // more than Limit characters
	TooBig    Code = "too_big"         // a number over Limit, or a file over Limit bytes
	TooMany   Code = "too_many"        // more than Limit of them
	Malformed Code = "malformed"       // not of the form the field asks for
	Taken     Code = "taken"           // somebody else has this value
	Unknown   Code = "unknown"         // names something that does not exist
	Empty     Code = "empty"           // a file of no bytes
	NotImage  Code = "not_image"       // a file that is no whole image we can read
	NotAudio  Code = "not_audio"       // a file that is no audio we can read
	Common    Code = "common"          // a password on the list of common ones
	Numeric   Code = "numeric"         // a password of digits alone
	Similar   Code = "similar"         // a password too close to the e-mail or the name
	Pixels    Code = "too_many_pixels" // an image of more than Limit pixels
	Wrong     Code = "wrong"           // not the secret that is stored
	LastAdmin Code = "last_admin"      // would leave no active admin
)

// Field is one thing wrong with one field of the input.
type Field struct {
	Name  string // the field's name in the domain: "title", "image", "password"
	Code  Code
	Limit int64  // the bound that was broken, where Code has one
	Value string // the offending value, where showing it helps; never a secret
}

// Error is the one error type that crosses layers.
type Error struct {
	Kind       Kind
	Fields     []Field       // for Invalid and Conflict: what is wrong, in the input's order
	Message    string        // a sentence for the client, if the kind alone does not say enough
	RetryAfter time.Duration // for RateLimited and Unavailable
	Err        error         // the cause; for the log, never for the client
}

// Error returns a text for the log: kind, message, fields and cause.
func (e *Error) Error() string {
	parts := []string{e.Kind.String()}
	if e.Message != "" {
		parts = append(parts, e.Message)
	}
	for _, f := range e.Fields {
		parts = append(parts, fmt.Sprintf("%s is %s", f.Name, f.Code))
	}
	if e.Err != nil {
		parts = append(parts, e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of kind k with a sentence for the client.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// InvalidFields returns an Invalid error for the fields, or nil if there are
// none: a validator collects and returns in one line.
func InvalidFields(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: fields}
}

// KindOf returns the kind of err: that of the first *Error in its chain, and
// Internal for any other error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of kind k. A nil error is of no kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }
