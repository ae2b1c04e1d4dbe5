package jobs_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/store"
)

func TestTasksAreDone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n := start(t, s, "a", jobs.Kind{Name: "task"})
		defer n.stop()
		want := []string{""}
		for i := range 20 {
			want = append(want, strconv.Itoa(i))
			add(t, n, jobs.Task{Kind: "task", Payload: []byte(want[i+1])})
		}
		add(t, n, jobs.Task{Kind: "task"}, jobs.Task{Kind: "task", Payload: []byte("later"), After: 2 * time.Minute})
		pass(time.Minute)
		n.has(t, want...)
		pass(2 * time.Minute)
		n.has(t, append(want, "later")...)

		runs, err := n.Runs(t.Context(), "task", 2, 0)
		if err != nil || len(runs) != 2 || runs[0].Result != "did later" || runs[0].Node != "a" || runs[0].Err != "" {
			t.Errorf("%+v, %v", runs, err)
		}
	})
}

// A task exists exactly when the transaction is committed that adds it.
func TestAddInTransaction(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n := start(t, s, "a", jobs.Kind{Name: "task"})
		defer n.stop()
		undone := errors.New("undone")
		for payload, outcome := range map[string]error{"never": undone, "soon": nil} {
			err := s.InTx(t.Context(), func(ctx context.Context) error {
				err := n.Add(ctx, jobs.Task{Kind: "task", Payload: []byte(payload)})
				return errors.Join(err, outcome)
			})
			if !errors.Is(err, outcome) {
				t.Error(err)
			}
		}
		pass(2 * time.Second)
		n.has(t, "soon")
	})
}

func TestTasksThatCannotBe(t *testing.T) {
	n := jobs.NewService(jobs.Config{Now: now, Kinds: []jobs.Kind{{Name: "task"}}})
	for what, task := range map[string]jobs.Task{
		"an unknown kind": {Kind: "other"},
		"a long payload":  {Kind: "task", Payload: make([]byte, jobs.MaxPayload+1)},
	} {
		if err := n.Add(t.Context(), task); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

// What waits is not added twice, and what runs already is.
func TestUniqueTasks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		started, goOn := make(chan string), make(chan error)
		n := start(t, s, "a", jobs.Kind{Name: "task", Run: func(_ context.Context, payload []byte) (string, error) {
			started <- string(payload)
			return "", <-goOn
		}})
		defer n.stop()
		task := func(key, payload string, after time.Duration) jobs.Task {
			return jobs.Task{Kind: "task", Unique: key, Payload: []byte(payload), After: after}
		}
		runs := func(want string) {
			t.Helper()
			if got := <-started; got != want {
				t.Errorf("%q runs, want %q", got, want)
			}
		}
		waiting := func(want int) {
			t.Helper()
			if list, err := n.Kinds(t.Context()); err != nil || list[0].Count.Waiting != want {
				t.Errorf("%+v, %v, want %d that wait", list, err, want)
			}
		}
		add(t, n, task("k", "first", 10*time.Minute), task("k", "second", time.Minute), task("k", "third", 20*time.Minute))
		waiting(1)
		before := now()
		runs("third")
		if waited := now().Sub(before); waited < time.Minute || waited > 2*time.Minute {
			t.Errorf("it waited for %v", waited)
		}
		add(t, n, task("k", "fourth", time.Minute), task("k", "fifth", time.Minute), task("other", "", 5*time.Minute))
		waiting(2)
		goOn <- errors.New("not now") // the fifth waits in its place
		pass(time.Second)
		waiting(2)
		runs("fifth")
		goOn <- nil
		runs("")
		waiting(0)
		goOn <- nil
	})
}

