package schedule

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// running runs a schedule in the bubble of synctest, where time passes as fast
// as everybody waits, until the test ends.
func running(t *testing.T, jobs ...Job) *Schedule {
	t.Helper()
	s := New(time.Now, jobs...)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s
}

// wait lets time pass, and what is due in it happen.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestJobsRunAtTheirTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		var at []time.Duration
		soon, later := 0, 0
		s := running(t,
			Job{Name: "soon", Label: "At start", Every: time.Hour, Soon: true, Run: func(context.Context) (string, error) {
				soon++
				return fmt.Sprint(soon, " runs"), nil
			}},
			Job{Name: "slow", Every: time.Minute, Run: func(context.Context) (string, error) {
				at = append(at, time.Since(begin))
				<-time.After(10 * time.Second)
				later++
				return "", errors.New("the disk is full")
			}})
		synctest.Wait()
		got := s.Jobs()
		if want := (Status{Name: "soon", Label: "At start", Every: time.Hour, Started: begin, Next: begin.Add(time.Hour),
			Last: Last{Result: "1 runs"}}); got[0] != want {
			t.Errorf("at start: %+v, want %+v", got[0], want)
		}
		if want := (Status{Name: "slow", Every: time.Minute, Next: begin.Add(time.Minute)}); got[1] != want {
			t.Errorf("before its time: %+v, want %+v", got[1], want)
		}

		wait(65 * time.Second)
		if got := s.Jobs()[1]; !got.Running || !got.Next.IsZero() || !got.Started.Equal(begin.Add(time.Minute)) {
			t.Errorf("under way: %+v", got)
		}
		wait(10 * time.Second)
		ended := s.Jobs()[1]
		if ended.Running || ended.Last.Took != 10*time.Second || ended.Last.Err == nil || !ended.Next.Equal(begin.Add(130*time.Second)) {
			t.Errorf("after its end: %+v", ended)
		}
		wait(time.Hour)
		if len(at) < 2 || at[1] != 130*time.Second || soon != 2 {
			t.Errorf("it ran at %v, the other %d times", at, soon)
		}
	})
}

func TestRunNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		runs := 0
		s := running(t, Job{Name: "slow", Every: time.Hour, Run: func(context.Context) (string, error) {
			runs++
			<-time.After(time.Minute)
			return "done", nil
		}})
		synctest.Wait()
		if err := s.RunNow("nothing"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a job that is none: %v", err)
		}
		if err := s.RunNow("slow"); err != nil {
			t.Error(err)
		}
		if err := s.RunNow("slow"); !errs.Is(err, errs.Conflict) || !s.Jobs()[0].Running {
			t.Errorf("asked twice at once: %v", err)
		}
		wait(30 * time.Second)
		if err := s.RunNow("slow"); !errs.Is(err, errs.Conflict) {
			t.Errorf("while it runs: %v", err)
		}
		wait(time.Minute)
		if got := s.Jobs()[0]; runs != 1 || got.Running || got.Last.Result != "done" || !got.Next.Equal(begin.Add(61*time.Minute)) {
			t.Errorf("%d runs: %+v", runs, got)
		}
		if err := s.RunNow("slow"); err != nil {
			t.Errorf("asked again: %v", err)
		}
		wait(2 * time.Minute)
		if runs != 2 {
			t.Errorf("%d runs", runs)
		}
	})
}

// The end of the program waits for what is under way, and starts nothing.
func TestEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		runs, finished := 0, 0
		s := New(time.Now, Job{Name: "slow", Every: time.Second, Soon: true, Run: func(ctx context.Context) (string, error) {
			runs++
			<-ctx.Done()
			<-time.After(time.Minute)
			finished++
			return "", ctx.Err()
		}})
		ended := make(chan error)
		go func() { ended <- s.Run(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-ended; err != nil || runs != 1 || finished != 1 {
			t.Errorf("%d runs, %d finished, %v", runs, finished, err)
		}
	})
}
