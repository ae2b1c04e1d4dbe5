package engineio

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/gobwas/ws"
)

// The packet types of Engine.IO, as the first character of a packet.
const (
	packetOpen    = '0'
	packetClose   = '1'
	packetPing    = '2'
	packetPong    = '3'
	packetMessage = '4'
	packetUpgrade = '5'
	packetNoop    = '6'
)

// separator stands between the packets of a polling payload.
const separator = '\x1e'

// A Frame is an encoded message, immutable, shared by any number of sessions:
// what goes to many is encoded once.
type Frame struct {
	wire []byte // a whole websocket frame
	head int    // where its payload begins
}

// TextFrame returns a text message. It takes what follows the packet type, which
// must be valid UTF-8, and copies it.
func TextFrame(text []byte) *Frame {
	f := newFrame(ws.OpText, len(text)+1)
	f.wire = append(append(f.wire, packetMessage), text...)
	return f
}

// BinaryFrame returns a binary message; it copies data.
func BinaryFrame(data []byte) *Frame {
	f := newFrame(ws.OpBinary, len(data))
	f.wire = append(f.wire, data...)
	return f
}

// Size returns how many bytes the frame takes on a websocket.
func (f *Frame) Size() int { return len(f.wire) }

// Message returns what TextFrame or BinaryFrame was given. It is not to be
// changed.
func (f *Frame) Message() []byte {
	if f.opcode() == ws.OpText {
		return f.wire[f.head+1:]
	}
	return f.wire[f.head:]
}

// packetFrame returns a packet that is no message, such as a ping.
func packetFrame(packet string) *Frame {
	f := newFrame(ws.OpText, len(packet))
	f.wire = append(f.wire, packet...)
	return f
}

// pongFrame answers a websocket ping; data is at most 125 bytes.
func pongFrame(data []byte) *Frame {
	f := newFrame(ws.OpPong, len(data))
	f.wire = append(f.wire, data...)
	return f
}

// closeFrame ends a websocket. Code 0 leaves the status out.
func closeFrame(code ws.StatusCode, reason string) *Frame {
	if code == 0 {
		return newFrame(ws.OpClose, 0)
	}
	f := newFrame(ws.OpClose, 2+len(reason))
	f.wire = binary.BigEndian.AppendUint16(f.wire, uint16(code))
	f.wire = append(f.wire, reason...)
	return f
}

// newFrame returns a frame that has its header and room for size bytes. The
// header is that of RFC 6455, section 5.2, unmasked as from a server.
func newFrame(op ws.OpCode, size int) *Frame {
	const final = 0x80
	head := 2
	switch {
	case size > 0xffff:
		head = 10
	case size > 125:
		head = 4
	}
	wire := append(make([]byte, 0, head+size), final|byte(op))
	switch head {
	case 2:
		wire = append(wire, byte(size))
	case 4:
		wire = binary.BigEndian.AppendUint16(append(wire, 126), uint16(size))
	case 10:
		wire = binary.BigEndian.AppendUint64(append(wire, 127), uint64(size))
	}
	return &Frame{wire: wire, head: head}
}

// opcode returns the websocket opcode.
func (f *Frame) opcode() ws.OpCode { return ws.OpCode(f.wire[0] & 0x0f) }

// appendPayload appends the frames as one polling payload.
func appendPayload(dst []byte, frames []*Frame) []byte {
	for i, f := range frames {
		if i > 0 {
			dst = append(dst, separator)
		}
		if f.opcode() == ws.OpBinary {
			dst = base64.StdEncoding.AppendEncode(append(dst, 'b'), f.wire[f.head:])
		} else {
			dst = append(dst, f.wire[f.head:]...)
		}
	}
	return dst
}
