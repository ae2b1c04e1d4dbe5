package ops

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func probe(h http.Handler) (code int, body string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestHealthz(t *testing.T) {
	if code, body := probe(http.HandlerFunc(Healthz)); code != http.StatusOK || body != `{"status":"ok"}` {
		t.Errorf("%d %s", code, body)
	}
}

func TestReadyz(t *testing.T) {
	var log bytes.Buffer
	now := time.Unix(1_000_000, 0)
	var fault error
	runs := 0
	z := &Readyz{
		Log: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return now },
		Checks: []Check{
			{"database", func(context.Context) error { return nil }},
			{"media", func(ctx context.Context) error {
				runs++
				if _, limited := ctx.Deadline(); !limited {
					t.Error("a check may take forever")
				}
				return fault
			}},
		},
	}
	const good, bad = `{"database":"ok","media":"ok","status":"ok"}`, `{"database":"ok","media":"failing","status":"unavailable"}`
	expect := func(code int, body string, ran int) {
		t.Helper()
		if c, b := probe(z); c != code || b != body || runs != ran {
			t.Errorf("%d %s after %d checks, want %d %s after %d", c, b, runs, code, body, ran)
		}
	}
	expect(http.StatusOK, good, 1)
	fault = errors.New("the folder is read-only: /srv/media")
	expect(http.StatusOK, good, 1) // a flood of probes writes no more than one
	now = now.Add(checkEvery)
	expect(http.StatusServiceUnavailable, bad, 2)
	w := httptest.NewRecorder()
	z.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := w.Header().Get("Retry-After"); got != "1" {
		t.Errorf("Retry-After is %q", got)
	}
	if !strings.Contains(log.String(), "/srv/media") || !strings.Contains(log.String(), "part=media") {
		t.Errorf("logged: %s", log.String())
	}
	fault = nil
	expect(http.StatusServiceUnavailable, bad, 2)
	now = now.Add(checkEvery)
	expect(http.StatusOK, good, 3)
}

// A client that leaves must not make the server unready for the others.
func TestReadyzOutlivesItsClient(t *testing.T) {
	z := &Readyz{
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
		Checks: []Check{{"database", func(ctx context.Context) error { return ctx.Err() }}},
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := httptest.NewRecorder()
	z.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	if w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
