// Package event tells other parts of the program what has happened, once it
// cannot be undone any more: publish after the commit, never before.
package event

import "sync"

// Topic is one kind of thing that happens, with what there is to say of it in
// T. The zero value is ready for use.
type Topic[T any] struct {
	mu   sync.RWMutex
	subs []func(T)
}

// Subscribe has do called with everything that is published from now on, on
// the publisher's goroutine: it must be quick, and must not publish to the same
// topic.
func (t *Topic[T]) Subscribe(do func(T)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.subs = append(t.subs, do)
}

// Publish calls the subscribers in the order in which they came, and returns
// when all have been told. Who wants his events in order publishes them one
// after another.
func (t *Topic[T]) Publish(v T) {
	t.mu.RLock()
	subs := t.subs
	t.mu.RUnlock()
	for _, do := range subs {
		do(v)
	}
}
