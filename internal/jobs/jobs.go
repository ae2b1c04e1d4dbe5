// Package jobs keeps work that must survive a restart, and does it in the
// background: at once, later, or again and again.
//
// A job is a row in the database, so that it can be added in the transaction
// whose consequence it is, and any node may take it. Whoever takes one has it
// for the time of a lease, which is renewed while the work goes on: if a node
// dies, its lease ends and another takes the job. So a job runs at least once,
// and what it does must bear being done twice.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Kind is a sort of work.
type Kind struct {
	Name  string // in addresses: "clean-media"
	Label string // for people: "Remove files that nothing refers to"
	// Every makes the kind come again by itself, so long after the end of its
	// last run, on one node of all. At 0 it comes only when it is added.
	Every time.Duration
	// Soon has the first run of a database come at once, and not after Every.
	Soon bool
	// Attempts is how often a job is tried before it counts as failed; 0 is 10.
	// What comes again by itself waits for its next time instead.
	Attempts int
	// Timeout ends the context of a run; 0 is 10 minutes.
	Timeout time.Duration
	// AtOnce is how many run at a time on a node, so that the others have
	// workers too; 0 is as many as there are.
	AtOnce int
	// Run does it once. The result is a text for people, "" if there is nothing
	// to tell.
	Run func(ctx context.Context, payload []byte) (result string, err error)
}

const (
	defaultAttempts = 10
	defaultTimeout  = 10 * time.Minute
	defaultWorkers  = 4
)

func (k Kind) attempts() int {
	if k.Attempts > 0 {
		return k.Attempts
	}
	return defaultAttempts
}

func (k Kind) timeout() time.Duration {
	if k.Timeout > 0 {
		return k.Timeout
	}
	return defaultTimeout
}

// Task is work to be done.
type Task struct {
	Kind    string // the name of a kind
	Payload []byte // what Run gets: at most MaxPayload bytes, and no secrets
	// Unique, if it is not "", keeps a second job of this kind and key from
	// waiting: the one that waits takes the payload of the later task and the
	// earlier time of the two. One that runs already does not count.
	Unique string
	After  time.Duration // how long from now it waits
}

// MaxPayload is the longest payload, in bytes.
const MaxPayload = 64 << 10

// Job is a task that is kept.
type Job struct {
	ID        int64
	Kind      string
	Unique    string
	Payload   []byte
	Scheduled bool // it is the one of a kind that comes again by itself
	// Due is when it may be taken: while it runs, the end of the lease.
	Due       time.Time
	Attempts  int // that have begun
	Created   time.Time
	Lease     string    // the secret of whoever runs it, "" while nobody does
	Node      string    // which runs it, or did last
	Started   time.Time // of the last attempt; zero before the first
	Failed    time.Time // when it was given up; zero if it was not
	LastError string    // of the last attempt that failed
}

// Run is one run of a job, and how it went.
type Run struct {
	ID      int64
	Kind    string
	Node    string
	Started time.Time
	Took    time.Duration
	Result  string
	Err     string // "" if it went well
}

// Claim is what somebody leaves at a job that he takes.
type Claim struct {
	Lease, Node string
	Now, Until  time.Time // of the lease
}

// Count is how many jobs of a kind there are, besides the one that comes again
// by itself.
type Count struct {
	Kind                     string
	Waiting, Running, Failed int
}

