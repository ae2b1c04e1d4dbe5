package audio

import (
	"bytes"
	"io"
)

// windowSize is how much of a file is held in memory at once. A walk through a
// file reads it once, in pieces of this size.
const windowSize = 128 << 10

// source reads a file of known size through one window. Its methods answer
// short at the end of the file, so that a parser checks lengths and nothing
// else; a failure of the reader is kept in err and looks like that end.
type source struct {
	r     io.ReaderAt
	size  int64
	err   error  // the first failure to read
	buf   []byte // the window
	start int64  // the offset of the window in the file
}

func newSource(r io.ReaderAt, size int64) *source {
	return &source{r: r, size: size}
}

// peek returns the n bytes at off, or as many as the file has there. They are
// valid until the next call; n is at most windowSize.
func (s *source) peek(off int64, n int) []byte {
	if off < 0 || off >= s.size || s.err != nil {
		return nil
	}
	n = int(min(int64(n), s.size-off))
	if off < s.start || off+int64(n) > s.start+int64(len(s.buf)) {
		s.fill(off)
	}
	b := s.buf[min(off-s.start, int64(len(s.buf))):]
	return b[:min(n, len(b))]
}

// fill moves the window to off.
func (s *source) fill(off int64) {
	n := int(min(windowSize, s.size-off))
	if cap(s.buf) < n {
		s.buf = make([]byte, n)
	}
	s.start = off
	s.buf = s.readAt(s.buf[:n], off)
}

// read returns a copy of the n bytes at off, or nil if the file has fewer. The
// caller bounds n.
func (s *source) read(off, n int64) []byte {
	if off < 0 || n <= 0 || n > s.size-off || s.err != nil {
		return nil
	}
	b := s.readAt(make([]byte, n), off)
	if int64(len(b)) < n {
		return nil
	}
	return b
}

// readAt fills b from off and returns the part that was filled. A file that
// turns out shorter than its size is no failure: it ends there.
func (s *source) readAt(b []byte, off int64) []byte {
	n, err := s.r.ReadAt(b, off)
	if n < len(b) && err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		s.err = err
	}
	return b[:n]
}

// index returns the offset of the next sep in [off, end), or -1.
func (s *source) index(off, end int64, sep []byte) int64 {
	const step = windowSize / 2
	for off < end {
		b := s.peek(off, int(min(step, end-off)))
		if i := bytes.Index(b, sep); i >= 0 {
			return off + int64(i)
		}
		if len(b) < step {
			return -1
		}
		off += int64(len(b) - len(sep) + 1)
	}
	return -1
}
