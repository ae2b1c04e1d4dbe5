package ops

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func discard() *Middleware { return NewMiddleware(slog.New(slog.DiscardHandler), NewMetrics()) }

func TestRequestID(t *testing.T) {
	mw := discard()
	var seen string
	h := mw.Wrap("test", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = RequestID(r.Context()) }))
	ask := func(sent string) string {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if sent != "" {
			r.Header.Set(RequestIDHeader, sent)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Header().Values(RequestIDHeader)
		if len(got) != 1 || got[0] != seen {
			t.Errorf("the answer has %q, the context %q", got, seen)
		}
		return seen
	}
	for _, sent := range []string{"abc", "A-1_b.2", strings.Repeat("x", 64)} {
		if got := ask(sent); got != sent {
			t.Errorf("%q became %q", sent, got)
		}
	}
	made := map[string]bool{}
	for _, sent := range []string{"", "a b", "a\nb", `a"b`, "ä", "a=b", strings.Repeat("x", 65)} {
		got := ask(sent)
		if !strings.HasPrefix(got, mw.prefix) || made[got] {
			t.Errorf("%q became %q", sent, got)
		}
		made[got] = true
	}
	if discard().prefix == mw.prefix {
		t.Error("two servers make up the same ids")
	}
	if id := RequestID(context.Background()); id != "" {
		t.Errorf("outside of a request the id is %q", id)
	}
}

func TestRequestIsLogged(t *testing.T) {
	var log bytes.Buffer
	mw := NewMiddleware(NewLogger(&log, slog.LevelDebug, false), NewMetrics())
	h := mw.Wrap("test", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "short and stout") // to memory
	}))
	r := httptest.NewRequest(http.MethodGet, "/a%0Ab=c?token=s3cret", nil)
	r.Header.Set(RequestIDHeader, "id-1")
	h.ServeHTTP(httptest.NewRecorder(), r)
	line := log.String()
	for _, want := range []string{`path="/a\nb=c"`, "status=418", "bytes=15", "method=GET", "request_id=id-1"} {
		if !strings.Contains(line, want) {
			t.Errorf("%s is not in %s", want, line)
		}
	}
	log.Reset()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/"+strings.Repeat("a", 60_000), nil))
	if n := log.Len(); n > 2*maxLoggedPath {
		t.Errorf("a long path takes %d bytes of the log", n)
	}
	if strings.Count(line, "\n") != 1 || strings.Contains(line, "s3cret") {
		t.Errorf("logged: %s", line)
	}
}

// What is slow is a warning, unless it is meant to go on.
func TestSlowRequests(t *testing.T) {
	for contentType, level := range map[string]string{"text/html": "WARN", "text/event-stream": "DEBUG"} {
		synctest.Test(t, func(t *testing.T) {
			var log bytes.Buffer
			mw := NewMiddleware(NewLogger(&log, slog.LevelDebug, false), NewMetrics())
			h := mw.Wrap("test", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", contentType)
				<-time.After(2 * slowRequest) // no time at all in the bubble of synctest
			}))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			if !strings.Contains(log.String(), "level="+level) {
				t.Errorf("%s: %s", contentType, log.String())
			}
		})
	}
}

// raw is a writer of which the tests know what reached it.
type raw struct {
	*httptest.ResponseRecorder
	readFrom int
	deadline time.Time
}

func (w *raw) ReadFrom(r io.Reader) (int64, error) {
	w.readFrom++
	return io.Copy(w.ResponseRecorder, r)
}

func (w *raw) SetWriteDeadline(t time.Time) error {
	w.deadline = t
	return nil
}

// Files go out by sendfile only if the writer's ReadFrom is reached, and
// streams live only if they can move their deadline.
func TestRecorderHidesNothing(t *testing.T) {
	const text = "a song"
	path := filepath.Join(t.TempDir(), "song")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := &raw{ResponseRecorder: httptest.NewRecorder()}
	deadline := time.Unix(1, 0)
	discard().Wrap("test", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(deadline); err != nil {
			t.Error(err)
		}
		if w.(*recorder).Begun() {
			t.Error("an answer has begun that nobody wrote")
		}
		http.ServeFile(w, r, path)
		if rec := w.(*recorder); !rec.Begun() || rec.code() != http.StatusOK || rec.bytes != int64(len(text)) {
			t.Errorf("recorded: %d, %d bytes", rec.code(), rec.bytes)
		}
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.readFrom != 1 || w.Body.String() != text || w.deadline != deadline || !w.Flushed {
		t.Errorf("ReadFrom was called %d times, the deadline is %v, flushed: %t, body %q", w.readFrom, w.deadline, w.Flushed, w.Body)
	}
}

func TestRecorderCode(t *testing.T) {
	tests := []struct {
		name  string
		do    func(w http.ResponseWriter)
		code  int
		begun bool
	}{
		{"nothing", func(http.ResponseWriter) {}, http.StatusOK, false},
		{"a body", func(w http.ResponseWriter) { _, _ = w.Write(nil) }, http.StatusOK, true},
		{"a file", func(w http.ResponseWriter) { _, _ = w.(io.ReaderFrom).ReadFrom(strings.NewReader("")) }, http.StatusOK, true},
		{"a status", func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) }, http.StatusNotFound, true},
		{"a hint", func(w http.ResponseWriter) { w.WriteHeader(http.StatusEarlyHints) }, http.StatusOK, false},
		{"a status after a body", func(w http.ResponseWriter) {
			_, _ = w.Write(nil)
			w.WriteHeader(http.StatusNotFound)
		}, http.StatusOK, true},
	}
	for _, tt := range tests {
		rec := &recorder{ResponseWriter: httptest.NewRecorder()}
		tt.do(rec)
		if rec.code() != tt.code || rec.Begun() != tt.begun {
			t.Errorf("%s: %d, begun: %t", tt.name, rec.code(), rec.Begun())
		}
	}
}
