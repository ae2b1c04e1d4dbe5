package bus

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Local connects the nodes within one process. The program itself has one, so
// that its messages go nowhere; tests have several. The zero value is ready for
// use.
type Local struct {
	mu    sync.Mutex
	nodes []*localNode
}

type localNode struct {
	*inbox
	hub     *Local
	name    string
	running atomic.Bool
}

// Join returns the bus of another node.
func (l *Local) Join(node string) Bus {
	return &localNode{inbox: newInbox(), hub: l, name: node}
}

// Publish implements Bus.
func (n *localNode) Publish(_ context.Context, topic string, data []byte) error {
	if err := checkSize(topic, data); err != nil {
		return err
	}
	n.hub.mu.Lock()
	defer n.hub.mu.Unlock()
	for _, other := range n.hub.nodes {
		if other != n {
			other.put(Message{Node: n.name, Topic: topic, Data: bytes.Clone(data)})
		}
	}
	return nil
}

// Run implements Bus.
func (n *localNode) Run(ctx context.Context) error {
	n.hub.mu.Lock()
	n.hub.nodes = append(n.hub.nodes, n)
	n.hub.mu.Unlock()
	n.putGap()
	n.running.Store(true)
	n.deliver(ctx)
	n.running.Store(false)
	n.hub.mu.Lock()
	defer n.hub.mu.Unlock()
	n.hub.nodes = slices.DeleteFunc(n.hub.nodes, func(other *localNode) bool { return other == n })
	return nil
}

// Connected implements Bus.
func (n *localNode) Connected() bool { return n.running.Load() }
