package app

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/socketio/client"
)

// soakMessage is a message as the server writes it.
type soakMessage struct {
	Sender   string `json:"senderId"`
	Receiver string `json:"receiverId"`
	Content  string
}

// mailOf returns which mail a message is. One that is none is a failure.
func (s *soak) mailOf(where string, m soakMessage) (address, bool) {
	a, ok := parseAddress(m.Content)
	if !ok || a.from >= len(s.people) || a.to >= len(s.people) {
		s.fail("%s: a message that nobody sent: %+v", where, m)
		return a, false
	}
	if s.people[a.from].name != m.Sender || s.people[a.to].name != m.Receiver {
		s.fail("%s: message %v goes from %s to %s", where, a, m.Sender, m.Receiver)
	}
	return a, true
}

// event takes what the server tells.
func (l *line) event(name string, args []json.RawMessage) {
	c := l.owner
	switch name {
	case "receive_message", "message_sent":
	case "message_error":
		if c.s.isExcused() {
			return
		}
		c.s.fail("client %d got message_error %s", c.number, args)
		return
	default:
		return
	}
	var m soakMessage
	if len(args) == 0 || json.Unmarshal(args[0], &m) != nil {
		c.s.fail("client %d got %s %s", c.number, name, args)
		return
	}
	a, ok := c.s.mailOf(name, m)
	if !ok {
		return
	}
	if name == "receive_message" {
		if a.to != c.number {
			c.s.fail("client %d got message %v, which is not for him", c.number, a)
		}
		l.mu.Lock()
		l.got = append(l.got, a)
		l.mu.Unlock()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.from != c.number || a.n >= len(c.sent[a.to]) {
		c.s.fail("client %d got message_sent for %v, which he did not send", c.number, a)
		return
	}
	if c.sent[a.to][a.n].echoes++; c.sent[a.to][a.n].echoes > 1 {
		c.s.fail("client %d got message_sent for %v twice", c.number, a)
	}
}

// packet takes what need not be parsed as a whole, and leaves the rest to the
// client: with thousands of clients, the news of who comes and goes are
// millions of packets.
func (l *line) packet(_ *client.Conn, packet []byte) (handled bool) {
	if ack, ok := bytes.CutPrefix(packet, []byte("3")); ok {
		l.acknowledged(ack)
		return true
	}
	event, ok := bytes.CutPrefix(packet, []byte(`2["`))
	if !ok {
		return false
	}
	// As clients do: a text at the end is the offset of the event.
	if rest, ok := bytes.CutSuffix(event, []byte(`"]`)); ok {
		l.offset = string(rest[bytes.LastIndexByte(rest, '"')+1:])
	}
	return !bytes.HasPrefix(event, []byte("receive_message")) && !bytes.HasPrefix(event, []byte("message_"))
}

// acknowledged takes an acknowledgement: its id and a list of one reply.
func (l *line) acknowledged(ack []byte) {
	c := l.owner
	at := bytes.IndexByte(ack, '[')
	var replies []struct {
		OK      bool
		Error   string
		Message soakMessage
	}
	id, err := strconv.Atoi(string(ack[:max(at, 0)]))
	if err != nil || json.Unmarshal(ack[at:], &replies) != nil || len(replies) != 1 {
		c.s.fail("client %d got the acknowledgement %s", c.number, ack)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a, ok := l.open[id]
	delete(l.open, id)
	switch reply := replies[0]; {
	case !ok:
		c.s.fail("client %d got an acknowledgement of nothing, or a second one: %s", c.number, ack)
		return
	case !reply.OK && c.s.isExcused():
	case !reply.OK || reply.Message.Content != a.String():
		c.s.fail("client %d sent message %v, and the acknowledgement is %s", c.number, a, ack)
		return
	default:
		l.noteAcked(id, a)
	}
	if len(l.open) == 0 {
		select {
		case l.idle <- struct{}{}:
		default:
		}
	}
}

// noteAcked notes that a mail was acknowledged. l.mu is locked.
func (l *line) noteAcked(id int, a address) {
	c := l.owner
	c.mu.Lock()
	m := c.sent[a.to][a.n]
	m.acked = c.s.clock()
	if m.echoes == 0 {
		c.s.fail("client %d has message %v acknowledged, and got no message_sent", c.number, a)
	}
	for other, waiting := range l.open {
		if waiting.to == a.to && waiting.n < a.n {
			c.s.fail("client %d has message %v acknowledged (%d) before %v (%d)", c.number, a, id, waiting, other)
		}
	}
	c.mu.Unlock()
	l.proven = max(l.proven, m.begun)
}
