package jobs_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/store"
)

// Many tasks among two nodes: each is done, and once.
func TestNodesShareTheWork(t *testing.T) {
	eachTwo(t, func(t *testing.T, s, other *store.Store) {
		a, b := start(t, s, "a", jobs.Kind{Name: "task"}), start(t, other, "b", jobs.Kind{Name: "task"})
		defer b.stop()
		defer a.stop()
		want := map[string]bool{}
		for i := range 100 {
			payload := strconv.Itoa(i)
			want[payload] = true
			add(t, []*node{a, b}[i%2], jobs.Task{Kind: "task", Payload: []byte(payload)})
		}
		pass(time.Minute)
		done := append(a.list(), b.list()...)
		for _, payload := range done {
			delete(want, payload)
		}
		if len(done) != 100 || len(want) != 0 {
			t.Errorf("%d done, and %v not", len(done), want)
		}
	})
}

// What comes again by itself runs once each time, whichever node does it.
func TestScheduleOfTwoNodes(t *testing.T) {
	eachTwo(t, func(t *testing.T, s, other *store.Store) {
		soon, late := jobs.Kind{Name: "soon", Every: time.Minute, Soon: true}, jobs.Kind{Name: "late", Every: 2 * time.Minute}
		a, b := start(t, s, "a", soon, late), start(t, other, "b", soon, late)
		defer b.stop()
		defer a.stop()
		count := func(want int) {
			t.Helper()
			if got := len(a.list()) + len(b.list()); got != want {
				t.Errorf("%d runs, want %d", got, want)
			}
		}
		pass(time.Second)
		count(1)
		pass(time.Minute)
		count(2)
		pass(time.Minute)
		count(4)
		pass(8 * time.Minute)
		count(4 + 8 + 4)

		// One that is stopped leaves it to the other.
		a.stop()
		pass(4 * time.Minute)
		count(16 + 4 + 2)
	})
}

func TestSchedule(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		goOn := make(chan error)
		var runs times
		kinds := []jobs.Kind{{Name: "slow", Label: "Be slow", Every: time.Hour, Run: func(context.Context, []byte) (string, error) {
			runs.now()
			return "done", <-goOn
		}}, {Name: "task", Label: "A task"}}
		n := start(t, s, "a", kinds...)
		begin := now()
		pass(0)
		status := func() jobs.Status {
			t.Helper()
			list, err := n.Kinds(ctx)
			if err != nil || len(list) != 2 || list[1].Name != "task" || list[1].Label != "A task" {
				t.Fatalf("%+v, %v", list, err)
			}
			return list[0]
		}
		if got := status(); got.Name != "slow" || got.Label != "Be slow" || got.Every != time.Hour || got.Running || !got.Next.Equal(begin.Add(time.Hour)) ||
			got.Last != (jobs.Run{}) {
			t.Errorf("before its time: %+v", got)
		}
		for _, name := range []string{"nothing", "task"} {
			if err := n.RunNow(ctx, name); !errs.Is(err, errs.NotFound) {
				t.Errorf("run %s: %v", name, err)
			}
		}
		check(t, n.RunNow(ctx, "slow"))
		pass(10 * time.Minute) // longer than the lease
		if got := status(); !got.Running || !got.Next.IsZero() || !got.Started.Equal(begin) {
			t.Errorf("under way: %+v", got)
		}
		if err := n.RunNow(ctx, "slow"); !errs.Is(err, errs.Conflict) {
			t.Errorf("while it runs: %v", err)
		}
		goOn <- errs.New(errs.Unavailable, "The disk is full.")
		pass(time.Second)
		got := status()
		if got.Running || !got.Next.Equal(begin.Add(70*time.Minute)) || got.Last.Err == "" || got.Last.Took != 10*time.Minute || got.Last.Node != "a" {
			t.Errorf("after a failure: %+v", got)
		}
		pass(59 * time.Minute)
		if n := len(runs.all()); n != 1 {
			t.Errorf("%d runs: it does not wait for its time", n)
		}
		pass(2 * time.Minute)
		goOn <- nil
		pass(time.Second)
		if got := status(); len(runs.all()) != 2 || got.Last.Err != "" || got.Last.Result != "done" {
			t.Errorf("%d runs: %+v", len(runs.all()), got)
		}
		n.stop()

		// Who comes back continues, but for an interval that has become shorter.
		for _, test := range []struct{ every, next time.Duration }{{48 * time.Hour, time.Hour}, {time.Minute, time.Minute}} {
			if test.every == time.Minute {
				begin = now()
			} else {
				begin = status().Next.Add(-time.Hour)
			}
			kinds[0].Every, kinds[0].Soon = test.every, true
			n = start(t, s, "a", kinds...)
			pass(0)
			if got := status(); len(runs.all()) != 2 || !got.Next.Equal(begin.Add(test.next)) {
				t.Errorf("each %v after %d runs: %+v", test.every, len(runs.all()), got)
			}
			n.stop()
		}
	})
}

