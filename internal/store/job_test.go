package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

var letters = []string{"letter", "parcel"}

func letter(n int, key string) jobs.Job {
	return jobs.Job{Kind: "letter", Unique: key, Payload: fmt.Append(nil, n), Due: at(n), Created: at(n)}
}

func claimAt(n int, lease string) jobs.Claim {
	return jobs.Claim{Lease: lease, Node: "node " + lease, Now: at(n), Until: at(n + 60)}
}

func TestClaimJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		wantKind(t, second(s.NextDue(ctx, letters)), errs.NotFound)
		wantKind(t, second(s.ClaimJob(ctx, letters, claimAt(9, "x"))), errs.NotFound)
		for _, n := range []int{3, 1, 2} {
			check(t, s.InsertJob(ctx, letter(n, "")))
		}
		check(t, s.InsertJob(ctx, jobs.Job{Kind: "unknown", Due: at(0), Created: at(0)}))
		equal(t, "the next", must(s.NextDue(ctx, letters))(t), at(1))
		wantKind(t, second(s.ClaimJob(ctx, letters, claimAt(0, "x"))), errs.NotFound)

		first := must(s.ClaimJob(ctx, letters, claimAt(9, "one")))(t)
		if string(first.Payload) != "1" || first.Attempts != 1 || first.Lease != "one" || first.Node != "node one" ||
			!first.Started.Equal(at(9)) || !first.Due.Equal(at(69)) || !first.Created.Equal(at(1)) || first.Unique != "" || first.Scheduled {
			t.Errorf("%+v", first)
		}
		equal(t, "the second", string(must(s.ClaimJob(ctx, letters, claimAt(9, "two")))(t).Payload), "2")
		equal(t, "the third", string(must(s.ClaimJob(ctx, letters, claimAt(9, "three")))(t).Payload), "3")
		wantKind(t, second(s.ClaimJob(ctx, letters, claimAt(60, "x"))), errs.NotFound)

		// A lease that is renewed holds, one that ends does not.
		check(t, s.RenewJob(ctx, first.ID, "one", at(200)))
		wantKind(t, s.RenewJob(ctx, first.ID, "x", at(300)), errs.NotFound)
		for _, want := range []string{"3", "2", "1"} { // of equal leases the older job
			equal(t, "after the leases", string(must(s.ClaimJob(ctx, letters, claimAt(200, "six")))(t).Payload), want)
		}
		wantKind(t, s.DeleteJob(ctx, first.ID, "one"), errs.NotFound)
		wantKind(t, s.ReturnJob(ctx, first), errs.NotFound)
		check(t, s.DeleteJob(ctx, first.ID, "six"))
		wantKind(t, s.DeleteJob(ctx, first.ID, "six"), errs.NotFound)
	})
}

// Whoever claims gets what nobody else has.
func TestClaimJobAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		const each, claimers = 10, 6
		inOneTx(t, s, each*claimers, func(ctx context.Context, _ int) error { return s.InsertJob(ctx, letter(1, "")) })
		var claiming sync.WaitGroup
		var mu sync.Mutex
		claimed := map[int64]int{}
		for i := range claimers {
			claiming.Go(func() {
				for n := range each {
					j, err := s.ClaimJob(t.Context(), letters, claimAt(2, fmt.Sprint(i, n)))
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					claimed[j.ID]++
					mu.Unlock()
				}
			})
		}
		claiming.Wait()
		equal(t, "jobs claimed", len(claimed), each*claimers)
	})
}

// A job that a transaction needs once more is not taken before it commits: who
// takes it must see what the transaction did.
func TestUniqueJobInTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		check(t, s.InsertJob(ctx, letter(1, "k")))
		claimed := make(chan jobs.Job, 1)
		var claiming sync.WaitGroup
		check(t, s.InTx(ctx, func(tx context.Context) error {
			if err := s.InsertJob(tx, letter(2, "k")); err != nil {
				return err
			}
			if s.Engine() == "postgres" { // SQLite's other writers wait
				wantKind(t, second(s.ClaimJob(ctx, letters, claimAt(9, "x"))), errs.NotFound)
				return nil
			}
			claiming.Go(func() {
				j, err := s.ClaimJob(ctx, letters, claimAt(9, "x"))
				if err != nil {
					t.Error(err)
				}
				claimed <- j
			})
			return nil
		}))
		claiming.Wait()
		if s.Engine() == "postgres" {
			claimed <- must(s.ClaimJob(ctx, letters, claimAt(9, "x")))(t)
		}
		equal(t, "the payload", string((<-claimed).Payload), "2")
		wantKind(t, second(s.NextDue(ctx, []string{"parcel"})), errs.NotFound)
	})
}

func TestScheduleJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		schedule := func(first, latest int, changed bool, due int) {
			t.Helper()
			equal(t, "changed", must(s.ScheduleJob(ctx, "letter", at(0), at(first), at(latest)))(t), changed)
			list := must(s.ScheduledJobs(ctx))(t)
			if len(list) != 1 || !list[0].Scheduled || !list[0].Due.Equal(at(due)) {
				t.Errorf("%+v, want one that is due at %v", list, at(due))
			}
		}
		schedule(10, 20, true, 10)
		schedule(0, 20, false, 10)
		schedule(0, 5, true, 5)
		// It does not count among those that were added.
		check(t, s.InsertJob(ctx, letter(100, "")))
		if got := must(s.CountJobs(ctx, at(0)))(t); len(got) != 1 || got[0] != (jobs.Count{Kind: "letter", Waiting: 1}) {
			t.Errorf("%+v", got)
		}
		must(s.ClaimJob(ctx, letters, claimAt(5, "x")))(t)
		schedule(0, 1, false, 65)
	})
}

func TestJobRuns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for n := range 5 {
			for _, kind := range letters {
				check(t, s.InsertJobRun(ctx, jobs.Run{
					Kind: kind, Node: "a", Started: at(n), Took: time.Duration(n) * time.Millisecond, Result: fmt.Sprint(n), Err: "none",
				}, 3))
			}
		}
		runs := must(s.JobRuns(ctx, "parcel", 0, 0))(t)
		equalLists(t, "runs", keys(runs, func(r jobs.Run) string { return r.Result }), []string{"4", "3", "2"})
		if r := runs[0]; r.Kind != "parcel" || r.Node != "a" || !r.Started.Equal(at(4)) || r.Took != 4*time.Millisecond || r.Err != "none" {
			t.Errorf("%+v", r)
		}
		page := must(s.JobRuns(ctx, "", 2, 1))(t)
		equalLists(t, "a page of all", keys(page, func(r jobs.Run) string { return r.Kind + r.Result }), []string{"letter4", "parcel3"})
		last := must(s.LastJobRuns(ctx))(t)
		if len(last) != 2 || last[0].Result != "4" || last[1].Result != "4" || last[0].Kind == last[1].Kind {
			t.Errorf("%+v", last)
		}
	})
}
