package realtime

import (
	"sync"
	"time"
)

// gatherAtLeast is the least time between two servings of a gathering.
const gatherAtLeast = 50 * time.Millisecond

// A gathering serves those together who come at about the same time. Whoever
// comes after a quiet while is served at once; those who come within the next
// tick, or for as long as the last serving took, wait for each other. So a
// storm costs few servings, however long each takes.
type gathering[T any] struct {
	serve func([]T) // called with at least one, never twice at a time

	mu      sync.Mutex
	waiting []T
	serving bool
}

// add has somebody served.
func (g *gathering[T]) add(v T) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, v)
	if !g.serving {
		g.serving = true
		go g.run()
	}
}

// run serves until a whole tick passes in which nobody comes.
func (g *gathering[T]) run() {
	for {
		g.mu.Lock()
		batch := g.waiting
		g.waiting = nil
		g.serving = len(batch) > 0
		g.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		began := time.Now()
		g.serve(batch)
		time.Sleep(max(gatherAtLeast, time.Since(began)))
	}
}
