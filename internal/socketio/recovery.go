package socketio

import (
	"bytes"
	"container/list"
	"crypto/subtle"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// Recovery bounds what is kept of clients that have gone without taking leave,
// and of what was sent to them: connection state recovery, as Socket.IO 4.6 has
// it. Such a client that comes back finds its id, rooms and data, and is sent
// what it missed.
type Recovery struct {
	Window   time.Duration // for how long: 2 minutes are a good value; 0: not at all
	MaxBytes int           // how much in each namespace, of all clients together; 32 MiB
	// Elsewhere fetches what a client has left at another server, which calls
	// [Namespace.HandOver]. It is asked before the client is let in, and the
	// client waits for it. nil: there are no others.
	Elsewhere func(s *Socket, c Claim) (Handover, bool)
}

const defaultRecoveryBytes = 32 << 20

// history is what a namespace keeps for recovery. The namespace's mutex guards
// it.
//
// Every event that may be recovered has an offset: 1, 2, 3 and so on. The last
// ones are kept, in one log for all clients.
type history struct {
	window   time.Duration
	maxBytes int
	maxSent  int    // bytes that one client is sent at once
	tag      string // of this server's offsets; "" if there are no other servers

	last  uint64 // offset of the last event
	log   queue[record]
	bytes int // of log and absent

	live   int                      // connected sockets that may be recovered
	absent map[string]*list.Element // of *absence, by socket id
	order  list.List                // the same, longest gone first
}

// record is an event in the log. Its offset is where it stands: the last record
// is history.last.
type record struct {
	at        time.Duration // on the server's clock
	key       uint64        // see Target.Key
	everybody bool
	rooms     []string
	except    []string
	frames    []*engineio.Frame
}

// absence is what a socket leaves behind.
type absence struct {
	id, pid  string
	identity string
	rooms    []string
	data     any
	begun    time.Duration   // when the session began, on the server's clock
	since    uint64          // the last offset when the client first connected
	known    map[uint64]bool // keys of what it was sent elsewhere
	gone     time.Duration
}

// Claim is what a client says to be recovered.
type Claim struct {
	Namespace string
	PID       string // private: whoever knows it may take up the session
	Offset    string // of the last event that it got; "" if it got none
	Identity  string // as the middleware has set it
}

// readClaim returns the zero claim if there is none in the object that a client
// sent to connect, or none that makes sense.
func readClaim(auth json.RawMessage) Claim {
	var c struct {
		PID    string `json:"pid"`
		Offset string `json:"offset"`
	}
	if !bytes.Contains(auth, []byte(`"pid"`)) || json.Unmarshal(auth, &c) != nil || len(c.PID) != 2*idLength {
		return Claim{}
	}
	return Claim{PID: c.PID, Offset: c.Offset}
}

// id returns the id of the socket that a claim speaks of.
func (c Claim) id() string { return c.PID[:idLength] }

// offset is where an event stands in the log of a server. The zero one stands
// nowhere. To clients it is a text that they give back.
type offset struct {
	tag string
	n   uint64
}

// appendTo writes the offset as a JSON string. Tags need no escaping.
func (o offset) appendTo(dst []byte) []byte {
	dst = append(append(dst, '"'), o.tag...)
	return append(strconv.AppendUint(dst, o.n, 10), '"')
}

// next returns the offset of the event that comes next.
func (h *history) next() offset { return offset{h.tag, h.last + 1} }

// seen returns up to where a client has got all that it was sent: since if it
// names no event of ours, for then it has got none. It reports false for what
// is no offset.
func (h *history) seen(since uint64, text string) (uint64, bool) {
	number, ours := strings.CutPrefix(text, h.tag)
	if text == "" || !ours {
		return since, true
	}
	n, err := strconv.ParseUint(number, 10, 64)
	return max(since, n), err == nil // what was sent before it came is not for it
}

// unclean reports whether a client may come back from an end of this kind: not
// if it was wanted by either side, or if the client does not speak the protocol.
func unclean(reason engineio.Reason) bool {
	switch reason {
	case ClientDisconnect, ServerDisconnect, engineio.ParseError:
		return false
	}
	return true
}

// newHistory returns the history of a namespace whose clients may have maxQueue
// bytes waiting for them. Half of it is for what comes while one is recovered.
func newHistory(r Recovery, maxQueue int) *history {
	if r.MaxBytes <= 0 {
		r.MaxBytes = defaultRecoveryBytes
	}
	h := &history{window: r.Window, maxBytes: r.MaxBytes, maxSent: maxQueue / 2, absent: make(map[string]*list.Element)}
	if r.Elsewhere != nil {
		h.tag = randomID()[:tagLength] + "."
	}
	return h
}

// tagLength is enough for the few servers that a client meets in its life.
const tagLength = 5

// inUse reports whether there is anybody who may come to recover an event that
// is sent now: from another server, anybody may.
func (h *history) inUse() bool { return h.live > 0 || len(h.absent) > 0 || h.tag != "" }

// add gives an event the next offset.
func (h *history) add(r record, now time.Duration) {
	r.at = now
	h.last++
	h.log.push(r)
	h.bytes += r.size()
	h.expire(now)
}

// put keeps what a socket leaves behind.
func (h *history) put(a *absence, now time.Duration) {
	a.gone = now
	h.absent[a.id] = h.order.PushBack(a)
	h.bytes += a.size()
	h.expire(now)
}

// drop removes what a socket left behind.
func (h *history) drop(a *absence) {
	h.order.Remove(h.absent[a.id])
	delete(h.absent, a.id)
	h.bytes -= a.size()
}

// expire drops what is too old, and what is too much: events first, as a client
// may come back and have missed nothing.
func (h *history) expire(now time.Duration) {
	for len(h.absent) > 0 && now-h.longestGone().gone >= h.window {
		h.drop(h.longestGone())
	}
	inUse := h.inUse()
	for h.log.len() > 0 && (!inUse || h.bytes > h.maxBytes || now-h.log.at(0).at >= h.window) {
		oldest := h.log.pop()
		h.bytes -= oldest.size()
	}
	for len(h.absent) > 0 && h.bytes > h.maxBytes {
		h.drop(h.longestGone())
	}
}

func (h *history) longestGone() *absence { return h.order.Front().Value.(*absence) }

// after returns what was sent after an offset to one who has left something
// behind. It reports false if not all of it is known any more, or if it is too
// much.
func (h *history) after(last uint64, a *absence) (missed []numbered, ok bool) {
	forgotten := h.last - uint64(h.log.len())
	if last < forgotten || last > h.last {
		return nil, false
	}
	size := 0
	for i := int(last - forgotten); i < h.log.len(); i++ {
		r := h.log.at(i)
		if a.known[r.key] || !r.reaches(a.id, a.rooms) {
			continue
		}
		missed = append(missed, numbered{r, offset{h.tag, forgotten + uint64(i) + 1}})
		for _, f := range r.frames {
			size += f.Size()
		}
		if size > h.maxSent {
			return nil, false
		}
	}
	return missed, true
}

// numbered is an event in the log and where it stands there. The record is
// valid for as long as the namespace's mutex is held.
type numbered struct {
	*record
	offset
}

// record describes an event to a target.
func (t Target) record(frames []*engineio.Frame) record {
	r := record{key: t.key, everybody: t.everybody, rooms: t.rooms, except: t.except, frames: frames}
	if t.only != nil {
		r.rooms = []string{t.only.id}
	}
	return r
}

// reaches reports whether an event was meant for a socket.
func (r *record) reaches(id string, rooms []string) bool {
	in := func(names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return name == id || slices.Contains(rooms, name)
		})
	}
	return (r.everybody || in(r.rooms)) && !in(r.except)
}

