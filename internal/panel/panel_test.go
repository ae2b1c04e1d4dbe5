package panel_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// now is shortly before a day ends in UTC.
var now = time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)

func newService(t *testing.T) (*panel.Service, *store.Store) {
	t.Helper()
	s := storetest.Open(t, "sqlite")
	return panel.NewService(panel.Config{Store: s, Now: func() time.Time { return now }}), s
}

// of returns an actor of a role.
func of(r account.Role) account.Actor {
	u := account.User{ID: 1, Active: true, Admin: r == account.Administrator}
	if !u.Admin {
		u.Staff = r
	}
	return account.Actor{User: u, Via: account.ViaSession}
}

var viewer, admin = of(account.Viewer), of(account.Administrator)

// addSongs stores an album and n songs of it, a day apart, the last one today.
func addSongs(t *testing.T, s *store.Store, n int) (album int64) {
	t.Helper()
	source := oid.NewSource(func() time.Time { return now })
	a, err := s.InsertAlbum(t.Context(), catalog.Album{OID: source.New(), Title: "Album", Artist: "Artist", Created: now, Updated: now})
	check(t, err)
	for i := range n {
		created := now.AddDate(0, 0, i-n+1)
		_, err := s.InsertSong(t.Context(), catalog.Song{
			OID: source.New(), Title: fmt.Sprintf("Song %d", i), Artist: fmt.Sprintf("Artist %d", i%2), AlbumID: a.ID, Created: created, Updated: created,
		})
		check(t, err)
	}
	return a.ID
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantField checks that an error is Invalid by one field.
func wantField(t *testing.T, err error, name string, code errs.Code) {
	t.Helper()
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) != 1 || e.Fields[0].Name != name || e.Fields[0].Code != code {
		t.Errorf("error %v, want %s is %s", err, name, code)
	}
}

