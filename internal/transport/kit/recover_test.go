package kit

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// begun is a writer that says that the answer is on its way.
type begun struct{ http.ResponseWriter }

func (begun) Begun() bool { return true }

func TestRecoverer(t *testing.T) {
	answer := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("our fault")) // to memory
	}
	tests := []struct {
		name    string
		begun   bool
		next    http.HandlerFunc
		code    int
		body    string
		counted int
		aborted bool
	}{
		{"no panic", false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }, http.StatusTeapot, "", 0, false},
		{"a panic", false, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			w.Header().Set("ETag", `"x"`)
			panic("boom")
		}, http.StatusInternalServerError, "our fault", 1, false},
		{"a panic in an answer", true, func(http.ResponseWriter, *http.Request) { panic(errors.New("boom")) }, http.StatusOK, "", 1, true},
		{"the server's own", false, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, http.StatusOK, "", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log bytes.Buffer
			counted := 0
			c := Recoverer{Log: slog.New(slog.NewTextHandler(&log, nil)), Panicked: func() { counted++ }}
			rec := httptest.NewRecorder()
			var w http.ResponseWriter = rec
			if tt.begun {
				w = begun{rec}
			}
			aborted := func() (aborted bool) {
				defer func() { aborted = recover() == http.ErrAbortHandler }()
				c.Wrap(tt.next, answer).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
				return false
			}()
			if rec.Code != tt.code || rec.Body.String() != tt.body || counted != tt.counted || aborted != tt.aborted {
				t.Errorf("%d %q, counted %d, aborted %t", rec.Code, rec.Body, counted, aborted)
			}
			if rec.Header().Get("Content-Length") != "" || rec.Header().Get("ETag") != "" {
				t.Errorf("the header is of another answer: %v", rec.Header())
			}
			if logged := strings.Contains(log.String(), "boom") && strings.Contains(log.String(), "recover_test.go"); logged != (tt.counted > 0) {
				t.Errorf("logged: %s", log.String())
			}
		})
	}
}
