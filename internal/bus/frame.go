package bus

import (
	"encoding/binary"
	"errors"
	"slices"
)

// A frame is a message, or a part of one, as it goes over a Carrier:
//
//	version  one byte, 1
//	node     length (uvarint) and bytes
//	number   uvarint; 1 for the first frame of a node, and one more each
//	part     uvarint; 0 for the first part of a message
//	parts    uvarint; of how many parts the message is
//	topic    length (uvarint) and bytes; empty for a sign of life
//	data     the rest
type frame struct {
	node        string
	number      uint64
	part, parts uint64
	topic       string
	data        []byte
}

const frameVersion = 1

// maxParts bounds a message's parts, whatever size the frames have.
const maxParts = MaxSize

var errFrame = errors.New("bus: not a frame of this version")

func (f frame) append(b []byte) []byte {
	b = append(b, frameVersion)
	b = appendText(b, f.node)
	b = binary.AppendUvarint(b, f.number)
	b = binary.AppendUvarint(b, f.part)
	b = binary.AppendUvarint(b, f.parts)
	b = appendText(b, f.topic)
	return append(b, f.data...)
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// parseFrame reads a frame, whose data is a part of b.
func parseFrame(b []byte) (f frame, err error) {
	r := reader{rest: b}
	version := r.bytes(1)
	f.node = r.text()
	f.number, f.part, f.parts = r.uvarint(), r.uvarint(), r.uvarint()
	f.topic = r.text()
	f.data = r.rest
	if r.failed || version[0] != frameVersion || f.node == "" || f.number == 0 ||
		f.part >= f.parts || f.parts > maxParts || len(f.data) > MaxSize {
		return frame{}, errFrame
	}
	return f, nil
}

// reader reads from the front of rest, until something fails.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) bytes(n int) []byte {
	if r.failed || len(r.rest) < n {
		r.failed = true
		return make([]byte, n)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if r.failed || n <= 0 {
		r.failed = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) text() string {
	n := r.uvarint()
	if n > maxName {
		r.failed = true
		return ""
	}
	return string(r.bytes(int(n)))
}

// split returns a message as frames of at most size bytes each, numbered from
// first on.
func split(node string, first uint64, topic string, data []byte, size int) [][]byte {
	// Room for the head: the names, and numbers at their longest.
	room := size - (1 + 2*2 + len(node) + len(topic) + 3*binary.MaxVarintLen64)
	parts := [][]byte{data}
	if len(data) > room {
		parts = slices.Collect(slices.Chunk(data, room))
	}
	frames := make([][]byte, len(parts))
	for i, part := range parts {
		f := frame{node, first + uint64(i), uint64(i), uint64(len(parts)), topic, part}
		frames[i] = f.append(make([]byte, 0, len(part)+size-room))
	}
	return frames
}
