package main

import (
	"context"
	"fmt"
	"runtime"
)

// measureIdle measures how soon clients are connected, and what the server
// needs to hold them while nothing happens. Each round is on new servers, for
// memory that was once taken stays.
func (r *realtime) measureIdle(ctx context.Context) error {
	const enough = 3 // rounds: each takes most of a minute
	memoryName := fmt.Sprintf("realtime/memory of each of %s idle clients", thousands(r.idle))
	timeName := fmt.Sprintf("realtime/time until %s clients are connected", thousands(r.idle))
	if !r.wanted(memoryName, timeName) {
		return nil
	}
	contenders := []contender{{name: r.engines[0]}, {name: peerSocketIO}}
	memory, took := make([]series, len(contenders)), make([]series, len(contenders))
	for range min(r.rounds, enough) {
		for i := range contenders {
			r.say("%s, %s", memoryName, contenders[i].name)
			var err error
			if contenders[i].name != peerSocketIO {
				contenders[i].process, err = r.serveCrowd(ctx, contenders[i].name)
			} else if contenders[i].process = r.startSocketIO(ctx); contenders[i].process == nil {
				contenders = contenders[:i]
				break
			}
			if err != nil {
				return err
			}
			if err := r.holdIdle(ctx, contenders[i], &memory[i], &took[i]); err != nil {
				return fmt.Errorf("%s: %w", contenders[i].name, err)
			}
		}
	}
	if len(memory[0].values) > 0 {
		r.addBeside(figure{Name: memoryName, Unit: "KiB", Target: target{AtMost: 0.6}}, contenders, memory)
	} else {
		r.report.omit("%s: this system has no /proc", memoryName)
	}
	r.addBeside(figure{Name: timeName, Unit: "s", Target: target{AtMost: 0.5}}, contenders, took)
	return nil
}

// holdIdle measures one new server, and stops it.
func (r *realtime) holdIdle(ctx context.Context, c contender, memory, took *series) error {
	defer c.stop()
	if err := pause(ctx, idleTime); err != nil {
		return err
	}
	before, unknown := c.memory("VmRSS")
	cpu := c.cpu()
	crowd, elapsed, err := gather(ctx, c.process, crowdOf{members: r.idle})
	defer crowd.leave()
	if err != nil {
		return err
	}
	took.add(elapsed.Seconds(), perOne(c, cpu, r.idle))
	if err := pause(ctx, r.settle); err != nil {
		return err
	}
	if unknown == nil {
		after, err := c.memory("VmRSS")
		if err != nil {
			return err
		}
		memory.values = append(memory.values, kibibytesEach(after-before, r.idle))
	}
	return crowd.complete()
}

// measureMost connects as many clients as it can, from several addresses, and
// holds them until each has been asked whether he is still there.
func (r *realtime) measureMost(ctx context.Context) error {
	name := fmt.Sprintf("realtime/%s clients connected and held", thousands(r.most))
	timeName, memoryName := name+", time to connect", name+", memory of each"
	if !r.wanted(name, timeName, memoryName) {
		return nil
	}
	if limit := openFiles(); limit > 0 && r.most < limit && !r.quick && r.most < 50_000 {
		r.report.omit("realtime with 50,000 clients: a process may have no more than %s files open here", thousands(limit))
	}
	r.say("%s", name)
	p, err := r.serveCrowd(ctx, r.engines[0])
	if err != nil {
		return err
	}
	defer p.stop()
	before, unknown := p.memory("VmRSS")
	crowd, took, err := gather(ctx, p, crowdOf{members: r.most, addresses: sourcesFor(r.most)})
	defer crowd.leave()
	if err != nil {
		return err
	}
	if err := pause(ctx, r.hold); err != nil {
		return err
	}
	if err := crowd.complete(); err != nil {
		return err
	}
	engine := r.engines[0]
	r.report.add(figure{Name: name, Engine: engine, Unit: "clients", Value: float64(len(crowd.members)), Target: target{AtLeast: float64(r.most)}})
	r.report.add(figure{Name: timeName, Engine: engine, Unit: "s", Value: took.Seconds()})
	if unknown == nil {
		after, err := p.memory("VmRSS")
		if err != nil {
			return err
		}
		r.report.add(figure{Name: memoryName, Engine: engine, Unit: "KiB", Value: kibibytesEach(after-before, r.most)})
	}
	return nil
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

func kibibytesEach(bytes int64, n int) float64 { return float64(bytes) / 1024 / float64(n) }
