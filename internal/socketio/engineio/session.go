package engineio

import (
	"net"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

// A Session is one client, over whichever transport. All methods may be called
// from any goroutine and return at once.
type Session struct {
	server *Server
	id     string
	origin any

	// delivering is held during each call of the receiver.
	delivering sync.Mutex
	receiver   Receiver

	mu      sync.Mutex
	timer   *time.Timer // next ping, or the end of the wait for its answer
	polling *polling    // nil over a websocket
	conn    net.Conn    // nil while polling
	raw     syscall.RawConn
	queue   []*Frame
	queued  int // bytes in queue and in the write under way
	due     int // of queue, how many frames are to be written now

	marks    mark // the lists of the scheduler the session is in
	awaiting bool // a ping is not answered yet
	writing  bool // somebody writes to conn; stays set when conn is broken
	ended    bool // nothing is queued or delivered any more
	gone     bool // conn is closed
}

// closeGrace is how long an ended websocket may take to read what was queued
// and to close its side.
const closeGrace = time.Second

// newSession makes a session known, with its heart beating; nil if the server
// has stopped. A websocket is sent the answer to its request together with the
// open packet, its first frame. The caller calls open.
func (s *Server) newSession(id string, origin any, conn net.Conn, answer []byte) *Session {
	c := &Session{server: s, id: id, origin: origin}
	if conn == nil {
		c.polling = new(polling)
	} else {
		first := packetFrame(s.openPacket(id))
		first.wire = append(answer, first.wire...) // nobody asks for its payload any more
		c.conn, c.raw = conn, rawConn(conn)
		c.queue, c.queued = []*Frame{first}, first.Size()
	}
	c.delivering.Lock() // until there is a receiver
	c.mu.Lock()
	defer c.mu.Unlock()
	if !s.enter(c) {
		return nil
	}
	c.timer = time.AfterFunc(s.config.PingInterval, c.beat)
	return c
}

// ID returns the session id: 20 random characters of the base64url alphabet.
// Who knows it can read the session, so it belongs in no log.
func (s *Session) ID() string { return s.id }

// Origin returns what [Config.Admit] returned for the handshake.
func (s *Session) Origin() any { return s.origin }

// Transport returns "polling" or "websocket".
func (s *Session) Transport() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.polling != nil {
		return transportPolling
	}
	return transportWebsocket
}

// Send queues frames in order, to be written as soon as possible. It never
// blocks and does no I/O itself. What is sent to a closed session is dropped.
func (s *Session) Send(frames ...*Frame) { s.enqueue(urgent, frames) }

// SendSoon is Send for what may wait for the next tick, so that what comes until
// then is written together. A Send takes with it what waits.
func (s *Session) SendSoon(frames ...*Frame) { s.enqueue(soon, frames) }

func (s *Session) enqueue(m mark, frames []*Frame) {
	limit := s.server.config.MaxQueue
	s.mu.Lock()
	if s.ended || len(frames) == 0 {
		s.mu.Unlock()
		return
	}
	for _, f := range frames {
		if s.queued > 0 && s.queued+f.Size() > limit {
			s.mu.Unlock()
			s.end(ClientTooSlow, farewell{polling: packetClose, drop: true})
			return
		}
		s.queue = append(s.queue, f)
		s.queued += f.Size()
	}
	s.markAndUnlock(m)
}

// markAndUnlock unlocks s.mu and sees to it that a flusher comes.
func (s *Session) markAndUnlock(m mark) {
	needed := s.marks&(m|urgent) == 0
	if needed {
		s.marks |= m
	}
	s.mu.Unlock()
	if needed {
		s.server.schedule.add(s, m)
	}
}

// Close ends the session after what is queued: a websocket with a close frame
// without a code, if it takes the queue within a second; polling with a close
// packet in the answer to the poll that waits or to the next one. The receiver
// is told r from another goroutine.
func (s *Session) Close(r Reason) {
	s.end(r, farewell{polling: packetClose, linger: true})
}

// deliver passes one message to the receiver, unless the session has ended. A
// panic of the receiver ends the session and nothing else.
func (s *Session) deliver(data []byte, binary bool) {
	s.delivering.Lock()
	defer s.delivering.Unlock()
	defer s.rescue()
	s.mu.Lock()
	ended := s.ended
	s.mu.Unlock()
	switch {
	case ended:
	case binary:
		s.receiver.Binary(data)
	default:
		s.receiver.Text(data)
	}
}

// open asks the program for a receiver, and lets messages through to it.
func (s *Session) open() {
	defer s.delivering.Unlock()
	s.receiver = ignorer{}
	defer s.rescue()
	if r := s.server.config.Open(s); r != nil {
		s.receiver = r
	}
}

// rescue is deferred around each call of the program.
func (s *Session) rescue() {
	if p := recover(); p != nil {
		s.server.config.Log.Error("a receiver of Engine.IO messages panicked; its session is closed",
			"panic", p, "stack", string(debug.Stack()))
		s.Close(ForcedClose)
	}
}

// beat is called when the session's timer has run out.
func (s *Session) beat() {
	s.mu.Lock()
	if s.ended {
		// It may have been about to ask for a pong when the session ended.
		over := s.polling == nil || !time.Now().Before(s.polling.until)
		s.mu.Unlock()
		if over {
			s.server.remove(s)
		}
		return
	}
	if s.awaiting {
		s.mu.Unlock()
		s.end(PingTimeout, farewell{polling: packetClose})
		return
	}
	s.awaiting = true
	s.timer.Reset(s.server.config.PingTimeout)
	s.mu.Unlock()
	s.Send(s.server.ping)
}

// pong takes the answer to a ping; one that nobody asked for is ignored.
func (s *Session) pong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.awaiting && !s.ended {
		s.awaiting = false
		s.timer.Reset(s.server.config.PingInterval)
	}
}
