package audio

import (
	"encoding/binary"
	"math"
)

// chunk is one piece of a RIFF or IFF file: a name, a size, content.
type chunk struct {
	name  string
	start int64
	size  int64 // as the header says: it may reach behind the end of the file
}

// chunks visits the chunks in [off, end), until visit answers false. They are
// aligned to two bytes, and their sizes are in the given byte order.
func chunks(s *source, off, end int64, order binary.ByteOrder, visit func(chunk) bool) {
	for off+8 <= end {
		b := s.peek(off, 8)
		if len(b) < 8 {
			return
		}
		c := chunk{name: string(b[:4]), start: off + 8, size: int64(order.Uint32(b[4:]))}
		if !visit(c) {
			return
		}
		off = c.start + c.size + c.size&1
	}
}

// available returns how many bytes of c the file has.
func (c chunk) available(s *source) int64 {
	return max(min(c.size, s.size-c.start), 0)
}

// text returns the text in c.
func (c chunk) text(s *source) string {
	return string(s.read(c.start, min(c.available(s), maxFrameText)))
}

// readID3Chunk reads the ID3v2 tag that fills c.
func (t *tagReader) readID3Chunk(s *source, c chunk) {
	if id3, ok := findID3(s, c.start); ok {
		id3.end = min(id3.end, c.start+c.size)
		t.readID3(s, id3)
	}
}

// unknownSize is what writers to a pipe put where the size belongs.
const unknownSize = math.MaxUint32
