package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	updatesInFlight = 4
	// breather is left between updates that come one at a time, as from people
	// who change their songs: a server may hold back what comes at its heels.
	breather = 200 * time.Millisecond
	// What goes on at the same time at last, a second.
	steadyUpdates, besideMessages = 4, 200
)

// mostBeside bounds the p99 of messages beside updates, in ms.
var mostBeside = target{AtMost: 50}

// measureFanOut measures activities that are told to everybody.
func (r *realtime) measureFanOut(ctx context.Context) error {
	name := fmt.Sprintf("realtime/activities told to %s clients", thousands(r.audience))
	cpuName := name + ", processor time of each delivery"
	lastName := name + ", p99 to the last"
	besideName := fmt.Sprintf("realtime/%d messages a second beside %d activities to %s clients, p99 of the delay",
		besideMessages, steadyUpdates, thousands(r.audience))
	if !r.wanted(name, cpuName, lastName, besideName) {
		return nil
	}
	list, err := r.parties(ctx, r.engines[:1], r.audience)
	if err != nil {
		return err
	}
	defer stopParties(list)
	for _, p := range list {
		if err := p.announceTellers(ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	contenders := contendersOf(list)
	if r.wanted(name, cpuName) {
		all, err := r.told(ctx, list, name, party.tell)
		if err != nil {
			return err
		}
		r.addBeside(figure{Name: name, Unit: "deliveries/s", Target: target{AtLeast: 1.3}}, contenders, all)
		r.addBeside(figure{Name: cpuName, Unit: "µs", Target: target{AtMost: 0.5}}, contenders, timesOf(all))
	}
	if r.wanted(lastName) {
		all, err := r.told(ctx, list, lastName, party.tellSingly)
		if err != nil {
			return err
		}
		r.addBeside(figure{Name: lastName, Unit: "ms", Target: target{AtMost: 1}}, contenders, all)
	}
	if r.wanted(besideName) {
		all, err := r.told(ctx, list[:1], besideName, party.tellBeside) // ours alone
		if err != nil {
			return err
		}
		r.report.add(figure{
			Name: besideName, Engine: contenders[0].name, Unit: "ms", Value: median(all[0].values), CPU: median(all[0].cpu), Target: mostBeside,
		})
	}
	return nil
}

// told measures all rounds of one kind of telling.
func (r *realtime) told(ctx context.Context, list []party, name string,
	tell func(party, context.Context, time.Duration, *series) error,
) ([]series, error) {
	r.say("%s", name)
	all := make([]series, len(list))
	return all, r.eachRound(ctx, list, func(i int, p party) error { return tell(p, ctx, r.slice, &all[i]) })
}

// announceTellers has those who will change their activity say that they are
// there, and one of them tell all, as a warm-up.
func (p party) announceTellers(ctx context.Context) error {
	for _, m := range p.members[:updatesInFlight] {
		if err := m.conn.Emit("user_connected", m.user()); err != nil {
			return err
		}
	}
	t := p.newTelling()
	p.listen(t.hear)
	defer p.listen(nil)
	t.send(0)
	return t.finish(ctx)
}

// tell sends updates, a few in flight, each as soon as one has come to
// everybody, and adds how many deliveries there were a second.
func (p party) tell(ctx context.Context, d time.Duration, s *series) error {
	t := p.newTelling()
	var stopping atomic.Bool
	t.next = func(n int) {
		if n += updatesInFlight; n < mostUpdates && !stopping.Load() {
			t.send(n)
		}
	}
	p.listen(t.hear)
	defer p.listen(nil)
	cpu, begun := p.cpu(), time.Now()
	for n := range updatesInFlight {
		t.send(n)
	}
	if err := pause(ctx, d); err != nil {
		return err
	}
	deliveries, elapsed := t.deliveries.Load(), time.Since(begun)
	if deliveries == 0 {
		return errors.New("nobody received anything")
	}
	s.add(float64(deliveries)/elapsed.Seconds(), perOne(p.contender, cpu, int(deliveries)))
	stopping.Store(true)
	return t.finish(ctx)
}

// tellSingly sends one update at a time, and adds the p99 of how long each took
// to whom it came last.
func (p party) tellSingly(ctx context.Context, d time.Duration, s *series) error {
	t := p.newTelling()
	p.listen(t.hear)
	defer p.listen(nil)
	cpu, begun := p.cpu(), time.Now()
	var took []time.Duration
	for n := 0; time.Since(begun) < d; n++ {
		sent := time.Now()
		t.send(n)
		if err := t.finish(ctx); err != nil {
			return err
		}
		took = append(took, t.ended.Sub(sent))
		if err := pause(ctx, breather); err != nil {
			return err
		}
	}
	slices.Sort(took)
	s.add(milliseconds(p99(took)), perOne(p.contender, cpu, int(t.deliveries.Load())))
	return nil
}

// tellBeside sends updates at a steady rate and direct messages beside them,
// and adds the p99 of the messages' delays.
func (p party) tellBeside(ctx context.Context, d time.Duration, s *series) error {
	t, m := p.newTelling(), &mail{}
	p.listen(func(who *member, packet []byte) {
		t.hear(who, packet)
		m.hear(who, packet)
	})
	defer p.listen(nil)
	cpu := p.cpu()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		for n := range int(d.Seconds() * steadyUpdates) {
			t.send(n)
			if err := pause(ctx, time.Second/steadyUpdates); err != nil {
				return err
			}
		}
		return t.finish(ctx)
	})
	var delays []time.Duration
	g.Go(func() (err error) {
		delays, err = m.post(ctx, p.members, besideMessages, d)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	s.add(milliseconds(p99(delays)), perOne(p.contender, cpu, int(t.deliveries.Load())))
	return nil
}
