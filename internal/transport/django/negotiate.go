package django

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// What a client accepts, worked out as Django REST framework does
// (https://www.django-rest-framework.org/api-guide/content-negotiation/):
// the most specific media type wins, and quality values mean nothing.

// A rendering is one of the two forms an answer can take.
type rendering struct {
	html   bool
	indent int // spaces of JSON that is laid out; 0 for compact
}

// renderers are the media types and format names that can be asked for, the
// preferred one first.
var renderers = []renderer{
	{"application/json", "json", false},
	{"text/html", "api", true},
}

type renderer struct {
	mediaType, format string
	html              bool
}

// mediaType is a media type or range with its parameters.
type mediaType struct {
	main, sub string
	params    map[string]string // nil for none
}

// parseMediaType reads a header value; it takes anything.
func parseMediaType(header string) mediaType {
	full, rest, _ := strings.Cut(header, ";")
	m := mediaType{}
	m.main, m.sub, _ = strings.Cut(strings.ToLower(strings.TrimSpace(full)), "/")
	for rest != "" {
		var param string
		param, rest = cutParam(rest)
		name, value, ok := strings.Cut(param, "=")
		if !ok {
			continue
		}
		if m.params == nil {
			m.params = map[string]string{}
		}
		m.params[strings.ToLower(strings.TrimSpace(name))] = unquote(strings.TrimSpace(value))
	}
	return m
}

// cutParam cuts at the first semicolon outside of quotes.
func cutParam(s string) (param, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(s[1 : len(s)-1])
}

// precedence is higher for a more specific range.
func (m mediaType) precedence() int {
	_, q := m.params["q"]
	switch {
	case m.main == "*":
		return 0
	case m.sub == "*":
		return 1
	case len(m.params) == 0, q && len(m.params) == 1:
		return 2
	}
	return 3
}

// covers reports whether a range stands for a plain media type.
func (m mediaType) covers(plain string) bool {
	main, sub, _ := strings.Cut(plain, "/")
	return (m.main == "*" || m.main == main) && (m.sub == "*" || m.sub == sub)
}

// maxRanges bounds the media ranges of an Accept header that are looked at.
const maxRanges = 100

// negotiate finds the form of the answer, asked for by the path's suffix, by
// the query or by the Accept header. Errors: errNotFound for a format there is
// not, errAccept.
func negotiate(r *http.Request, query params, suffix string) (rendering, error) {
	candidates := renderers
	format := suffix
	if format == "" {
		format = query.last("format")
	}
	if format != "" {
		at := slices.IndexFunc(renderers, func(c renderer) bool { return c.format == format })
		if at < 0 {
			return rendering{}, errNotFound
		}
		candidates = renderers[at : at+1]
	}
	headers := r.Header.Values("Accept")
	if len(headers) == 0 || len(headers) == 1 && headers[0] == "*/*" {
		return rendering{html: candidates[0].html}, nil
	}
	var accepted []mediaType
	for _, text := range strings.SplitN(strings.Join(headers, ","), ",", maxRanges) {
		accepted = append(accepted, parseMediaType(text))
	}
	for precedence := 3; precedence >= 0; precedence-- {
		for _, c := range candidates {
			for _, m := range accepted {
				if m.precedence() == precedence && m.covers(c.mediaType) {
					return rendering{html: c.html, indent: m.indent()}, nil
				}
			}
		}
	}
	return rendering{}, errAccept
}

// maxIndent is the most spaces that a client can ask for.
const maxIndent = 8

func (m mediaType) indent() int {
	n, ok := parseInt(m.params["indent"])
	if !ok {
		return 0
	}
	v, err := strconv.Atoi(string(n))
	if err != nil && n[0] != '-' {
		v = maxIndent
	}
	return max(0, min(v, maxIndent))
}

func last(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[len(values)-1]
}
