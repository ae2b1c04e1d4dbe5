package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A load asks one server the same few things again and again, over
// connections that are kept open.
type load struct {
	addr        string   // host:port
	requests    [][]byte // whole requests; each connection goes through them in turn
	connections int
	duration    time.Duration // 0: each connection asks every request once
}

// A measured load. The server's processor time is added by whoever knows the
// server's process.
type loadResult struct {
	requests  int
	bytes     int64 // of bodies
	elapsed   time.Duration
	latencies []time.Duration // sorted
}

func (r loadResult) perSecond() float64 { return float64(r.requests) / r.elapsed.Seconds() }

// quantile returns the latency that a share q of the requests was within.
func (r loadResult) quantile(q float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	return r.latencies[min(int(q*float64(len(r.latencies))), len(r.latencies)-1)]
}

// run puts the load on its server. Any answer but 200 and 206 is an error.
func (l load) run(ctx context.Context) (loadResult, error) {
	clients := make([]*client, l.connections)
	for i := range clients {
		c, err := dial(ctx, l.addr)
		if err != nil {
			return loadResult{}, err
		}
		defer c.conn.Close()
		clients[i] = c
	}
	var stop atomic.Bool
	if l.duration > 0 {
		timer := time.AfterFunc(l.duration, func() { stop.Store(true) })
		defer timer.Stop()
	}
	parts := make([]loadResult, len(clients))
	failures := make([]error, len(clients))
	var wg sync.WaitGroup
	start := time.Now()
	for i, c := range clients {
		first := i * len(l.requests) / len(clients)
		wg.Go(func() { parts[i], failures[i] = c.ask(l, first, &stop) })
	}
	wg.Wait()
	total := loadResult{elapsed: time.Since(start)}
	for _, p := range parts {
		total.requests += p.requests
		total.bytes += p.bytes
		total.latencies = append(total.latencies, p.latencies...)
	}
	slices.Sort(total.latencies)
	return total, errors.Join(failures...)
}
