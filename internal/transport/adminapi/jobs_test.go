package adminapi

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// newJobs returns jobs that nobody does yet: to sweep each hour, and letters,
// which fail.
func newJobs(w *world.World) *jobs.Service {
	return jobs.NewService(jobs.Config{
		Store: w.Store, Now: w.Clock.Now, Log: w.Log, Node: "a", Workers: 1,
		Kinds: []jobs.Kind{
			{Name: "sweep", Label: "Sweep", Every: time.Hour, Run: func(context.Context, []byte) (string, error) { return "swept", nil }},
			{Name: "letter", Label: "Send a letter", Attempts: 1, Run: func(context.Context, []byte) (string, error) {
				return "", errors.New("there is no stamp")
			}},
		},
	})
}

// work has the jobs done that are due, until holds is true.
func (s *server) work(t *testing.T, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.jobs.Run(ctx) }()
	for deadline := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Error("it was never so")
			break
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestJobs(t *testing.T) {
	s := open(t)
	s.do(t, "viewer", "GET", "jobs", nil).want(t, 200, map[string]string{
		"#": "1", "0.name": "sweep", "0.label": "Sweep", "0.every": "3600", "0.lastSeconds": "null", "0.lastStarted": "null",
		"0.lastError": "null", "0.next": "null", "0.running": "false",
	})
	s.do(t, "admin", "POST", "jobs/sweep/run", nil).want(t, 202, nil)
	s.do(t, "admin", "POST", "jobs/sweep/run", nil).want(t, 409, nil)
	s.do(t, "admin", "POST", "jobs/nothing/run", nil).want(t, 404, nil)
	ran := func() bool { return s.do(t, "viewer", "GET", "jobs", nil).at("0.lastResult") == "swept" }
	s.work(t, ran)
	got := s.do(t, "viewer", "GET", "jobs", nil)
	got.want(t, 200, map[string]string{"0.lastError": "null", "0.running": "false"})
	for _, path := range []string{"0.lastSeconds", "0.lastStarted", "0.next"} {
		if got.at(path) == "null" {
			t.Errorf("%s is not told: %s", path, got.text)
		}
	}
}

func TestFailedTasks(t *testing.T) {
	s := open(t)
	for range 2 {
		if err := s.jobs.Add(t.Context(), jobs.Task{Kind: "letter"}); err != nil {
			t.Fatal(err)
		}
	}
	queue := func() answer { return s.do(t, "viewer", "GET", "jobs/queues", nil) }
	queue().want(t, 200, map[string]string{
		"#": "1", "0.name": "letter", "0.label": "Send a letter", "0.waiting": "2", "0.running": "0", "0.failed": "0",
	})
	failed := func(n string) func() bool { return func() bool { return queue().at("0.failed") == n } }
	s.work(t, failed("2"))
	list := s.do(t, "viewer", "GET", "jobs/failed?limit=1", nil)
	list.want(t, 200, map[string]string{
		"total": "2", "rows.#": "1", "rows.0.job": "letter", "rows.0.label": "Send a letter", "rows.0.attempts": "1", "rows.0.node": "a",
		"rows.0.error": "there is no stamp",
	})
	one := "jobs/failed/" + list.at("rows.0.id")
	s.do(t, "admin", "POST", one+"/retry", nil).want(t, 202, nil)
	s.do(t, "admin", "POST", one+"/retry", nil).want(t, 404, nil)
	s.work(t, failed("2"))
	s.do(t, "admin", "DELETE", one, nil).want(t, 204, nil)
	s.do(t, "admin", "DELETE", one, nil).want(t, 404, nil)
	queue().want(t, 200, map[string]string{"0.failed": "1", "0.waiting": "0"})

	for path, n := range map[string]string{"": "3", "?job=letter&limit=2": "2", "?job=letter&offset=2": "1", "?job=sweep": "0"} {
		s.do(t, "viewer", "GET", "jobs/runs"+path, nil).want(t, 200, map[string]string{"#": n})
	}
	s.do(t, "viewer", "GET", "jobs/runs", nil).want(t, 200, map[string]string{
		"0.job": "letter", "0.label": "Send a letter", "0.node": "a", "0.error": "there is no stamp", "0.result": "null",
	})
	for _, path := range []string{"jobs/runs?limit=0", "jobs/failed?offset=x"} {
		s.do(t, "viewer", "GET", path, nil).want(t, 400, nil)
	}
}
