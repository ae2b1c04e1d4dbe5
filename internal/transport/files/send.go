package files

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/media"
)

const (
	// maxRanges is how many ranges of a file one request may ask for. More are
	// ignored, and the whole is sent, as RFC 9110, section 14.2 suggests.
	maxRanges = 16

	// stride is how much is sent under one deadline, in bytes.
	stride = 1 << 20

	// A part of up to small bytes goes out under the deadline of the server: the
	// socket takes most of it at once, and setting a deadline has a price.
	small = 256 << 10

	// An answer of more than large bytes is sent with a cork; smaller ones were
	// slower with it.
	large = 2 << 20

	// A client must take slowest bytes a second; patience is for a connection
	// that stalls for a while.
	slowest  = 4 << 10
	patience = 30 * time.Second
)

// answer is a file ready to be sent.
type answer struct {
	content  media.Blob
	size     int64       // in bytes
	header   http.Header // from describe
	modified time.Time
	keeping  keeping
}

// describe returns the header of an answer with the file. It is made once and
// used often: nobody changes it. It says no more than it has to, for each line
// costs something, and any page may read what anybody may. How long the answer
// may be kept is not in it: see keeping.
func describe(contentType, etag string, modified time.Time) http.Header {
	return http.Header{
		"Accept-Ranges":               {"bytes"},
		"Access-Control-Allow-Origin": {"*"},
		"Content-Security-Policy":     {"default-src 'none'; sandbox"},
		"Content-Type":                {contentType},
		"Etag":                        {`"` + etag + `"`},
		"Last-Modified":               {modified.UTC().Format(http.TimeFormat)},
		"X-Content-Type-Options":      {"nosniff"},
	}
}

// send answers with the file, or the parts of it that the request wants. What
// players ask for, the whole or one range without conditions, is answered here;
// everything else by [http.ServeContent]. It returns an error if the file cannot
// be had, and nothing was answered yet.
func send(w http.ResponseWriter, r *http.Request, a answer) error {
	header := w.Header()
	for name, value := range a.header {
		header[name] = value
	}
	header["Cache-Control"] = a.keeping.whole()
	if from, n, ok := onePart(r, a.size); ok {
		return sendPart(w, r, a, from, n)
	}
	if strings.Count(r.Header.Get("Range"), ",") >= maxRanges {
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	// ServeContent reads several ranges in a goroutine that may outlive it, when
	// the blob and its offset belong to another request; a section has an offset
	// of its own.
	content := io.NewSectionReader(a.content, 0, a.size)
	paced := pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), request: r, blob: a.content}
	http.ServeContent(&paced, r, "", a.modified, content)
	return paced.finish()
}

// onePart returns the part of a file of so many bytes that a request wants, if
// it is a GET for the whole or for one range within it, without conditions.
func onePart(r *http.Request, size int64) (from, n int64, ok bool) {
	if r.Method != http.MethodGet || size == 0 {
		return 0, 0, false
	}
	for _, name := range [...]string{"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range"} {
		if _, there := r.Header[name]; there {
			return 0, 0, false
		}
	}
	values, there := r.Header["Range"]
	if !there {
		return 0, size, true
	}
	spec, isBytes := strings.CutPrefix(values[0], "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	if !isBytes || !dash || len(values) > 1 {
		return 0, 0, false
	}
	from, okFirst := digits(first)
	to, okLast := digits(last)
	if last == "" {
		to, okLast = size-1, true
	}
	if !okFirst || !okLast || from > to || from >= size {
		return 0, 0, false
	}
	return from, min(to, size-1) - from + 1, true
}

// digits reads a number that is written in decimal digits alone.
func digits(s string) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 63) // which takes no sign
	return int64(n), err == nil
}

// begin moves the blob to the n bytes at from. A remote one is asked for them, so
// that what is wrong is known before the answer begins.
func begin(r *http.Request, blob media.Blob, from, n int64) error {
	if ranger, ok := blob.(media.Ranger); ok && n > 0 {
		return ranger.Begin(r.Context(), from, n)
	}
	_, err := blob.Seek(from, io.SeekStart)
	return err
}

