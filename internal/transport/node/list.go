package node

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Lists are answered with a length and a tag as long as they are shorter than
// wholeList bytes; longer ones go out in pieces of that size, so that no list
// takes more memory than that.
const wholeList = 1 << 20

// pieceTime is how long a client may take for one piece.
const pieceTime = time.Minute

// errEnough ends a list early, when nobody wants the rest.
var errEnough = errors.New("the list is long enough")

// A list is a JSON array in the making.
type list struct {
	buf   []byte
	begun bool
	full  func() error // called when buf has wholeList bytes; empties it
}

// next begins an item; it returns the buffer to which the item is appended.
func (l *list) next() []byte {
	if l.begun {
		return append(l.buf, ',')
	}
	l.begun = true
	return append(l.buf, '[')
}

// put ends the item that was appended to what next returned.
func (l *list) put(buf []byte) error {
	l.buf = buf
	if len(l.buf) >= wholeList {
		return l.full()
	}
	return nil
}

func (l *list) close() {
	if !l.begun {
		l.buf = append(l.buf, '[')
	}
	l.buf = append(l.buf, ']')
}

// collect returns a whole list, or nil if it is a long one.
func collect(fill func(l *list) error) ([]byte, error) {
	l := list{full: func() error { return errEnough }}
	err := fill(&l)
	if errors.Is(err, errEnough) {
		return nil, nil
	}
	l.close()
	return l.buf, err
}

// remembered answers with a whole list that is kept encoded under the key; one
// too long to keep is written while it is read.
func (d *Dialect) remembered(key string, fill func(l *list) error) (answer, error) {
	// A list too long to keep is remembered as an empty text.
	e, err := d.c.Answers.Get(key, func() ([]byte, error) { return collect(fill) })
	switch {
	case err != nil:
		return answer{}, err
	case len(e.Body) == 0:
		return answer{status: http.StatusOK, list: fill}, nil
	}
	return prepared(e), nil
}

func (d *Dialect) writeList(q *request, a answer) error {
	buffer := d.buffers.Get().(*[]byte)
	defer d.buffers.Put(buffer)
	sent := false
	l := list{buf: (*buffer)[:0]}
	l.full = func() error {
		if !sent {
			sent = true
			q.w.Header().Set("Content-Type", jsonType)
			q.w.WriteHeader(a.status)
		}
		if q.Method == http.MethodHead {
			return errEnough
		}
		err := writePiece(q.w, l.buf)
		l.buf = l.buf[:0]
		return err
	}
	err := a.list(&l)
	if err == nil {
		l.close()
	}
	*buffer = l.buf
	if !sent {
		if err == nil {
			writeBody(q.w, q.Request, answer{status: a.status, body: l.buf})
		}
		return err
	}
	if err == nil {
		err = writePiece(q.w, l.buf)
	}
	if err != nil && !errors.Is(err, errEnough) {
		if q.Context().Err() == nil {
			d.c.Log.WarnContext(q.Context(), "a list broke off", "path", q.URL.Path, "error", err)
		}
		// Half a list is out: ending the connection is all that tells the client.
		panic(http.ErrAbortHandler)
	}
	return nil
}

func writePiece(w http.ResponseWriter, piece []byte) error {
	// Not every writer has deadlines; the server's own holds then.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(pieceTime))
	_, err := w.Write(piece)
	return err
}

// A page is the part of a list that a query asks for.
type page struct{ limit, offset int }

// pageOf reads ?limit= and ?skip=, numbers of items in decimal digits. Like
// everything else in the query, values that are none are ignored.
func pageOf(r *http.Request) page {
	if r.URL.RawQuery == "" {
		return page{}
	}
	query := r.URL.Query()
	count := func(name string) int {
		n, err := strconv.ParseUint(query.Get(name), 10, 31)
		if err != nil {
			return 0
		}
		return int(n)
	}
	return page{limit: count("limit"), offset: count("skip")}
}
