package openapi

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Check returns an error if an answer is not what the document says of it: an
// undocumented status, another content type, or a body that does not fit its
// schema. It is stricter than JSON Schema: an object has no properties that
// are not documented, and those it has are in the documented order.
//
// The target is a path with or without a query. HEAD is checked as GET without
// a body. Undocumented paths outside of /api, and undocumented OPTIONS, pass.
func (a *API) Check(method, target string, status int, contentType string, body []byte) error {
	if err := a.check(method, target, status, contentType, body); err != nil {
		return fmt.Errorf("%s %s answers %d: %w", method, target, status, err)
	}
	return nil
}

func (a *API) check(method, target string, status int, contentType string, body []byte) error {
	path, _, _ := strings.Cut(target, "?")
	d := a.serving(path)
	o := a.find(method, path)
	switch {
	case o == nil && (d == Server || method == http.MethodOptions):
		return nil
	case status == http.StatusNotModified && (method == http.MethodGet || method == http.MethodHead):
		return empty(body)
	}
	allowed, err := a.allowed(o, d, status)
	switch {
	case err != nil:
		return err
	case method == http.MethodHead || len(allowed) == 0:
		return empty(body)
	}
	return fits(allowed, contentType, body)
}

// allowed returns the bodies that may come with a status. o is nil for a route
// that does not exist.
func (a *API) allowed(o *operation, d Dialect, status int) ([]content, error) {
	if o != nil {
		if documented := o.answer(status); documented != nil {
			return documented.contents, nil
		}
	}
	if usual := a.errors[d]; usual != nil && status >= 400 {
		return []content{{jsonType, usual}}, nil
	}
	if o == nil {
		return nil, fmt.Errorf("the operation is not documented")
	}
	return nil, fmt.Errorf("the status is not documented")
}

// serving returns the dialect that answers a path: one that is documented alone
// has all of /api.
func (a *API) serving(path string) Dialect {
	d := dialectOf(path)
	alone := map[Dialect]Dialect{Node: Django, Django: Node}[d]
	if alone != "" && len(a.tagsOf(d)) == 0 && len(a.tagsOf(alone)) > 0 {
		return alone
	}
	return d
}

// find returns the operation that serves a request, or nil.
func (a *API) find(method, path string) *operation {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	d := a.serving(path)
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if d == Node { // as Express routes: doubled slashes and the case of letters do not count
		segments = slices.DeleteFunc(segments, func(s string) bool { return s == "" })
	}
	var found *operation
	for _, o := range a.operations {
		if o.Method == method && o.dialect == d && o.path.match(segments, d == Node) && (found == nil || o.path.before(found.path)) {
			found = o
		}
	}
	return found
}

func empty(body []byte) error {
	if len(body) > 0 {
		return fmt.Errorf("a body of %d bytes where none is documented", len(body))
	}
	return nil
}

// fits reports whether one of the contents describes the body.
func fits(contents []content, contentType string, body []byte) error {
	mediaType, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return fmt.Errorf("content type %q: %w", contentType, err)
	}
	for _, c := range contents {
		if !covers(c.contentType, mediaType) {
			continue
		}
		if c.schema == nil {
			return nil
		}
		v, err := parse(body)
		if err != nil {
			return fmt.Errorf("the body: %w", err)
		}
		return c.schema.accepts(v, "body")
	}
	return fmt.Errorf("content type %s, want %s", mediaType, contents[0].contentType)
}

// covers reports whether a documented type, which may be such as audio/*,
// stands for a given one.
func covers(documented, given string) bool {
	kind, all := strings.CutSuffix(documented, "*")
	return documented == given || all && strings.HasPrefix(given, kind)
}

// accepts returns an error that says where, beginning with at, the value does
// not fit.
func (s *schema) accepts(v value, at string) error {
	if v.kind == null && s.nullable {
		return nil
	}
	switch {
	case s.ref != nil:
		return s.ref.schema.accepts(v, at)
	case s.anyOf != nil:
		return s.acceptsEither(v, at)
	case s.kind == anything:
		return nil
	case v.kind != s.kind && !(v.kind == integer && s.kind == number):
		return fmt.Errorf("%s is of type %s, want %s", at, v.kind, s.kind)
	}
	switch s.kind {
	case text:
		return s.acceptsText(v.text, at)
	case array:
		for i, item := range v.items {
			if err := s.items.accepts(item, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
	case object:
		if s.values == nil {
			return s.acceptsFields(v, at)
		}
		for _, m := range v.members {
			if err := s.values.accepts(m.value, at+"."+m.name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *schema) acceptsEither(v value, at string) error {
	var reasons []string
	for _, alternative := range s.anyOf {
		err := alternative.accepts(v, at)
		if err == nil {
			return nil
		}
		reasons = append(reasons, err.Error())
	}
	return fmt.Errorf("%s fits no alternative: %s", at, strings.Join(reasons, "; or "))
}

func (s *schema) acceptsText(written, at string) error {
	if s.enum != nil && !slices.Contains(s.enum, written) {
		return fmt.Errorf("%s is %q, want one of %q", at, written, s.enum)
	}
	if s.pattern != nil && !s.pattern.MatchString(written) {
		return fmt.Errorf("%s is %q, want a match of %s", at, written, s.pattern)
	}
	if s.format == "date-time" {
		if _, err := time.Parse(time.RFC3339, written); err != nil {
			return fmt.Errorf("%s is %q, want a date and time of RFC 3339", at, written)
		}
	}
	return nil
}

// acceptsFields walks the fields and the members side by side, for both are in
// order.
func (s *schema) acceptsFields(v value, at string) error {
	next := 0
	for _, m := range v.members {
		i := next
		for i < len(s.fields) && s.fields[i].name != m.name {
			i++
		}
		if i == len(s.fields) {
			return s.unexpected(m.name, at)
		}
		for _, skipped := range s.fields[next:i] {
			if skipped.required {
				return fmt.Errorf("%s has %s where %s should be", at, m.name, skipped.name)
			}
		}
		if err := s.fields[i].schema.accepts(m.value, at+"."+m.name); err != nil {
			return err
		}
		next = i + 1
	}
	for _, missing := range s.fields[next:] {
		if missing.required {
			return fmt.Errorf("%s has no %s", at, missing.name)
		}
	}
	return nil
}

func (s *schema) unexpected(name, at string) error {
	for _, f := range s.fields {
		if f.name == name {
			return fmt.Errorf("%s has %s too late", at, name)
		}
	}
	return fmt.Errorf("%s has %s, which is not documented", at, name)
}
