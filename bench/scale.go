package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// fewConnections are so few that an answer never waits for another.
const fewConnections = 4

// mostSlowdown bounds the median latency over the large dataset by that over
// the small one.
var mostSlowdown = target{AtMost: 1.5}

// scaledEndpoints are all that page through something or look something up,
// with instances from all over the dataset. There are equally many of them,
// as far as possible, in a dataset of any size.
func scaledEndpoints(d dataset) []endpoint {
	const few, some, many = 5, 20, 100
	songPages := d.songs() / pageSize
	albumPages := d.albums / pageSize
	userPages := (d.users - 1) / pageSize
	messagePages := readerPartners * conversationMessages / pageSize
	return []endpoint{
		{"scale/songs, first pages", "", each(spread(few, 1, few), pageOf("songs"))},
		{"scale/songs, middle pages", "", each(spread(some, songPages/2-some/2, songPages/2+some/2-1), pageOf("songs"))},
		{"scale/songs, last pages", "", each(spread(few, songPages-few+1, songPages), pageOf("songs"))},
		{"scale/song by id", "", each(spread(many, 1, d.songs()), idOf("songs"))},
		{"scale/albums, first pages", "", each(spread(few, 1, few), pageOf("albums"))},
		{"scale/albums, pages from all over", "", each(spread(few, 1, albumPages), pageOf("albums"))},
		{"scale/album by id", "", each(spread(many, 1, d.albums), albumTarget)},
		{"scale/users, pages from all over", readerKey, each(spread(some, 1, userPages), pageOf("users"))},
		{"scale/conversation of 50", readerKey, each(spread(readerPartners, 0, readerPartners-1), conversationTarget)},
		{"scale/messages, pages from all over", readerKey, each(spread(some, 1, messagePages), pageOf("messages"))},
		{"scale/featured songs", "", []string{"/api/songs/featured"}},
		{"scale/stats", adminKey, []string{"/api/stats"}},
	}
}

// scalePair is an engine's servers over both datasets.
type scalePair struct {
	engine               string
	smallURL, largeURL   string
	overSmall, overLarge *process
}

// measureScale compares each engine with itself: a million songs and five
// million messages with a thousand and twenty thousand.
func (b *bench) measureScale(ctx context.Context) error {
	few, many := scaledEndpoints(small), scaledEndpoints(large)
	var chosen []int
	for i, e := range few {
		if b.wanted(e.name, first(e).name) {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	if !b.large {
		b.report.omit("scale: not without -large")
		return nil
	}
	pairs, err := b.seedPairs(ctx)
	if err != nil {
		return err
	}
	for _, pair := range pairs {
		if err := b.startPair(ctx, pair); err != nil {
			return err
		}
		for _, i := range chosen {
			if !b.wanted(few[i].name) {
				continue
			}
			b.say("%s, %s", few[i].name, pair.engine)
			if err := b.measurePair(ctx, pair, few[i], many[i]); err != nil {
				pair.stop()
				return err
			}
		}
		pair.stop()
		if err := b.measureFirst(ctx, pair, few, many); err != nil {
			return err
		}
	}
	return nil
}

// seedPairs makes all databases, the engines at the same time.
func (b *bench) seedPairs(ctx context.Context) ([]*scalePair, error) {
	b.say("storing the large datasets, which takes a minute or two")
	var pairs []*scalePair
	g, ctx := errgroup.WithContext(ctx)
	for _, engine := range b.engines {
		p := &scalePair{engine: engine}
		for _, part := range []struct {
			url *string
			d   dataset
		}{{&p.smallURL, small}, {&p.largeURL, large}} {
			var err error
			if *part.url, err = b.database(engine); err != nil {
				return nil, err
			}
			g.Go(func() error { return seed(ctx, *part.url, part.d) })
		}
		pairs = append(pairs, p)
	}
	return pairs, g.Wait()
}

func (b *bench) startPair(ctx context.Context, p *scalePair) (err error) {
	if p.overSmall, err = b.serve(ctx, p.smallURL); err != nil {
		return err
	}
	if p.overLarge, err = b.serve(ctx, p.largeURL); err != nil {
		p.overSmall.stop()
	}
	return err
}

func (p *scalePair) stop() {
	p.overSmall.stop()
	p.overLarge.stop()
}

// measurePair asks both servers for the same things again and again.
func (b *bench) measurePair(ctx context.Context, p *scalePair, few, many endpoint) error {
	var outcomes [2]outcome
	var loads [2]load
	servers := []*process{p.overSmall, p.overLarge}
	for i, e := range []endpoint{few, many} {
		loads[i] = load{addr: servers[i].addr, requests: e.requests(), connections: fewConnections}
	}
	for range b.rounds {
		for i := range servers {
			loads[i].duration = b.slice / 2
			r, err := loads[i].run(ctx)
			if err != nil {
				return err
			}
			outcomes[i].p50 = append(outcomes[i].p50, milliseconds(r.quantile(0.5)))
		}
	}
	b.reportScale(few.name, p.engine, outcomes)
	return nil
}

// first is an endpoint measured when nothing of it is remembered.
func first(e endpoint) endpoint {
	e.name += ", asked for the first time"
	return e
}

// measureFirst asks servers that have just started for each thing once. Where
// there are too few things to tell a median, it is left out.
func (b *bench) measureFirst(ctx context.Context, p *scalePair, few, many []endpoint) error {
	const enough = 20
	var chosen []int
	for i, e := range few {
		if len(e.targets) >= enough && b.wanted(first(e).name) {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	// A server marks the pages of long lists when it starts.
	const settling = 3 * time.Second
	b.say("what is asked for the first time, %s", p.engine)
	outcomes := make([][2]outcome, len(few))
	for range b.rounds {
		if err := b.startPair(ctx, p); err != nil {
			return err
		}
		time.Sleep(settling)
		for _, i := range chosen {
			for j, l := range []load{
				{addr: p.overSmall.addr, requests: few[i].requests(), connections: 1},
				{addr: p.overLarge.addr, requests: many[i].requests(), connections: 1},
			} {
				r, err := l.run(ctx)
				if err != nil {
					p.stop()
					return err
				}
				outcomes[i][j].p50 = append(outcomes[i][j].p50, milliseconds(r.quantile(0.5)))
			}
		}
		p.stop()
	}
	for _, i := range chosen {
		b.reportScale(first(few[i]).name, p.engine, outcomes[i])
	}
	return nil
}

func (b *bench) reportScale(name, engine string, smallAndLarge [2]outcome) {
	b.report.add(compare(figure{
		Name: name, Engine: engine, Unit: "ms p50", Target: mostSlowdown, Peer: fmt.Sprintf("%d songs", small.songs()),
	}, smallAndLarge[1], smallAndLarge[0], latency))
}