// What a record, a frame, an absence and a string take in memory besides their
// content, about.
const (
	recordOverhead  = 128
	frameOverhead   = 48
	absenceOverhead = 320
	stringOverhead  = 16
)

func (r *record) size() int {
	size := recordOverhead + sizeOf(r.rooms) + sizeOf(r.except)
	for _, f := range r.frames {
		size += frameOverhead + f.Size()
	}
	return size
}

func (a *absence) size() int {
	return absenceOverhead + len(a.pid) + len(a.identity) + sizeOf(a.rooms)
}

func sizeOf(names []string) int {
	size := 0
	for _, name := range names {
		size += stringOverhead + len(name)
	}
	return size
}

// absent returns what the socket would leave behind now; the caller holds the
// namespace's mutex.
func (s *Socket) absent() *absence {
	return &absence{
		id: s.id, pid: s.pid, identity: s.identity,
		rooms: s.roomNames(), data: s.Data(), begun: s.begun, since: s.since, known: s.known,
	}
}

// recover makes an arriving socket the continuation of the one that the claim
// names, if that can be done, and returns what it missed, and the former socket
// if that is still there. The caller holds n.mu.
func (n *Namespace) recover(s *Socket, c Claim) (former *Socket, missed []*engineio.Frame) {
	c.Identity = s.identity
	t, ok := n.take(c)
	if !ok {
		return nil, nil
	}
	for _, m := range t.missed {
		missed = append(missed, m.frames...)
	}
	s.continueAs(t.absence)
	return t.former, missed
}

// continueAs makes an arriving socket the one that has left something behind;
// the caller holds n.mu.
func (s *Socket) continueAs(a *absence) {
	s.id, s.pid, s.begun, s.since, s.known, s.recovered = a.id, a.pid, a.begun, a.since, a.known, true
	for _, name := range a.rooms {
		s.namespace.join(s, name)
	}
	if a.data != nil {
		s.SetData(a.data)
	}
}

// taken is what a socket has left behind and nobody else can claim any more.
type taken struct {
	*absence
	missed []numbered
	former *Socket // nil if it is not there any more
}

// take removes what the claim speaks of, if it is here and all that the client
// missed is still known. The former socket is often still there: a client may
// be back long before its old connection is found to be dead. It is removed
// then, and returned to be told. The caller holds n.mu.
func (n *Namespace) take(c Claim) (taken, bool) {
	if c.PID == "" {
		return taken{}, false
	}
	h := n.history
	h.expire(n.server.clock())
	var a *absence
	former := n.sockets[c.id()]
	if former != nil {
		a = former.absent()
	} else if e := h.absent[c.id()]; e != nil {
		a = e.Value.(*absence)
	}
	if a == nil || a.identity != c.Identity || subtle.ConstantTimeCompare([]byte(a.pid), []byte(c.PID)) != 1 {
		return taken{}, false
	}
	last, ok := h.seen(a.since, c.Offset)
	if !ok {
		return taken{}, false
	}
	missed, ok := h.after(last, a)
	if !ok {
		return taken{}, false
	}
	if former != nil {
		n.remove(former)
	} else {
		h.drop(a)
	}
	return taken{a, missed, former}, true
}
