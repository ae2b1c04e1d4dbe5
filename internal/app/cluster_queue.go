package app

import (
	"context"
	"sync"
)

// heardQueue holds what other nodes have said until somebody has the time for
// it: the bus itself waits for nobody, and certainly not for a database.
type heardQueue struct {
	wake chan struct{} // holds one item while something waits

	mu      sync.Mutex
	waiting []func(ctx context.Context)
}

// mostHeard is how many things may wait.
const mostHeard = 10_000

func newHeardQueue() *heardQueue { return &heardQueue{wake: make(chan struct{}, 1)} }

// add has something done after all that waits, unless that is too much already.
func (q *heardQueue) add(do func(ctx context.Context)) (added bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.notify()
	if len(q.waiting) >= mostHeard {
		return false
	}
	q.waiting = append(q.waiting, do)
	return true
}

// notify wakes who reads from wake.
func (q *heardQueue) notify() {
	select {
	case q.wake <- struct{}{}:
	default: // he is about to look
	}
}

// run does what waits, in its order.
func (q *heardQueue) run(ctx context.Context) {
	q.mu.Lock()
	waiting := q.waiting
	q.waiting = nil
	q.mu.Unlock()
	for _, do := range waiting {
		do(ctx)
	}
}
