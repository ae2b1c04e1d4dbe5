package catalog

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
)

// How many songs each shelf of the home page holds.
const (
	FeaturedSize   = 6
	MadeForYouSize = 4
	TrendingSize   = 4
)

// Discovery picks songs worth hearing. Every method returns at most n distinct
// songs: fewer only if there are fewer.
type Discovery interface {
	Featured(ctx context.Context, n int) ([]Song, error)
	MadeFor(ctx context.Context, actor account.Actor, n int) ([]Song, error)
	Trending(ctx context.Context, n int) ([]Song, error)
}

// Featured returns the songs to show first to everybody.
func (s *Service) Featured(ctx context.Context) ([]Song, error) {
	return s.discovery.Featured(ctx, FeaturedSize)
}

// MadeForYou returns songs for the actor, who may be anonymous.
func (s *Service) MadeForYou(ctx context.Context, actor account.Actor) ([]Song, error) {
	return s.discovery.MadeFor(ctx, actor, MadeForYouSize)
}

// Trending returns the songs that are heard most at present.
func (s *Service) Trending(ctx context.Context) ([]Song, error) {
	return s.discovery.Trending(ctx, TrendingSize)
}

// Sampler draws songs at random.
type Sampler interface {
	SampleSongs(ctx context.Context, n int) ([]Song, error)
}

// Random is the Discovery of a server that knows nothing of what is heard: it
// picks at random. It draws a pool from the whole catalogue now and then, in
// O(log n) a song, and each call picks from the pool.
type Random struct {
	Sampler  Sampler
	Revision func() uint64 // the pool is drawn afresh when this changes
	Now      func() time.Time

	mu       sync.Mutex
	pool     []Song
	revision uint64
	drawn    time.Time
}

const (
	poolSize = 256
	poolAge  = 10 * time.Second
)

// Featured returns n songs at random.
func (r *Random) Featured(ctx context.Context, n int) ([]Song, error) { return r.pick(ctx, n) }

// MadeFor returns n songs at random, whoever asks.
func (r *Random) MadeFor(ctx context.Context, _ account.Actor, n int) ([]Song, error) {
	return r.pick(ctx, n)
}

// Trending returns n songs at random.
func (r *Random) Trending(ctx context.Context, n int) ([]Song, error) { return r.pick(ctx, n) }

func (r *Random) pick(ctx context.Context, n int) ([]Song, error) {
	pool, err := r.current(ctx)
	if err != nil {
		return nil, err
	}
	n = min(n, len(pool))
	picked := make([]Song, n)
	taken := make(map[int]struct{}, n)
	for i := range picked {
		at := rand.IntN(len(pool))
		for { // at most n of the pool are taken, and n is small
			if _, ok := taken[at]; !ok {
				break
			}
			at = (at + 1) % len(pool)
		}
		taken[at] = struct{}{}
		picked[i] = pool[at]
	}
	return picked, nil
}

func (r *Random) current(ctx context.Context) ([]Song, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	revision, now := r.Revision(), r.Now()
	if r.pool != nil && revision == r.revision && now.Sub(r.drawn) < poolAge {
		return r.pool, nil
	}
	pool, err := r.Sampler.SampleSongs(ctx, poolSize)
	if err != nil {
		return nil, err
	}
	if pool == nil {
		pool = []Song{}
	}
	r.pool, r.revision, r.drawn = pool, revision, now
	return pool, nil
}
