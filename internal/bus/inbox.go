package bus

import (
	"context"
	"sync"
)

// Bounds of what waits for the subscribers. Beyond them it is dropped, and the
// subscribers are told of a gap: a node whose subscribers hang must neither run
// out of memory nor lose its connection.
const (
	maxWaiting      = 1 << 16
	maxWaitingBytes = 64 << 20
)

// inbox keeps what has come until the subscribers have taken it.
type inbox struct {
	mu      sync.Mutex
	topics  map[string][]func(Message)
	gaps    []func()
	waiting []arrival
	bytes   int           // of all that wait
	arrived chan struct{} // holds one item while anything waits
}

// arrival is a message, or a gap.
type arrival struct {
	message Message
	gap     bool
}

func newInbox() *inbox {
	return &inbox{topics: map[string][]func(Message){}, arrived: make(chan struct{}, 1)}
}

// Subscribe implements Bus.
func (b *inbox) Subscribe(topic string, do func(Message)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.topics[topic] = append(b.topics[topic], do)
}

// OnGap implements Bus.
func (b *inbox) OnGap(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gaps = append(b.gaps, do)
}

// put takes a message for the subscribers, or drops it if too much waits.
func (b *inbox) put(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.topics[m.Topic]) == 0 {
		return
	}
	if len(b.waiting) >= maxWaiting || b.bytes+len(m.Data) > maxWaitingBytes {
		b.addGap()
		return
	}
	b.bytes += len(m.Data)
	b.add(arrival{message: m})
}

// putGap tells the subscribers that something is missing here.
func (b *inbox) putGap() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.addGap()
}

// addGap makes one gap of several that follow each other.
func (b *inbox) addGap() {
	if n := len(b.waiting); n == 0 || !b.waiting[n-1].gap {
		b.add(arrival{gap: true})
	}
}

func (b *inbox) add(a arrival) {
	b.waiting = append(b.waiting, a)
	notify(b.arrived)
}

// deliver hands everything that comes to the subscribers until ctx ends.
func (b *inbox) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.arrived:
		}
		b.mu.Lock()
		batch, gaps := b.waiting, b.gaps
		b.waiting, b.bytes = nil, 0
		b.mu.Unlock()
		for _, a := range batch {
			if ctx.Err() != nil {
				return
			}
			if a.gap {
				for _, do := range gaps {
					do()
				}
				continue
			}
			b.mu.Lock()
			subscribers := b.topics[a.message.Topic]
			b.mu.Unlock()
			for _, do := range subscribers {
				do(a.message)
			}
		}
	}
}

// notify sees to it that a channel for one item holds it.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
