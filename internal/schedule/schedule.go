// Package schedule runs named jobs at regular times, remembers how each went
// last, and runs one at once when an admin asks for it.
package schedule

import (
	"context"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Job is something that is done again and again.
type Job struct {
	Name  string        // in addresses: "clean-media"
	Label string        // for people: "Remove files that nothing refers to"
	Every time.Duration // from the end of one run to the start of the next; above 0
	Soon  bool          // whether the first run is at start
	// Run does it once. The result is a text for people, "" if there is nothing
	// to tell.
	Run func(ctx context.Context) (result string, err error)
}

// Status is how a job stands.
type Status struct {
	Name, Label string
	Every       time.Duration
	Running     bool
	Next        time.Time // of the run that is due; zero while it runs, and before Run
	Last        Last      // the run that ended last
	Started     time.Time // of the run that is under way, or else of the last; zero if there was none
}

// Last is how a run went.
type Last struct {
	Took   time.Duration
	Result string
	Err    error
}

// Schedule is a list of jobs. It is safe for concurrent use.
type Schedule struct {
	now  func() time.Time
	jobs []*job
}

// job is a Job and how it stands. running is set by whoever decides that the
// job runs, and cleared by the one goroutine that runs it.
type job struct {
	Job
	asked chan struct{} // holds one: whoever sends has set running

	mu      sync.Mutex
	running bool
	next    time.Time
	started time.Time
	last    Last
}

// New returns a schedule of the jobs, none of which has run. now tells the
// times that Jobs returns.
func New(now func() time.Time, jobs ...Job) *Schedule {
	s := &Schedule{now: now}
	for _, j := range jobs {
		s.jobs = append(s.jobs, &job{Job: j, asked: make(chan struct{}, 1)})
	}
	return s
}

// Run runs the jobs, each in a goroutine of its own, until ctx ends and those
// under way have ended.
func (s *Schedule) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for _, j := range s.jobs {
		wg.Go(func() { s.repeat(ctx, j) })
	}
	wg.Wait()
	return nil
}

// Jobs returns how the jobs stand, in the order of New.
func (s *Schedule) Jobs() []Status {
	list := make([]Status, 0, len(s.jobs))
	for _, j := range s.jobs {
		list = append(list, j.status())
	}
	return list
}

// RunNow has a job run at once; it does not wait for the end. Errors: NotFound;
// Conflict if the job runs already.
func (s *Schedule) RunNow(name string) error {
	for _, j := range s.jobs {
		if j.Name != name {
			continue
		}
		if !j.begin() {
			return errs.New(errs.Conflict, "This job is running already.")
		}
		j.asked <- struct{}{}
		return nil
	}
	return errs.New(errs.NotFound, "There is no such job.")
}

func (s *Schedule) repeat(ctx context.Context, j *job) {
	wait := j.Every
	if j.Soon {
		wait = 0
	}
	j.due(s.now().Add(wait))
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			if !j.begin() {
				continue // somebody asks just now
			}
		case <-j.asked:
		}
		if ctx.Err() != nil {
			return
		}
		s.once(ctx, j)
		timer.Reset(j.Every)
	}
}

// once runs a job whose running is set.
func (s *Schedule) once(ctx context.Context, j *job) {
	started := s.now()
	j.mu.Lock()
	j.started = started
	j.mu.Unlock()
	result, err := j.Run(ctx)
	ended := s.now()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last = Last{Took: ended.Sub(started), Result: result, Err: err}
	j.next = ended.Add(j.Every)
	j.running = false
}

// begin sets running. It returns false if that was set.
func (j *job) begin() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.running {
		return false
	}
	j.running = true
	return true
}

func (j *job) due(next time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.next = next
}

func (j *job) status() Status {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := Status{
		Name: j.Name, Label: j.Label, Every: j.Every, Running: j.running,
		Next: j.next, Last: j.last, Started: j.started,
	}
	if j.running {
		s.Next = time.Time{}
	}
	return s
}
