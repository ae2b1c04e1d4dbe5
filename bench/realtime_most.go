package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// wishedClients is how many clients one machine is to hold.
const wishedClients = 50_000

// mostClients returns how many clients one server is tried with: all that are
// wished, or as many as it may have files open, which is as many as this process.
func mostClients() int {
	const others = 500
	if limit := openFiles(); limit > 0 {
		return min(wishedClients, limit-others)
	}
	return wishedClients
}

// measureMost connects as many clients as one server can have and, if these are
// fewer than are wished, those to several nodes of one installation.
func (r *realtime) measureMost(ctx context.Context) error {
	if err := r.holdMost(ctx, r.engines[0], r.most, 1); err != nil || r.most >= r.wished {
		return err
	}
	return r.holdMost(ctx, "postgres", r.wished, 1+(r.wished-1)/r.most)
}

// holdMost connects clients, from several addresses and from a process for each
// node, and holds them until each has been asked whether he is still there.
func (r *realtime) holdMost(ctx context.Context, engine string, clients, n int) error {
	name := fmt.Sprintf("realtime/%s clients connected and held", thousands(clients))
	var settings []string
	if n > 1 {
		name += fmt.Sprintf(" by %d nodes", n)
		settings = []string{"--bus=postgres", "--secret-key=" + strings.Repeat("5a", 32)}
	}
	timeName, memoryName := name+", time to connect", name+", memory of each"
	if !r.wanted(name, timeName, memoryName) {
		return nil
	}
	if !slices.Contains(r.engines, engine) {
		r.report.omit("%s: several nodes need PostgreSQL", name)
		return nil
	}
	r.say("%s", name)
	url, err := r.crowdURL(ctx, engine)
	if err != nil {
		return err
	}
	nodes, err := r.serveNodes(ctx, url, n, settings...)
	defer stopNodes(nodes)
	if err != nil {
		return err
	}
	before, unknown := memoryOf(nodes)
	took, after, err := r.holdDetached(ctx, nodes, clients)
	if err != nil {
		return err
	}
	r.report.add(figure{Name: name, Engine: engine, Unit: "clients", Value: float64(clients), Target: target{AtLeast: float64(clients)}})
	r.report.add(figure{Name: timeName, Engine: engine, Unit: "s", Value: took.Seconds()})
	if unknown == nil {
		r.report.add(figure{Name: memoryName, Engine: engine, Unit: "KiB", Value: kibibytesEach(after-before, clients)})
	}
	return nil
}

// holdDetached spreads clients over nodes, and returns how long it took to
// connect them and what memory the nodes had at the end. It fails if one is
// refused or lost.
func (r *realtime) holdDetached(ctx context.Context, nodes []*process, clients int) (took time.Duration, memory int64, err error) {
	var crowds []*detachment
	defer func() {
		for _, d := range crowds {
			err = errors.Join(err, d.dismiss())
		}
	}()
	begun := time.Now()
	for i, p := range nodes {
		first, next := i*clients/len(nodes), (i+1)*clients/len(nodes)
		d, err := detach(ctx, detachedCrowd{Addr: p.addr, First: first, Members: next - first})
		if err != nil {
			return 0, 0, err
		}
		crowds = append(crowds, d)
	}
	for _, d := range crowds {
		err = errors.Join(err, d.report())
	}
	took = time.Since(begun)
	if err == nil {
		err = pause(ctx, r.hold)
	}
	memory, _ = memoryOf(nodes)
	return took, memory, err
}

// memoryOf returns the resident memory of processes, in bytes.
func memoryOf(list []*process) (total int64, err error) {
	for _, p := range list {
		n, unknown := p.memory("VmRSS")
		total, err = total+n, errors.Join(err, unknown)
	}
	return total, err
}

// sourcesFor returns from how many addresses n clients come. Other systems than
// Linux have only one loopback address.
func sourcesFor(n int) int {
	const perAddress = 10_000
	if runtime.GOOS != "linux" {
		return 1
	}
	return 1 + n/perAddress
}
