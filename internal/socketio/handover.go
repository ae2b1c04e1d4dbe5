package socketio

import (
	"bytes"
	"math"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// Handover is what one server gives another, so that a client that lost its
// connection to the one continues its session at the other.
type Handover struct {
	PID    string // as in the claim
	Rooms  []string
	Data   any           // the socket's, as the application makes it again
	Missed []Missed      // what the client has not got, in order
	Known  []uint64      // keys of what the client was sent, or missed, lately
	Reach  time.Duration // how far back Known is complete
	Age    time.Duration // how long ago the session began: what was emitted before is not for it
}

// Missed is an event that a client missed.
type Missed struct {
	Text        []byte // the packet, without an offset
	Attachments [][]byte
}

// lookBack is how much later than another server one may have emitted an event
// of which both know: a client that comes from there is given what was emitted
// here within that time and not there. What is known there reaches back twice
// as far, as the two do not emit at the same moment.
const lookBack = 30 * time.Second

// HandOver gives away what a client has left in the namespace. The socket is
// ended if it is still there. It reports false, and leaves everything as it is,
// if the claim does not hold or not all that the client missed is known.
func (n *Namespace) HandOver(c Claim) (Handover, bool) {
	if n.history == nil || len(c.PID) != 2*idLength {
		return Handover{}, false
	}
	h, former, ok := n.handOver(c)
	former.bury()
	return h, ok
}

func (n *Namespace) handOver(c Claim) (h Handover, former *Socket, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	t, ok := n.take(c)
	if !ok {
		return Handover{}, nil, false
	}
	now := n.server.clock()
	h = Handover{PID: t.pid, Rooms: t.rooms, Data: t.data, Reach: min(n.history.reach(now), 2*lookBack), Age: now - t.begun}
	for key := range t.known {
		h.Known = append(h.Known, key)
	}
	for _, m := range t.missed {
		h.Missed = append(h.Missed, m.missed())
	}
	for _, m := range n.history.keyed(now - h.Reach) {
		if m.reaches(t.id, t.rooms) {
			h.Known = append(h.Known, m.key)
		}
	}
	return h, t.former, true
}

// reach returns for how long nothing has been dropped from the log.
func (h *history) reach(now time.Duration) time.Duration {
	if h.last == uint64(h.log.len()) {
		return math.MaxInt64
	}
	if h.log.len() == 0 {
		return 0
	}
	return now - h.log.at(0).at
}

// keyed returns the events with a key that were emitted since a time, in order.
func (h *history) keyed(since time.Duration) []numbered {
	var list []numbered
	for i := h.log.len() - 1; i >= 0; i-- {
		r := h.log.at(i)
		if r.at < since {
			break
		}
		if r.key != 0 {
			list = append(list, numbered{r, offset{h.tag, h.last - uint64(h.log.len()-1-i)}})
		}
	}
	slices.Reverse(list)
	return list
}

// missed returns the event as another server takes it.
func (m numbered) missed() Missed {
	var out Missed
	for i, f := range m.frames {
		content := bytes.Clone(f.Message())
		if i > 0 {
			out.Attachments = append(out.Attachments, content)
			continue
		}
		end := append(m.appendTo([]byte{','}), ']')
		out.Text = append(content[:len(content)-len(end)], ']')
	}
	return out
}

// fetch asks the other servers for what a client has left there, unless it is
// known here.
func (n *Namespace) fetch(s *Socket, c Claim) *Handover {
	elsewhere := n.server.config.Recovery.Elsewhere
	if elsewhere == nil || c.PID == "" {
		return nil
	}
	n.mu.Lock()
	_, absent := n.history.absent[c.id()]
	here := absent || n.sockets[c.id()] != nil
	c.Namespace, c.Identity = n.name, s.identity
	n.mu.Unlock()
	if here {
		return nil
	}
	h, ok := elsewhere(s, c)
	if !ok || h.PID != c.PID {
		return nil
	}
	return &h
}

// adopt makes an arriving socket the continuation of what another server has
// handed over, and returns what the client missed, there and on the way here.
// All of it gets offsets of this server. The caller holds n.mu.
func (n *Namespace) adopt(s *Socket, handed *Handover) (frames []*engineio.Frame) {
	h := n.history
	id := handed.PID[:idLength]
	missed := handed.Missed
	known := make(map[uint64]bool, len(handed.Known))
	for _, key := range handed.Known {
		known[key] = true
	}
	now := n.server.clock()
	for _, m := range h.keyed(now - min(handed.Age, handed.Reach/2, lookBack)) {
		if !known[m.key] && m.reaches(id, handed.Rooms) {
			missed = append(missed, m.missed())
			known[m.key] = true
		}
	}
	size := 0
	for _, m := range missed {
		size += m.size()
	}
	if size > h.maxSent {
		return nil
	}
	s.continueAs(&absence{
		id: id, pid: handed.PID, rooms: handed.Rooms, data: handed.Data, begun: now - handed.Age, since: h.last, known: known,
	})
	for _, m := range missed {
		enc := encoder{text: m.Text, attachments: m.Attachments}
		again := enc.frames(h.next())
		h.add(record{rooms: []string{id}, frames: again}, now)
		frames = append(frames, again...)
	}
	return frames
}

func (m Missed) size() int {
	size := len(m.Text)
	for _, data := range m.Attachments {
		size += len(data)
	}
	return size
}