// sendPart answers with n bytes of the file.
func sendPart(w http.ResponseWriter, r *http.Request, a answer, from, n int64) error {
	if err := begin(r, a.content, from, n); err != nil {
		return err
	}
	header := w.Header()
	header["Content-Length"] = []string{strconv.FormatInt(n, 10)}
	if _, ranged := r.Header["Range"]; ranged {
		header["Content-Range"] = []string{contentRange(from, n, a.size)}
		w.WriteHeader(http.StatusPartialContent)
	}
	if n > large {
		defer cork(r)()
	}
	// The client may go at any time: there is nobody to tell then.
	_, _ = copyPaced(w, http.NewResponseController(w), a.content, n)
	return nil
}

func contentRange(from, n, size int64) string {
	b := append(make([]byte, 0, 64), "bytes "...)
	b = strconv.AppendInt(b, from, 10)
	b = strconv.AppendInt(append(b, '-'), from+n-1, 10)
	return string(strconv.AppendInt(append(b, '/'), size, 10))
}

// copyPaced sends n bytes, a stride at a time, each under a deadline of its
// own: a slow client may stream for hours, and one that is dead is noticed.
func copyPaced(w io.Writer, control *http.ResponseController, source io.Reader, n int64) (sent int64, err error) {
	for sent < n {
		part := io.LimitedReader{R: source, N: min(n-sent, stride)}
		extend(control, part.N)
		k, err := io.Copy(w, &part)
		sent += k
		if err != nil || k == 0 {
			return sent, err
		}
	}
	return sent, nil
}

// extend gives the client the time to take n bytes.
func extend(control *http.ResponseController, n int64) {
	if n > small {
		// A writer without deadlines, as in tests, needs none.
		_ = control.SetWriteDeadline(time.Now().Add(patience + time.Duration(n)*time.Second/slowest))
	}
}

// pacedWriter does the same for what ServeContent sends. Of a blob it passes
// the open file itself to the writer below, which has the kernel send it.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	request *http.Request
	blob    media.Blob
	refused bool // whether the answer is a refusal, which is complete

	// Of a remote blob the status waits for its first bytes.
	status int   // that waits; 0 if none does
	err    error // why the bytes cannot be had
}

// Unwrap is for [http.ResponseController].
func (p *pacedWriter) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// WriteHeader gives the refusal of a range, which ServeContent would word in
// plain text, the form of all others.
func (p *pacedWriter) WriteHeader(status int) {
	if status == http.StatusRequestedRangeNotSatisfiable {
		p.refused = true
		refuse(p.ResponseWriter, status, "The range is not in the file.")
		return
	}
	_, isRemote := p.blob.(media.Ranger)
	if isRemote && p.request.Method == http.MethodGet && (status == http.StatusOK || status == http.StatusPartialContent) {
		p.status = status
		return
	}
	p.ResponseWriter.WriteHeader(status)
}

// settle sends the status that waits.
func (p *pacedWriter) settle() {
	if p.status != 0 {
		p.ResponseWriter.WriteHeader(p.status)
		p.status = 0
	}
}

// finish ends the answer. If it has not begun, because the blob cannot be had, it
// returns why.
func (p *pacedWriter) finish() error {
	if p.err != nil && p.status != 0 {
		return p.err
	}
	p.settle()
	return nil
}

// Write implements [io.Writer].
func (p *pacedWriter) Write(b []byte) (int, error) {
	if p.refused {
		return len(b), nil
	}
	p.settle()
	extend(p.control, int64(len(b)))
	return p.ResponseWriter.Write(b)
}

// ReadFrom implements [io.ReaderFrom]. It expects what [io.CopyN] passes.
func (p *pacedWriter) ReadFrom(r io.Reader) (sent int64, err error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		return io.Copy(writerOnly{p}, r)
	}
	source := limited.R
	if section, ok := source.(*io.SectionReader); ok {
		at, err := section.Seek(0, io.SeekCurrent)
		if err != nil {
			return 0, err
		}
		if p.err = begin(p.request, p.blob, at, limited.N); p.err != nil {
			return 0, p.err
		}
		source = p.blob
		if limited.N > large {
			defer cork(p.request)()
		}
	}
	p.settle()
	return copyPaced(p.ResponseWriter, p.control, source, limited.N)
}

// writerOnly hides ReadFrom.
type writerOnly struct{ io.Writer }
