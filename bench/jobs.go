package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/store"
)

const (
	jobsAddedName   = "jobs/added, one a commit"
	jobsBatchedName = "jobs/added, 100 a commit"
	jobsDoneName    = "jobs/done"
	jobsIdleName    = "jobs/processor time when idle"

	jobsABatch = 100
	// jobsDone is how many are done in a round.
	jobsDone = 500
	// idleServices is how many wait for work at once, so that what they take can
	// be told from nothing; the figure is that of one.
	idleServices = 100
)

// What a queue may cost.
var (
	leastJobs    = target{AtLeast: 5000} // a second
	mostIdleJobs = target{AtMost: 1}     // ms a second
)

// measureJobs measures the queue of jobs inside this process.
func (b *bench) measureJobs(ctx context.Context) error {
	if !b.wanted(jobsAddedName, jobsBatchedName, jobsDoneName, jobsIdleName) {
		return nil
	}
	for _, engine := range b.engines {
		if err := b.measureJobsOn(ctx, engine); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureJobsOn(ctx context.Context, engine string) error {
	url, err := b.database(engine)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	defer func() {
		if err := s.Close(); err != nil {
			b.say("the store was not closed: %v", err)
		}
	}()
	if _, err := s.Migrate(ctx); err != nil {
		return err
	}
	for _, m := range []struct {
		name, unit string
		target     target
		run        func(context.Context, *store.Store) (float64, error)
	}{
		// What is added stays, so that this comes last.
		{jobsIdleName, "ms/s", mostIdleJobs, b.idleJobs},
		{jobsDoneName, "1/s", target{}, doJobs},
		{jobsAddedName, "1/s", target{}, func(ctx context.Context, s *store.Store) (float64, error) { return b.addJobs(ctx, s, 1) }},
		{jobsBatchedName, "1/s", leastJobs, func(ctx context.Context, s *store.Store) (float64, error) { return b.addJobs(ctx, s, jobsABatch) }},
	} {
		if !b.wanted(m.name) {
			continue
		}
		b.say("%s, %s", m.name, engine)
		var values []float64
		for range b.rounds {
			v, err := m.run(ctx, s)
			if errors.Is(err, errNoProcessorTime) {
				b.report.omit("%s: %v", m.name, err)
				break
			}
			if err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			values = append(values, v)
		}
		if len(values) > 0 {
			b.report.add(figure{Name: m.name, Engine: engine, Value: median(values), Unit: m.unit, Target: m.target})
		}
	}
	return nil
}

// queue returns a service with a kind "added", of which nobody does any, unless
// do is not nil.
func queue(s *store.Store, do func()) *jobs.Service {
	kind := jobs.Kind{Name: "added"}
	if do != nil {
		kind = jobs.Kind{Name: "done", Run: func(context.Context, []byte) (string, error) {
			do()
			return "", nil
		}}
	}
	return jobs.NewService(jobs.Config{
		Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler), Node: "bench", Kinds: []jobs.Kind{kind},
	})
}

// addJobs adds jobs for as long as a measurement lasts, so many a transaction,
// and returns how many it were a second.
func (b *bench) addJobs(ctx context.Context, s *store.Store, batch int) (float64, error) {
	q, payload, added := queue(s, nil), []byte(`{"purpose":"verify","user":123}`), 0
	begun := time.Now()
	for time.Since(begun) < b.slice {
		err := s.InTx(ctx, func(ctx context.Context) error {
			for range batch {
				if err := q.Add(ctx, jobs.Task{Kind: "added", Payload: payload}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		added += batch
	}
	return float64(added) / time.Since(begun).Seconds(), nil
}

// doJobs has one node do jobs that take no time, and returns how many it were a
// second.
func doJobs(ctx context.Context, s *store.Store) (float64, error) {
	var left sync.WaitGroup
	left.Add(jobsDone)
	q := queue(s, left.Done)
	err := s.InTx(ctx, func(ctx context.Context) error {
		for range jobsDone {
			if err := q.Add(ctx, jobs.Task{Kind: "done"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	stop := work(ctx, q)
	left.Wait()
	took := time.Since(begun)
	return jobsDone / took.Seconds(), stop()
}

// work runs services until stop is called.
func work(ctx context.Context, services ...*jobs.Service) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, len(services))
	for _, q := range services {
		go func() { ended <- q.Run(ctx) }()
	}
	return func() (err error) {
		cancel()
		for range services {
			err = errors.Join(err, <-ended)
		}
		return err
	}
}

var errNoProcessorTime = errors.New("the processor time of a process cannot be read")

// idleJobs returns the processor time that a service takes which has nothing to
// do, in milliseconds a second.
func (b *bench) idleJobs(ctx context.Context, s *store.Store) (_ float64, err error) {
	services := make([]*jobs.Service, idleServices)
	for i := range services {
		services[i] = queue(s, func() {})
	}
	stop := work(ctx, services...)
	defer func() { err = errors.Join(err, stop()) }()
	select { // they begin with a look that is not the usual one
	case <-time.After(idleTime):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	before, begun := cpuOf("self"), time.Now()
	if before == 0 {
		return 0, errNoProcessorTime
	}
	select {
	case <-time.After(max(b.slice, 3*time.Second)):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	return milliseconds(cpuOf("self")-before) / time.Since(begun).Seconds() / idleServices, nil
}
