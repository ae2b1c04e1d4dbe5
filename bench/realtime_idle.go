package main

import (
	"context"
	"fmt"
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

func kibibytesEach(bytes int64, n int) float64 { return float64(bytes) / 1024 / float64(n) }
