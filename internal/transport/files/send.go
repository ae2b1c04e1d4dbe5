package files

import (
	"errors"
	"io"
	"maps"
	"net/http"
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
	small = 64 << 10

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
}

// describe returns the header of an answer with the file. It is made once and
// used often: nobody changes it.
func describe(contentType, etag string, modified time.Time) http.Header {
	return http.Header{
		"Cache-Control":                {"public, max-age=31536000, immutable"},
		"Content-Disposition":          {"inline"},
		"Content-Security-Policy":      {"default-src 'none'; sandbox"},
		"Content-Type":                 {contentType},
		"Cross-Origin-Resource-Policy": {"cross-origin"},
		"Etag":                         {`"` + etag + `"`},
		"Last-Modified":                {modified.UTC().Format(http.TimeFormat)},
		"X-Content-Type-Options":       {"nosniff"},
	}
}

// send answers with the file, or the parts of it that the request wants.
func send(w http.ResponseWriter, r *http.Request, a answer) {
	maps.Copy(w.Header(), a.header)
	if strings.Count(r.Header.Get("Range"), ",") >= maxRanges {
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	modified := a.modified
	if !conditional(r) {
		modified = time.Time{} // spares formatting it: it is in the header
	}
	// ServeContent seeks to learn the size and where to begin, which a section
	// does without the kernel; it reads several ranges in a goroutine that may
	// outlive it, when the blob and its offset belong to another request.
	content := io.NewSectionReader(a.content, 0, a.size)
	paced := pacedWriter{ResponseWriter: w, control: http.NewResponseController(w), request: r, blob: a.content}
	http.ServeContent(&paced, r, "", modified, content)
}

// conditional reports whether the answer depends on when the file was modified.
func conditional(r *http.Request) bool {
	for _, name := range [...]string{"If-Modified-Since", "If-Unmodified-Since", "If-Range"} {
		if _, ok := r.Header[name]; ok {
			return true
		}
	}
	return false
}

// pacedWriter gives each stride of the answer a deadline of its own: a slow
// client may stream for hours, and one that is dead is noticed. Of a blob it
// passes the open file itself to the writer below, which has the kernel send
// it.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	request *http.Request
	blob    media.Blob
	refused bool // whether the answer is a refusal, which is complete
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
	p.ResponseWriter.WriteHeader(status)
}

// Write implements [io.Writer].
func (p *pacedWriter) Write(b []byte) (int, error) {
	if p.refused {
		return len(b), nil
	}
	p.extend(int64(len(b)))
	return p.ResponseWriter.Write(b)
}

// ReadFrom implements [io.ReaderFrom]. It expects what [io.CopyN] passes.
func (p *pacedWriter) ReadFrom(r io.Reader) (sent int64, err error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		return io.Copy(writerOnly{p}, r)
	}
	source, left := limited.R, limited.N
	if section, ok := source.(*io.SectionReader); ok {
		begin, err := section.Seek(0, io.SeekCurrent)
		if err != nil {
			return 0, err
		}
		if _, err := p.blob.Seek(begin, io.SeekStart); err != nil {
			return 0, err
		}
		source = p.blob
		if left > large {
			defer cork(p.request)()
		}
		// With the header on its way, net/http does not read the first bytes
		// itself to look at them.
		if err := p.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return 0, err
		}
	}
	for left > 0 {
		part := io.LimitedReader{R: source, N: min(left, stride)}
		p.extend(part.N)
		n, err := io.Copy(p.ResponseWriter, &part)
		sent, left = sent+n, left-n
		if err != nil || n == 0 {
			return sent, err
		}
	}
	return sent, nil
}

// extend gives the client the time to take n bytes.
func (p *pacedWriter) extend(n int64) {
	if n > small {
		// A writer without deadlines, as in tests, needs none.
		_ = p.control.SetWriteDeadline(time.Now().Add(patience + time.Duration(n)*time.Second/slowest))
	}
}

// writerOnly hides ReadFrom.
type writerOnly struct{ io.Writer }
