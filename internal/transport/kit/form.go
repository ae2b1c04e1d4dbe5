package kit

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
)

// FormLimits bounds what a multipart body may hold.
type FormLimits struct {
	Files  map[string]int64 // the fields that may hold a file, and the bytes each file may have
	Parts  int              // parts in all
	Values int64            // bytes of all parts that are no files, with their names
}

// Form is a multipart body: its files wait on disk until Close.
type Form struct {
	Values   map[string][]string      // in the order sent
	Files    map[string][]file.Upload // of each field the first and the last
	Unnamed  int                      // parts that were offered as files without a name, which browsers send for an empty file field
	Unwanted int                      // named files of fields that may hold none
	Broken   bool                     // the body ended before its closing boundary, or was none at all
}

// Form errors that are none of the content's. Dialects word them.
var (
	ErrNoBoundary = errors.New("multipart without a boundary")
	ErrManyParts  = errors.New("too many parts")
)

// ReadForm streams a multipart body: values to memory, files of the fields
// named in the limits to the stage, files of other fields nowhere. Call it
// only once it is known that the caller may upload. The form must be closed.
//
// Errors: ErrNoBoundary, ErrManyParts; TooLarge with the field's name and
// limit. A body that is cut off is no error but Broken, with what came whole.
func ReadForm(r *http.Request, stage *media.Stage, limits FormLimits) (*Form, error) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, ErrNoBoundary
	}
	f := &Form{Values: map[string][]string{}, Files: map[string][]file.Upload{}}
	body := &closing{Reader: r.Body, delimiter: []byte("\n--" + params["boundary"] + "--"), tail: []byte("\n")}
	if err := f.read(r, multipart.NewReader(body, params["boundary"]), stage, limits); err != nil {
		f.Close()
		return nil, err
	}
	f.Broken = f.Broken || !body.seen
	return f, nil
}

func (f *Form) read(r *http.Request, parts *multipart.Reader, stage *media.Stage, limits FormLimits) error {
	room := limits.Values
	for n := 0; ; n++ {
		part, err := parts.NextRawPart()
		if err == io.EOF { // a wrapped one is of a body that broke off
			return nil
		}
		if err != nil {
			return f.cutOff(err)
		}
		if n == limits.Parts {
			return ErrManyParts
		}
		if isFile(part) {
			err = f.readFile(r, part, stage, limits)
		} else {
			err = f.readValue(part, &room, limits.Values)
		}
		if err != nil {
			return err
		}
		if f.Broken {
			return nil
		}
	}
}

// isFile reports whether a part is offered as a file, be its name empty.
func isFile(part *multipart.Part) bool {
	_, params, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	_, named := params["filename"]
	return err == nil && named
}

func (f *Form) readFile(r *http.Request, part *multipart.Part, stage *media.Stage, limits FormLimits) error {
	name, filename := part.FormName(), part.FileName()
	limit, wanted := limits.Files[name]
	if filename == "" || !wanted {
		if filename == "" {
			f.Unnamed++
		} else {
			f.Unwanted++
		}
		return nil // the next part skips it
	}
	source := &noting{Reader: part}
	staged, err := stage.Receive(r.Context(), source, limit)
	if errs.Is(err, errs.TooLarge) {
		return &errs.Error{Kind: errs.TooLarge, Fields: []errs.Field{{Name: name, Code: errs.TooBig, Limit: limit}}}
	}
	if err != nil {
		if source.err == nil {
			return err // ours: the disk is full, the request was cancelled
		}
		return f.cutOff(source.err)
	}
	uploads := f.Files[name]
	if len(uploads) == maxSame {
		last := len(uploads) - 1
		uploads[last].Staged.Discard()
		uploads = uploads[:last]
	}
	f.Files[name] = append(uploads, file.Upload{Staged: staged, Filename: filename})
	return nil
}

// maxSame is how many files of one field are kept, each of which is open: the
// first and the last tell a dialect all it wants to know.
const maxSame = 2

func (f *Form) readValue(part *multipart.Part, room *int64, limit int64) error {
	value, err := io.ReadAll(io.LimitReader(part, *room+1))
	if *room -= int64(len(part.FormName()) + len(value)); *room < 0 {
		return &errs.Error{Kind: errs.TooLarge, Fields: []errs.Field{{Name: part.FormName(), Code: errs.TooBig, Limit: limit}}}
	}
	if err != nil {
		return f.cutOff(err)
	}
	f.Values[part.FormName()] = append(f.Values[part.FormName()], string(value))
	return nil
}

// closing notes whether the closing boundary came by: package multipart takes a
// body that ends in the headers of a part for a whole one.
type closing struct {
	io.Reader
	delimiter []byte
	tail      []byte // what came last, shorter than the delimiter
	seen      bool
}

func (c *closing) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if !c.seen {
		head := p[:min(n, len(c.delimiter))]
		c.seen = bytes.Contains(append(c.tail, head...), c.delimiter) || bytes.Contains(p[:n], c.delimiter)
		c.tail = append(c.tail, p[max(0, n-len(c.delimiter)):n]...)
		c.tail = append(c.tail[:0], c.tail[max(0, len(c.tail)-len(c.delimiter)+1):]...)
	}
	return n, err
}

// noting remembers how reading failed, to tell a bad body from a bad disk.
type noting struct {
	io.Reader
	err error
}

func (n *noting) Read(p []byte) (int, error) {
	k, err := n.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		n.err = err
	}
	return k, err
}

// cutOff notes that the body broke off or made no sense, which the dialect
// words, but passes on a broken limit.
func (f *Form) cutOff(err error) error {
	if err == nil {
		return nil
	}
	f.Broken = true
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return &errs.Error{Kind: errs.TooLarge, Fields: []errs.Field{{Name: "body", Code: errs.TooBig, Limit: tooLarge.Limit}}}
	}
	return nil
}

// Close removes the files that nobody kept.
func (f *Form) Close() {
	if f == nil {
		return
	}
	for _, uploads := range f.Files {
		for _, up := range uploads {
			up.Staged.Discard()
		}
	}
}
