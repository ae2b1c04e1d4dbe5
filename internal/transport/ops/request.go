// Package ops is for whoever runs the server: every request gets an id, is
// measured and logged, and /healthz, /readyz and /metrics answer.
package ops

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

type requestIDKey struct{}

// RequestID returns the id of the request that ctx belongs to, or "".
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// RequestIDHeader carries the id of a request, both ways.
const RequestIDHeader = "X-Request-Id"

// Middleware gives each request an id, counts and times it, and logs it: at
// level debug, or as a warning if it was slow.
type Middleware struct {
	log     *slog.Logger
	metrics *Metrics
	prefix  string
	counter atomic.Uint64
}

// slowRequest is what is logged as a warning. Uploads and streams are slow by
// nature and not meant: see Wrap.
const slowRequest = 2 * time.Second

// NewMiddleware returns a middleware that counts into metrics.
func NewMiddleware(log *slog.Logger, metrics *Metrics) *Middleware {
	var b [5]byte
	_, _ = rand.Read(b[:])
	return &Middleware{log: log, metrics: metrics, prefix: hex.EncodeToString(b[:]) + "-"}
}

// Wrap returns next with all that. area names the part of the server in the
// metrics: "node", "django", "media", ….
func (m *Middleware) Wrap(area string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		var id string
		if sent := r.Header[RequestIDHeader]; len(sent) > 0 && plainID(sent[0]) {
			id = sent[0]
		} else {
			id = m.newID()
		}
		rec := &recorder{ResponseWriter: w, ctx: requestContext{r.Context(), [1]string{id}}}
		w.Header()[RequestIDHeader] = rec.ctx.id[:]
		ctx := &rec.ctx
		defer func() {
			took := time.Since(start)
			m.metrics.observe(area, r.Method, rec.code(), took)
			level := slog.LevelDebug
			if took > slowRequest && rec.bytes < 1<<20 && r.ContentLength < 1<<20 && !endless(w.Header()) {
				level = slog.LevelWarn
			}
			if m.log.Enabled(ctx, level) {
				m.log.LogAttrs(ctx, level, "request", slog.String("method", r.Method), slog.String("path", shortened(r.URL.Path)),
					slog.Int("status", rec.code()), slog.Int64("bytes", rec.bytes), slog.Duration("took", took))
			}
		}()
		next.ServeHTTP(rec, r.WithContext(ctx))
	})
}

// endless reports whether an answer goes on for as long as its reader likes.
func endless(h http.Header) bool { return h.Get("Content-Type") == "text/event-stream" }

func (m *Middleware) newID() string {
	b := append(make([]byte, 0, 32), m.prefix...)
	return string(strconv.AppendUint(b, m.counter.Add(1), 10))
}

// maxLoggedPath is how much of a path is logged, in bytes, so that long ones do
// not fill the disk.
const maxLoggedPath = 512

func shortened(path string) string {
	if len(path) > maxLoggedPath {
		return path[:maxLoggedPath] + "…"
	}
	return path
}

// plainID reports whether an id that a client or proxy sent may go into logs
// as it is.
func plainID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}

// recorder notes status and size, and whether there is an answer yet (for
// kit.Recoverer). It passes ReadFrom on, so that files still
// go out by sendfile, and unwraps for http.ResponseController.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	ctx    requestContext // here, so that a request costs one allocation
}

// requestContext is a request's context with its id, which is also the value
// of a header.
type requestContext struct {
	context.Context
	id [1]string
}

// Value implements context.Context.
func (c *requestContext) Value(key any) any {
	if _, ok := key.(requestIDKey); ok {
		return c.id[0]
	}
	return c.Context.Value(key)
}

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Begun reports whether the status of the answer is decided.
func (w *recorder) Begun() bool { return w.status != 0 }

func (w *recorder) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

func (w *recorder) ReadFrom(r io.Reader) (int64, error) {
	w.begin()
	n, err := io.Copy(w.ResponseWriter, r)
	w.bytes += n
	return n, err
}

// begin notes that whoever writes without a status means 200.
func (w *recorder) begin() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
