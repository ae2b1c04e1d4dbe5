package adminapi

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestJobs(t *testing.T) {
	s := open(t)
	s.do(t, "viewer", "GET", "jobs", nil).want(t, 200, map[string]string{
		"#": "1", "0.name": "sweep", "0.every": "3600", "0.lastSeconds": "1", "0.lastStarted": "1970-01-01T00:00:00Z",
		"0.lastError": "null", "0.next": "null", "0.running": "false",
	})
	s.do(t, "admin", "POST", "jobs/sweep/run", nil).want(t, 202, nil)
	s.do(t, "admin", "POST", "jobs/nothing/run", nil).want(t, 404, nil)
	if len(s.jobs.ran) != 1 {
		t.Errorf("ran %v", s.jobs.ran)
	}
}

func TestServerLog(t *testing.T) {
	s := open(t)
	record := func(level slog.Level, text string, attrs ...slog.Attr) slog.Record {
		r := slog.NewRecord(time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC), level, text, 0)
		r.AddAttrs(attrs...)
		return r
	}
	s.log.last = []slog.Record{record(slog.LevelDebug, "old"), record(slog.LevelError, "a\nbreak", slog.Int("n", 1), slog.String("g.k", "v"))}
	s.log.next = []slog.Record{record(slog.LevelWarn, "new")}
	get := func(role, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", Prefix+path, nil)
		r.Header.Set("Authorization", "Bearer "+s.keys[role])
		w := httptest.NewRecorder()
		s.api.Handler().ServeHTTP(w, r)
		return w
	}
	all := ": the log\n\n" +
		`data: {"time":"2026-11-22T14:00:00Z","level":"debug","message":"old","attrs":{}}` + "\n\n" +
		`data: {"time":"2026-11-22T14:00:00Z","level":"error","message":"a\nbreak","attrs":{"g.k":"v","n":"1"}}` + "\n\n" +
		`data: {"time":"2026-11-22T14:00:00Z","level":"warn","message":"new","attrs":{}}` + "\n\n"
	w := get("admin", "server-log")
	if w.Code != 200 || w.Body.String() != all || w.Header().Get("Content-Type") != "text/event-stream" {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	if got := get("admin", "server-log?level=error").Body.String(); strings.Count(got, "data:") != 1 || !strings.Contains(got, "break") {
		t.Errorf("errors alone: %s", got)
	}
	for role, want := range map[string]int{"editor": 403, "nobody": 401} {
		if got := get(role, "server-log"); got.Code != want {
			t.Errorf("%s: %d", role, got.Code)
		}
	}
	if got := get("admin", "server-log?level=loud"); got.Code != 400 {
		t.Errorf("a level that is none: %d", got.Code)
	}
}
