package adminapi

import (
	"fmt"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	s := open(t)
	album := fmt.Sprint(s.album.ID)
	viewer := fmt.Sprint(s.users["viewer"].ID)
	tests := []struct {
		query string
		want  map[string]string
	}{
		{"songs", map[string]string{"total": "3", "rows.0.label": "Alone", "rows.0.values.album": "null",
			"rows.1.values.album.label": "Tide", "rows.2.values.artist": "Anna"}},
		{"songs?limit=1&offset=1", map[string]string{"total": "3", "rows.#": "1", "rows.0.label": "High"}},
		{"songs?order=title", map[string]string{"rows.0.label": "Alone", "rows.2.label": "Low"}},
		{"songs?order=-artist,title", map[string]string{"rows.0.label": "Alone", "rows.1.label": "High"}},
		{"songs?q=tide+LOW", map[string]string{"total": "1", "rows.0.label": "Low"}},
		{"songs?q=%22nothing+such%22", map[string]string{"total": "0", "rows.#": "0"}},
		{"songs?album=" + album, map[string]string{"total": "2"}},
		{"songs?album=-", map[string]string{"total": "1", "rows.0.label": "Alone"}},
		{"songs?album=", map[string]string{"total": "3"}},
		{"songs?created_at=today", map[string]string{"total": "3"}},
		{"albums?release_year=1999", map[string]string{"total": "1", "rows.0.values.songs": "2", "rows.0.values.image": s.mediaPath()}},
		{"albums?release_year=2001", map[string]string{"total": "0"}},
		{"users?role=editor", map[string]string{"total": "1", "rows.0.values.email": "editor@example.org"}},
		{"users?active=false", map[string]string{"total": "0"}},
		{"users?q=the+admin", map[string]string{"total": "1", "rows.0.values.role": "admin"}},
		{"messages?sender=" + viewer, map[string]string{"total": "1", "rows.0.values.content": "hello", "rows.0.values.sender.label": "The viewer"}},
		{"messages?receiver=" + viewer, map[string]string{"total": "0"}},
		{"messages?party=" + viewer, map[string]string{"total": "1"}},
		{"tokens?user=" + viewer, map[string]string{"total": "1", "rows.0.values.label": "a test"}},
		{"log?model=songs&action=added&order=created_at", map[string]string{"total": "3", "rows.0.label": "Low",
			"rows.0.values.actor": "command line", "rows.0.values.changes.0.field": "title"}},
		{"songs?" + strings.Repeat("q=a&", 20), map[string]string{"total": "3"}},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) { s.do(t, "admin", "GET", tt.query, nil).want(t, 200, tt.want) })
	}
}

// mediaPath is where the album's picture is.
func (s *server) mediaPath() string { return "/media/" + s.album.Image }

func TestListNonsense(t *testing.T) {
	s := open(t)
	for query, want := range map[string]string{
		"songs?artist=Anna":                       "artist unknown_field",
		"songs?album=x":                           "album malformed",
		"songs?album=99999999999999999999":        "album malformed",
		"songs?created_at=tomorrow":               "created_at malformed",
		"users?active=perhaps":                    "active malformed",
		"albums?release_year=NaN":                 "release_year malformed",
		"songs?order=image":                       "order unknown",
		"songs?order=title,":                      "order unknown",
		"songs?order=--title":                     "order unknown",
		"songs?limit=0":                           "limit malformed",
		"songs?limit=201":                         "limit too_big",
		"songs?limit=many":                        "limit malformed",
		"songs?offset=-1":                         "offset malformed",
		"songs?q=%00":                             "q malformed",
		"songs?q=%ff":                             "q malformed",
		"songs?q=" + strings.Repeat("a", 300):     "q too_long",
		"songs?q=" + strings.Repeat("a", 3000):    "q too_long",
		"songs?q=" + strings.Repeat("a+", 100):    "q too_many",
		"songs/facets?nothing=1":                  "nothing unknown_field",
		"songs/options?limit=51":                  "limit too_big",
		"messages?sender=1%3BDROP+TABLE+messages": "sender malformed",
		"messages?sender=1;receiver=2":            "",
	} {
		got := s.do(t, "admin", "GET", query, nil)
		if got.status != 400 || got.fields() != want && !(strings.HasPrefix(want, "q too_many") && strings.HasPrefix(got.fields(), "q too_")) {
			t.Errorf("%s: %d %s, want 400 %s: %s", query, got.status, got.fields(), want, got.text)
		}
	}
	var many strings.Builder
	for i := range 40 {
		fmt.Fprintf(&many, "&x%d=1", i)
	}
	if got := s.do(t, "admin", "GET", "songs?"+many.String(), nil); got.fields() != "filters too_many" {
		t.Errorf("forty unknown filters: %s", got.text)
	}
	for _, path := range []string{"songs/0", "songs/x", "songs/99999", "songs/-1", "songs/0/history", "nothing/1", "songs/1/nothing"} {
		s.do(t, "admin", "GET", path, nil).want(t, 404, nil)
	}
}

