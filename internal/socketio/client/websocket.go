package client

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

// websocket carries packets in frames of RFC 6455.
type websocket struct {
	conn    net.Conn
	rest    []byte // the beginning of a frame whose end has not come yet
	message []byte // the fragments of a message so far
}

const (
	bufferSize = 16 << 10
	// mostFrame bounds what a frame or a message may hold, in bytes.
	mostFrame = 64 << 20
	noStatus  = 1005 // of a close frame without a code
)

// buffers are for what is being read or written: an idle connection has none.
var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// dialWebsocket opens a websocket, to the session sid if that is not "".
func dialWebsocket(ctx context.Context, base *url.URL, sid string, o *Options) (*websocket, error) {
	u := *base
	u.Scheme = map[string]string{"http": "ws", "https": "wss"}[u.Scheme]
	u.RawQuery = query(&u, "websocket", sid)
	refusal := &StatusError{}
	d := ws.Dialer{
		Header:  ws.HandshakeHeaderHTTP(o.Header),
		NetDial: o.dial,
		OnStatusError: func(status int, _ []byte, answer io.Reader) {
			refusal.Status, refusal.Body = status, bodyOf(answer)
		},
	}
	conn, ahead, _, err := d.Dial(ctx, u.String())
	if refusal.Status != 0 {
		return nil, refusal
	}
	if err != nil {
		return nil, fmt.Errorf("socket.io client: %w", err)
	}
	w := &websocket{conn: conn}
	if ahead != nil { // frames that came with the answer
		early, err := ahead.Peek(ahead.Buffered())
		w.rest = bytes.Clone(early)
		ws.PutReader(ahead)
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// bodyOf returns the body of a raw HTTP answer, or what there is of it.
func bodyOf(answer io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(answer, 4<<10))
	_, body, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	return string(body)
}

// dial opens a TCP connection from where the options say.
func (o *Options) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if o.Dialer != nil {
		return o.Dialer(ctx, network, addr)
	}
	d := net.Dialer{LocalAddr: o.LocalAddr}
	if o.LocalAddr != nil {
		d.Control = portAtConnect
	}
	return d.DialContext(ctx, network, addr)
}

// query returns the query of a request.
func query(base *url.URL, transport, sid string) string {
	q := base.Query()
	q.Set("EIO", "4")
	q.Set("transport", transport)
	if sid != "" {
		q.Set("sid", sid)
	}
	return q.Encode()
}

func (w *websocket) name() string { return "websocket" }

func (w *websocket) expire(at time.Time) { _ = w.conn.SetDeadline(at) } // fails only if the connection has ended

func (w *websocket) drop() { _ = w.conn.Close() } // an error changes nothing: it is gone

// write sends packets as one frame each. Engine.IO's close packet goes as a
// close frame, as clients send it.
func (w *websocket) write(packets ...enginePacket) error {
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	out := bytes.NewBuffer(buffer[:0])
	for _, p := range packets {
		f := ws.NewTextFrame(p.data)
		if p.binary {
			f = ws.NewBinaryFrame(p.data)
		} else if string(p.data) == string(engineClose) {
			f = ws.NewCloseFrame(nil)
		}
		ws.MustWriteFrame(out, ws.MaskFrame(f))
	}
	_, err := w.conn.Write(out.Bytes())
	return err
}

// run reads frames until the connection ends.
func (w *websocket) run(deliver func(enginePacket) error) error {
	if err := w.take(nil, deliver); err != nil { // what came with the handshake
		return err
	}
	read := reader(w.conn)
	for {
		buffer, n, err := read()
		if err != nil {
			return err
		}
		err = w.take(buffer[:n], deliver)
		buffers.Put(buffer)
		if err != nil {
			return err
		}
	}
}

// readPlainly returns a function that reads into a buffer which it holds while
// it waits.
func readPlainly(conn net.Conn) func() (*[bufferSize]byte, int, error) {
	return func() (*[bufferSize]byte, int, error) {
		buffer := buffers.Get().(*[bufferSize]byte)
		n, err := conn.Read(buffer[:])
		if n > 0 {
			return buffer, n, nil // an error will come again
		}
		buffers.Put(buffer)
		return nil, 0, err
	}
}

// take handles the frames in data and keeps what is left of it.
func (w *websocket) take(data []byte, deliver func(enginePacket) error) error {
	ours := len(w.rest) > 0
	if ours {
		data = append(w.rest, data...)
		w.rest = nil
	}
	for {
		first, payload, rest, err := frame(data)
		if err != nil {
			return err
		}
		if rest == nil {
			break
		}
		data = rest
		if err := w.handle(first, payload, deliver); err != nil {
			return err
		}
	}
	if w.rest = data; !ours {
		w.rest = bytes.Clone(data)
	}
	if len(data) == 0 {
		w.rest = nil // an idle connection holds no memory
	}
	return nil
}

var errFrame = errors.New("socket.io client: the server sent a frame that is too long, masked or out of place")

// frame takes the first frame off data: its first byte, which has the opcode,
// and its payload. The rest is nil if data does not hold a whole frame.
func frame(data []byte) (first byte, payload, rest []byte, err error) {
	if len(data) < 2 {
		return 0, nil, nil, nil
	}
	at, length := 2, uint64(data[1]) // with the bit that says it is masked
	switch {
	case length == 126 && len(data) >= 4:
		at, length = 4, uint64(binary.BigEndian.Uint16(data[2:]))
	case length == 127 && len(data) >= 10:
		at, length = 10, binary.BigEndian.Uint64(data[2:])
	case length == 126 || length == 127:
		return 0, nil, nil, nil
	case length > 127:
		return 0, nil, nil, errFrame
	}
	if length > mostFrame {
		return 0, nil, nil, errFrame
	}
	end := at + int(length)
	if len(data) < end {
		return 0, nil, nil, nil
	}
	return data[0], data[at:end], data[end:], nil
}

// handle handles one frame.
func (w *websocket) handle(first byte, payload []byte, deliver func(enginePacket) error) error {
	const final, opcode = 0x80, 0x0f
	switch op := ws.OpCode(first & opcode); op {
	case ws.OpText, ws.OpBinary:
		if first&final == 0 {
			w.message = append([]byte{first}, payload...)
			return nil
		}
		return deliver(enginePacket{data: payload, binary: op == ws.OpBinary})
	case ws.OpContinuation:
		if len(w.message) == 0 || len(w.message)+len(payload) > mostFrame {
			return errFrame
		}
		if w.message = append(w.message, payload...); first&final == 0 {
			return nil
		}
		whole := w.message
		w.message = nil
		return deliver(enginePacket{data: whole[1:], binary: ws.OpCode(whole[0]&opcode) == ws.OpBinary})
	case ws.OpPing:
		_, err := w.conn.Write(ws.MustCompileFrame(ws.MaskFrame(ws.NewPongFrame(payload))))
		return err
	case ws.OpClose:
		closed := &CloseError{Code: noStatus}
		if len(payload) >= 2 {
			closed.Code, closed.Reason = int(binary.BigEndian.Uint16(payload)), string(payload[2:])
		}
		// The server may have gone without waiting for the answer.
		_, _ = w.conn.Write(ws.MustCompileFrame(ws.MaskFrame(ws.NewCloseFrame(payload))))
		return closed
	}
	return nil // a pong
}
