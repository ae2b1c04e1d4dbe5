package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/oid"
)

func TestRandom(t *testing.T) {
	s := newShop(t, "sqlite")
	ctx := t.Context()
	shelves := map[string]struct {
		size int
		pick func() ([]catalog.Song, error)
	}{
		"featured":     {catalog.FeaturedSize, func() ([]catalog.Song, error) { return s.Featured(ctx) }},
		"made for you": {catalog.MadeForYouSize, func() ([]catalog.Song, error) { return s.MadeForYou(ctx, account.Actor{}) }},
		"trending":     {catalog.TrendingSize, func() ([]catalog.Song, error) { return s.Trending(ctx) }},
	}
	picked := func(shelf string, total int) map[int64]bool {
		t.Helper()
		songs := must(shelves[shelf].pick())(t)
		distinct := map[int64]bool{}
		for _, v := range songs {
			distinct[v.ID] = true
			equal(t, "song", v, s.stored(t, v.ID))
		}
		if want := min(total, shelves[shelf].size); len(songs) != want || len(distinct) != want {
			t.Errorf("%s: %d songs, %d distinct, want %d", shelf, len(songs), len(distinct), want)
		}
		return distinct
	}
	// Every song that comes is there at once, and one that goes is gone.
	for total := range 8 {
		for shelf := range shelves {
			picked(shelf, total)
		}
		s.addSong(t, fmt.Sprint(total), 0)
	}
	seen := map[int64]bool{}
	for range 200 { // missing one of eight in each has a chance below 10^-24
		for id := range picked("featured", 8) {
			seen[id] = true
		}
	}
	equal(t, "songs that ever came up", len(seen), 8)
	for id := range seen {
		check(t, s.DeleteSong(ctx, operator, id))
		break
	}
	picked("featured", 7)
}

// The pool is drawn afresh for a new revision and when it is old, and only
// then: songs that are put into the store behind its back show it.
func TestPool(t *testing.T) {
	s := newShop(t, "sqlite")
	now, revision := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), uint64(1)
	r := &catalog.Random{Sampler: s.Store, Revision: func() uint64 { return revision }, Now: func() time.Time { return now }}
	ids := oid.NewSource(s.Clock.Now)
	sneakIn := func() {
		t.Helper()
		must(s.Store.InsertSong(t.Context(), catalog.Song{OID: ids.New(), Created: now, Updated: now}))(t)
	}
	want := func(n int) {
		t.Helper()
		equal(t, "songs in the pool", len(must(r.Trending(t.Context(), 9))(t)), n)
	}
	want(0)
	sneakIn()
	want(0)
	revision++
	want(1)
	sneakIn()
	want(1)
	now = now.Add(time.Minute)
	want(2)

	sneakIn()
	revision++
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Featured(gone, 4); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	want(3)
}
