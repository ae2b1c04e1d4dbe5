package openapi

import (
	"bytes"
	html "html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// curl returns a command that tries the operation, in colour.
func (a *API) curl(o *operation) (html.HTML, error) {
	first := "curl "
	if o.Method != "GET" && (o.Method != "POST" || len(o.bodies) == 0) {
		first += "-X " + o.Method + " "
	}
	lines := []string{first + quote(a.config.Server+o.pathExample())}
	if o.Access != kit.Public {
		lines = append(lines, "-H "+quote("Authorization: "+o.dialect.scheme()+" KEY"))
	}
	if len(o.bodies) > 0 {
		body, err := curlBody(o.bodies[0], o.dialect)
		if err != nil {
			return "", err
		}
		lines = append(lines, body...)
	}
	return shell(strings.Join(lines, " \\\n  ")), nil
}

// wide is how many characters of a body stay on one line.
const wide = 48

// curlBody returns the arguments that send an example of the body.
func curlBody(b content, d Dialect) ([]string, error) {
	example := exampleBody(b.schema, d)
	fields, form := example.(ordered)
	if !form || b.contentType == jsonType {
		body, err := encode(example)
		if len(body) > wide && err == nil {
			body, err = indent(example)
			body = bytes.ReplaceAll(body, []byte("\n"), []byte("\n  "))
		}
		return []string{"-H " + quote("Content-Type: "+b.contentType), "-d " + quote(string(body))}, err
	}
	option := "--data-urlencode "
	if b.contentType == "multipart/form-data" {
		option = "-F "
	}
	var lines []string
	for _, f := range fields {
		written, ok := f.value.(string)
		if !ok {
			encoded, err := encode(f.value)
			if err != nil {
				return nil, err
			}
			written = string(encoded)
		}
		lines = append(lines, option+quote(f.name+"="+written))
	}
	return lines, nil
}

// pathExample returns the path with something in place of each parameter.
func (o *operation) pathExample() string {
	filled := slices.Clone(o.path)
	for i, s := range o.path {
		known, ok := textExamples[plain(s.text)]
		given := o.Examples[s.text]
		switch {
		case !s.parameter:
		case given != "":
			filled[i] = segment{text: url.PathEscape(given)}
		case (o.dialect == Node || o.dialect == Server) && ok:
			filled[i] = segment{text: known}
		default:
			filled[i] = segment{text: "1"}
		}
	}
	return filled.String()
}

// quote makes s one word of a POSIX shell.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
