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

// Wrap returns next with its panics logged, counted and answered. Nothing is
// answered if next had begun to.
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
			answer(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
