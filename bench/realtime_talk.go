package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// talk has every member of a crowd write to his partner, the next message when
// the last one is acknowledged, and adds how many messages there were a second.
func (p party) talk(ctx context.Context, d time.Duration, s *series) error {
	t := &talk{errors: make(chan error, 1), messages: make([][]byte, len(p.members))}
	for i, m := range p.members {
		t.messages[i] = messagePacket(m.user(), p.members[i^1].user(), "Message about the song that we heard together")
	}
	p.listen(t.hear)
	defer p.listen(nil)
	cpu, begun := p.cpu(), time.Now()
	t.pending.Store(int64(len(p.members)))
	for _, m := range p.members {
		t.next(m)
	}
	if err := pause(ctx, d); err != nil {
		return err
	}
	acknowledged, elapsed := t.acknowledged.Load(), time.Since(begun)
	if acknowledged == 0 {
		return errors.New("no message was acknowledged")
	}
	s.add(float64(acknowledged)/elapsed.Seconds(), perOne(p.contender, cpu, int(acknowledged)))
	t.stopping.Store(true)
	err := waitFor(ctx, delivery, func() bool {
		return len(t.errors) > 0 || t.pending.Load() == 0 && t.received.Load() == t.acknowledged.Load()
	})
	if err != nil {
		return fmt.Errorf("%d messages were acknowledged and %d received: %w", t.acknowledged.Load(), t.received.Load(), err)
	}
	select {
	case err := <-t.errors:
		return err
	default:
		return nil
	}
}

// talk is a closed loop of messages.
type talk struct {
	messages [][]byte // by member, ready to send
	stopping atomic.Bool
	errors   chan error // the first

	acknowledged, received atomic.Int64
	pending                atomic.Int64 // members whose last message is not acknowledged yet
}

func (t *talk) next(m *member) {
	if err := m.conn.SendPacket(t.messages[m.index]); err != nil {
		t.fail(err)
	}
}

func (t *talk) fail(err error) {
	select {
	case t.errors <- err:
	default: // one is enough
	}
}

func (t *talk) hear(m *member, packet []byte) {
	switch {
	case packet[0] == '3' && bytes.Contains(packet, []byte(`"ok":true`)):
		t.acknowledged.Add(1)
		if t.stopping.Load() {
			t.pending.Add(-1)
		} else {
			t.next(m)
		}
	case packet[0] == '3', bytes.HasPrefix(packet, []byte(`2["message_error"`)):
		t.fail(fmt.Errorf("a message was answered %.200s", packet))
	case bytes.HasPrefix(packet, []byte(receiveMessage)):
		t.received.Add(1)
	}
}

const receiveMessage = `2["receive_message"`

// messagePacket returns the packet of a message that asks for an
// acknowledgement.
func messagePacket(sender, receiver, content string) []byte {
	return fmt.Appendf(nil, `21["send_message",{"receiverId":"%s","senderId":"%s","content":"%s"}]`, receiver, sender, content)
}