// Every method asks who is asking.
func TestRights(t *testing.T) {
	s, _ := newService(t)
	methods := map[string]func(ctx context.Context, a account.Actor, model string) error{
		"rows": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Rows(ctx, a, panel.Query{Model: model})
			return err
		},
		"count": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Count(ctx, a, panel.Query{Model: model})
			return err
		},
		"ids": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.IDs(ctx, a, panel.Query{Model: model}, 1)
			return err
		},
		"facets": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Facets(ctx, a, panel.Query{Model: model}, "id", 1)
			return err
		},
		"options": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Options(ctx, a, model, "", 1)
			return err
		},
		"related": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Related(ctx, a, model, 1)
			return err
		},
		"dependents": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Dependents(ctx, a, model, []int64{1}, 1)
			return err
		},
		"no dependents": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Dependents(ctx, a, model, nil, 1)
			return err
		},
		"daily": func(ctx context.Context, a account.Actor, model string) error {
			_, err := s.Daily(ctx, a, model, 1)
			return err
		},
		"totals": func(ctx context.Context, a account.Actor, _ string) error {
			_, err := s.Totals(ctx, a)
			return err
		},
		"storage": func(ctx context.Context, a account.Actor, _ string) error {
			_, err := s.Storage(ctx, a)
			return err
		},
	}
	for name, call := range methods {
		secret := name != "totals" && name != "storage"
		for _, model := range []string{panel.Songs, panel.Users, panel.Log, panel.Tokens, panel.Sessions} {
			needs := account.Viewer
			if secret && (model == panel.Tokens || model == panel.Sessions) {
				needs = account.Administrator
			}
			if err := call(t.Context(), account.Actor{}, model); !errs.Is(err, errs.Unauthenticated) {
				t.Errorf("%s of %s to nobody: %v", name, model, err)
			}
			for role := account.Member; role <= account.Administrator; role++ {
				err := call(t.Context(), of(role), model)
				if role < needs && !errs.Is(err, errs.Forbidden) || role >= needs && err != nil {
					t.Errorf("%s of %s to a %v: %v", name, model, role, err)
				}
			}
		}
		if !secret {
			continue
		}
		if err := call(t.Context(), admin, "nonsense"); name != "no dependents" && !errs.Is(err, errs.NotFound) {
			t.Errorf("%s of a model that does not exist: %v", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	s, _ := newService(t)
	for _, tt := range []struct {
		q     panel.Query
		field string
		code  errs.Code
	}{
		{panel.Query{Limit: -1}, "limit", errs.Malformed},
		{panel.Query{Limit: panel.MaxPage + 1}, "limit", errs.TooBig},
		{panel.Query{Offset: -1}, "offset", errs.Malformed},
		{panel.Query{Search: make([]string, panel.MaxWords+1)}, "search", errs.TooMany},
		{panel.Query{Search: []string{strings.Repeat("ü", panel.MaxWord+1)}}, "search", errs.TooLong},
		{panel.Query{Filters: make([]panel.Filter, panel.MaxClauses+1)}, "filters", errs.TooMany},
		{panel.Query{Order: make([]panel.Order, panel.MaxClauses+1)}, "order", errs.TooMany},
		{panel.Query{Order: []panel.Order{{Field: "nonsense"}}}, "nonsense", errs.Unknown},
	} {
		tt.q.Model = panel.Songs
		_, err := s.Rows(t.Context(), viewer, tt.q)
		wantField(t, err, tt.field, tt.code)
	}
	_, err := s.Dependents(t.Context(), admin, panel.Users, make([]int64, panel.MaxIDs+1), 1)
	wantField(t, err, "ids", errs.TooMany)
}

func TestLists(t *testing.T) {
	s, db := newService(t)
	ctx := t.Context()
	addSongs(t, db, panel.DefaultPage+3)
	q := panel.Query{Model: panel.Songs}
	rows, err := s.Rows(ctx, viewer, q)
	check(t, err)
	if len(rows) != panel.DefaultPage {
		t.Errorf("a page of %d rows", len(rows))
	}
	row, err := s.Get(ctx, viewer, panel.Songs, rows[0].ID)
	check(t, err)
	if row.Label != rows[0].Label {
		t.Errorf("got %q, want %q", row.Label, rows[0].Label)
	}
	if _, err := s.Get(ctx, viewer, panel.Songs, 0); !errs.Is(err, errs.NotFound) {
		t.Errorf("a song that does not exist: %v", err)
	}
	// A space is as good as any other in a phrase.
	q.Search = panel.ParseSearch("\"song\t\n7\"")
	n, err := s.Count(ctx, viewer, q)
	check(t, err)
	if n != 1 {
		t.Errorf("%d songs found, want 1", n)
	}

	q = panel.Query{Model: panel.Songs, Limit: 1, Offset: 5}
	all, err := s.IDs(ctx, viewer, q, panel.DefaultPage+3)
	check(t, err)
	if len(all) != panel.DefaultPage+3 {
		t.Errorf("%d ids", len(all))
	}
	_, err = s.IDs(ctx, viewer, q, len(all)-1)
	wantField(t, err, "ids", errs.TooMany)

	options, err := s.Options(ctx, viewer, panel.Songs, "ARTIST song 51", 10)
	check(t, err)
	if len(options) != 1 || options[0].Label != "Song 51" || options[0].Detail != "Artist 1" {
		t.Errorf("options %+v", options)
	}
}

// The filter of a facet's own column leaves its other values to choose.
func TestFacets(t *testing.T) {
	s, db := newService(t)
	addSongs(t, db, 5)
	q := panel.Query{Model: panel.Songs, Filters: []panel.Filter{
		{Field: "artist", Value: "Artist 1"}, {Field: "created_at", Op: panel.Since, Value: now.AddDate(0, 0, -2)},
	}}
	facets, err := s.Facets(t.Context(), viewer, q, "artist", 20)
	check(t, err)
	want := []panel.Facet{{Value: "Artist 0", Count: 2}, {Value: "Artist 1", Count: 1}}
	if !slices.Equal(facets, want) {
		t.Errorf("facets %+v, want %+v", facets, want)
	}
	if len(q.Filters) != 2 {
		t.Error("the query has changed")
	}
}

func TestDaily(t *testing.T) {
	s, db := newService(t)
	addSongs(t, db, 2)
	days, err := s.Daily(t.Context(), viewer, panel.Songs, 3)
	check(t, err)
	day := func(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }
	want := []panel.Day{{Day: day(20)}, {Day: day(21), Count: 1}, {Day: day(22), Count: 1}}
	if !slices.Equal(days, want) {
		t.Errorf("days %+v, want %+v", days, want)
	}
	for asked, want := range map[int]int{-5: 1, 0: 1, 30: 30, 1 << 40: panel.MaxDays} {
		days, err := s.Daily(t.Context(), viewer, panel.Songs, asked)
		check(t, err)
		if len(days) != want {
			t.Errorf("%d days, want %d", len(days), want)
		}
	}
}

func TestDependents(t *testing.T) {
	s, db := newService(t)
	ctx := t.Context()
	album := addSongs(t, db, 3)
	list, err := s.Dependents(ctx, viewer, panel.Albums, []int64{album, 99}, 2)
	check(t, err)
	if len(list) != 1 || list[0].Model != panel.Songs || list[0].Count != 3 || len(list[0].First) != 2 ||
		list[0].First[0].Label != "Song 2" || list[0].First[0].Of != album {
		t.Errorf("an album goes with %+v", list)
	}
	list, err = s.Dependents(ctx, viewer, panel.Users, []int64{99}, -1)
	check(t, err)
	if len(list) != 0 {
		t.Errorf("nobody goes with %+v", list)
	}

	models := func(a account.Actor) (names []string) {
		t.Helper()
		related, err := s.Related(ctx, a, panel.Users, 1)
		check(t, err)
		for _, r := range related {
			names = append(names, r.Model)
		}
		return names
	}
	if got := models(viewer); !slices.Equal(got, []string{panel.Messages, panel.Plays}) {
		t.Errorf("to a viewer a user has %v", got)
	}
	if got := models(admin); !slices.Equal(got, []string{panel.Messages, panel.Tokens, panel.Sessions, panel.Plays}) {
		t.Errorf("to an admin a user has %v", got)
	}
}

func TestParseSearch(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        nil,
		"  \t ":                   nil,
		"one":                     {"one"},
		" one\u3000two ":          {"one", "two"},
		`"one two" three`:         {"one two", "three"},
		`a"b  c"d`:                {"a", "b c", "d"},
		`never "closed here`:      {"never", "closed here"},
		`"" " " x`:                {"x"},
		`"`:                       nil,
		`it's 100% \ _`:           {"it's", "100%", `\`, "_"},
		"\xff \"\x00\" Ünïcödé 🎵": {"\xff", "\x00", "Ünïcödé", "🎵"},
	} {
		if got := panel.ParseSearch(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
