package audio

import (
	"encoding/binary"
	"strconv"
)

const (
	id3HeaderSize = 10
	id3v1Size     = 128
)

// id3Tag is an ID3v2 tag in a file.
type id3Tag struct {
	version    byte  // 2, 3 or 4
	flags      byte  // of the header
	start, end int64 // of the frames; the end may lie behind the file's
	next       int64 // where the tag ends, its footer included
}

// findID3 returns the ID3v2 tag at off, if there is one.
// See https://id3.org/id3v2.4.0-structure, section 3.1.
func findID3(s *source, off int64) (id3Tag, bool) {
	b := s.peek(off, id3HeaderSize)
	if len(b) < id3HeaderSize || !hasAt(b, 0, "ID3") || b[3] == 0xFF || b[4] == 0xFF {
		return id3Tag{}, false
	}
	size, ok := synchsafe(b[6:])
	if !ok {
		return id3Tag{}, false
	}
	t := id3Tag{version: b[3], flags: b[5], start: off + id3HeaderSize}
	t.end = t.start + size
	t.next = t.end
	if footer := b[5]&0x10 != 0; footer && t.version == 4 {
		t.next += id3HeaderSize
	}
	return t, true
}

// synchsafe reads 28 bits from four bytes that never have their high bit set.
func synchsafe(b []byte) (int64, bool) {
	n := int64(0)
	for _, c := range b[:4] {
		if c >= 0x80 {
			return 0, false
		}
		n = n<<7 | int64(c)
	}
	return n, true
}

// skipID3 returns the offset behind all ID3v2 and APE tags that follow each
// other from off.
func skipID3(s *source, off int64) int64 {
	for {
		if t, ok := findID3(s, off); ok {
			off = t.next
			continue
		}
		b := s.peek(off, 32)
		if len(b) < 32 || !hasAt(b, 0, "APETAGEX") {
			return off
		}
		off += 32 + int64(binary.LittleEndian.Uint32(b[12:]))
	}
}

// trailerStart returns where the tags at the end of the file begin: ID3v1, APE
// and Lyrics3, in any order. It is never before start.
func trailerStart(s *source, start int64) int64 {
	const most = 8 // each is a step back, and so costs a read
	end := s.size
	for range most {
		b := s.peek(max(end-id3v1Size, start), int(min(id3v1Size, max(end-start, 0))))
		n := int64(0)
		switch tail := len(b); {
		case tail == id3v1Size && hasAt(b, 0, "TAG"):
			n = id3v1Size
		case tail >= 32 && hasAt(b, tail-32, "APETAGEX"):
			footer := b[tail-32:]
			n = int64(binary.LittleEndian.Uint32(footer[12:]))
			if header := footer[23]&0x80 != 0; header {
				n += 32
			}
		case tail >= 15 && hasAt(b, tail-9, "LYRICS200"):
			size, err := strconv.ParseUint(string(b[tail-15:tail-9]), 10, 32)
			if err == nil {
				n = int64(size) + 15
			}
		}
		if n == 0 || n > end-start {
			break
		}
		end -= n
	}
	return end
}
