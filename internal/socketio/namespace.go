package socketio

import (
	"encoding/json"
	"iter"
	"slices"
	"sync"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// Namespace is a part of the server that clients connect to by name, with
// sockets, rooms and handlers of its own. Its handlers are set before the
// server serves, all its other methods may be called at any time and from any
// goroutine.
type Namespace struct {
	server *Server
	name   string

	middleware   []func(s *Socket, auth json.RawMessage) error
	handlers     map[string]handler
	onConnect    func(*Socket)
	onDisconnect func(*Socket, engineio.Reason)
	onOther      func(*Socket, *Event)
	onFlood      func(*Socket, *Event)

	// mu guards what follows, and the order of what is sent: nothing is queued
	// for a socket but under it. Handlers are never called under it.
	mu      sync.Mutex
	sockets map[string]*Socket // by id
	all     []*Socket
	rooms   map[string]*room
	round   uint64   // deliveries so far
	history *history // nil without recovery
}

type handler struct {
	event string
	do    func(*Socket, *Event)
}

func newNamespace(s *Server, name string) *Namespace {
	n := &Namespace{
		server:   s,
		name:     name,
		handlers: make(map[string]handler),
		sockets:  make(map[string]*Socket),
		rooms:    make(map[string]*room),
	}
	if s.config.Recovery.Window > 0 {
		n.history = newHistory(s.config.Recovery, s.config.Engine.MaxQueue)
	}
	return n
}

// Name returns the name, such as "/".
func (n *Namespace) Name() string { return n.name }

// Use adds a middleware, which decides on each client that wants to connect
// after those added before it. auth is the object that the client has sent,
// {} if none; it is only valid during the call. An error refuses the client,
// which is told its text, and what its method Data() any returns, if it has
// that.
func (n *Namespace) Use(check func(s *Socket, auth json.RawMessage) error) {
	n.middleware = append(n.middleware, check)
}

// OnConnect sets who is called first for each socket.
func (n *Namespace) OnConnect(do func(*Socket)) { n.onConnect = do }

// OnDisconnect sets who is called last for each socket, once, with one of the
// reasons of engineio or with [ClientDisconnect] or [ServerDisconnect]. The
// socket has left its rooms then.
func (n *Namespace) OnDisconnect(do func(*Socket, engineio.Reason)) { n.onDisconnect = do }

// On sets the handler of an event.
func (n *Namespace) On(event string, do func(*Socket, *Event)) {
	n.handlers[event] = handler{event, do}
}

// OnOther sets the handler of all events without one. They are ignored if it is
// not set.
func (n *Namespace) OnOther(do func(*Socket, *Event)) { n.onOther = do }

// OnFlood sets who is called for events over the configured [Rate], instead of
// their own handlers. They are ignored if it is not set.
func (n *Namespace) OnFlood(do func(*Socket, *Event)) { n.onFlood = do }

// handler returns who handles an event, nil if nobody.
func (n *Namespace) handler(event string) func(*Socket, *Event) {
	if h, ok := n.handlers[event]; ok {
		return h.do
	}
	return n.onOther
}

// Socket returns the connected socket of an id, nil if there is none.
func (n *Namespace) Socket(id string) *Socket {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sockets[id]
}

// Sockets returns the sockets that are connected when the loop begins.
func (n *Namespace) Sockets() iter.Seq[*Socket] {
	return func(yield func(*Socket) bool) {
		n.mu.Lock()
		all := slices.Clone(n.all)
		n.mu.Unlock()
		for _, s := range all {
			if !yield(s) {
				return
			}
		}
	}
}

// Len returns how many sockets are connected.
func (n *Namespace) Len() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.all)
}

// admit lets in a socket that the middleware has approved, or lets it take up
// what it left behind, and queues the answer. It reports false if the socket
// has been disconnected meanwhile.
func (n *Namespace) admit(s *Socket, auth json.RawMessage) bool {
	recoverable := n.history != nil &&
		(n.server.config.Recoverable == nil || n.server.config.Recoverable(s.Origin()))
	var c Claim
	var h *Handover
	if recoverable {
		c = readClaim(auth)
		h = n.fetch(s, c)
	}
	enc := n.server.encoder()
	defer n.server.release(enc)

	former, ok := n.letIn(s, recoverable, c, h, enc)
	former.bury()
	return ok
}

// bury ends a socket whose client has come back by another connection: its own
// is dead, only nobody had noticed yet.
func (s *Socket) bury() {
	if s != nil {
		s.depart(engineio.TransportClose)
		s.conn.session.Close(engineio.TransportClose)
	}
}

// letIn is admit as far as it is done under n.mu. It also returns the socket
// that s has replaced, if it was still there.
func (n *Namespace) letIn(s *Socket, recoverable bool, c Claim, h *Handover, enc *encoder) (former *Socket, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.state == departed {
		return nil, false
	}
	var missed []*engineio.Frame
	if recoverable {
		if h != nil {
			missed = n.adopt(s, h)
		} else {
			former, missed = n.recover(s, c)
		}
		if !s.recovered {
			s.pid = s.id + randomID()
			s.id = s.pid[:idLength] // one string in memory
			s.begun, s.since = n.server.clock(), n.history.last
		}
		n.history.live++
	}
	s.state = present
	s.at = len(n.all)
	n.all = append(n.all, s)
	n.sockets[s.id] = s
	for i, m := range s.rooms {
		s.rooms[i] = n.enter(s, m.room.name)
	}
	enc.welcome(n.name, s.id, s.pid)
	s.queue(append(enc.frames(offset{}), missed...), false)
	return former, true
}

// welcome writes the answer to a CONNECT. Ids need no escaping.
func (e *encoder) welcome(namespace, id, pid string) {
	e.head(kindConnect, 0, namespace, 0, false)
	e.text = append(e.text, `{"sid":"`...)
	e.text = append(e.text, id...)
	if pid != "" {
		e.text = append(e.text, `","pid":"`...)
		e.text = append(e.text, pid...)
	}
	e.text = append(e.text, `"}`...)
}

// dismiss takes a socket out of the namespace. It reports whether it was in.
func (n *Namespace) dismiss(s *Socket, reason engineio.Reason, farewell bool) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if s.state != present {
		s.state = departed
		return false
	}
	if farewell {
		enc := n.server.encoder()
		defer n.server.release(enc)
		enc.head(kindDisconnect, 0, n.name, 0, false)
		s.queue(enc.frames(offset{}), false)
	}
	if s.pid != "" && unclean(reason) {
		n.history.put(s.absent(), n.server.clock())
	}
	n.remove(s)
	return true
}

// remove undoes letIn; the caller holds n.mu.
func (n *Namespace) remove(s *Socket) {
	for len(s.rooms) > 0 {
		n.quit(s, len(s.rooms)-1)
	}
	s.rooms = nil
	last := len(n.all) - 1
	moved := n.all[last]
	n.all[s.at], moved.at = moved, s.at
	n.all[last] = nil
	n.all = n.all[:last]
	delete(n.sockets, s.id)
	if s.pid != "" {
		n.history.live--
	}
	s.state = departed
}

// forget drops what is too old to be recovered.
func (n *Namespace) forget() {
	if n.history == nil {
		return
	}
	now := n.server.clock()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.history.expire(now)
}
