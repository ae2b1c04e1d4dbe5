package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestOpenErrors(t *testing.T) {
	for name, url := range map[string]string{
		"nothing":               "",
		"no scheme":             "antiphon.db",
		"another engine":        "mysql://localhost/antiphon",
		"SQLite without a file": "sqlite:",
		"a directory":           "sqlite:" + t.TempDir(),
		"no number for a port":  "postgres://localhost:port/antiphon",
		"nobody there":          "postgres://antiphon@127.0.0.1:1/antiphon",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Config{URL: url})
			if err == nil {
				t.Errorf("no error for %q", url)
				check(t, s.Close())
			}
		})
	}
}

// A path may hold whatever a file system allows, and the directories on the
// way are made.
func TestOpenPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "a b%20c?d#e", "ü.db")
	s := open(t, "sqlite:"+path)
	must(s.Migrate(t.Context()))(t)
	addUser(t, s, 1)
	again := open(t, "sqlite:"+path)
	equal(t, "users", must(again.CountUsers(t.Context()))(t), 1)
}

func TestReady(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		check(t, s.Ready(t.Context()))
	})
	s := must(store.Open(t.Context(), store.Config{URL: storetest.URL(t, "sqlite")}))(t)
	if s.Ready(t.Context()) == nil {
		t.Error("ready without a schema")
	}
	check(t, s.Close())
	if s.Ready(t.Context()) == nil {
		t.Error("ready after it was closed")
	}
}

// The places are a power of two, so that few distinct statements there are;
// the surplus repeats the last id.
func TestInList(t *testing.T) {
	for _, tt := range []struct {
		first, n int
		places   string
		last     []any
	}{
		{1, 1, "$1", []any{int64(0)}},
		{1, 2, "$1, $2", []any{int64(0), int64(1)}},
		{2, 3, "$2, $3, $4, $5", []any{int64(0), int64(1), int64(2), int64(2)}},
		{3, 4, "$3, $4, $5, $6", []any{int64(0), int64(1), int64(2), int64(3)}},
	} {
		list := make([]int64, tt.n)
		for i := range list {
			list[i] = int64(i)
		}
		places, args := store.InList(tt.first, list)
		equal(t, "places", places, tt.places)
		equalLists(t, "arguments", args, tt.last)
	}
	texts := map[string]bool{}
	for n := 1; n <= store.MaxIn; n++ {
		places, args := store.InList(1, make([]int64, n))
		texts[places] = true
		if strings.Count(places, "$") != len(args) || len(args) >= 2*n && n > 1 {
			t.Errorf("%d ids make %d arguments", n, len(args))
		}
	}
	equal(t, "distinct texts", len(texts), 11)
}

// Times come back as they were to the microsecond, in UTC, whatever zone they
// were given in; the zero time comes back as itself.
func TestTimes(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		u := user(1)
		zone := time.FixedZone("far", 14*60*60)
		u.Joined = time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, zone)
		u.Updated = time.Date(9999, 12, 31, 23, 59, 59, 1000, time.UTC)
		u = must(s.InsertUser(t.Context(), u, ""))(t)
		got := must(s.UserByID(t.Context(), u.ID))(t)
		equal(t, "joined", got.Joined, time.Date(1969, 12, 31, 9, 59, 59, 999_999_000, time.UTC))
		equal(t, "updated", got.Updated, u.Updated)
		equal(t, "last login", got.LastLogin, time.Time{})
	})
}
