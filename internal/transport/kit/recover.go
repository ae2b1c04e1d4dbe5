package kit

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// Recoverer keeps one request's panic from being more than that request's
// trouble.
type Recoverer struct {
	Log      *slog.Logger
	Panicked func() // counts it
}

// Begun is what Recoverer asks of a writer, if it has it: whether the answer
// is on its way already.
type Begun interface{ Begun() bool }

// bodyHeaders describe an answer that next did not come to send.
var bodyHeaders = [...]string{
	"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Range", "Etag", "Last-Modified",
}

// Wrap returns next with its panics logged, counted and answered. If next had
// begun to answer, the connection is cut instead, so that nobody takes half an
// answer for a whole one.
func (c Recoverer) Wrap(next http.Handler, answer http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v) // the server's own way to end a connection
			}
			c.Panicked()
			c.Log.ErrorContext(r.Context(), "panic", "value", v, "stack", string(debug.Stack()))
			if b, ok := w.(Begun); ok && b.Begun() {
				panic(http.ErrAbortHandler)
			}
			for _, name := range bodyHeaders {
				w.Header().Del(name)
			}
			answer(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
