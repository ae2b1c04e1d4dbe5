package fastpath

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"sync"
	"time"
)

// maxHeld is how much of an answer of unknown length is held until it is whole,
// in bytes. A longer one goes out in chunks while it is made.
const maxHeld = 256 << 10

// A writer is the [http.ResponseWriter] of a request that is answered here.
type writer struct {
	conn   *conn
	header http.Header
	status int
	now    time.Time    // of the request
	head   head         // as it goes out
	body   bytes.Buffer // what is held
	sent   bool         // the answer is out as a whole
	chunks io.WriteCloser
	err    error // of sending
}

var writers = sync.Pool{New: func() any { return &writer{header: http.Header{}} }}

func newWriter(c *conn, now time.Time) *writer {
	w := writers.Get().(*writer)
	w.conn, w.now = c, now
	return w
}

// Header implements http.ResponseWriter.
func (w *writer) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *writer) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
}

// SetWriteDeadline is what [http.ResponseController] calls.
func (w *writer) SetWriteDeadline(t time.Time) error {
	w.conn.reset()
	return w.conn.SetWriteDeadline(t)
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	switch {
	case !w.hasBody():
		return 0, http.ErrBodyNotAllowed
	case w.err != nil:
		return 0, w.err
	case w.sent:
		return 0, http.ErrContentLength
	case w.chunks != nil:
		w.writeChunk(p)
	case w.isWhole(p):
		w.send(p)
	default:
		if w.body.Write(p); w.body.Len() > maxHeld {
			w.beginChunks()
		}
	}
	if w.err != nil {
		return 0, w.err
	}
	return len(p), nil
}

func (w *writer) hasBody() bool {
	return w.status != http.StatusNoContent && w.status != http.StatusNotModified
}

// isWhole reports whether p is all that the handler has said there will be.
func (w *writer) isWhole(p []byte) bool {
	length := w.header["Content-Length"]
	if len(length) != 1 || w.body.Len() > 0 {
		return false
	}
	n, err := strconv.Atoi(length[0])
	return err == nil && n == len(p)
}

// maxJoined is up to which length a body is copied behind its header, in bytes:
// that takes less time than handing over both in two pieces.
const maxJoined = 16 << 10

// send sends an answer with its whole body.
func (w *writer) send(body []byte) {
	w.sent = true
	w.makeHead(body)
	if len(body) <= maxJoined {
		w.head.text = append(w.head.text, body...)
		_, w.err = w.conn.TCPConn.Write(w.head.text)
		return
	}
	pieces := net.Buffers{w.head.text, body}
	_, w.err = pieces.WriteTo(w.conn.TCPConn)
}

// makeHead makes the line and the header of the answer, whose body begins so.
func (w *writer) makeHead(body []byte) {
	if w.header["Content-Type"] == nil && len(body) > 0 {
		w.header["Content-Type"] = []string{http.DetectContentType(body)}
	}
	if w.header["Date"] == nil {
		w.header["Date"] = date(w.now)
	}
	w.head.write(w.status, w.header)
}

// beginChunks sends what is held, with more to come.
func (w *writer) beginChunks() {
	delete(w.header, "Content-Length")
	w.header["Transfer-Encoding"] = []string{"chunked"}
	w.makeHead(w.body.Bytes())
	if _, w.err = w.conn.TCPConn.Write(w.head.text); w.err == nil {
		w.chunks = httputil.NewChunkedWriter(w.conn.TCPConn)
		w.writeChunk(w.body.Bytes())
	}
}

func (w *writer) writeChunk(p []byte) {
	if len(p) > 0 { // an empty one is the last
		_, w.err = w.chunks.Write(p)
	}
}

// finish sends what was not sent yet.
func (w *writer) finish() error {
	w.WriteHeader(http.StatusOK)
	switch {
	case w.err != nil || w.sent:
	case w.chunks != nil:
		if w.err = w.chunks.Close(); w.err == nil {
			_, w.err = io.WriteString(w.conn.TCPConn, "\r\n")
		}
	case w.hasBody():
		w.header["Content-Length"] = []string{strconv.Itoa(w.body.Len())}
		w.send(w.body.Bytes())
	default:
		w.send(nil)
	}
	return w.err
}

// release gives the writer back, with what it has allocated.
func (w *writer) release() {
	clear(w.header)
	w.body.Reset()
	*w = writer{header: w.header, head: w.head, body: w.body}
	writers.Put(w)
}