func TestFacets(t *testing.T) {
	s := open(t)
	s.do(t, "viewer", "GET", "songs/facets", nil).want(t, 200, map[string]string{
		"album.0.label": "Tide", "album.0.value": fmt.Sprint(s.album.ID), "album.0.count": "2",
		"album.1.label": "None", "album.1.value": "-", "album.1.count": "1",
		"created_at.#": "4", "created_at.0.value": "today", "created_at.0.count": "3",
	})
	s.do(t, "viewer", "GET", "songs/facets?q=alone&album=-", nil).want(t, 200, map[string]string{
		"album.#": "1", "album.0.value": "-", "created_at.3.count": "1",
	})
	s.do(t, "viewer", "GET", "users/facets", nil).want(t, 200, map[string]string{
		"role.#": "4", "active.0.label": "Yes", "active.0.value": "true", "active.0.count": "4",
	})
	s.do(t, "viewer", "GET", "albums/facets", nil).want(t, 200, map[string]string{
		"release_year.#": "1", "release_year.0.value": "1999", "release_year.0.label": "1999", "release_year.0.count": "1",
	})
	s.do(t, "viewer", "GET", "messages/facets", nil).want(t, 200, map[string]string{"sender.0.label": "The viewer"})
	s.do(t, "admin", "GET", "tokens/facets", nil).want(t, 200, map[string]string{"user.#": "4"})
	s.do(t, "viewer", "GET", "log/facets", nil).want(t, 200, map[string]string{"model.0.label": "Users", "action.0.label": "Added"})
}

func TestOptions(t *testing.T) {
	s := open(t)
	s.do(t, "viewer", "GET", "albums/options?q=ti", nil).want(t, 200, map[string]string{
		"#": "1", "0.label": "Tide", "0.detail": "Anna", "0.image": s.mediaPath(),
	})
	s.do(t, "viewer", "GET", "songs/options?limit=2", nil).want(t, 200, map[string]string{"#": "2"})
	s.do(t, "viewer", "GET", "songs/options?q=nothing", nil).want(t, 200, map[string]string{"#": "0"})
}

func TestDashboard(t *testing.T) {
	s := open(t)
	s.do(t, "admin", "PATCH", fmt.Sprint("albums/", s.album.ID), `{"title":"Ebb"}`).want(t, 200, nil)
	s.do(t, "admin", "GET", "dashboard", nil).want(t, 200, map[string]string{
		"totals.songs": "3", "totals.albums": "1", "totals.artists": "2", "totals.users": "4", "totals.messages": "1", "totals.online": "0",
		"days.#": "30", "days.29.day": "2026-11-22", "days.29.songs": "3", "days.29.messages": "1", "days.0.songs": "0",
		"storage.files": "7", "storage.free": "1.099511627776e+12", "recent.#": "1", "recent.0.object": "Ebb", "recent.0.action": "changed",
		"top.#": "0",
	})
}
