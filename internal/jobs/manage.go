package jobs

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Status is how a kind stands.
type Status struct {
	Name, Label string
	Every       time.Duration // 0 if it comes only when it is added
	Last        Run           // the newest run that has ended, on any node; zero if there is none

	// Of the one that comes again by itself:

	Running bool
	Started time.Time // of the run that is under way; zero if none is
	Next    time.Time // zero while it runs, and before any node plans it

	// Of those that were added:

	Count Count
}

// Kinds returns how the kinds stand, in the order of Config.
func (s *Service) Kinds(ctx context.Context) ([]Status, error) {
	now := s.c.Now()
	scheduled, err := s.c.Store.ScheduledJobs(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := s.c.Store.CountJobs(ctx, now)
	if err != nil {
		return nil, err
	}
	runs, err := s.c.Store.LastJobRuns(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]Status, len(s.names))
	places := make(map[string]*Status, len(s.names))
	for i, name := range s.names {
		k := s.kinds[name]
		list[i] = Status{Name: name, Label: k.Label, Every: k.Every, Count: Count{Kind: name}}
		places[name] = &list[i]
	}
	for _, j := range scheduled {
		if at := places[j.Kind]; at != nil {
			if at.Running = j.Lease != "" && j.Due.After(now); at.Running {
				at.Started = j.Started
			} else {
				at.Next = j.Due
			}
		}
	}
	for _, c := range counts {
		if at := places[c.Kind]; at != nil {
			at.Count = c
		}
	}
	for _, r := range runs {
		if at := places[r.Kind]; at != nil {
			at.Last = r
		}
	}
	return list, nil
}

// Label returns what a kind is called; one that is unknown by its name.
func (s *Service) Label(kind string) string {
	if k, ok := s.kinds[kind]; ok {
		return k.Label
	}
	return kind
}

// RunNow makes a kind that comes again by itself due at once; it does not wait
// for the end. Errors: NotFound; Conflict if it runs already, or is due.
func (s *Service) RunNow(ctx context.Context, name string) error {
	if k, ok := s.kinds[name]; !ok || k.Every <= 0 {
		return errs.New(errs.NotFound, "There is no such job.")
	}
	now := s.c.Now()
	changed, err := s.c.Store.ScheduleJob(ctx, name, now, now, now)
	if err != nil {
		return err
	}
	if !changed {
		return errs.New(errs.Conflict, "This job is running already.")
	}
	s.wake()
	return nil
}

// Runs returns runs that have ended, of one kind or for "" of all, newest first,
// beginning with the one at offset. The last 50 of each kind are remembered.
func (s *Service) Runs(ctx context.Context, kind string, limit, offset int) ([]Run, error) {
	return s.c.Store.JobRuns(ctx, kind, limit, offset)
}

// Failed returns a page of the jobs that were given up, the latest first, and
// how many there are on all pages.
func (s *Service) Failed(ctx context.Context, limit, offset int) ([]Job, int, error) {
	return s.c.Store.FailedJobs(ctx, limit, offset)
}

// Retry has a job that was given up tried again, as often as a new one. Errors:
// NotFound; Conflict if one of its kind and key waits.
func (s *Service) Retry(ctx context.Context, id int64) error {
	err := s.c.Store.RetryJob(ctx, id, s.c.Now())
	if errs.Is(err, errs.Conflict) {
		return errs.New(errs.Conflict, "The same work waits already.")
	}
	if err == nil {
		s.wake()
	}
	return err
}

// Discard forgets a job that was given up. Errors: NotFound.
func (s *Service) Discard(ctx context.Context, id int64) error {
	return s.c.Store.DeleteFailedJob(ctx, id)
}
