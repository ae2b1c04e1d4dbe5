package main

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// telling is a number of updates to a whole crowd, and who has received them.
type telling struct {
	crowd   *crowd
	first   int64          // what the update 0 is called: no text may come twice
	arrived []atomic.Int32 // by update, at how many members
	// next is called when everybody has received update n.
	next func(n int)

	deliveries atomic.Int64
	pending    atomic.Int64 // updates that not everybody has received

	mu    sync.Mutex
	wrong error
	ended time.Time // when the last update had come to everybody
}

// mostUpdates bounds how many updates there are in one measurement.
const mostUpdates = 1 << 14

func (c *crowd) newTelling() *telling {
	return &telling{crowd: c, first: c.updates.Add(mostUpdates), arrived: make([]atomic.Int32, mostUpdates)}
}

// send sends update n.
func (t *telling) send(n int) {
	from := t.crowd.members[n%updatesInFlight]
	t.pending.Add(1)
	err := from.conn.SendPacket(fmt.Appendf(nil,
		`2["update_activity",{"userId":"%s","activity":"Playing %d by Bench"}]`, from.user(), t.first+int64(n)))
	if err != nil {
		t.mu.Lock()
		t.wrong = err
		t.mu.Unlock()
	}
}

// hear counts a delivery.
func (t *telling) hear(_ *member, packet []byte) {
	const event, activity = `2["activity_updated"`, `"activity":"Playing `
	if !bytes.HasPrefix(packet, []byte(event)) {
		return
	}
	at := bytes.Index(packet, []byte(activity))
	if at < 0 {
		return
	}
	n := leadingNumber(packet[at+len(activity):]) - int(t.first)
	if n < 0 || n >= len(t.arrived) {
		return // of the server's start, or of another measurement
	}
	t.deliveries.Add(1)
	if int(t.arrived[n].Add(1)) < len(t.crowd.members) {
		return
	}
	t.mu.Lock()
	t.ended = time.Now()
	t.mu.Unlock()
	if t.next != nil {
		t.next(n)
	}
	t.pending.Add(-1)
}

// finish waits until everybody has received all that was sent.
func (t *telling) finish(ctx context.Context) error {
	if err := waitFor(ctx, delivery, func() bool { return t.pending.Load() == 0 }); err != nil {
		return fmt.Errorf("%d updates did not come to everybody: %w", t.pending.Load(), err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wrong
}
