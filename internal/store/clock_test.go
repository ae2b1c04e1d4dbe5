package store_test

import (
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

func TestClock(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		c := s.NewClock(time.Now)
		check(t, c.Measure(t.Context()))
		if off := c.Offset().Abs(); off > time.Second { // both are this machine's
			t.Errorf("the clock is %v off", off)
		}
		if now := c.Now(); now.Location() != time.UTC || now.Nanosecond()%1000 != 0 || time.Since(now).Abs() > 2*time.Second {
			t.Errorf("it is %v", now)
		}
	})
}

// A node goes by the database's clock, wherever its own stands.
func TestClockOfTheDatabase(t *testing.T) {
	ctx := t.Context()
	url := storetest.URL(t, "postgres")
	open := func() *store.Store {
		s := must(store.Open(ctx, store.Config{URL: url}))(t)
		t.Cleanup(func() { check(t, s.Close()) })
		return s
	}
	s := open()
	// The database's machine is five minutes ahead, as far as its sessions can see.
	for _, statement := range []string{
		`CREATE SCHEMA ahead`,
		`CREATE FUNCTION ahead.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT pg_catalog.clock_timestamp() + interval '5 minutes' $$`,
		`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ahead, pg_catalog, public', current_database()); END $$`,
	} {
		check(t, s.Exec(ctx, statement))
	}
	c := open().NewClock(time.Now)
	check(t, c.Measure(ctx))
	if off := (c.Offset() - 5*time.Minute).Abs(); off > time.Second {
		t.Errorf("the clock is %v ahead, want 5 minutes", c.Offset())
	}
	if ahead := time.Until(c.Now()); ahead < 4*time.Minute {
		t.Errorf("it is %v ahead of this machine's", ahead)
	}
}
