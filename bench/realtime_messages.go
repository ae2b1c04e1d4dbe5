package main

import (
	"context"
	"fmt"
	"time"
)

// delivery bounds how long what was sent may take to arrive before it counts
// as lost.
const delivery = 20 * time.Second

const steadyMessages = 2_000 // a second, of the open loop

// measureMessages measures direct messages between pairs: as many as the server
// takes, and at a steady rate.
func (r *realtime) measureMessages(ctx context.Context) error {
	name := fmt.Sprintf("realtime/direct messages of %s clients", thousands(r.talkers))
	cpuName := name + ", processor time of each"
	steadyName := fmt.Sprintf("realtime/%s direct messages a second, p99 of the delay", thousands(steadyMessages))
	if !r.wanted(name, cpuName, steadyName) {
		return nil
	}
	list, err := r.parties(ctx, r.engines, r.talkers)
	if err != nil {
		return err
	}
	defer stopParties(list)
	if r.wanted(name, cpuName) {
		r.say("%s", name)
		all := make([]series, len(list))
		for _, p := range list {
			if err := p.talk(ctx, warmUp, &series{}); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		err := r.eachRound(ctx, list, func(i int, p party) error { return p.talk(ctx, r.slice, &all[i]) })
		if err != nil {
			return err
		}
		contenders := contendersOf(list)
		r.addBeside(figure{Name: name, Unit: "msg/s", Target: target{AtLeast: 2}}, contenders, all)
		r.addBeside(figure{Name: cpuName, Unit: "µs", Target: target{AtMost: 0.5}}, contenders, timesOf(all))
	}
	if !r.wanted(steadyName) {
		return nil
	}
	r.say("%s", steadyName)
	all := make([]series, len(list))
	err = r.eachRound(ctx, list, func(i int, p party) error {
		m := &mail{}
		p.listen(m.hear)
		defer p.listen(nil)
		cpu := p.cpu()
		delays, err := m.post(ctx, p.members, steadyMessages, r.slice)
		if err != nil {
			return err
		}
		all[i].add(milliseconds(p99(delays)), perOne(p.contender, cpu, len(delays)))
		return nil
	})
	if err != nil {
		return err
	}
	r.addBeside(figure{Name: steadyName, Unit: "ms", Target: target{AtMost: 1}}, contendersOf(list), all)
	return nil
}
