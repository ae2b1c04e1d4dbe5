package openapi

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
)

// template is a path with parameters, a segment each.
type template []segment

type segment struct {
	text      string // the literal, or the parameter's name
	parameter bool
}

// parseTemplate reads "/users/{id}/", "/users/{id:[0-9]+}/" or "/users/:id".
func parseTemplate(path string) (template, error) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil, fmt.Errorf("the path does not begin with a slash")
	}
	var t template
	seen := map[string]bool{}
	for part := range strings.SplitSeq(rest, "/") {
		s := segment{text: part}
		switch {
		case strings.HasPrefix(part, "{") && strings.HasSuffix(part, "}"):
			s.text, _, _ = strings.Cut(part[1:len(part)-1], ":")
			s.parameter = true
		case strings.HasPrefix(part, ":"):
			s = segment{text: part[1:], parameter: true}
		}
		if strings.ContainsAny(s.text, "{}*?#") || s.parameter && s.text == "" {
			return nil, fmt.Errorf("%q is neither a literal nor one parameter", part)
		}
		if s.parameter && seen[s.text] {
			return nil, fmt.Errorf("the path has two parameters %q", s.text)
		}
		seen[s.text] = s.parameter
		t = append(t, s)
	}
	return t, nil
}

// String returns the path as OpenAPI writes it: "/users/{id}/".
func (t template) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteByte('/')
		if s.parameter {
			b.WriteString("{" + s.text + "}")
		} else {
			b.WriteString(s.text)
		}
	}
	return b.String()
}

// same reports whether two templates differ at most in their parameters'
// names.
func (t template) same(other template) bool {
	if len(t) != len(other) {
		return false
	}
	for i := range t {
		if t[i].parameter != other[i].parameter || !t[i].parameter && t[i].text != other[i].text {
			return false
		}
	}
	return true
}

// match reports whether a path fits, its segments still escaped. fold ignores
// the case of letters.
func (t template) match(segments []string, fold bool) bool {
	if len(t) != len(segments) {
		return false
	}
	for i, s := range t {
		given, err := url.PathUnescape(segments[i])
		if err != nil {
			given = segments[i]
		}
		fits := given == s.text || fold && strings.EqualFold(given, s.text)
		if s.parameter {
			fits = given != ""
		}
		if !fits {
			return false
		}
	}
	return true
}

// before reports whether t is to be preferred to a template that fits the
// same path: the first literal in place of a parameter decides.
func (t template) before(other template) bool {
	for i := range t {
		if t[i].parameter != other[i].parameter {
			return other[i].parameter
		}
	}
	return false
}

// operationID names an operation after its method and path:
// djangoGetUsersByIdMessages for GET /api/users/{id}/messages/.
func operationID(d Dialect, method string, path template) string {
	id := strings.ToLower(string(d)) + capital(strings.ToLower(method))
	prefix := 0 // segments that the dialect's name stands for
	switch {
	case d == Web || d == Admin:
		prefix = 2
	case path[0].text == "api":
		prefix = 1
	}
	for i, s := range path {
		switch {
		case i < prefix:
		case s.parameter:
			id += "By" + camel(s.text)
		default:
			id += camel(s.text)
		}
	}
	return id
}

// camel joins the words of a segment: "made-for-you" is MadeForYou.
func camel(s string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		b.WriteString(capital(word))
	}
	return b.String()
}

func capital(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
