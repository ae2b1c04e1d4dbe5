package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
)

// kind is the digit that a Socket.IO packet begins with.
type kind byte

const (
	kindConnect kind = iota
	kindDisconnect
	kindEvent
	kindAck
	kindConnectError
	kindBinaryEvent
	kindBinaryAck
	kinds // how many there are
)

const (
	// maxAttachments is how many binary attachments a packet may have, in both
	// directions: the limit of the JavaScript parser.
	maxAttachments = 10
	// maxDepth is how deep arrays and objects may nest.
	maxDepth = 512
	// maxAckDigits keeps acknowledgement ids within 2^53, where JavaScript
	// counts exactly.
	maxAckDigits = 15
)

// packet is a decoded text message. Its slices point into the message.
type packet struct {
	kind        kind
	attachments int    // binary messages that follow
	namespace   []byte // nil is the main one
	id          uint64 // of an acknowledgement
	hasID       bool
	payload     []byte // valid JSON of the shape that kind asks for; empty is none
}

var (
	errKind        = errors.New("unknown packet type")
	errAttachments = errors.New("illegal attachments")
	errPayload     = errors.New("invalid payload")
	errAckID       = errors.New("acknowledgement id out of range")
	errDepth       = errors.New("payload nested too deeply")
)

// parse decodes a text message:
//
//	<type>[<attachments>-][/<namespace>,][<ack id>][JSON]
//
// as docs/socket.io-protocol/v5-current.md of socketio/socket.io has it. The
// comma may be missing where nothing follows the namespace.
func parse(data []byte) (packet, error) {
	if len(data) == 0 || data[0] < '0' || data[0] >= '0'+byte(kinds) {
		return packet{}, errKind
	}
	p := packet{kind: kind(data[0] - '0')}
	rest := data[1:]

	if p.binary() {
		var count uint64
		var digits int
		count, digits, rest = number(rest)
		if digits == 0 || digits > 2 || count > maxAttachments || len(rest) == 0 || rest[0] != '-' {
			return packet{}, errAttachments
		}
		p.attachments, rest = int(count), rest[1:]
	}
	if len(rest) > 0 && rest[0] == '/' {
		p.namespace, rest, _ = bytes.Cut(rest, []byte{','})
		p.namespace, _, _ = bytes.Cut(p.namespace, []byte{'?'})
	}
	var digits int
	p.id, digits, p.payload = number(rest)
	if digits > maxAckDigits {
		return packet{}, errAckID
	}
	p.hasID = digits > 0

	if !p.wellFormed() {
		return packet{}, errPayload
	}
	return p, nil
}

func (p packet) binary() bool { return p.kind == kindBinaryEvent || p.kind == kindBinaryAck }

// wellFormed reports whether the payload is JSON of the shape that the type of
// the packet asks for.
func (p packet) wellFormed() bool {
	opening := byte('[')
	switch p.kind {
	case kindDisconnect:
		return len(p.payload) == 0
	case kindConnect:
		if len(p.payload) == 0 {
			return true
		}
		opening = '{'
	case kindConnectError:
		return true // clients send none; the connection is closed for it anyway
	}
	first := bytes.TrimLeft(p.payload, jsonSpace)
	return len(first) > 0 && first[0] == opening && json.Valid(p.payload)
}

// number reads leading decimal digits: their value, which is only right for up
// to 19 of them, how many there are, and what follows.
func number(data []byte) (value uint64, digits int, rest []byte) {
	for digits < len(data) && data[digits] >= '0' && data[digits] <= '9' {
		value = value*10 + uint64(data[digits]-'0')
		digits++
	}
	return value, digits, data[digits:]
}

// jsonSpace is what may stand between the tokens of JSON.
const jsonSpace = " \t\r\n"

// span is the range of an element in an array.
type span struct{ from, to int32 }

func (s span) of(data []byte) []byte { return data[s.from:s.to] }

// split appends the ranges of the elements of an array, which must be valid
// JSON: it only looks for the commas that separate them.
func split(array []byte, spans []span) ([]span, error) {
	start := bytes.IndexByte(array, '[') + 1
	depth := 0
	for i := start; i < len(array); i++ {
		switch array[i] {
		case '"':
			for i++; array[i] != '"'; i++ {
				if array[i] == '\\' {
					i++
				}
			}
		case '[', '{':
			if depth++; depth > maxDepth {
				return spans, errDepth
			}
		case ']', '}':
			if depth--; depth >= 0 {
				continue
			}
			if last := trim(array, start, i); last.from < last.to {
				spans = append(spans, last)
			}
			return spans, nil
		case ',':
			if depth == 0 {
				spans = append(spans, trim(array, start, i))
				start = i + 1
			}
		}
	}
	return spans, errPayload
}

// trim returns the range without the white space around it.
func trim(data []byte, from, to int) span {
	part := data[from:to]
	to -= len(part) - len(bytes.TrimRight(part, jsonSpace))
	from += len(part) - len(bytes.TrimLeft(part, jsonSpace))
	return span{int32(from), int32(max(from, to))}
}

// reserved reports whether an event name belongs to the protocol: applications
// of either side cannot send it.
func reserved(name string) bool {
	switch name {
	case "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener":
		return true
	}
	return false
}
