package client

import (
	"context"
	"encoding/json"
	"strconv"
)

// Emit sends an event. An argument that is a []byte goes as an attachment,
// every other one as JSON. That it returns nil does not mean that the event has
// arrived.
func (c *Conn) Emit(name string, args ...any) error {
	return c.send(packetEvent, "", append([]any{name}, args...))
}

// EmitWithAck sends an event and waits for its acknowledgement, whose arguments
// it returns as a JSON array. If the connection ends first, the error is what
// Wait returns.
func (c *Conn) EmitWithAck(ctx context.Context, name string, args ...any) (json.RawMessage, error) {
	ack := make(chan json.RawMessage, 1)
	c.mu.Lock()
	if c.reason != nil {
		c.mu.Unlock()
		return nil, c.reason
	}
	if c.acks == nil {
		c.acks = map[uint64]chan json.RawMessage{}
	}
	c.lastAck++
	id := c.lastAck
	c.acks[id] = ack
	c.mu.Unlock()
	if err := c.send(packetEvent, strconv.FormatUint(id, 10), append([]any{name}, args...)); err != nil {
		c.forget(id)
		return nil, err
	}
	select {
	case reply, ok := <-ack:
		if !ok {
			return nil, c.Wait()
		}
		return reply, nil
	case <-ctx.Done():
		c.forget(id)
		return nil, ctx.Err()
	}
}

func (c *Conn) forget(id uint64) {
	c.mu.Lock()
	delete(c.acks, id)
	c.mu.Unlock()
}

// acknowledged hands an acknowledgement to who waits for it.
func (c *Conn) acknowledged(p packet) error {
	id, err := strconv.ParseUint(p.id, 10, 64)
	if err != nil {
		return errPacket
	}
	c.mu.Lock()
	ack, ok := c.acks[id]
	delete(c.acks, id)
	c.mu.Unlock()
	if ok {
		ack <- p.data
	}
	return nil // nobody waits for it any more
}

// send sends an event or an acknowledgement.
func (c *Conn) send(kind byte, id string, args []any) error {
	packets, err := encode(kind, c.prefix(), id, args)
	if err != nil {
		return err
	}
	return c.write(packets...)
}

// SendPacket sends a packet of Socket.IO that is encoded already, such as
// `2["name",1]`, for whoever sends many of them. The namespace, if it is not
// the main one, is part of the packet.
func (c *Conn) SendPacket(packet []byte) error {
	data := make([]byte, 0, 1+len(packet))
	data = append(append(data, engineMessage), packet...)
	return c.write(enginePacket{data: data})
}
