package jobs_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// each runs a test over a real database of either engine, in a bubble of
// synctest: hours pass as soon as everybody waits.
func each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	eachTwo(t, func(t *testing.T, s, _ *store.Store) { test(t, s) })
}

// eachTwo is each for two that share the database.
func eachTwo(t *testing.T, test func(t *testing.T, s, other *store.Store)) {
	t.Helper()
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			url := storetest.URL(t, engine) // the server is none of the bubble's
			synctest.Test(t, func(t *testing.T) {
				var stores [2]*store.Store
				for i := range stores {
					var err error
					stores[i], err = store.Open(t.Context(), store.Config{URL: url})
					check(t, err)
					defer func() { check(t, stores[i].Close()) }()
				}
				_, err := stores[0].Migrate(t.Context())
				check(t, err)
				test(t, stores[0], stores[1])
			})
		})
	}
}

// node is a Service that keeps what its kinds were given.
type node struct {
	*jobs.Service
	stop func() // returns when Run has

	mu   sync.Mutex
	done []string
}

// start runs a node until it is stopped, which the test must do. The kinds have
// their Run from the test, or note their payload.
func start(t *testing.T, s jobs.Store, name string, kinds ...jobs.Kind) *node {
	t.Helper()
	n := &node{}
	for i := range kinds {
		if kinds[i].Run == nil {
			kinds[i].Run = n.keep
		}
	}
	n.Service = jobs.NewService(jobs.Config{
		Store: s, Now: now, Log: slog.New(slog.DiscardHandler), Node: name, Workers: 2, Kinds: kinds,
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	n.stop = sync.OnceFunc(func() {
		cancel()
		check(t, <-ended)
	})
	return n
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func (n *node) keep(_ context.Context, payload []byte) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.done = append(n.done, string(payload))
	return "did " + string(payload), nil
}

func (n *node) list() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.done)
}

// has checks what the node has done, in any order.
func (n *node) has(t *testing.T, want ...string) {
	t.Helper()
	got := n.list()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("done: %q, want %q", got, want)
	}
}

// times are when something happened. It is safe for concurrent use.
type times struct {
	mu   sync.Mutex
	list []time.Time
}

// now notes that it happens, and returns how often it has.
func (t *times) now() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = append(t.list, now())
	return len(t.list)
}

func (t *times) all() []time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.list)
}

// pass lets time pass, and what is due in it happen.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func add(t *testing.T, n *node, tasks ...jobs.Task) {
	t.Helper()
	for _, task := range tasks {
		check(t, n.Add(t.Context(), task))
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
