package jobs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	firstBackoff = 5 * time.Second // after the first attempt; it doubles with each
	maxBackoff   = time.Hour
	// keepRuns is how many runs of each kind are remembered.
	keepRuns = 50
	// maxText is how much of a result or an error is remembered, in bytes.
	maxText = 2000
	// noteTimeout bounds one try to note how a run went.
	noteTimeout = 5 * time.Second
)

var (
	errLost    = errors.New("the lease was lost")
	errTimeout = errors.New("it took too long")
	errDied    = errors.New("whoever ran it died of it, as it seems")
)

// run makes an attempt at a job that this node has taken, and notes how it went.
func (s *Service) run(ctx context.Context, j Job) {
	k := s.kinds[j.Kind]
	if j.Attempts > k.attempts() {
		// Each attempt ended without a word, so that one more may be the end of
		// this process as well.
		s.note(ctx, j, s.outcome(ctx, k, &j, "", errDied))
		return
	}
	leased, release := s.hold(ctx, j)
	timed, cancel := context.WithTimeoutCause(leased, k.timeout(), errTimeout)
	result, err := s.protect(timed, k, j.Payload)
	if err != nil && errors.Is(context.Cause(timed), errTimeout) {
		err = fmt.Errorf("%w: %w", errTimeout, err)
	}
	cancel()
	switch {
	case errors.Is(context.Cause(leased), errLost):
		s.c.Log.WarnContext(ctx, "a job was lost while it ran; another node may run it too", "job", j.Kind, "id", j.ID)
	case err != nil && ctx.Err() != nil:
		j.Attempts-- // it was no fault of the job
		j.Due = s.c.Now()
		s.note(ctx, j, func(ctx context.Context) error { return s.c.Store.ReturnJob(ctx, j) })
	default:
		s.note(ctx, j, s.outcome(ctx, k, &j, result, err))
	}
	release()
}

// protect runs a kind. A panic is an error.
func (s *Service) protect(ctx context.Context, k Kind, payload []byte) (result string, err error) {
	defer func() {
		if p := recover(); p != nil {
			s.c.Log.ErrorContext(ctx, "a job panicked", "job", k.Name, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return k.Run(ctx, payload)
}

// outcome logs how an attempt went, and returns what is to be stored of it.
func (s *Service) outcome(ctx context.Context, k Kind, j *Job, result string, err error) func(ctx context.Context) error {
	now := s.c.Now()
	r := Run{Kind: j.Kind, Node: s.c.Node, Started: j.Started, Took: now.Sub(j.Started), Result: storable(result)}
	log := s.c.Log.With("job", j.Kind, "id", j.ID, "attempt", j.Attempts)
	if err != nil {
		r.Err = storable(err.Error())
	}
	settle := func(ctx context.Context) error { return s.c.Store.ReturnJob(ctx, *j) }
	j.LastError = r.Err
	switch {
	case j.Scheduled && k.Every > 0:
		if err != nil {
			log.ErrorContext(ctx, "a job failed; it comes again at its time", "error", err)
		}
		j.Due, j.Attempts = now.Add(k.Every), 0
	case err == nil:
		settle = func(ctx context.Context) error { return s.c.Store.DeleteJob(ctx, j.ID, j.Lease) }
	case j.Attempts >= k.attempts():
		log.ErrorContext(ctx, "a job failed for good", "error", err)
		j.Due, j.Failed = now, now
	default:
		j.Due = now.Add(backoff(j.Attempts))
		log.WarnContext(ctx, "a job failed; it is tried again", "at", j.Due, "error", err)
	}
	return func(ctx context.Context) error {
		return s.c.Store.InTx(ctx, func(ctx context.Context) error {
			if err := settle(ctx); err != nil {
				return err
			}
			return s.c.Store.InsertJobRun(ctx, r, keepRuns)
		})
	}
}

// note stores how an attempt went: the end of ctx does not keep it from doing
// so, nor does a database that is away for less than the lease.
func (s *Service) note(ctx context.Context, j Job, store func(ctx context.Context) error) {
	for end := time.Now().Add(leaseTime); ; {
		trying, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
		err := store(trying)
		cancel()
		if err == nil {
			return
		}
		if errs.Is(err, errs.NotFound) || ctx.Err() != nil || time.Now().After(end) {
			s.c.Log.WarnContext(ctx, "how a job went could not be noted; it may run again", "job", j.Kind, "id", j.ID, "error", err)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(pollEvery):
		}
	}
}

// hold renews the lease of a job until release. The context that it returns
// ends when the lease is lost.
func (s *Service) hold(ctx context.Context, j Job) (_ context.Context, release func()) {
	leased, lose := context.WithCancelCause(ctx)
	stop := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() {
		tick := time.NewTicker(renewEvery)
		defer tick.Stop()
		for until := j.Due; ; {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			next := s.c.Now().Add(leaseTime)
			// The end of ctx does not end the run at once.
			trying, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
			err := s.c.Store.RenewJob(trying, j.ID, j.Lease, next)
			cancel()
			switch {
			case err == nil:
				until = next
			case errs.Is(err, errs.NotFound), !s.c.Now().Add(renewEvery).Before(until):
				lose(errLost)
				return
			}
		}
	})
	return leased, func() {
		close(stop)
		renewing.Wait()
		lose(nil)
	}
}

// backoff returns how long to wait after so many attempts: longer and longer,
// and not the same for all that failed together.
func backoff(attempts int) time.Duration {
	d := maxBackoff
	if doublings := attempts - 1; doublings < 10 { // 2^10 · 5 s is over an hour
		d = min(firstBackoff<<max(0, doublings), maxBackoff)
	}
	return d - rand.N(d/4)
}

// storable returns the beginning of a text as a database takes it.
func storable(text string) string {
	end := ""
	if len(text) > maxText {
		text, end = text[:maxText], "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd") + end
}
