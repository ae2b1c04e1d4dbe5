package node

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/transport/fastpath"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// An answer is what a route's handler returns: JSON, or a list that is written
// while it is read.
type answer struct {
	status int
	body   []byte
	known  *kit.Encoded // instead of body, if it was encoded before
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
	return answer{status: http.StatusOK, known: e}
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

// jsonHeader is the value as net/http keeps it; nobody changes it.
var jsonHeader = []string{jsonType}

func writeBody(w http.ResponseWriter, r *http.Request, a answer) {
	e := a.known
	if e == nil {
		e = kit.NewEncoded(a.body)
	}
	h := w.Header()
	h["Etag"] = e.Tag
	if a.status < 300 && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		fastpath.Allow(r.Context())
		if kit.Fresh(r, e.ETag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h["Content-Type"] = jsonHeader
	h["Content-Length"] = e.Length
	if a.status != http.StatusOK { // which needs no saying, and saying it copies the headers
		w.WriteHeader(a.status)
	}
	if r.Method != http.MethodHead {
		// The client may be gone by now; there is nobody else to tell.
		_, _ = w.Write(e.Body)
	}
}

func writeFailure(w http.ResponseWriter, r *http.Request, f *failure) {
	writeBody(w, r, answer{status: f.status, body: messageJSON(f.message)})
}
