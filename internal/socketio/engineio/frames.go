package engineio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"
	"syscall"
	"time"

	"github.com/gobwas/ws"
)

// readBuffer is the size of the buffers that connections are read into. A larger
// frame gets a buffer of its own, which grows as the frame comes in.
const readBuffer = 4 << 10

// A reader takes the messages of a client from its websocket. While it waits on
// a bare socket it holds no buffer.
type reader struct {
	conn  net.Conn
	raw   syscall.RawConn // nil: conn is read in the ordinary way
	pool  *sync.Pool      // of *[readBuffer]byte
	limit int             // of bytes in a message

	buf      []byte            // nil while nothing is kept
	borrowed *[readBuffer]byte // what buf is, if it is from the pool
	pos, end int               // buf[pos:end] came in and is not taken yet

	message []byte    // of a message in fragments, those that came
	opcode  ws.OpCode // its kind; 0 between messages

	// grown says that the stack of the goroutine that calls next may have grown.
	// It wants errQuiet then rather than to wait with such a stack, unless that
	// has been often and a moment ago: who is talking waits too briefly to make
	// it worth a new goroutine, and the answer to the next ping gives another
	// chance.
	grown    bool
	renewals uint8     // how often errQuiet was returned, up to freeRenewals
	renewed  time.Time // when it was

	rawRead
}

// A goroutine that waits is replaced at most every renewEvery, but for the first
// few times: most clients say little after they have connected.
const (
	renewEvery   = 5 * time.Second
	freeRenewals = 4
)

// errQuiet is returned instead of waiting.
var errQuiet = errors.New("nothing came in")

// A violation is what a client did against the rules of the websocket protocol,
// RFC 6455.
type violation struct {
	code ws.StatusCode
	what string
}

func (v *violation) Error() string {
	return fmt.Sprintf("websocket protocol violation (%d): %s", v.code, v.what)
}

// violated returns the code of a violation, and 0 for other errors.
func violated(err error) ws.StatusCode {
	if v, ok := err.(*violation); ok {
		return v.code
	}
	return 0
}

func illegal(what string) error { return &violation{ws.StatusProtocolError, what} }

// next returns the next message, whole, or the next control frame. The data is
// only valid until the next call. A *violation says what code to close with;
// errQuiet is what grown asks for; another error is of the connection.
func (r *reader) next() (ws.OpCode, []byte, error) {
	for {
		op, data, err := r.parse()
		if op != 0 || err != nil {
			return op, data, err
		}
		if err := r.await(); err != nil {
			return 0, nil, err
		}
	}
}

// parse returns the next message or control frame that is wholly in the buffer;
// opcode 0 if there is none.
func (r *reader) parse() (ws.OpCode, []byte, error) {
	for {
		h, err := parseHeader(r.buf[r.pos:r.end])
		if err != nil {
			return 0, nil, err
		}
		if h.size == 0 {
			r.reserve(readBuffer)
			return 0, nil, nil
		}
		if err := r.check(h); err != nil {
			return 0, nil, err
		}
		whole := h.size + int(h.length)
		if r.end-r.pos < whole {
			r.reserve(whole)
			return 0, nil, nil
		}
		payload := r.buf[r.pos+h.size : r.pos+whole]
		ws.Cipher(payload, h.mask, 0)
		r.pos += whole

		switch {
		case h.opcode.IsControl() || h.final && h.opcode != ws.OpContinuation:
			return h.opcode, payload, nil
		case h.opcode != ws.OpContinuation:
			r.opcode = h.opcode
		}
		r.message = append(r.message, payload...)
		if h.final {
			op, message := r.opcode, r.message
			r.opcode, r.message = 0, nil
			return op, message, nil
		}
	}
}

// check refuses what has no place here.
func (r *reader) check(h header) error {
	switch {
	case h.opcode.IsControl():
		return nil
	case h.opcode == ws.OpContinuation && r.opcode == 0:
		return illegal("a continuation of nothing")
	case h.opcode != ws.OpContinuation && r.opcode != 0:
		return illegal("a message within another")
	case h.length > uint64(r.limit-len(r.message)):
		return &violation{ws.StatusMessageTooBig, "the message is too big"}
	}
	return nil
}

// reserve sees to it that there is room for more of what takes size bytes from
// pos on. The buffer doubles at most, so that it is large only for a client that
// has sent much, not for one that says it will.
func (r *reader) reserve(size int) {
	switch {
	case r.end < len(r.buf) || r.buf == nil:
		return
	case r.pos > 0:
		r.end = copy(r.buf, r.buf[r.pos:r.end])
		r.pos = 0
		return
	}
	grown := make([]byte, min(2*len(r.buf), max(size, readBuffer)))
	copy(grown, r.buf)
	r.drop()
	r.buf = grown
}

// await waits until more came in.
func (r *reader) await() error {
	r.giveBack()
	if r.raw != nil {
		return r.awaitRaw()
	}
	r.borrow()
	n, err := r.conn.Read(r.buf[r.end:])
	r.end += n
	if n > 0 {
		return nil
	}
	return err
}

// borrow takes a buffer if there is none.
func (r *reader) borrow() {
	if r.buf == nil {
		r.borrowed = r.pool.Get().(*[readBuffer]byte)
		r.buf = r.borrowed[:]
	}
}

// giveBack gives the buffer back if nothing in it is waited for.
func (r *reader) giveBack() {
	if r.pos == r.end {
		r.drop()
		r.buf, r.pos, r.end = nil, 0, 0
	}
}

func (r *reader) drop() {
	if r.borrowed != nil {
		r.pool.Put(r.borrowed)
		r.borrowed = nil
	}
}

// A header is the beginning of a websocket frame (RFC 6455, section 5.2).
type header struct {
	final  bool
	opcode ws.OpCode
	mask   [4]byte
	size   int    // of the header itself; 0: not all of it is here
	length uint64 // of the payload
}

// parseHeader takes the header at the beginning of b.
func parseHeader(b []byte) (header, error) {
	if len(b) < 2 {
		return header{}, nil
	}
	const final, reserved, masked = 0x80, 0x70, 0x80
	h := header{final: b[0]&final != 0, opcode: ws.OpCode(b[0] & 0x0f)}
	length := b[1] &^ masked
	switch {
	case b[0]&reserved != 0:
		return header{}, illegal("a reserved bit is set")
	case h.opcode.IsReserved():
		return header{}, illegal("a reserved opcode")
	case b[1]&masked == 0:
		return header{}, illegal("a frame without a mask")
	case h.opcode.IsControl() && (!h.final || length > 125):
		return header{}, illegal("a control frame that is too long or fragmented")
	}
	size := 2
	switch length {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	if len(b) < size+len(h.mask) {
		return header{}, nil
	}
	switch length {
	case 126:
		h.length = uint64(binary.BigEndian.Uint16(b[2:]))
	case 127:
		h.length = binary.BigEndian.Uint64(b[2:])
	default:
		h.length = uint64(length)
	}
	copy(h.mask[:], b[size:])
	h.size = size + len(h.mask)
	return h, nil
}
