// Package bus carries short messages between the nodes of one system, so that
// each hears within milliseconds what the others have done.
//
// It only makes quick what the database makes sure: a message may get lost,
// and never comes twice. Whoever subscribes to a topic must also be able to
// find out from the database, or by asking the other nodes, what he missed;
// OnGap says when.
//
// Local is the bus within one process, whose nodes are usually one. Remote is
// one over an engine outside, a Carrier: bus/postgres and bus/nats have those.
package bus

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Message is what another node said.
type Message struct {
	Node  string // who said it: the id of a process, which no later one has
	Topic string
	Data  []byte // the receiver's to keep
}

// Bus connects a node with all the others. It is safe for concurrent use.
type Bus interface {
	// Publish hands a message to all other nodes. It returns at once, before
	// anybody has it. Errors: TooLarge over MaxSize; Unavailable if the
	// message is lost, because the node is not connected or its queue is full.
	// The others then learn by OnGap that they missed something.
	Publish(ctx context.Context, topic string, data []byte) error
	// Subscribe has do called with every message of the other nodes in a topic:
	// those of one node in the order in which it published them, across topics
	// too. All subscribers of a node share one goroutine and must be quick. It
	// is called before Run.
	Subscribe(topic string, do func(Message))
	// OnGap has do called, on the goroutine of the subscribers, whenever
	// messages may have been missed, before any that came later: when the node
	// has connected (the first time too), when it hears a node in the midst of
	// what that says, and when one of its messages or more are missing. It may
	// be called more often than needed. It is called before Run.
	OnGap(do func())
	// Run connects, and connects again when the connection is lost, until ctx
	// ends and what was published before is sent.
	Run(ctx context.Context) error
	// Connected reports whether messages go out and come in at the moment.
	Connected() bool
}

// MaxSize is the greatest size of a message, in bytes.
const MaxSize = 1 << 20

// maxName is the greatest length of a topic's or node's name, in bytes.
const maxName = 200

func checkSize(topic string, data []byte) error {
	if len(data) > MaxSize {
		return errs.New(errs.TooLarge, "bus: a message of %d bytes; %d is the most", len(data), MaxSize)
	}
	if topic == "" || len(topic) > maxName {
		return errs.New(errs.Invalid, "bus: %q is no topic", topic)
	}
	return nil
}
