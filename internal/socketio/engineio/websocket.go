package engineio

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// accept makes the request's connection a websocket, and returns what reads it,
// and the answer to the request, which is still to be written; nil if the
// request is not in order, which is answered.
func (s *Server) accept(w http.ResponseWriter, r *http.Request) (rd *reader, answer []byte) {
	held := &heldAnswer{ResponseWriter: w}
	conn, rw, _, err := ws.HTTPUpgrader{Header: w.Header()}.Upgrade(r, held)
	if err != nil {
		if conn != nil {
			_ = conn.SetDeadline(time.Now().Add(s.config.UpgradeTimeout))
			_, _ = conn.Write(held.answer.Bytes()) // whoever is gone need not know why
			conn.Close()
		}
		return nil, nil
	}
	// What the HTTP server has around the connection is done with, and would take
	// memory for as long as the websocket lives.
	if around, ok := conn.(interface{ Unwrap() net.Conn }); ok {
		conn = around.Unwrap()
	}
	rd = &reader{conn: conn, raw: rawConn(conn), pool: &s.buffers, limit: s.config.MaxPayload}
	// What came with the request must not be lost. An error cannot be: it is
	// all in the buffer.
	if n := rw.Reader.Buffered(); n > 0 {
		early, _ := rw.Reader.Peek(n)
		rd.buf, rd.end = slices.Clone(early), n
	}
	return rd, held.answer.Bytes()
}

// heldAnswer keeps the answer of a request whose connection is taken over, so
// that what follows can go out with it: each write is a packet, which wakes the
// client.
type heldAnswer struct {
	http.ResponseWriter
	answer bytes.Buffer
}

// Hijack is what [http.ResponseController] calls.
func (h *heldAnswer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err == nil {
		rw.Writer.Reset(&h.answer)
	}
	return conn, rw, err
}

// acceptSession opens a session over a websocket. It returns soon: what reads is
// a goroutine of its own, which has a fresh, small stack and keeps nothing of
// the request.
func (s *Server) acceptSession(w http.ResponseWriter, r *http.Request, id string, origin any) {
	rd, answer := s.accept(w, r)
	if rd == nil {
		return
	}
	started := s.start(func() {
		session := s.newSession(id, origin, rd.conn, answer)
		if session == nil {
			rd.conn.Close()
			return
		}
		session.mu.Lock()
		session.markAndUnlock(urgent)
		session.open()
		rd.grown = true
		session.listen(rd)
	})
	if !started {
		rd.conn.Close()
	}
}

// listen takes what the client sends until its end, and closes the connection.
//
// A stack that has grown for a message would stay so while its goroutine waits
// for the next one, which is most of the time. So when there is nothing more to
// do, a new goroutine, with a small stack, takes over.
func (s *Session) listen(rd *reader) {
	reason, bye := s.receiveAll(rd)
	if reason == "" {
		s.server.tasks.Go(func() { s.listen(rd) })
		return
	}
	s.end(reason, bye)
	discard(rd.conn)
	rd.conn.Close()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone = true
}

// receiveAll returns when there is nothing more to receive, and why; without a
// reason when there is nothing at the moment.
func (s *Session) receiveAll(rd *reader) (Reason, farewell) {
	for {
		op, data, err := rd.next()
		switch code := violated(err); {
		case err == nil:
		case err == errQuiet:
			return "", farewell{}
		case code != 0:
			return TransportError, farewell{code: code}
		default:
			rd.conn.Close() // there is nobody left to write to
			return TransportClose, farewell{}
		}
		rd.grown = true
		if reason, bye := s.receive(op, data); reason != "" {
			return reason, bye
		}
	}
}

// receive takes a message or a control frame. With a reason, it is the last.
func (s *Session) receive(op ws.OpCode, data []byte) (Reason, farewell) {
	switch op {
	case ws.OpClose:
		return TransportClose, farewell{code: closeCode(data)}
	case ws.OpPing:
		s.Send(pongFrame(data))
	case ws.OpBinary:
		s.deliver(data, true)
	case ws.OpText:
		if !utf8.Valid(data) {
			return TransportError, farewell{code: ws.StatusInvalidFramePayloadData}
		}
		if !s.packet(data, farewell{}) {
			return ParseError, farewell{}
		}
	}
	return "", farewell{}
}

// closeCode is the code to answer a close frame with: its own, if it may have
// it.
func closeCode(data []byte) ws.StatusCode {
	switch len(data) {
	case 0:
		return 0
	case 1:
		return ws.StatusProtocolError
	}
	code := ws.StatusCode(binary.BigEndian.Uint16(data))
	if ws.CheckCloseFrameData(code, string(data[2:])) != nil {
		return ws.StatusProtocolError
	}
	return code
}

// mostDiscarded is how much is read of a client after its session has ended.
const mostDiscarded = 4 << 20

// discard reads until the client closes its side, the deadline passes, or it
// has sent too much to wait for the end of it.
func discard(conn net.Conn) {
	_, _ = io.CopyN(io.Discard, conn, mostDiscarded)
}
