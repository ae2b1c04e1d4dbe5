package store

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

const (
	measureEvery = time.Minute
	watchEvery   = time.Second
	measurements = 3
	// stepped is how far a clock may move against the time that has passed
	// before it counts as having been set.
	stepped = 100 * time.Millisecond
)

// Clock tells the time of the database's machine, so that all nodes agree on it
// even if their own clocks do not. SQLite's machine is this one. It is safe for
// concurrent use.
type Clock struct {
	db      *db
	machine func() time.Time
	offset  atomic.Int64 // of the database's clock from this machine's, in nanoseconds
}

// NewClock returns a clock that goes by this machine's, which is time.Now, until
// Measure.
func (s *Store) NewClock(machine func() time.Time) *Clock { return &Clock{db: s.db, machine: machine} }

// Now returns the time in UTC and to the microsecond, which is what the
// database keeps.
func (c *Clock) Now() time.Time {
	return c.machine().Add(time.Duration(c.offset.Load())).UTC().Truncate(time.Microsecond)
}

// Offset returns how far the database's clock is ahead of this machine's.
func (c *Clock) Offset() time.Duration { return time.Duration(c.offset.Load()) }

// Measure asks the database for its time.
func (c *Clock) Measure(ctx context.Context) error {
	if c.db.engine == sqlite {
		return nil
	}
	offsets := make([]time.Duration, measurements)
	for i := range offsets {
		var err error
		if offsets[i], err = c.measure(ctx); err != nil {
			return fmt.Errorf("ask the database for its time: %w", err)
		}
	}
	slices.Sort(offsets)
	c.offset.Store(int64(offsets[measurements/2]))
	return nil
}

// measure takes it that the database looked at its clock in the middle between
// question and answer.
func (c *Clock) measure(ctx context.Context) (time.Duration, error) {
	var micros int64
	asked := c.machine()
	err := c.db.queryRow(ctx, `SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`, nil, &micros)
	took := c.machine().Sub(asked)
	return time.UnixMicro(micros).Sub(asked.Round(0).Add(took / 2)), err
}

// Run measures each minute, and whenever this machine's clock was set, until
// ctx ends. Failures go to failed; the last offset holds.
func (c *Clock) Run(ctx context.Context, failed func(error)) error {
	if c.db.engine == sqlite {
		return nil
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for measured := c.machine(); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		now := c.machine()
		passed := now.Sub(measured)                           // by the monotonic clock
		moved := now.Round(0).Sub(measured.Round(0)) - passed // by the one that can be set
		if passed < measureEvery && moved.Abs() < stepped {
			continue
		}
		if err := c.Measure(ctx); err != nil {
			if ctx.Err() == nil {
				failed(err)
			}
			continue // at the next tick again
		}
		measured = now
	}
}
