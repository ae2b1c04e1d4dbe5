package adminapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// unknownField is what a name in a body or a query is that nobody has declared.
const unknownField errs.Code = "unknown_field"

// Values are what a form sent, by the names of its fields: a string, float64,
// bool, int64 (the id of a relation, 0 for none) or file.Upload, as the field's
// kind has it; nil for a file that is to be removed.
type Values map[string]any

// value returns what was sent, or the zero value.
func value[T any](v Values, name string) T {
	t, _ := v[name].(T)
	return t
}

// given returns what was sent, or nil if the field was left out.
func given[T any](v Values, name string) *T {
	if t, ok := v[name].(T); ok {
		return &t
	}
	return nil
}

// cleared reports whether a file is to be removed.
func (v Values) cleared(name string) bool {
	sent, ok := v[name]
	return ok && sent == nil
}

// input is a field as it was sent: a part of a multipart body, or a member of a
// JSON object.
type input struct {
	text   string
	quoted bool // a text, and no number or bool
	null   bool
	file   *file.Upload
}

// form reads the body by the fields that the model's form has. Errors: Invalid
// with everything that is wrong, in the order of the fields.
func (a *api) form(c *jsonapi.Call, m *Model, kind FormKind) (Values, error) {
	sent, err := inputs(c)
	if err != nil {
		return nil, err
	}
	v := Values{}
	var wrong []errs.Field
	for _, f := range m.fields(kind) {
		in, ok := sent[f.Name]
		delete(sent, f.Name)
		faults, err := a.read(c.Context(), f, in, ok, kind, v)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, faults...)
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		wrong = append(wrong, errs.Field{Name: name, Code: unknownField})
	}
	return v, errs.InvalidFields(wrong...)
}

// read puts one field into v, or returns what is wrong with it.
func (a *api) read(ctx context.Context, f Field, in input, sent bool, kind FormKind, v Values) ([]errs.Field, error) {
	fault := func(code errs.Code) ([]errs.Field, error) { return []errs.Field{{Name: f.Name, Code: code}}, nil }
	empty := in.file == nil && (in.null || strings.TrimSpace(in.text) == "")
	switch {
	case empty && kind == ChangeForm && (!sent || f.Kind == PasswordField || f.Kind.file() && f.Required):
		return nil, nil // stays as it is
	case empty && f.Required:
		return fault(errs.Required)
	case !sent:
		return nil, nil
	case in.file != nil && !f.Kind.file():
		return fault(errs.Malformed)
	case f.Kind.file() && in.file == nil && !empty:
		return fault(errs.Malformed)
	case f.Kind.file() && empty:
		v[f.Name] = nil
		return nil, nil
	case f.Kind.file():
		v[f.Name] = *in.file
		return a.checkFile(ctx, f, *in.file)
	}
	read, wrong := f.parse(in)
	if wrong != nil {
		return []errs.Field{*wrong}, nil
	}
	v[f.Name] = read
	return nil, nil
}

// checkFile looks into a file, so that a form tells of all its mistakes at once.
func (a *api) checkFile(ctx context.Context, f Field, up file.Upload) ([]errs.Field, error) {
	check := a.Files.CheckImage
	if f.Kind == AudioField {
		check = a.Files.CheckAudio
	}
	err := check(ctx, up)
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return nil, err
	}
	wrong := slices.Clone(e.Fields)
	for i := range wrong {
		wrong[i].Name = f.Name
	}
	return wrong, nil
}

// parse reads what was sent as the field's kind has it.
func (f Field) parse(in input) (any, *errs.Field) {
	fault := func(code errs.Code, limit float64) (any, *errs.Field) {
		return nil, &errs.Field{Name: f.Name, Code: code, Limit: int64(limit)}
	}
	trimmed := strings.TrimSpace(in.text)
	switch f.Kind {
	case NumberField, YearField, DurationField:
		if trimmed == "" {
			return 0.0, nil
		}
		n, err := strconv.ParseFloat(trimmed, 64)
		switch {
		case err != nil, math.IsNaN(n), math.IsInf(n, 0), n < f.Min, f.Kind == YearField && n != math.Trunc(n):
			return fault(errs.Malformed, f.Min)
		case f.Max > 0 && n > f.Max:
			return nil, &errs.Field{Name: f.Name, Code: errs.TooBig, Limit: int64(f.Max), Value: trimmed}
		}
		return n, nil
	case BoolField:
		b, err := strconv.ParseBool(trimmed)
		if err != nil {
			return fault(errs.Malformed, 0)
		}
		return b, nil
	case RelationField:
		if trimmed == "" {
			return int64(0), nil
		}
		id, err := strconv.ParseInt(trimmed, 10, 64)
		if err != nil || id < 0 {
			return fault(errs.Unknown, 0)
		}
		return id, nil
	case ChoiceField:
		if !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.Value == in.text }) {
			return fault(errs.Unknown, 0)
		}
		return in.text, nil
	case TextField, EmailField:
		in.text = trimmed
	}
	switch {
	case !in.quoted && !in.null, !utf8.ValidString(in.text), strings.ContainsRune(in.text, 0):
		return fault(errs.Malformed, 0)
	case f.Max > 0 && utf8.RuneCountInString(in.text) > int(f.Max):
		return fault(errs.TooLong, f.Max)
	}
	return in.text, nil
}

// inputs reads the body, JSON or multipart.
func inputs(c *jsonapi.Call) (map[string]input, error) {
	sent := map[string]input{}
	if !c.Multipart() {
		members, err := c.Members()
		if err != nil {
			return nil, err
		}
		for name, raw := range members {
			in, ok := scalar(raw)
			if !ok {
				return nil, errs.InvalidFields(errs.Field{Name: name, Code: errs.Malformed})
			}
			sent[name] = in
		}
		return sent, nil
	}
	form, err := c.Form()
	if err != nil {
		return nil, err
	}
	for name, values := range form.Values {
		sent[name] = input{text: values[len(values)-1], quoted: true}
	}
	for name, uploads := range form.Files {
		sent[name] = input{file: &uploads[len(uploads)-1]}
	}
	return sent, nil
}

// scalar reads a JSON value that is no list and no object.
func scalar(raw json.RawMessage) (input, bool) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return input{null: true}, true
	case raw[0] == '{' || raw[0] == '[':
		return input{}, false
	case raw[0] == '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return input{text: text, quoted: true}, err == nil
	}
	return input{text: string(raw)}, true
}
