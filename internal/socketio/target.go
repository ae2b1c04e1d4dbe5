package socketio

import "github.com/antiphon-music/antiphon/internal/socketio/engineio"

// Target is a choice of a namespace's sockets, and of how to send to them. Its
// methods return a narrower or wider choice and leave the value itself as it
// is:
//
//	n.To("room 1", "room 2").Except(s.ID()).Soon().Emit("news", 42)
type Target struct {
	namespace *Namespace
	everybody bool
	rooms     []string
	except    []string
	only      *Socket // instead of all the above

	soon, volatile bool
	key            uint64
}

// All is everybody.
func (n *Namespace) All() Target { return Target{namespace: n, everybody: true} }

// To is who is in one of the rooms: nobody, if none is given. Each socket has a
// room of its own, with its id as the name.
func (n *Namespace) To(rooms ...string) Target { return Target{namespace: n}.To(rooms...) }

// Emit sends an event to everybody. Errors: those of [Socket.Emit].
func (n *Namespace) Emit(event string, args ...any) error { return n.All().Emit(event, args...) }

// To adds who is in one of the rooms. A client in several is reached once.
func (t Target) To(rooms ...string) Target {
	t.rooms = append(t.rooms[:len(t.rooms):len(t.rooms)], rooms...)
	return t
}

// Except leaves out who is in one of the rooms, whatever else he is in.
func (t Target) Except(rooms ...string) Target {
	t.except = append(t.except[:len(t.except):len(t.except)], rooms...)
	return t
}

// Soon has the event written with the next round of writes, together with what
// else waits for a client then, instead of at once. Events keep their order.
func (t Target) Soon() Target {
	t.soon = true
	return t
}

// Volatile has the event left out of what absent clients recover.
func (t Target) Volatile() Target {
	t.volatile = true
	return t
}

// Key names the event among several servers that all emit it, each to its own
// clients, so that a client that changes from one to another gets it once. 0
// names nothing.
func (t Target) Key(key uint64) Target {
	t.key = key
	return t
}

// Emit sends an event. All clients of a namespace are sent their events in the
// same order. Errors: those of [Socket.Emit].
func (t Target) Emit(event string, args ...any) error {
	server := t.namespace.server
	enc := server.encoder()
	defer server.release(enc)
	if err := enc.event(t.namespace.name, 0, false, event, args); err != nil {
		return err
	}
	if t.soon {
		server.engine.Together(func() { t.namespace.deliver(t, enc) })
	} else {
		t.namespace.deliver(t, enc)
	}
	return nil
}

// deliver queues an event for every socket that it is meant for. Each of the
// two forms that it may take, with and without an offset, is made once.
func (n *Namespace) deliver(t Target, enc *encoder) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if t.only != nil && t.only.state != present {
		return
	}
	var plain, numbered []*engineio.Frame
	if n.recordable(t) {
		numbered = enc.frames(n.history.next())
		n.history.add(t.record(numbered), n.server.clock())
	}
	n.each(t, func(s *Socket) {
		if t.key != 0 && s.known[t.key] {
			return
		}
		if numbered != nil && s.pid != "" {
			s.queue(numbered, t.soon)
			return
		}
		if plain == nil {
			plain = enc.frames(offset{})
		}
		s.queue(plain, t.soon)
	})
}

// recordable reports whether anybody may come to recover an event.
func (n *Namespace) recordable(t Target) bool {
	if n.history == nil || t.volatile {
		return false
	}
	if t.only != nil {
		return t.only.pid != ""
	}
	return n.history.inUse()
}

// each calls do for every socket of a target, once.
func (n *Namespace) each(t Target, do func(*Socket)) {
	if t.only != nil {
		do(t.only)
		return
	}
	n.round++
	once := func(s *Socket) {
		if s.seen != n.round {
			s.seen = n.round
			do(s)
		}
	}
	for _, name := range t.except {
		n.inRoom(name, func(s *Socket) { s.seen = n.round })
	}
	if t.everybody {
		for _, s := range n.all {
			once(s)
		}
		return
	}
	for _, name := range t.rooms {
		n.inRoom(name, once)
	}
}

// inRoom calls do for every member of a room.
func (n *Namespace) inRoom(name string, do func(*Socket)) {
	if s := n.sockets[name]; s != nil {
		do(s)
	}
	if r := n.rooms[name]; r != nil {
		for _, s := range r.members {
			do(s)
		}
	}
}
