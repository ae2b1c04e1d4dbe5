package oid_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/oid"
)

func TestParse(t *testing.T) {
	const id = "65f0a1b2c3d4e5f60718293a"
	for _, tt := range []struct {
		in   string
		want oid.ID
	}{
		{id, id},
		{strings.ToUpper(id), id},
		{strings.Repeat("0", 24), oid.ID(strings.Repeat("0", 24))},
		{"", ""},
		{id[1:], ""},
		{id + "0", ""},
		{" " + id[1:], ""},
		{"g" + id[1:], ""},
		{"0x" + id[2:], ""},
		{id[:22] + "é", ""},
		{id[:21] + "\u212a", ""}, // the Kelvin sign: K in lower case is k
		{id[:23] + "\x00", ""},
		{id[:23] + "\xff", ""},
	} {
		got, ok := oid.Parse(tt.in)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %q, %v, want %q", tt.in, got, ok, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("65F0a1b2c3d4e5f60718293a")
	f.Add("65f0a1b2c3d4e5f6071829\u00e9")
	f.Fuzz(func(t *testing.T, in string) {
		id, ok := oid.Parse(in)
		if again, still := oid.Parse(string(id)); ok != (id != "") || still != ok || again != id {
			t.Errorf("%q: %q, %v, and again %q, %v", in, id, ok, again, still)
		}
	})
}

// An ID begins with its time, so that a later one sorts behind.
func TestSource(t *testing.T) {
	now := time.Unix(0x65f0a1b2, 0)
	s := oid.NewSource(func() time.Time { return now })
	first, second := s.New(), s.New()
	if !strings.HasPrefix(string(first), "65f0a1b2") || first[:18] != second[:18] || second <= first {
		t.Errorf("%s, then %s", first, second)
	}
	now = now.Add(time.Second)
	if third := s.New(); third <= second || !strings.HasPrefix(string(third), "65f0a1b3") {
		t.Errorf("%s after %s", third, second)
	}
	if id, ok := oid.Parse(string(first)); !ok || id != first {
		t.Errorf("%s is none", first)
	}
}

func TestSourcesAreDistinct(t *testing.T) {
	const sources, each = 8, 500
	now := func() time.Time { return time.Unix(1, 0) }
	var mu sync.Mutex
	seen := map[oid.ID]bool{}
	var wg sync.WaitGroup
	shared := oid.NewSource(now)
	for range sources {
		own := oid.NewSource(now)
		wg.Go(func() {
			for range each {
				a, b := own.New(), shared.New()
				mu.Lock()
				seen[a], seen[b] = true, true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(seen) != 2*sources*each {
		t.Errorf("%d distinct ids of %d", len(seen), 2*sources*each)
	}
}
