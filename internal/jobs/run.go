package jobs

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	// pollEvery is how often a node looks for work that it was not told of:
	// another's, or what a transaction added.
	pollEvery = time.Second
	// leaseTime is for how long the job of a node that died stays with it.
	leaseTime  = time.Minute
	renewEvery = 20 * time.Second
)

// Run does what is due until ctx ends. The runs under way are told so by their
// contexts; one that fails then is put back, for whoever comes next.
func (s *Service) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, s.c.Workers)
	for {
		select {
		case <-ctx.Done():
			return nil
		case slots <- struct{}{}:
		}
		j, ok := s.next(ctx)
		if !ok {
			return nil
		}
		s.occupy(j.Kind, 1)
		running.Go(func() {
			defer func() {
				s.occupy(j.Kind, -1)
				<-slots
			}()
			s.run(ctx, j)
		})
	}
}

// next waits for a job that is due, and takes it. It is false when ctx ends.
func (s *Service) next(ctx context.Context) (j Job, ok bool) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return Job{}, false
		case <-s.woken:
		case <-timer.C:
		}
		j, wait, err := s.look(ctx)
		s.tell(ctx, err)
		if err == nil && wait == 0 {
			return j, true
		}
		timer.Reset(wait)
	}
}

// look takes a job that is due, or else returns how long to wait before another
// look.
func (s *Service) look(ctx context.Context) (j Job, wait time.Duration, err error) {
	if err := s.plan(ctx); err != nil {
		return Job{}, pollEvery, err
	}
	free := s.free()
	if len(free) == 0 {
		return Job{}, pollEvery, nil
	}
	// What waits is asked for before it is taken: a look is a reader's, and
	// costs a database with one writer next to nothing.
	due, err := s.c.Store.NextDue(ctx, free)
	now := s.c.Now()
	if err == nil {
		if wait := due.Sub(now); wait > 0 {
			return Job{}, min(wait, pollEvery), nil
		}
		j, err = s.c.Store.ClaimJob(ctx, free, Claim{Lease: rand.Text(), Node: s.c.Node, Now: now, Until: now.Add(leaseTime)})
	}
	if errs.Is(err, errs.NotFound) { // there is none, or somebody was quicker
		return Job{}, pollEvery, nil
	}
	if err != nil {
		return Job{}, pollEvery, err
	}
	return j, 0, nil
}

// occupy counts a run that begins, or one that has ended.
func (s *Service) occupy(kind string, by int) {
	s.mu.Lock()
	s.busy[kind] += by
	s.mu.Unlock()
	if by < 0 && s.kinds[kind].AtOnce > 0 {
		s.wake() // another one may have waited for this
	}
}

// free returns the kinds of which one more may run.
func (s *Service) free() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, name := range s.names {
		if most := s.kinds[name].AtOnce; most == 0 || s.busy[name] < most {
			names = append(names, name)
		}
	}
	return names
}

// plan sees to it, once, that the kinds that come again by themselves do.
func (s *Service) plan(ctx context.Context) error {
	if s.planned {
		return nil
	}
	for _, name := range s.names {
		k := s.kinds[name]
		if k.Every <= 0 {
			continue
		}
		now := s.c.Now()
		latest := now.Add(k.Every)
		first := latest
		if k.Soon {
			first = now
		}
		if _, err := s.c.Store.ScheduleJob(ctx, name, now, first, latest); err != nil {
			return err
		}
	}
	s.planned = true
	return nil
}

// tell logs that the queue cannot be read, and that it can be again; but not
// each second.
func (s *Service) tell(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case err != nil && !s.failing:
		s.failing = true
		s.c.Log.WarnContext(ctx, "jobs wait: the queue cannot be read", "error", err)
	case err == nil && s.failing:
		s.failing = false
		s.c.Log.InfoContext(ctx, "jobs go on: the queue can be read again")
	}
}