// A node that dies keeps its job for as long as its lease.
func TestDeadNode(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		n := start(t, s, "a", jobs.Kind{Name: "task", Attempts: 2}, jobs.Kind{Name: "deadly", Attempts: 2})
		defer n.stop()
		ctx := t.Context()
		die := func(ctx context.Context, kind string) error {
			_, err := s.ClaimJob(ctx, []string{kind}, jobs.Claim{Lease: "dead", Node: "b", Now: now(), Until: now().Add(time.Minute)})
			return err
		}
		check(t, s.InTx(ctx, func(ctx context.Context) error { // so that n is not quicker
			return errors.Join(n.Add(ctx, jobs.Task{Kind: "task", Payload: []byte("x")}), die(ctx, "task"))
		}))
		list, err := n.Kinds(ctx)
		check(t, err)
		if list[0].Count != (jobs.Count{Kind: "task", Running: 1}) {
			t.Errorf("%+v", list[0])
		}
		pass(55 * time.Second)
		n.has(t)
		pass(7 * time.Second)
		n.has(t, "x")

		// A job of which each node dies is the death of no more of them.
		n.stop()
		add(t, n, jobs.Task{Kind: "deadly"})
		for range 2 {
			check(t, die(ctx, "deadly"))
			pass(2 * time.Minute)
		}
		n = start(t, s, "a", jobs.Kind{Name: "deadly", Attempts: 2})
		defer n.stop()
		pass(time.Second)
		n.has(t)
		if failed, total, err := n.Failed(ctx, 1, 0); err != nil || total != 1 || failed[0].Attempts != 3 || failed[0].LastError == "" {
			t.Errorf("%+v, %v", failed, err)
		}
	})
}

// A node that cannot reach the database stops what it does before another
// begins with it.
func TestNodeWithoutDatabase(t *testing.T) {
	eachTwo(t, func(t *testing.T, s, other *store.Store) {
		var ended, began times
		a := start(t, s, "a", jobs.Kind{Name: "task", Run: func(ctx context.Context, _ []byte) (string, error) {
			<-ctx.Done()
			ended.now()
			return "", ctx.Err()
		}})
		defer a.stop()
		add(t, a, jobs.Task{Kind: "task"})
		pass(2 * time.Minute)
		if len(ended.all()) != 0 {
			t.Error("it ended by itself")
		}
		check(t, s.Close())
		b := start(t, other, "b", jobs.Kind{Name: "task", Run: func(context.Context, []byte) (string, error) {
			began.now()
			return "", nil
		}})
		defer b.stop()
		pass(2 * time.Minute)
		if e, b := ended.all(), began.all(); len(e) != 1 || len(b) != 1 || b[0].Before(e[0]) {
			t.Errorf("one ended at %v, the other began at %v", e, b)
		}
	})
}

// The end of a node waits for what is under way, and puts back what that cuts
// off: it is no failed attempt.
func TestEnd(t *testing.T) {
	eachTwo(t, func(t *testing.T, s, other *store.Store) {
		kinds := func(run func(ctx context.Context) error) []jobs.Kind {
			do := func(ctx context.Context, _ []byte) (string, error) { return "", run(ctx) }
			return []jobs.Kind{{Name: "task", Attempts: 1, Run: do}, {Name: "again", Every: time.Hour, Soon: true, Run: do}}
		}
		var cutOff, done times
		a := start(t, s, "a", kinds(func(ctx context.Context) error {
			<-ctx.Done()
			<-time.After(time.Minute)
			cutOff.now()
			return ctx.Err()
		})...)
		add(t, a, jobs.Task{Kind: "task"}, jobs.Task{Kind: "task", After: 10 * time.Second})
		pass(30 * time.Second)
		a.stop()
		if n := len(cutOff.all()); n != 2 {
			t.Errorf("%d were cut off", n)
		}
		b := start(t, other, "b", kinds(func(context.Context) error { done.now(); return nil })...)
		defer b.stop()
		pass(2 * time.Second)
		if n := len(done.all()); n != 3 {
			t.Errorf("%d were taken up", n)
		}
		if _, total, err := b.Failed(t.Context(), 1, 0); err != nil || total != 0 {
			t.Errorf("%d failed, %v", total, err)
		}
		if runs, err := b.Runs(t.Context(), "", 0, 0); err != nil || len(runs) != 3 {
			t.Errorf("%+v, %v", runs, err)
		}
	})
}
