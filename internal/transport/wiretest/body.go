package wiretest

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// A body is what a script says about a request's or an answer's body.
type body struct {
	form   bodyForm
	text   string      // a template, for jsonBody, textBody and lineBody
	fields []bodyField // for formBody and multipartBody; never nil there
}

type bodyForm int

const (
	jsonBody bodyForm = iota
	textBody
	lineBody // the lines after |
	formBody
	multipartBody
)

// A bodyField is one field of a form. Its texts are templates.
type bodyField struct {
	name, value           string
	file                  bool    // value names or is the content of a file
	fileName, contentType *string // nil where the script says nothing
}

// parseBody reads the first line of a body. It returns nil if the line has not
// the form of one.
func parseBody(line string) (*body, error) {
	trimmed := strings.TrimSpace(line)
	word, rest, _ := strings.Cut(trimmed, " ")
	switch {
	case strings.HasPrefix(line, "|"):
		return &body{form: lineBody, text: line[1:]}, nil
	case trimmed[0] == '{' || trimmed[0] == '[' || trimmed[0] == '"':
		return &body{form: jsonBody, text: trimmed}, nil
	case word == "body":
		return parseText(rest)
	case word == "form" || word == "multipart":
		fields, err := parseFields(rest)
		form := formBody
		if word == "multipart" {
			form = multipartBody
		}
		return &body{form: form, fields: fields}, err
	}
	return nil, nil
}

// parseText reads the rest of a line, or a quoted Go string.
func parseText(s string) (*body, error) {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, `"`) {
		text, err := strconv.Unquote(s)
		if err != nil {
			return nil, fmt.Errorf("%s is no quoted string", s)
		}
		s = text
	}
	return &body{form: textBody, text: s}, nil
}

// notJSON is the beginning of a line that cannot continue a JSON text.
var notJSON = regexp.MustCompile(`^(?:[!(|A-Z]|[a-z]+[ ~:-])`)

// extend adds a line to the body, and returns whether the line belongs to it.
func (b *body) extend(line string) (bool, error) {
	trimmed := strings.TrimSpace(line)
	indented := line[0] == ' ' || line[0] == '\t'
	switch {
	case b.form == jsonBody && !notJSON.MatchString(trimmed):
		b.text += trimmed
		return true, nil
	case b.form == lineBody && line[0] == '|':
		b.text += "\n" + line[1:]
		return true, nil
	case b.fields != nil && indented:
		fields, err := parseFields(trimmed)
		b.fields = append(b.fields, fields...)
		return true, err
	}
	return false, nil
}

var fieldName = regexp.MustCompile(`^[^\s="]+=`)

// parseFields reads name=value fields between spaces.
func parseFields(s string) ([]bodyField, error) {
	fields := []bodyField{}
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		name := fieldName.FindString(s)
		if name == "" {
			return nil, fmt.Errorf("%q is no field: name=value", s)
		}
		f := bodyField{name: strings.TrimSuffix(name, "=")}
		s, f.file = strings.CutPrefix(s[len(name):], "@")
		var err error
		if f.value, s, err = parseValue(s, f.file); err != nil {
			return nil, err
		}
		for f.file && strings.HasPrefix(s, ";") {
			key, rest, _ := strings.Cut(s[1:], "=")
			var value string
			if value, s, err = parseValue(rest, true); err != nil {
				return nil, err
			}
			switch key {
			case "name":
				f.fileName = &value
			case "type":
				f.contentType = &value
			default:
				return nil, fmt.Errorf("a file has no %q: name and type can be given", key)
			}
		}
		if s != "" && s[0] != ' ' && s[0] != '\t' {
			return nil, fmt.Errorf("%q stands right after a value", s)
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// parseValue reads a word or a quoted Go string, and returns the rest of s. A
// word of a file ends at a semicolon too.
func parseValue(s string, file bool) (value, rest string, err error) {
	if strings.HasPrefix(s, `"`) {
		quoted, err := strconv.QuotedPrefix(s)
		if err != nil {
			return "", "", fmt.Errorf("%s is no quoted string", s)
		}
		value, err = strconv.Unquote(quoted)
		return value, s[len(quoted):], err
	}
	stops := " \t"
	if file {
		stops = " \t;"
	}
	end := strings.IndexAny(s, stops)
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:], nil
}

// encode returns the bytes to send and their type; no type is "".
func (b *body) encode(s scope, files map[string][]byte) (data []byte, contentType string, err error) {
	switch b.form {
	case formBody:
		return encodeForm(b.fields, s)
	case multipartBody:
		return encodeMultipart(b.fields, s, files)
	case jsonBody:
		contentType = "application/json"
	}
	text, err := s.expand(b.text)
	return []byte(text), contentType, err
}

func encodeForm(fields []bodyField, s scope) ([]byte, string, error) {
	var pairs []string
	for _, f := range fields {
		if f.file {
			return nil, "", errors.New("a form takes no file: use multipart")
		}
		value, err := s.expand(f.value)
		if err != nil {
			return nil, "", err
		}
		pairs = append(pairs, url.QueryEscape(f.name)+"="+url.QueryEscape(value))
	}
	return []byte(strings.Join(pairs, "&")), "application/x-www-form-urlencoded", nil
}

// dispositionEscaper writes names and file names as browsers do (the HTML
// standard, "multipart/form-data encoding algorithm").
var dispositionEscaper = strings.NewReplacer("\n", "%0A", "\r", "%0D", `"`, "%22")

func encodeMultipart(fields []bodyField, s scope, files map[string][]byte) ([]byte, string, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, f := range fields {
		if err := f.write(w, s, files); err != nil {
			return nil, "", fmt.Errorf("field %s: %w", f.name, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return buf.Bytes(), w.FormDataContentType(), nil
}

func (f bodyField) write(w *multipart.Writer, s scope, files map[string][]byte) error {
	value, err := s.expand(f.value)
	if err != nil {
		return err
	}
	content := []byte(value)
	header := textproto.MIMEHeader{}
	disposition := fmt.Sprintf(`form-data; name="%s"`, dispositionEscaper.Replace(f.name))
	if f.file {
		fileName, contentType := value, "application/octet-stream"
		if strings.HasPrefix(f.value, "<") {
			fileName = "file"
		} else if content, err = fixture(files, value); err != nil {
			return err
		}
		if f.fileName != nil {
			if fileName, err = s.expand(*f.fileName); err != nil {
				return err
			}
		}
		disposition += fmt.Sprintf(`; filename="%s"`, dispositionEscaper.Replace(fileName))
		if f.contentType != nil {
			contentType = *f.contentType
		}
		if contentType != "" {
			header.Set("Content-Type", contentType)
		}
	}
	header.Set("Content-Disposition", disposition)
	part, err := w.CreatePart(header)
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	return err
}

func fixture(files map[string][]byte, name string) ([]byte, error) {
	if data, ok := files[name]; ok {
		return data, nil
	}
	return nil, fmt.Errorf("there is no file %q in Options.Files", name)
}
