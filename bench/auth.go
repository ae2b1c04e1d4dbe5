package main

import (
	"context"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/antiphon-music/antiphon/internal/identity/clerk/clerktest"
)

const clerkName = "auth/a token of Clerk's"

// mostClerk is what a request with a token of Clerk's may cost of one with a key of
// our own: its signature is checked once.
var mostClerk = target{AtMost: 1.2}

// measureAuth compares requests that do little but say who asks.
func (b *bench) measureAuth(ctx context.Context) error {
	if !b.wanted(clerkName) {
		return nil
	}
	for _, engine := range b.engines {
		if err := b.measureAuthOn(ctx, engine); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) measureAuthOn(ctx context.Context, engine string) error {
	url, err := b.seeded(ctx, engine, small)
	if err != nil {
		return err
	}
	there := clerktest.New(time.Now)
	p, err := b.serve(ctx, url, "--clerk-issuer="+clerktest.Issuer, "--clerk-public-key="+there.PublicKey())
	if err != nil {
		return err
	}
	defer p.stop()
	b.say("%s, %s", clerkName, engine)
	// The admin is the same by both, so that nothing else differs. Clerk's tokens
	// last a minute; this one lasts for all rounds.
	token := there.Token("user_2", func(c jwt.MapClaims) { c["exp"] = time.Now().Add(time.Hour).Unix() })
	const target = "/api/admin/check"
	asked := func(key string) [][]byte { return endpoint{key: key, targets: []string{target}}.requests() }
	outcomes, err := b.contest(ctx, []contender{
		{name: "clerk", process: p, requests: asked(token)},
		{name: "key", process: p, requests: asked(adminKey)},
	}, load{connections: connections})
	if err != nil {
		return err
	}
	if slices.Contains(slices.Concat(outcomes[0].cpu, outcomes[1].cpu), 0) {
		b.report.omit("%s: %v", clerkName, errNoProcessorTime)
		return nil
	}
	b.report.add(compare(figure{
		Name: clerkName, Engine: engine, Unit: "µs", Peer: "a key", Target: mostClerk,
	}, outcomes[0], outcomes[1], processorTime))
	return nil
}
