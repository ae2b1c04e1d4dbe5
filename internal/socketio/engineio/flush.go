package engineio

import (
	"slices"
	"time"
)

const (
	// batchSize is how many bytes of several frames are put together for one
	// write; a larger frame is written by itself, without being copied.
	batchSize = 64 << 10
	// keptQueue is the capacity up to which an empty queue keeps its storage.
	keptQueue = 8
)

// flush is called by a flusher when the session is marked. It never blocks: what
// the connection does not take at once is left to a goroutine of its own.
func (s *Session) flush(w *writer, m mark) {
	s.mu.Lock()
	s.marks &^= m
	if p := s.polling; p != nil {
		if len(s.queue) > 0 {
			p.release()
		}
		s.mu.Unlock()
		return
	}
	s.due = len(s.queue)
	// Who writes goes on until nothing is due.
	if s.writing || s.gone || s.due == 0 {
		s.mu.Unlock()
		return
	}
	s.writing = true
	if s.raw == nil {
		s.drainAndUnlock(nil)
		return
	}
	s.mu.Unlock()

	for done := 0; ; {
		data, shared := s.batch(done, &w.batch)
		if data == nil {
			return
		}
		n, err := w.try(s.raw, data)
		if err != nil {
			s.broken()
			return
		}
		if n < len(data) {
			rest := data[n:]
			if !shared {
				rest = slices.Clone(rest)
			}
			s.mu.Lock()
			s.queued -= n
			s.drainAndUnlock(rest)
			return
		}
		done = n
	}
}

// drainAndUnlock unlocks s.mu and passes the writing on to a goroutine, which
// begins with rest. The goroutine that reads is still counted in tasks, so that
// one more may be.
func (s *Session) drainAndUnlock(rest []byte) {
	s.server.tasks.Go(func() { s.drain(rest) })
	s.mu.Unlock()
}

// drain writes until nothing is due. A client that takes no batch within
// PingTimeout is given up.
func (s *Session) drain(rest []byte) {
	var buf []byte
	for {
		for chunk := range slices.Chunk(rest, batchSize) {
			s.setWriteDeadline(time.Now().Add(s.server.config.PingTimeout))
			if _, err := s.conn.Write(chunk); err != nil {
				s.broken()
				return
			}
		}
		s.setWriteDeadline(time.Time{})
		if rest, _ = s.batch(len(rest), &buf); rest == nil {
			return
		}
	}
}

// setWriteDeadline leaves alone the deadline that end has set.
func (s *Session) setWriteDeadline(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		// An error means that conn is closed, which the next write tells.
		_ = s.conn.SetWriteDeadline(t)
	}
}

// batch is called by who writes, after done bytes were written. It takes the
// next bytes from the queue: one frame itself, which is shared with other
// sessions, or several put together in buf. With nothing to take, it returns nil
// and the caller is no longer who writes.
func (s *Session) batch(done int, buf *[]byte) (data []byte, shared bool) {
	s.mu.Lock()
	s.queued -= done
	if s.due == 0 {
		s.writing = false
		last := s.ended && len(s.queue) == 0
		s.mu.Unlock()
		if last {
			s.hangUp()
		}
		return nil, false
	}
	defer s.mu.Unlock()
	taken := 1
	if s.due == 1 || s.queue[0].Size()+s.queue[1].Size() > batchSize {
		data, shared = s.queue[0].wire, true
	} else {
		if *buf == nil {
			*buf = make([]byte, 0, batchSize)
		}
		data = append(*buf, s.queue[0].wire...)
		for taken < s.due && len(data)+s.queue[taken].Size() <= batchSize {
			data = append(data, s.queue[taken].wire...)
			taken++
		}
	}
	clear(s.queue[:taken])
	s.due -= taken
	switch {
	case taken < len(s.queue):
		s.queue = s.queue[taken:]
	case cap(s.queue) > keptQueue:
		s.queue = nil
	default:
		s.queue = s.queue[:0]
	}
	return data, shared
}

// hangUp ends an ended session's side of the connection after its last frame.
// The other side is left to the goroutine that reads: closing a connection with
// bytes still unread would reset it, and the client would lose what is on its
// way.
func (s *Session) hangUp() {
	if c, ok := s.conn.(interface{ CloseWrite() error }); ok && c.CloseWrite() == nil {
		return
	}
	s.conn.Close()
}

// broken ends a session whose connection does not take what is written. The
// caller stays who writes, so that nobody tries again.
func (s *Session) broken() {
	s.conn.Close()
	s.end(TransportError, farewell{drop: true})
}