func TestFailures(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var at times
		var fails atomic.Int64
		fails.Store(2)
		n := start(t, s, "a", jobs.Kind{Name: "task", Attempts: 3, Run: func(context.Context, []byte) (string, error) {
			if n := at.now(); n <= int(fails.Load()) {
				return "", errors.New("the server\x00 is away")
			}
			return "", nil
		}}, jobs.Kind{Name: "bomb", Attempts: 1, Run: func(context.Context, []byte) (string, error) { panic("boom") }},
			jobs.Kind{Name: "slow", Attempts: 1, Timeout: time.Minute, Run: func(ctx context.Context, _ []byte) (string, error) {
				<-ctx.Done()
				return "", ctx.Err()
			}})
		defer n.stop()
		ctx := t.Context()

		add(t, n, jobs.Task{Kind: "task"})
		pass(time.Minute)
		tries := at.all()
		if len(tries) != 3 {
			t.Fatalf("%d attempts", len(tries))
		}
		for i, full := range []time.Duration{5 * time.Second, 10 * time.Second} {
			if wait := tries[i+1].Sub(tries[i]); wait < full*3/4 || wait > full+time.Second {
				t.Errorf("after %d attempts it waited for %v", i+1, wait)
			}
		}
		if runs, err := n.Runs(ctx, "", 0, 0); err != nil || len(runs) != 3 || runs[0].Err != "" || runs[2].Err != "the server\ufffd is away" {
			t.Errorf("%+v, %v", runs, err)
		}

		fails.Store(100)
		add(t, n, jobs.Task{Kind: "task", Unique: "k"}, jobs.Task{Kind: "bomb"}, jobs.Task{Kind: "slow"})
		pass(2 * time.Minute)
		if n := len(at.all()); n != 6 {
			t.Errorf("%d attempts", n)
		}
		failed, total, err := n.Failed(ctx, 10, 0)
		if err != nil || total != 3 || len(failed) != 3 {
			t.Fatalf("%+v, %d, %v", failed, total, err)
		}
		id := map[string]int64{}
		for _, j := range failed {
			id[j.Kind] = j.ID
			want := map[string]string{"task": "is away", "bomb": "panic: boom", "slow": "it took too long"}[j.Kind]
			if !strings.Contains(j.LastError, want) || j.Failed.IsZero() || j.Lease != "" {
				t.Errorf("%+v, want %q", j, want)
			}
		}
		if page, total, err := n.Failed(ctx, 1, 1); err != nil || total != 3 || len(page) != 1 || page[0].ID != failed[1].ID {
			t.Errorf("the second alone: %+v, %d, %v", page, total, err)
		}

		// A job like one that has failed can be added; then that cannot be tried again.
		fails.Store(0)
		add(t, n, jobs.Task{Kind: "task", Unique: "k", After: time.Minute})
		if err := n.Retry(ctx, id["task"]); !errs.Is(err, errs.Conflict) {
			t.Errorf("its like waits: %v", err)
		}
		pass(2 * time.Minute)
		check(t, n.Retry(ctx, id["task"]))
		pass(2 * time.Second)
		if n := len(at.all()); n != 8 {
			t.Errorf("%d attempts", n)
		}
		check(t, n.Discard(ctx, id["bomb"]))
		for what, err := range map[string]error{
			"retry a job that is done":      n.Retry(ctx, id["task"]),
			"discard one that is done":      n.Discard(ctx, id["task"]),
			"discard one that is discarded": n.Discard(ctx, id["bomb"]),
		} {
			if !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if left, total, err := n.Failed(ctx, 0, 0); err != nil || total != 1 || left[0].Kind != "slow" {
			t.Errorf("%+v, %d, %v", left, total, err)
		}
	})
}

// However long an error is, it is noted, and of the runs only the last are.
func TestWhatIsRemembered(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n := start(t, s, "a", jobs.Kind{Name: "task", Attempts: 1, AtOnce: 1, Run: func(context.Context, []byte) (string, error) {
			return "", errors.New(strings.Repeat("ä\xff", 1<<20))
		}}, jobs.Kind{Name: "other"})
		defer n.stop()
		add(t, n, jobs.Task{Kind: "other"})
		for range 52 {
			add(t, n, jobs.Task{Kind: "task"})
		}
		pass(time.Minute)
		runs, err := n.Runs(t.Context(), "task", 0, 0)
		if err != nil || len(runs) != 50 || len(runs[0].Err) > 10_000 || !strings.HasPrefix(runs[0].Err, "ä\ufffdä") {
			t.Errorf("%d runs, %v", len(runs), err)
		}
		if all, err := n.Runs(t.Context(), "", 0, 0); err != nil || len(all) != 51 {
			t.Errorf("%d of all kinds, %v", len(all), err)
		}
		if _, total, err := n.Failed(t.Context(), 1, 0); err != nil || total != 52 {
			t.Errorf("%d failed, %v", total, err)
		}
	})
}

// A kind that has its bound leaves workers to the others.
func TestAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var begun times
		goOn := make(chan struct{})
		n := start(t, s, "a", jobs.Kind{Name: "slow", AtOnce: 1, Run: func(context.Context, []byte) (string, error) {
			begun.now()
			<-goOn
			return "", nil
		}}, jobs.Kind{Name: "task"})
		defer n.stop()
		for range 3 {
			add(t, n, jobs.Task{Kind: "slow"})
		}
		pass(time.Minute)
		add(t, n, jobs.Task{Kind: "task", Payload: []byte("x")}, jobs.Task{Kind: "task", Payload: []byte("y")})
		pass(time.Second)
		n.has(t, "x", "y")
		for done := range 3 {
			if got := len(begun.all()); got != done+1 {
				t.Errorf("%d have begun, and %d are done", got, done)
			}
			goOn <- struct{}{}
			pass(time.Second)
		}
	})
}
