package node

import (
	"net/http"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// An answer is what a route's handler returns: JSON, or a list that is written
// while it is read.
type answer struct {
	status int
	body   []byte
	etag   string // of the body, if it is known already
	list   func(l *list) error
}

func ok(body []byte) (answer, error) { return answer{status: http.StatusOK, body: body}, nil }

func said(message string) (answer, error) { return ok(messageJSON(message)) }

func messageJSON(message string) []byte {
	b := append(make([]byte, 0, len(message)+16), `{"message":`...)
	return append(kit.AppendString(b, message, false), '}')
}

// prepared answers with a body that was encoded before.
func prepared(e *kit.Encoded) answer {
	return answer{status: http.StatusOK, body: e.Body, etag: e.ETag}
}

// write sends an answer. An error means that nothing was sent yet.
func (d *Dialect) write(q *request, a answer) error {
	if a.list != nil {
		return d.writeList(q, a)
	}
	writeBody(q.w, q.Request, a)
	return nil
}

const jsonType = "application/json; charset=utf-8"

func writeBody(w http.ResponseWriter, r *http.Request, a answer) {
	if a.etag == "" {
		a.etag = kit.WeakETag(a.body)
	}
	h := w.Header()
	h.Set("ETag", a.etag)
	conditional := r.Method == http.MethodGet || r.Method == http.MethodHead
	if conditional && a.status < 300 && kit.Fresh(r, a.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", jsonType)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		// The client may be gone by now; there is nobody else to tell.
		_, _ = w.Write(a.body)
	}
}

func writeFailure(w http.ResponseWriter, r *http.Request, f *failure) {
	writeBody(w, r, answer{status: f.status, body: messageJSON(f.message)})
}
