package socketio

import (
	"errors"
	"time"
)

// ErrAckTimeout tells an EmitWithAck that the client has not replied in time.
var ErrAckTimeout = errors.New("socketio: the client did not reply in time")

// replyFunc is called once with what became of an event that wanted a reply.
type replyFunc = func(reply *Event, err error)

// acks are the replies that a socket owes us.
type acks struct {
	last    uint64
	waiting map[uint64]waiting
}

type waiting struct {
	done  replyFunc
	timer *time.Timer // nil: waits as long as the socket is there
}

// take removes one; nil if there is none of the id.
func (a *acks) take(id uint64) replyFunc {
	if a == nil {
		return nil
	}
	w, ok := a.waiting[id]
	if !ok {
		return nil
	}
	delete(a.waiting, id)
	if w.timer != nil {
		w.timer.Stop()
	}
	return w.done
}

// takeAll removes all.
func (a *acks) takeAll() []replyFunc {
	if a == nil {
		return nil
	}
	var all []replyFunc
	for id := range a.waiting {
		all = append(all, a.take(id))
	}
	return all
}

// EmitWithAck sends an event and has done called once: with the reply, which is
// only valid until done returns, or with [ErrAckTimeout] or [ErrDisconnected].
// A timeout of 0 waits for as long as the client stays. Such events are not
// part of what a client recovers. If EmitWithAck returns an error, one of Emit
// or ErrDisconnected, done is not called.
//
// A reply comes like an event, between handlers; the other calls come from a
// goroutine of their own or from Disconnect.
func (s *Socket) EmitWithAck(timeout time.Duration, done func(reply *Event, err error), event string, args ...any) error {
	id, ok := s.awaitReply(timeout, done)
	if !ok {
		return ErrDisconnected
	}
	server := s.namespace.server
	enc := server.encoder()
	defer server.release(enc)
	err := enc.event(s.namespace.name, id, true, event, args)
	if err == nil && !s.send(enc.frames(offset{}), false) {
		err = ErrDisconnected
	}
	if err != nil && s.takeAck(id) == nil {
		return nil // done has been called meanwhile
	}
	return err
}

// awaitReply has done wait for a reply, whose id it returns. It reports false
// if the socket has left.
func (s *Socket) awaitReply(timeout time.Duration, done replyFunc) (id uint64, ok bool) {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	if s.left != "" {
		return 0, false
	}
	if s.acks == nil {
		s.acks = &acks{waiting: make(map[uint64]waiting)}
	}
	s.acks.last++
	id = s.acks.last
	w := waiting{done: done}
	if timeout > 0 {
		w.timer = time.AfterFunc(timeout, func() { s.timedOut(id) })
	}
	s.acks.waiting[id] = w
	return id, true
}

func (s *Socket) takeAck(id uint64) replyFunc {
	s.conn.mu.Lock()
	defer s.conn.mu.Unlock()
	return s.acks.take(id)
}

// timedOut runs on a timer's goroutine, where nobody else would stop a panic
// from ending the program.
func (s *Socket) timedOut(id uint64) {
	defer func() {
		if p := recover(); p != nil {
			s.namespace.server.config.Log.Error("socketio: a handler of an unanswered event panicked", "panic", p)
		}
	}()
	if done := s.takeAck(id); done != nil {
		done(nil, ErrAckTimeout)
	}
}
