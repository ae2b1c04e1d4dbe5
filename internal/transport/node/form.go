package node

import (
	"mime"
	"net/http"
	"strings"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// The fields that hold files.
const (
	imageField = "imageFile"
	audioField = "audioFile"
)

// What a form may hold besides files.
const (
	maxParts  = 1000
	maxValues = 1 << 20 // bytes
)

// readForm reads a multipart body with files in the fields named. It returns
// nil if the body is none. The form must be closed.
func (d *Dialect) readForm(q *request, fields ...string) (*kit.Form, error) {
	kind, params, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") || params["boundary"] == "" || q.ContentLength == 0 {
		return nil, nil
	}
	if kind != "multipart/form-data" {
		return nil, unsupportedForm(q.Header.Get("Content-Type"))
	}
	limits := kit.FormLimits{Files: map[string]int64{}, Parts: maxParts, Values: maxValues}
	// Twice the room for values leaves as much for the headers of the parts.
	total := int64(2 * maxValues)
	for _, field := range fields {
		limits.Files[field] = d.c.ImageLimit
		if field == audioField {
			limits.Files[field] = d.c.AudioLimit
		}
		total += limits.Files[field]
	}
	kit.AllowUpload(q.w, q.Request, total)
	q.Body = http.MaxBytesReader(q.w, q.Body, total)
	form, err := kit.ReadForm(q.Request, d.c.Stage, limits)
	if err != nil {
		return nil, err
	}
	if form.Broken {
		form.Close()
		return nil, badRequest(textCutOff)
	}
	return form, nil
}

// formValues returns the fields of a form that are no files. One that was sent
// several times is an array, but an empty text at the start of it is replaced
// by what follows, as express-fileupload does.
func formValues(form *kit.Form) *mongoose.Object {
	o := mongoose.NewObject()
	for name, sent := range form.Values {
		for len(sent) > 1 && sent[0] == "" {
			sent = sent[1:]
		}
		if len(sent) == 1 {
			o.Set(name, toUTF8(sent[0]))
			continue
		}
		all := make([]mongoose.Value, len(sent))
		for i, s := range sent {
			all[i] = toUTF8(s)
		}
		o.Set(name, all)
	}
	return o
}

// toUTF8 replaces each byte that is not UTF-8 by U+FFFD.
func toUTF8(s string) string { return string([]rune(s)) }

// upload returns the one file of a field. The reference could not store
// several files, or one of no bytes.
func upload(form *kit.Form, field string) (file.Upload, error) {
	uploads := form.Files[field]
	if len(uploads) != 1 || uploads[0].Staged.Size == 0 {
		return file.Upload{}, badRequest(textFileRefused)
	}
	return uploads[0], nil
}

// anyFile reports whether a form holds a file, be it in a field that nobody
// asked for.
func anyFile(form *kit.Form) bool {
	return form != nil && (len(form.Files) > 0 || form.Unwanted > 0)
}
