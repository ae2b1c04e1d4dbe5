package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// contender is a server that takes part in a measurement.
type contender struct {
	name string
	*process
	requests [][]byte // what this one is asked; nil for what all are
}

// load returns what is put on the contender of what is put on all.
func (c contender) load(l load) load {
	l.addr = c.addr
	if c.requests != nil {
		l.requests = c.requests
	}
	return l
}

func stopAll(contenders []contender) {
	for _, c := range contenders {
		c.stop()
	}
}

// outcome is what one contender did in every round of one measurement.
type outcome struct {
	perSecond []float64 // requests
	p50       []float64 // milliseconds; of scale alone
	cpu       []float64 // µs of processor time a request
}

// warmUp is how long a contender is asked before a measurement.
const warmUp = 200 * time.Millisecond

// contest puts the same load on each contender in turn, round by round, so
// that whatever else the machine does falls on all of them alike.
func (b *bench) contest(ctx context.Context, contenders []contender, l load) ([]outcome, error) {
	l.duration = min(warmUp, b.slice)
	for _, c := range contenders {
		if _, err := c.load(l).run(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
	}
	l.duration = b.slice
	outcomes := make([]outcome, len(contenders))
	for range b.rounds {
		for i, c := range contenders {
			before := c.cpu()
			r, err := b.count(ctx, c.load(l))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			o := &outcomes[i]
			o.perSecond = append(o.perSecond, r.perSecond())
			o.cpu = append(o.cpu, float64((c.cpu()-before).Microseconds())/float64(r.requests))
		}
	}
	return outcomes, nil
}

// compare fills in a figure from what two contenders did, of which a is ours.
func compare(f figure, a, b outcome, what func(outcome) []float64) figure {
	f.Value, f.PeerValue, f.Ratio = median(what(a)), median(what(b)), medianRatio(what(a), what(b))
	f.CPU, f.PeerCPU = median(a.cpu), median(b.cpu)
	return f
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// medianRatio returns the median of the ratios round by round.
func medianRatio(a, b []float64) float64 {
	var ratios []float64
	for i := range min(len(a), len(b)) {
		ratios = append(ratios, a[i]/b[i])
	}
	return median(ratios)
}

func milliseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e6 }

func throughput(o outcome) []float64 { return o.perSecond }

func processorTime(o outcome) []float64 { return o.cpu }

func latency(o outcome) []float64 { return o.p50 }
