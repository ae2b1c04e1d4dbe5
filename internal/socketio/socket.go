package socketio

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// The reasons for which a socket leaves its namespace while the connection
// lives on; engineio has those for which the connection ends.
const (
	ClientDisconnect engineio.Reason = "client namespace disconnect"
	ServerDisconnect engineio.Reason = "server namespace disconnect"
)

// Socket is one client in one namespace. Its methods may be called from any
// goroutine.
type Socket struct {
	namespace *Namespace
	conn      *conn

	// Guarded by conn.mu.
	left engineio.Reason // why it has left its namespace; "" while it has not
	data any
	acks *acks // nil until the first EmitWithAck

	// Guarded by namespace.mu, and settled when OnConnect is called: id, pid,
	// identity and recovered.
	id        string
	pid       string // id and a secret; "" if it is not to be recovered
	identity  string
	recovered bool
	state     state
	at        int           // in namespace.all
	seen      uint64        // the last delivery that has dealt with it
	begun     time.Duration // when its session began, on the server's clock
	since     uint64        // the namespace's last offset when the client first connected
	rooms     []membership
	known     map[uint64]bool // keys of what it was sent by another server; nil if it was at none
}

// state is how far a socket is in its life.
type state uint8

const (
	arriving state = iota // the middleware decides
	present
	departed
)

// newSocket returns a socket that is not in the namespace yet.
func newSocket(c *conn, n *Namespace) *Socket {
	return &Socket{conn: c, namespace: n, id: randomID()}
}

// idLength is the length of ids, in characters.
const idLength = 20

// randomID returns 120 random bits as base64url.
func randomID() string {
	var b [idLength * 3 / 4]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// ID returns 20 characters. A client that is recovered gets its former one back
// when the middleware is through; until then it has another.
func (s *Socket) ID() string { return s.id }

// Namespace returns what the socket is in.
func (s *Socket) Namespace() *Namespace { return s.namespace }

// Origin returns what the engine's Admit returned for the connection.
func (s *Socket) Origin() any { return s.conn.session.Origin() }

// Recovered reports whether the client has come back from a short absence, to
// the rooms and data that it had, and without having missed anything.
func (s *Socket) Recovered() bool { return s.recovered }

// Data returns what SetData was given, or nil.
func (s *Socket) Data() any {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.data
}

// SetData keeps a value of the application with the socket. A client that is
// recovered has the one of its former socket, whatever the middleware has set.
func (s *Socket) SetData(v any) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	s.data = v
}

// SetIdentity says who the client is; a middleware calls it. Only the same
// identity can recover what the socket leaves behind, so it should name all
// that access depends on: the user, or the user's login session.
func (s *Socket) SetIdentity(identity string) {
	s.namespace.mu.Lock()
	defer s.namespace.mu.Unlock()
	s.identity = identity
}

// Emit sends an event. It is no error if the client is gone: it misses the
// event, as it would if it went a moment later. Arguments are encoded like
// [encoding/json] does, without escaping HTML; a []byte that is an argument, or
// in a []any or map[string]any, is sent as binary data. Errors: what cannot be
// encoded; [ErrTooManyAttachments]; an event name that belongs to the protocol.
func (s *Socket) Emit(event string, args ...any) error {
	return s.target().Emit(event, args...)
}

// EmitSoon is Emit with the next round of writes, as [Target.Soon] has it.
func (s *Socket) EmitSoon(event string, args ...any) error {
	return s.target().Soon().Emit(event, args...)
}

func (s *Socket) target() Target { return Target{namespace: s.namespace, only: s} }

// send queues frames for this socket alone, unless it is not in its namespace.
func (s *Socket) send(frames []*engineio.Frame, soon bool) (sent bool) {
	s.namespace.mu.Lock()
	defer s.namespace.mu.Unlock()
	if s.state != present {
		return false
	}
	s.queue(frames, soon)
	return true
}

// queue hands frames to the engine.
func (s *Socket) queue(frames []*engineio.Frame, soon bool) {
	if soon {
		s.conn.session.SendSoon(frames...)
	} else {
		s.conn.session.Send(frames...)
	}
}

// Disconnect takes the socket out of its namespace and tells the client, which
// does not come back by itself then; with closeConnection all sockets of the
// connection, and closes it. OnDisconnect is called before Disconnect returns,
// or when the handler that the socket is in returns. It is no way for a
// middleware to refuse a client: that is its error.
func (s *Socket) Disconnect(closeConnection bool) {
	c := s.conn
	leaving := []*Socket{s}
	c.mu.Lock()
	for i, l := range c.links {
		if l.socket != nil && (l.socket == s || closeConnection) {
			leaving = append(leaving, l.socket)
			c.links[i].socket = nil
		}
	}
	c.mu.Unlock()
	for _, s := range leaving {
		s.leave(ServerDisconnect, true)
	}
	if closeConnection {
		c.session.Close(engineio.ForcedClose)
	}
}

// leave takes the socket out of its namespace, unless it has left already, and
// has everybody told who waits for that. With farewell the client is told too.
func (s *Socket) leave(reason engineio.Reason, farewell bool) {
	if s.namespace.dismiss(s, reason, farewell) {
		s.depart(reason)
	}
}

// depart tells who waits for it that the socket is out of its namespace.
func (s *Socket) depart(reason engineio.Reason) {
	s.conn.mu.Lock()
	s.left = reason
	busy := s.conn.running == s
	unanswered := s.acks.takeAll()
	s.conn.mu.Unlock()
	for _, done := range unanswered {
		done(nil, ErrDisconnected)
	}
	if !busy && s.namespace.onDisconnect != nil {
		s.namespace.onDisconnect(s, reason)
	}
}

// ErrDisconnected tells a waiting EmitWithAck that the client has gone.
var ErrDisconnected = errors.New("socketio: the client has disconnected")

// Join puts the socket into rooms. A middleware may do so already; what is sent
// to the rooms reaches the client once it is let in.
func (s *Socket) Join(rooms ...string) {
	n := s.namespace
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range rooms {
		n.join(s, name)
	}
}

// Leave takes the socket out of rooms.
func (s *Socket) Leave(rooms ...string) {
	n := s.namespace
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, name := range rooms {
		if i := slices.IndexFunc(s.rooms, func(m membership) bool { return m.room.name == name }); i >= 0 {
			n.quit(s, i)
		}
	}
}

// Rooms returns the rooms that the socket is in, besides the one of its id.
func (s *Socket) Rooms() []string {
	s.namespace.mu.Lock()
	defer s.namespace.mu.Unlock()
	return s.roomNames()
}

func (s *Socket) roomNames() []string {
	if len(s.rooms) == 0 {
		return nil
	}
	names := make([]string, len(s.rooms))
	for i, m := range s.rooms {
		names[i] = m.room.name
	}
	return names
}
