package engineio

import (
	"net"
	"net/http"
	"time"

	"github.com/gobwas/ws"
)

// upgrade takes a websocket for a session that polls. The client tries it out
// with a probe, and changes over with an upgrade packet; until then the session
// polls as before.
func (s *Server) upgrade(w http.ResponseWriter, r *http.Request, session *Session) {
	rd, answer := s.accept(w, r)
	if rd == nil {
		return
	}
	started := s.start(func() {
		_ = rd.conn.SetDeadline(time.Now().Add(s.config.UpgradeTimeout))
		if _, err := rd.conn.Write(answer); err != nil {
			rd.conn.Close()
			return
		}
		if !session.propose(rd.conn) {
			session.dismiss(rd, closeFrame(0, ""))
			return
		}
		last := session.probe(rd)
		if last == nil {
			rd.grown = true
			session.listen(rd)
			return
		}
		session.withdraw(rd.conn)
		session.dismiss(rd, last)
	})
	if !started {
		rd.conn.Close()
	}
}

// propose makes conn the one that may take over; false if it comes too late.
func (s *Session) propose(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || s.polling == nil || s.polling.candidate != nil {
		return false
	}
	s.polling.candidate = conn
	// An error means that conn is closed, which reading tells.
	_ = conn.SetDeadline(time.Now().Add(s.server.config.UpgradeTimeout))
	return true
}

// withdraw is the end of a candidate that has not taken over.
func (s *Session) withdraw(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.polling; p != nil && p.candidate == conn {
		p.candidate, p.probed = nil, false
	}
}

// dismiss closes a websocket that is not to be the session's.
func (s *Session) dismiss(rd *reader, last *Frame) {
	defer rd.conn.Close()
	_ = rd.conn.SetDeadline(time.Now().Add(closeGrace))
	if _, err := rd.conn.Write(last.wire); err != nil {
		return
	}
	if c, ok := rd.conn.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		discard(rd.conn)
	}
}

// probe talks with a candidate until it takes over. It returns the frame to
// dismiss it with, or nil when it is the session's connection. A candidate is
// no session's connection yet, so its few packets are written here.
func (s *Session) probe(rd *reader) *Frame {
	for {
		op, data, err := rd.next()
		if err != nil {
			return closeFrame(violated(err), "")
		}
		var answer *Frame
		switch packet := string(data); {
		case op == ws.OpPong:
			continue
		case op == ws.OpPing:
			answer = pongFrame(data)
		case op == ws.OpClose:
			return closeFrame(closeCode(data), "")
		case op == ws.OpText && packet == "2probe":
			answer = packetFrame("3probe")
		case op == ws.OpText && packet == string(packetUpgrade) && s.change(rd):
			return nil
		default:
			return closeFrame(0, "")
		}
		if _, err := rd.conn.Write(answer.wire); err != nil {
			return closeFrame(0, "")
		}
		if op == ws.OpText {
			s.probeAnswered()
		}
	}
}

// probeAnswered lets go of the poll that waits, since the client will wait for
// it before it changes over.
func (s *Session) probeAnswered() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.polling; p != nil {
		p.probed = true
		p.release()
	}
}

// change makes the candidate the session's connection; false if the session has
// ended meanwhile. What is queued goes over it, after what the polls before it
// took.
func (s *Session) change(rd *reader) bool {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return false
	}
	s.polling.release()
	s.polling = nil
	s.conn, s.raw = rd.conn, rd.raw
	// An error means that conn is closed, which reading tells.
	_ = s.conn.SetDeadline(time.Time{})
	s.markAndUnlock(urgent)
	return true
}
