package engineio

import (
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"time"
)

// polling is what a session needs only as long as it has no websocket. It is
// guarded by the session's mutex.
type polling struct {
	wake      chan struct{} // of the poll that waits; nil: none does
	posting   bool          // a POST is under way
	candidate net.Conn      // the websocket that is to take over
	probed    bool          // the client has found that candidate works
	until     time.Time     // of an ended session: when it is forgotten
}

// release lets the poll that waits look again.
func (p *polling) release() {
	if p.wake == nil {
		return
	}
	select {
	case p.wake <- struct{}{}:
	default: // it is on its way already
	}
}

// poll answers a GET with what is queued, and waits for it if there is nothing.
func (s *Session) poll(w http.ResponseWriter, r *http.Request, query url.Values) {
	callback, ok := jsonp(query)
	if !ok {
		badRequest.write(w, r)
		return
	}
	s.mu.Lock()
	p := s.polling
	switch {
	case p == nil:
		s.mu.Unlock()
		badRequest.write(w, r)
		return
	case p.wake != nil:
		s.mu.Unlock()
		s.end(TransportError, farewell{polling: packetClose})
		badRequest.write(w, r)
		return
	case len(s.queue) == 0:
		late := p.probed
		p.wake = make(chan struct{}, 1)
		wake := p.wake
		s.mu.Unlock()
		if !s.wait(w, r, wake, late) {
			return
		}
		s.mu.Lock()
		p.wake = nil
		if late && s.polling != p {
			s.mu.Unlock()
			badRequest.write(w, r)
			return
		}
	}
	frames, size := s.takeForPoll(p)
	over := s.ended && len(s.queue) == 0
	s.mu.Unlock()

	if over {
		s.server.remove(s)
	}
	// A client that does not take its answer by then has missed a ping anyway.
	within := s.server.config.PingInterval + s.server.config.PingTimeout
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(within))
	writePayload(w, callback, appendPayload(nil, frames))
	// Until then it waits for the client like what is in the queue.
	s.mu.Lock()
	s.queued -= size
	s.mu.Unlock()
}

// takeForPoll returns what there is to say to a poll: the queue, or noop if it
// was released without anything, because a websocket is taking over. The last
// packet of a session goes out by itself: the JavaScript client closes at once
// when it sees one, before it looks at the messages that came with it.
func (s *Session) takeForPoll(p *polling) (frames []*Frame, size int) {
	if s.polling != p || len(s.queue) == 0 {
		return []*Frame{packetFrame(string(packetNoop))}, 0
	}
	frames, s.queue = s.queue, nil
	if last := len(frames) - 1; s.ended && last > 0 {
		frames, s.queue = frames[:last], frames[last:]
	}
	for _, f := range frames {
		size += f.Size()
	}
	return frames, size
}

// latePoll is how long a poll waits that comes while a websocket is about to
// take over. It may have overtaken the packet that completes that, and has no
// place after it.
const latePoll = 100 * time.Millisecond

// wait waits until the poll is released, or for a moment if it is late. It
// returns false if the client went away, which ends the session.
func (s *Session) wait(w http.ResponseWriter, r *http.Request, wake <-chan struct{}, late bool) bool {
	var enough <-chan time.Time
	if late {
		enough = time.After(latePoll)
	}
	// Not every ResponseWriter has deadlines; those that have none need no lift.
	rc := http.NewResponseController(w)
	_ = rc.SetReadDeadline(time.Time{})
	_ = rc.SetWriteDeadline(time.Time{})
	select {
	case <-wake:
		return true
	case <-enough:
		return true
	case <-r.Context().Done():
	}
	// Until the end is recorded the poll counts as waiting, so that none can
	// take its place.
	s.mu.Lock()
	polls := s.polling != nil
	s.mu.Unlock()
	if polls {
		s.end(TransportClose, farewell{polling: packetClose, drop: true})
	}
	return false
}

// post takes the packets of a POST.
func (s *Session) post(w http.ResponseWriter, r *http.Request, query url.Values) {
	callback, ok := jsonp(query)
	if !ok {
		badRequest.write(w, r)
		return
	}
	s.mu.Lock()
	p := s.polling
	overlaps := p != nil && p.posting
	if p != nil {
		p.posting = true
	}
	s.mu.Unlock()
	if p == nil {
		badRequest.write(w, r)
		return
	}
	if overlaps || isBinary(r.Header) {
		s.end(TransportError, farewell{polling: packetClose})
		badRequest.write(w, r)
		return
	}
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		p.posting = false
	}()

	body, err := s.readBody(w, r)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		s.end(TransportError, farewell{polling: packetClose})
		badRequest.write(w, r)
		return
	}
	if callback != "" {
		body = jsonpBody(body)
	}
	s.payload(body)
	w.Header().Set("Cache-Control", "no-store")
	write(w, http.StatusOK, "text/html", []byte("ok"))
}

// isBinary tells of a body that older protocols had: raw bytes.
func isBinary(h http.Header) bool {
	kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
	return kind == "application/octet-stream"
}

// readBody reads the body of a POST, within PingTimeout. The error is an
// *http.MaxBytesError if there is more than MaxPayload.
func (s *Session) readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limit := int64(s.server.config.MaxPayload)
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	// Not every ResponseWriter has deadlines.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.server.config.PingTimeout))
	return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
}
