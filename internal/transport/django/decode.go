package django

import (
	"errors"
	"html"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Bounds of a request's body. Those of forms are Django's.
const (
	maxBody       = 10 << 20 // bytes of a body without files
	maxFormBytes  = 2621440  // beside its files
	maxFormFields = 1000
	maxFormFiles  = 100
	formOverhead  = 1 << 20 // the headers of a multipart body's parts
	maxFilename   = 255     // characters of a file's name that are kept, to be counted
)

// parsers are the media types that are read, in the order in which they are
// tried.
var parsers = []struct {
	mediaType string
	read      func(*Dialect, *call, mediaType) (input, error)
}{
	{"application/json", (*Dialect).readJSON},
	{"application/x-www-form-urlencoded", (*Dialect).readURLEncoded},
	{"multipart/form-data", (*Dialect).readMultipart},
}

// input is what a body held.
type input struct {
	values map[string]any // of a form, strings and file.Upload: the last of each name
	html   bool           // it came as a form, where an empty text may mean nothing
	form   *kit.Form      // what holds the files; nil for none
}

// close removes the files that nobody kept.
func (in input) close() { in.form.Close() }

// read reads the body. It must be called only once it is known that the caller
// may send one, and what it returns must be closed. Errors: fieldErrors,
// refusal, TooLarge.
func (d *Dialect) read(c *call) (input, error) {
	contentType := c.r.Header.Get("Content-Type")
	m := parseMediaType(contentType)
	for _, p := range parsers {
		if !m.covers(p.mediaType) {
			continue
		}
		if c.r.ContentLength == 0 {
			return input{html: p.mediaType != "application/json"}, nil
		}
		return p.read(d, c, m)
	}
	if c.r.ContentLength == 0 {
		return input{}, nil
	}
	return input{}, refuse(http.StatusUnsupportedMediaType, "Unsupported media type \"%s\" in request.", contentType)
}

// readAll reads a body of at most limit bytes.
func (c *call) readAll(limit int64) ([]byte, error) {
	if c.r.ContentLength > limit {
		c.w.Header().Set("Connection", "close") // rather than wait for the rest
		return nil, errBodyTooLarge(limit)
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errBodyTooLarge(limit)
	case err != nil:
		return nil, refuse(http.StatusBadRequest, "The request was cut off.")
	}
	return body, nil
}

func (d *Dialect) readJSON(c *call, _ mediaType) (input, error) {
	body, err := c.readAll(maxBody)
	if err != nil {
		return input{}, err
	}
	if len(body) == 0 { // sent in chunks, of which there were none
		return input{}, nil
	}
	v, err := parseJSON(body)
	if err != nil {
		return input{}, refuse(http.StatusBadRequest, "JSON parse error - %s", err)
	}
	switch v := v.(type) {
	case map[string]any:
		return input{values: v}, nil
	case nil:
		return input{}, errNoDictionary
	}
	return input{}, wrongInput("Invalid data. Expected a dictionary, but got " + typeName(v) + ".")
}

func (d *Dialect) readURLEncoded(c *call, _ mediaType) (input, error) {
	body, err := c.readAll(maxBody)
	if err != nil {
		return input{}, err
	}
	if len(body) > maxFormBytes {
		return input{}, errLongForm
	}
	fields, all := parseParams(string(body), maxFormFields)
	if !all {
		return input{}, errManyFields
	}
	in := input{values: make(map[string]any, len(fields)), html: true}
	for name, values := range fields {
		in.values[name] = last(values)
	}
	return in, nil
}

// boundaryForm is what Django takes for the boundary of a multipart body.
var boundaryForm = regexp.MustCompile(`^[ -~]{0,200}[!-~]$`)

func (d *Dialect) readMultipart(c *call, m mediaType) (input, error) {
	boundary, ok := m.params["boundary"]
	if !ok {
		boundary = "None"
	}
	if !ok || !boundaryForm.MatchString(boundary) {
		return input{}, errBoundary(boundary)
	}
	limits := kit.FormLimits{Files: c.view.files, Parts: maxFormFields + maxFormFiles, Values: maxFormBytes}
	total := int64(maxBody)
	if len(limits.Files) > 0 {
		total = maxFormBytes + formOverhead
		for _, limit := range limits.Files {
			total += limit
		}
		kit.AllowUpload(c.w, c.r, total)
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, total)
	form, err := kit.ReadForm(c.r, d.stage, limits)
	var e *errs.Error
	switch {
	case errors.Is(err, kit.ErrNoBoundary):
		return input{}, errBoundary(boundary)
	case errors.Is(err, kit.ErrManyParts):
		return input{}, errManyFields
	case errors.As(err, &e) && e.Kind == errs.TooLarge && len(e.Fields) > 0 && e.Fields[0].Limit == maxFormBytes:
		return input{}, errLongForm
	case err != nil:
		return input{}, err
	}
	return formInput(form)
}

func errBoundary(boundary string) error {
	return refuse(http.StatusBadRequest, "Multipart form parse error - Invalid boundary in multipart: %s", boundary)
}

// formInput takes of each name the last file, or the last text if there is no
// file.
func formInput(form *kit.Form) (input, error) {
	in := input{values: map[string]any{}, html: true, form: form}
	fields, files := 0, form.Unwanted+form.Unnamed
	for name, values := range form.Values {
		fields += len(values)
		in.values[strings.TrimSpace(replaceInvalid(name))] = replaceInvalid(last(values))
	}
	for _, uploads := range form.Files {
		files += len(uploads)
	}
	if fields > maxFormFields || files > maxFormFiles {
		form.Close()
		return input{}, errManyFields
	}
	for _, name := range slices.Sorted(maps.Keys(form.Files)) {
		for _, up := range form.Files[name] {
			if up.Filename = cleanFilename(up.Filename); up.Filename != "" {
				in.values[name] = up
			}
		}
	}
	return in, nil
}

// cleanFilename returns what Django keeps of the name that a client gives a
// file: the last element of a path of either kind, without what cannot be
// printed; "" if nothing is left, which makes it no file.
func cleanFilename(name string) string {
	name = html.UnescapeString(replaceInvalid(name))
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, name))
	if name == "." || name == ".." {
		return ""
	}
	if runes := []rune(name); len(runes) > maxFilename {
		ext := []rune(suffix(name))
		ext = ext[:min(len(ext), maxFilename)]
		name = string(runes[:maxFilename-len(ext)]) + string(ext)
	}
	return name
}
