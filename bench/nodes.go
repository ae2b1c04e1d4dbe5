package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus/nats/natsserver"
)

const (
	nodesMessages = 200 // a second
	nodesMembers  = 200
	nodesPatience = 30 * time.Second
	// forgotten is how long those of the round before are still taken to be online.
	forgotten = 7 * time.Second

	presenceName = "nodes/presence, until both nodes know of all"
)

// What it may cost to be several, in ms for messages and in s for presence.
var (
	mostPresence = target{AtMost: 2}
	mostDelay    = map[string]target{"nats": {AtMost: 15}, "postgres": {AtMost: 30}}
)

// measureNodes compares two of three nodes, whose members write to each other,
// with one node on the same database.
func (b *bench) measureNodes(ctx context.Context) error {
	name := fmt.Sprintf("nodes/%d messages a second to another node, p99 of the delay", nodesMessages)
	aboveName := name + ", above one node's"
	if !b.wanted(name, aboveName, presenceName) {
		return nil
	}
	if !slices.Contains(b.engines, "postgres") {
		b.report.omit("several nodes: they need PostgreSQL")
		return nil
	}
	nats, err := natsserver.Start()
	if err != nil {
		b.report.omit("nodes on NATS: %v", err)
	}
	url, err := b.seeded(ctx, "postgres", dataset{albums: 1, users: nodesMembers, messages: readerPartners * conversationMessages})
	if err != nil {
		return err
	}
	if err := seedKeys(ctx, url, nodesMembers); err != nil {
		return err
	}
	alone, _, err := b.nodesRound(ctx, url, 1)
	if err != nil {
		return fmt.Errorf("one node: %w", err)
	}
	buses := map[string]string{"postgres": "postgres"}
	if nats != nil {
		buses["nats"] = nats.URL
	}
	for _, engine := range []string{"postgres", "nats"} {
		if buses[engine] == "" {
			continue
		}
		b.say("%s, %s", name, engine)
		delay, known, err := b.nodesRound(ctx, url, 3, "--bus="+buses[engine], "--secret-key="+strings.Repeat("5a", 32))
		if err != nil {
			return fmt.Errorf("three nodes on %s: %w", engine, err)
		}
		b.report.add(figure{Name: name, Engine: engine, Unit: "ms", Value: median(delay)})
		b.report.add(figure{Name: aboveName, Engine: engine, Unit: "ms", Value: median(delay) - median(alone), Target: mostDelay[engine]})
		b.report.add(figure{Name: presenceName, Engine: engine, Unit: "s", Value: median(known), Target: mostPresence})
	}
	return nil
}

// nodesRound starts nodes and measures, round by round, the p99 of the delay of
// messages in ms, and in s how long after the last has come all know of all.
func (b *bench) nodesRound(ctx context.Context, url string, n int, settings ...string) (delays, known []float64, err error) {
	nodes, err := b.serveNodes(ctx, url, n, settings...)
	defer stopNodes(nodes)
	if err != nil {
		return nil, nil, err
	}
	// One of three has no members, but hears of everything all the same.
	of := crowdOf{members: nodesMembers, announced: true, others: nodes[1:min(n, 2)]}
	for range b.rounds {
		lists := newLists(of.members)
		of.hear = lists.hear
		c, _, err := gather(ctx, nodes[0], of)
		if err == nil {
			begun := time.Now()
			err = waitFor(ctx, nodesPatience, func() bool { return lists.right.Load() == int64(of.members) })
			known = append(known, time.Since(begun).Seconds())
		}
		if err == nil {
			m := &mail{}
			c.listen(m.hear)
			var took []time.Duration
			took, err = m.post(ctx, c.members, nodesMessages, 2*b.slice)
			delays = append(delays, milliseconds(p99(took)))
		}
		if err == nil {
			err = c.complete()
		}
		c.leave()
		if err == nil {
			err = pause(ctx, forgotten)
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return delays, known, nil
}

// serveNodes starts servers over one database. They are the caller's to stop,
// also after an error.
func (b *bench) serveNodes(ctx context.Context, url string, n int, settings ...string) (nodes []*process, err error) {
	for i := range n {
		p, err := b.serve(ctx, url, append(slices.Clip(settings), fmt.Sprintf("--data=%s-%d", b.dataFolder(url), i))...)
		if err != nil {
			return nodes, err
		}
		nodes = append(nodes, p)
	}
	return nodes, nil
}

func stopNodes(list []*process) {
	for _, p := range list {
		p.stop()
	}
}
