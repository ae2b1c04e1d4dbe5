package app

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
)

// The topics of the accounts and the catalogue.
const (
	topicRevisions = "revisions" // without data: look at the revisions
	topicThrottle  = "throttle"  // a charge, see throttleMessage
)

// connectRevisions has the nodes look at the revisions as soon as one of them
// has written, which they do each second anyway.
func (a *App) connectRevisions() {
	tell := func(struct{}) { a.publish(topicRevisions, nil) }
	a.Catalog.Written.Subscribe(tell)
	a.Accounts.Written.Subscribe(tell)
	look := func() {
		select {
		case a.revised <- struct{}{}:
		default: // it is about to
		}
	}
	a.Bus.Subscribe(topicRevisions, func(bus.Message) { look() })
	a.Bus.OnGap(look)
}

// connectThrottle has a guess at one node count at all of them. One that is
// lost on the bus counts at one node alone.
func (a *App) connectThrottle() {
	throttle := a.throttle
	throttle.Shared = func(key string, by time.Duration) { a.publish(topicThrottle, throttleMessage(key, by)) }
	a.Bus.Subscribe(topicThrottle, func(m bus.Message) {
		if by, n := binary.Varint(m.Data); n > 0 {
			throttle.Charge(string(m.Data[n:]), time.Duration(by))
		}
	})
}

// throttleMessage is a charge as it goes over the bus: nanoseconds as a
// varint, and the key.
func throttleMessage(key string, by time.Duration) []byte {
	return append(binary.AppendVarint(nil, int64(by)), key...)
}

// publish tells the other nodes what they would find out by themselves later.
func (a *App) publish(topic string, data []byte) {
	if err := a.Bus.Publish(context.Background(), topic, data); err != nil {
		a.Log.Debug("other nodes hear of it later", "topic", topic, "error", err)
	}
}
