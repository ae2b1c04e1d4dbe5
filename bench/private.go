package main

import (
	"context"
	"fmt"
	"slices"
)

// privateEndpoints are lists with addresses of files: one that is kept encoded,
// which on a private instance also has to find out who asks, and two that are
// encoded, and thus signed, each time: a page has 50 songs and 100 addresses.
func privateEndpoints() []endpoint {
	const songs = 50
	offsets := spread(20, 0, small.songs()-songs)
	return []endpoint{
		{"private/api/albums list", adminKey, []string{"/api/albums"}},
		{"private/api/songs, 50 of them", adminKey, each(offsets, func(n int) string { return fmt.Sprintf("/api/songs?limit=%d&skip=%d", songs, n) })},
		{"private/web/api/songs, 50 of them", adminKey, each(offsets, func(n int) string { return fmt.Sprintf("/web/api/songs?limit=%d&offset=%d", songs, n) })},
	}
}

// leastPrivate is what a private instance must reach of a public one's requests
// per second.
var leastPrivate = target{AtLeast: 0.7}

// measurePrivate compares a private instance with a public one over the same
// database.
func (b *bench) measurePrivate(ctx context.Context) error {
	endpoints := slices.DeleteFunc(privateEndpoints(), func(e endpoint) bool { return !b.wanted(e.name) })
	if len(endpoints) == 0 {
		return nil
	}
	url, err := b.seeded(ctx, "sqlite", small)
	if err != nil {
		return err
	}
	var both []contender
	defer func() { stopAll(both) }()
	for _, name := range []string{"private", "public"} {
		p, err := b.serve(ctx, url, fmt.Sprintf("--private=%t", name == "private"))
		if err != nil {
			return err
		}
		both = append(both, contender{name: name, process: p})
	}
	for _, e := range endpoints {
		b.say("%s", e.name)
		outcomes, err := b.contest(ctx, both, load{requests: e.requests(), connections: connections})
		if err != nil {
			return err
		}
		b.report.add(compare(figure{
			Name: e.name, Engine: "sqlite", Unit: "req/s", Peer: both[1].name, Target: leastPrivate,
		}, outcomes[0], outcomes[1], throughput))
	}
	return nil
}
