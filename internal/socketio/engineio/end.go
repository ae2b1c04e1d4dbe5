package engineio

import (
	"time"

	"github.com/gobwas/ws"
)

// A farewell is how a session takes leave of its client.
type farewell struct {
	polling byte // the last packet to a poll
	code    ws.StatusCode
	text    string // with code: why, to a websocket
	drop    bool   // what is queued is not written any more
	linger  bool   // polling: the queue and the last packet are kept for the client's next polls
}

// end closes the session once; later calls do nothing. It neither blocks nor
// calls the receiver, so it may be called under any lock but s.mu.
func (s *Session) end(r Reason, f farewell) {
	s.mu.Lock()
	if s.ended {
		s.mu.Unlock()
		return
	}
	s.ended = true
	s.timer.Stop()
	if f.drop {
		s.queue, s.due = nil, 0
	}
	lingers := false
	if p := s.polling; p != nil {
		if f.linger && (p.wake == nil || len(s.queue) > 0) {
			lingers = true
			p.until = time.Now().Add(s.server.config.PingTimeout)
			s.timer.Reset(s.server.config.PingTimeout)
		}
		last := packetFrame(string(f.polling))
		s.queue = append(s.queue, last)
		s.queued += last.Size()
		if p.candidate != nil {
			p.candidate.Close()
		}
	} else {
		s.queue = append(s.queue, closeFrame(f.code, f.text))
		// Whatever happens to the write, the reader wakes up by then and
		// closes the connection. An error means that it is closed already.
		_ = s.conn.SetDeadline(time.Now().Add(closeGrace))
	}
	s.markAndUnlock(urgent)

	s.server.leave(s, lingers)
	go func() {
		defer s.server.tasks.Done()
		s.delivering.Lock()
		defer s.delivering.Unlock()
		defer s.rescue()
		s.receiver.Closed(r)
	}()
}
