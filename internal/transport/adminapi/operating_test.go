package adminapi

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

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

// Whoever follows the log is looked up now and then.
func TestStillAdmin(t *testing.T) {
	s := open(t)
	a := &api{Config: Config{Accounts: s.Accounts}}
	second, err := s.Accounts.UpdateUser(t.Context(), account.Operator(), s.users["editor"].ID, account.UserChange{Role: new(account.Administrator)})
	if err != nil {
		t.Fatal(err)
	}
	actors := map[string]account.Actor{}
	for _, role := range []string{"admin", "editor"} {
		if actors[role], err = s.Accounts.AuthenticateToken(t.Context(), s.keys[role]); err != nil {
			t.Fatal(err)
		}
		if !a.stillAdmin(t.Context(), actors[role]) {
			t.Errorf("the %s is no admin", role)
		}
	}
	s.do(t, "admin", "POST", "users/actions/make_viewer", fmt.Sprintf(`{"ids":[%d]}`, second.ID)).want(t, 200, nil)
	if a.stillAdmin(t.Context(), actors["editor"]) {
		t.Error("who is a viewer now is an admin")
	}
	if err := s.Accounts.RevokeToken(t.Context(), actors["admin"], actors["admin"].CredentialID); err != nil {
		t.Fatal(err)
	}
	if a.stillAdmin(t.Context(), actors["admin"]) {
		t.Error("a token that was revoked is an admin's")
	}
}
