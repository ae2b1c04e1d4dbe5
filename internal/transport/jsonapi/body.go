package jsonapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Bounds of a body.
const (
	maxJSON   = 1 << 20 // bytes
	maxParts  = 200     // of a multipart body, and members of a JSON object that may have any
	maxValues = 1 << 20 // bytes of its parts that are no files
)

// Multipart reports whether the request brings a multipart body.
func (c *Call) Multipart() bool { return c.mediaType() == "multipart/form-data" }

func (c *Call) mediaType() string {
	kind, _, _ := mime.ParseMediaType(c.R.Header.Get("Content-Type")) // "" for one that makes no sense
	return kind
}

// JSON reads the body into what v points to, strictly: no unknown fields, one
// value, at most a megabyte. Errors: Invalid with the field that does not fit;
// TooLarge; Unsupported for a body of another type.
func (c *Call) JSON(v any) error {
	data, err := c.readJSON()
	if err != nil {
		return err
	}
	return decode(data, v)
}

// Members reads the body as one JSON object, for those who do not know its
// members beforehand. Errors: those of JSON.
func (c *Call) Members() (map[string]json.RawMessage, error) {
	var members map[string]json.RawMessage
	if err := c.JSON(&members); err != nil {
		return nil, err
	}
	if len(members) > maxParts {
		return nil, errs.New(errs.Invalid, "The body has too many members.")
	}
	return members, nil
}

func (c *Call) readJSON() ([]byte, error) {
	if kind := c.mediaType(); kind != "application/json" {
		return nil, errs.New(errs.Unsupported, "The body has to be JSON, with the Content-Type application/json.")
	}
	data, err := io.ReadAll(http.MaxBytesReader(c.W, c.R.Body, maxJSON))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &errs.Error{Kind: errs.TooLarge, Fields: []errs.Field{{Name: "body", Code: errs.TooBig, Limit: maxJSON}}}
	case err != nil:
		return nil, &errs.Error{Kind: errs.Invalid, Message: "The body broke off.", Err: err}
	}
	return data, nil
}

func decode(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return wrongJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errs.New(errs.Invalid, "The body has more than one JSON value.")
	}
	return nil
}

// wrongJSON names the field that a decoder complains about.
func wrongJSON(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		if wrongType.Field == "" {
			return &errs.Error{Kind: errs.Invalid, Message: "The body has to be a JSON object.", Err: err}
		}
		return &errs.Error{Kind: errs.Invalid, Err: err, Fields: []errs.Field{{Name: wrongType.Field, Code: errs.Malformed, Value: wrongType.Value}}}
	}
	// The decoder has no type for this error.
	if name, ok := strings.CutPrefix(err.Error(), `json: unknown field "`); ok {
		return &errs.Error{Kind: errs.Invalid, Err: err, Fields: []errs.Field{{Name: strings.TrimSuffix(name, `"`), Code: unknownField}}}
	}
	return &errs.Error{Kind: errs.Invalid, Message: "The body is no JSON.", Err: err}
}

// Form reads the multipart body, whose files may be those of the route. It is
// closed when the handler is done: whoever keeps a file has it named before.
// Errors: Invalid, TooLarge with the field, Unsupported for a body of another
// type.
func (c *Call) Form() (*kit.Form, error) {
	if !c.Multipart() || c.route.Files == nil {
		return nil, errs.New(errs.Unsupported, "The body has to be multipart/form-data.")
	}
	limit := int64(maxValues)
	for _, size := range c.route.Files {
		limit += size
	}
	limit += limit/64 + 1<<16 // the boundaries and headers of the parts
	kit.AllowUpload(c.W, c.R, limit)
	c.R.Body = http.MaxBytesReader(c.W, c.R.Body, limit)
	form, err := kit.ReadForm(c.R, c.api.c.Stage, kit.FormLimits{Files: c.route.Files, Parts: maxParts, Values: maxValues})
	switch {
	case errors.Is(err, kit.ErrNoBoundary):
		return nil, errs.New(errs.Invalid, "The Content-Type names no boundary.")
	case errors.Is(err, kit.ErrManyParts):
		return nil, errs.New(errs.Invalid, "The body has too many parts.")
	case err != nil:
		return nil, err
	}
	c.form = form
	if form.Broken {
		return nil, errs.New(errs.Invalid, "The body broke off.")
	}
	if form.Unwanted > 0 {
		return nil, errs.New(errs.Invalid, "The body has a file in a field that takes none.")
	}
	return form, nil
}

// UnknownField is the error of a body with a field that it may not have.
func UnknownField(name string) error {
	return errs.InvalidFields(errs.Field{Name: name, Code: unknownField})
}
