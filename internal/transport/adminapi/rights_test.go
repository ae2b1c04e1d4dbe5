package adminapi

import (
	"fmt"
	"testing"
)

func TestRights(t *testing.T) {
	s := open(t)
	roles := []string{"", "member", "viewer", "editor", "admin"}
	song, user := s.songs["Low"].ID, s.users["member"].ID
	tests := []struct {
		method, path string
		body         any
		want         [5]int // by role
	}{
		{"GET", "", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "dashboard", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "songs", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "songs/facets", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "songs/options", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", fmt.Sprint("songs/", song), nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", fmt.Sprint("songs/", song, "/history"), nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "users", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "messages", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "log", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "tokens", nil, [5]int{401, 403, 403, 403, 200}},
		{"GET", "sessions", nil, [5]int{401, 403, 403, 403, 200}},
		{"GET", "invitations", nil, [5]int{401, 403, 403, 403, 200}},
		{"POST", "invitations", "{}", [5]int{401, 403, 403, 403, 400}},
		{"PATCH", "invitations/1", "{}", [5]int{401, 403, 403, 403, 403}},
		{"POST", "invitations/actions/send_again", "{}", [5]int{401, 403, 403, 403, 400}},
		{"GET", "tokens/1", nil, [5]int{401, 403, 403, 403, 200}},
		{"GET", "tokens/1/history", nil, [5]int{401, 403, 403, 403, 200}},
		{"GET", "tokens/options", nil, [5]int{401, 403, 403, 403, 200}},
		{"GET", "sessions/facets", nil, [5]int{401, 403, 403, 403, 200}},
		{"GET", "jobs", nil, [5]int{401, 403, 200, 200, 200}},
		{"POST", "jobs/sweep/run", nil, [5]int{401, 403, 403, 403, 202}},
		{"GET", "jobs/queues", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "jobs/runs", nil, [5]int{401, 403, 200, 200, 200}},
		{"GET", "jobs/failed", nil, [5]int{401, 403, 200, 200, 200}},
		{"POST", "jobs/failed/1/retry", nil, [5]int{401, 403, 403, 403, 404}},
		{"DELETE", "jobs/failed/1", nil, [5]int{401, 403, 403, 403, 404}},
		{"GET", "nothing", nil, [5]int{401, 403, 404, 404, 404}},
		// A body that nobody could take: whoever gets a 400 was let through.
		{"POST", "songs", "{}", [5]int{401, 403, 403, 400, 400}},
		{"POST", "albums", "{}", [5]int{401, 403, 403, 400, 400}},
		{"POST", "users", "{}", [5]int{401, 403, 403, 403, 400}},
		{"POST", "messages", "{}", [5]int{401, 403, 403, 403, 403}},
		{"POST", "tokens", "{}", [5]int{401, 403, 403, 403, 403}},
		{"POST", "log", "{}", [5]int{401, 403, 403, 403, 403}},
		{"POST", "uploads", "{}", [5]int{401, 403, 403, 415, 415}},
		{"PATCH", fmt.Sprint("songs/", song), "[]", [5]int{401, 403, 403, 400, 400}},
		{"PATCH", fmt.Sprint("users/", user), "[]", [5]int{401, 403, 403, 403, 400}},
		{"PATCH", "messages/1", "{}", [5]int{401, 403, 403, 403, 403}},
		{"POST", "songs/actions/delete", "{}", [5]int{401, 403, 403, 400, 400}},
		{"POST", "messages/actions/delete", "{}", [5]int{401, 403, 403, 400, 400}},
		{"POST", "users/actions/delete", "{}", [5]int{401, 403, 403, 403, 400}},
		{"POST", "tokens/actions/delete", "{}", [5]int{401, 403, 403, 403, 400}},
		{"POST", "log/actions/delete", "{}", [5]int{401, 403, 403, 403, 404}},
	}
	for _, tt := range tests {
		for i, role := range roles {
			if got := s.do(t, role, tt.method, tt.path, tt.body); got.status != tt.want[i] {
				t.Errorf("%s %s as %q: %d, want %d: %s", tt.method, tt.path, role, got.status, tt.want[i], got.text)
			}
		}
	}
}

func TestIndex(t *testing.T) {
	s := open(t)
	s.do(t, "admin", "GET", "", nil).want(t, 200, map[string]string{
		"me.role": "admin", "me.email": "admin@example.org", "models.#": "8", "models.0.name": "songs",
		"models.0.can.add": "true", "models.0.search": "true", "models.3.can.add": "false", "models.3.can.change": "false",
		"models.3.can.delete": "true", "can.serverLog": "true", "can.upload": "true",
		"models.0.columns.3.kind": "relation", "models.0.columns.3.model": "albums", "models.0.actions.0.value.kind": "relation",
		"models.2.fieldsets.2.label": "Permissions", "models.2.fieldsets.2.fields.1": "role",
	})
	s.do(t, "viewer", "GET", "", nil).want(t, 200, map[string]string{
		"me.role": "viewer", "models.#": "5", "models.0.can.add": "false", "models.0.can.view": "true", "models.0.actions.#": "0",
		"can.serverLog": "false", "can.upload": "false",
	})
	s.do(t, "editor", "GET", "", nil).want(t, 200, map[string]string{
		"models.0.can.change": "true", "models.2.can.change": "false", "can.upload": "true",
	})
}

// What one file declares, another place has to know.
func TestModelsFitThePanel(t *testing.T) {
	s := open(t)
	for _, m := range models(Config{}) {
		columns, err := s.Store.PanelColumns(m.Name)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, c := range columns {
			known[c.Name] = true
		}
		check := func(what, name string) {
			if !known[name] {
				t.Errorf("%s of %s is no column of the panel: %s", what, m.Name, name)
			}
		}
		for _, c := range m.Columns {
			if c.Of == nil {
				check("a column", c.Name)
			}
		}
		for _, f := range m.Filters {
			check("a filter", f.Name)
		}
		for _, name := range m.Search {
			check("a searched field", name)
		}
		for _, f := range m.fields("") {
			if f.Kind != PasswordField {
				check("a field", f.Name)
			}
		}
		for _, c := range m.Columns {
			if c.Unsorted {
				continue
			}
			for _, minus := range []string{"", "-"} {
				s.do(t, "admin", "GET", m.Name+"?order="+minus+c.Name, nil).want(t, 200, nil)
			}
		}
	}
}
