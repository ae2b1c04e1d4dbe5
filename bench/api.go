package main

import (
	"context"
	"fmt"
	"slices"
)

// contested is an endpoint with what it must reach.
type contested struct {
	endpoint
	ofLimit, ofExpress float64 // least ratios of requests per second; 0 for no comparison
}

// contestedEndpoints are those that a home page, an admin page and a chat ask
// for, over the small dataset.
func contestedEndpoints() []contested {
	const ofLimit, ofExpress, ofExpressInMemory = 0.7, 8, 2
	return []contested{
		{endpoint{"api/albums list", "", []string{"/api/albums"}}, ofLimit, ofExpress},
		{endpoint{"api/album with 10 songs", "", each(spread(100, 1, small.albums), albumTarget)}, ofLimit, ofExpress},
		{endpoint{"api/featured songs", "", []string{"/api/songs/featured"}}, ofLimit, ofExpress},
		{endpoint{"api/stats", adminKey, []string{"/api/stats"}}, ofLimit, ofExpress},
		{endpoint{"api/users list", readerKey, []string{"/api/users"}}, 0, ofExpressInMemory},
		{endpoint{"api/conversation of 50", readerKey, each(spread(readerPartners, 0, readerPartners-1), conversationTarget)}, 0, ofExpressInMemory},
		{endpoint{"api/songs page", "", each(spread(100, 1, small.songs()/pageSize), pageOf("songs"))}, 0, ofExpressInMemory},
	}
}

// memoryAfterLoad is what the server may occupy after all of that, in MiB.
var memoryAfterLoad = target{AtMost: 150}

const memoryName = "footprint/memory after the API's load"

// measureAPI compares Antiphon on every engine with the peers, at 32
// connections.
func (b *bench) measureAPI(ctx context.Context) error {
	var endpoints []contested
	for _, e := range contestedEndpoints() {
		if b.wanted(e.name, memoryName) {
			endpoints = append(endpoints, e)
		}
	}
	if len(endpoints) == 0 {
		return nil
	}
	var ours []contender
	defer func() { stopAll(ours) }()
	for _, engine := range b.engines {
		url, err := b.seeded(ctx, engine, small)
		if err != nil {
			return err
		}
		p, err := b.serve(ctx, url)
		if err != nil {
			return err
		}
		ours = append(ours, contender{name: engine, process: p})
	}
	limit, err := b.startLimit(ctx, ours[0].addr, endpoints)
	if err != nil {
		return err
	}
	defer limit.stop()
	peers := []contender{{name: "limit", process: limit}}
	if express, err := b.startExpress(ctx, ours[0].addr); err != nil {
		b.report.omit("Express: %v", err)
	} else {
		defer express.stop()
		peers = append(peers, contender{name: "express", process: express})
	}
	for _, e := range endpoints {
		if err := b.contestEndpoint(ctx, e, ours, peers); err != nil {
			return err
		}
	}
	if b.wanted(memoryName) {
		for _, c := range ours {
			if err := b.reportMemory(memoryName, c, memoryAfterLoad); err != nil {
				return err
			}
		}
	}
	return nil
}

// contestEndpoint measures one endpoint on all servers that have a part in it.
func (b *bench) contestEndpoint(ctx context.Context, e contested, ours, peers []contender) error {
	b.say("%s", e.name)
	least := map[string]float64{"limit": e.ofLimit, "express": e.ofExpress}
	rivals := slices.DeleteFunc(slices.Clone(peers), func(c contender) bool { return least[c.name] == 0 })
	for _, c := range rivals {
		if err := sameAnswers(ctx, ours[0].addr, c.addr, e.endpoint); err != nil {
			return err
		}
	}
	outcomes, err := b.contest(ctx, slices.Concat(ours, rivals), load{requests: e.requests(), connections: connections})
	if err != nil {
		return err
	}
	for i, c := range ours {
		for j, rival := range rivals {
			b.report.add(compare(figure{
				Name: e.name, Engine: c.name, Unit: "req/s", Peer: rival.name, Target: target{AtLeast: least[rival.name]},
			}, outcomes[i], outcomes[len(ours)+j], throughput))
		}
	}
	return nil
}

// reportMemory adds a figure of how much memory a server occupies.
func (b *bench) reportMemory(name string, c contender, t target) error {
	bytes, err := c.memory("VmRSS")
	if err != nil {
		b.report.omit("%s: %v", name, err)
		return nil
	}
	b.report.add(figure{Name: name, Engine: c.name, Value: mebibytes(bytes), Unit: "MiB", Target: t})
	return nil
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }

// sameAnswers fails if a peer's answer to the endpoint is much longer or
// shorter than ours, for then the comparison would mean nothing.
func sameAnswers(ctx context.Context, ours, peers string, e endpoint) error {
	request := e.request(e.targets[0])
	_, a, err := fetch(ctx, ours, request)
	if err != nil {
		return err
	}
	_, b, err := fetch(ctx, peers, request)
	if err != nil {
		return err
	}
	if least, most := len(a)*9/10, len(a)*11/10+1; len(b) < least || len(b) > most {
		return fmt.Errorf("%s: the peer's answer has %d bytes and ours %d", e.name, len(b), len(a))
	}
	return nil
}