// Store is what jobs need of a database.
type Store interface {
	InTx(ctx context.Context, do func(ctx context.Context) error) error
	// InsertJob adds a job, or changes the one of its kind and key that waits:
	// see Task.
	InsertJob(ctx context.Context, j Job) error
	// ScheduleJob adds the scheduled job of a kind, due at first. If there is
	// one that waits beyond latest, that becomes due at latest. It reports
	// whether it did either.
	ScheduleJob(ctx context.Context, kind string, now, first, latest time.Time) (bool, error)
	// NextDue returns when the first job of the kinds is due, or its lease
	// ends. Errors: NotFound if there is none.
	NextDue(ctx context.Context, kinds []string) (time.Time, error)
	// ClaimJob takes a job of the kinds that is due, the longest due first, and
	// counts an attempt. Errors: NotFound if there is none.
	ClaimJob(ctx context.Context, kinds []string, c Claim) (Job, error)
	// RenewJob moves the end of a lease. Errors: NotFound if it is lost.
	RenewJob(ctx context.Context, id int64, lease string, until time.Time) error
	// ReturnJob ends j.Lease and stores Due, Attempts, Failed and LastError. A
	// job whose like waits already goes, unless it has failed. Errors: NotFound
	// if the lease is lost.
	ReturnJob(ctx context.Context, j Job) error
	// DeleteJob removes a job under its lease. Errors: NotFound if it is lost.
	DeleteJob(ctx context.Context, id int64, lease string) error

	// InsertJobRun adds a run and forgets those of its kind before the last keep.
	InsertJobRun(ctx context.Context, r Run, keep int) error
	JobRuns(ctx context.Context, kind string, limit, offset int) ([]Run, error) // newest first; "" are all kinds
	LastJobRuns(ctx context.Context) ([]Run, error)                             // the newest of each kind
	ScheduledJobs(ctx context.Context) ([]Job, error)
	CountJobs(ctx context.Context, now time.Time) ([]Count, error)
	FailedJobs(ctx context.Context, limit, offset int) (list []Job, total int, err error) // the latest to fail first
	// RetryJob has a failed job wait again, as if it had never run. Errors:
	// NotFound if there is none; Conflict if its like waits.
	RetryJob(ctx context.Context, id int64, due time.Time) error
	DeleteFailedJob(ctx context.Context, id int64) error // NotFound if there is none
}

// Config are the parts a Service is made of.
type Config struct {
	Store   Store
	Now     func() time.Time // the same on all nodes
	Log     *slog.Logger
	Node    string // the name of this node
	Workers int    // how many jobs run at a time; 0 is 4
	Kinds   []Kind
}

// Service takes work and does it. It is safe for concurrent use.
type Service struct {
	c     Config
	kinds map[string]Kind
	names []string // of the kinds, in the order of Config
	woken chan struct{}

	mu   sync.Mutex
	busy map[string]int // runs under way of each kind

	// Of the goroutine of Run:

	planned bool // whether the scheduled jobs are there
	failing bool // whether the queue could not be read
}

// NewService returns a service over its parts. It does nothing until Run.
func NewService(c Config) *Service {
	if c.Workers == 0 {
		c.Workers = defaultWorkers
	}
	s := &Service{c: c, kinds: map[string]Kind{}, busy: map[string]int{}, woken: make(chan struct{}, 1)}
	for _, k := range c.Kinds {
		s.kinds[k.Name] = k
		s.names = append(s.names, k.Name)
	}
	return s
}

// Add keeps a task until it is done. It joins the transaction in ctx: then the
// task exists exactly when what it follows from does, and is taken up within a
// second of the commit.
func (s *Service) Add(ctx context.Context, t Task) error {
	if _, ok := s.kinds[t.Kind]; !ok {
		return fmt.Errorf("jobs: there is no kind %q", t.Kind)
	}
	if len(t.Payload) > MaxPayload {
		return errors.New("jobs: the payload is too long")
	}
	now := s.c.Now()
	err := s.c.Store.InsertJob(ctx, Job{
		Kind: t.Kind, Unique: t.Unique, Payload: t.Payload, Due: now.Add(t.After), Created: now,
	})
	if err != nil {
		return fmt.Errorf("add a job %s: %w", t.Kind, err)
	}
	s.wake()
	return nil
}

// wake has Run look for work now.
func (s *Service) wake() {
	select {
	case s.woken <- struct{}{}:
	default: // somebody has
	}
}
