package picture

import (
	"bufio"
	"io"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// scanBuffer is how much of a file is in memory at a time, in bytes.
const scanBuffer = 16 << 10

// scanner reads a file front to back through one small buffer. At the end of
// the file its methods return io.EOF or io.ErrUnexpectedEOF.
type scanner struct {
	file      io.ReaderAt
	size      int64 // of the file
	maxPixels int64
	offset    int64 // of the next byte
	buffer    *bufio.Reader
	scratch   [32]byte
}

func newScanner(r io.ReaderAt, size, maxPixels int64) *scanner {
	return &scanner{
		file:      r,
		size:      size,
		maxPixels: maxPixels,
		buffer:    bufio.NewReaderSize(io.NewSectionReader(r, 0, size), scanBuffer),
	}
}

// peek returns the next n bytes without consuming them, or with io.EOF those
// that there are. They are valid until the next call.
func (s *scanner) peek(n int) ([]byte, error) { return s.buffer.Peek(n) }

// next returns the next n bytes, at most 32, which are valid until its next
// call.
func (s *scanner) next(n int) ([]byte, error) {
	m, err := io.ReadFull(s.buffer, s.scratch[:n])
	s.offset += int64(m)
	return s.scratch[:n], err
}

// advance leaves out n bytes.
func (s *scanner) advance(n int64) error { return s.chunks(n, nil) }

// chunks consumes n bytes and gives them to each, if that is not nil, as they
// come out of the buffer.
func (s *scanner) chunks(n int64, each func([]byte)) error {
	if n > s.size-s.offset {
		return io.ErrUnexpectedEOF
	}
	for n > 0 {
		p, err := s.buffer.Peek(int(min(n, scanBuffer)))
		if err != nil {
			return err
		}
		if each != nil {
			each(p)
		}
		m, err := s.buffer.Discard(len(p))
		s.offset += int64(m)
		n -= int64(m)
		if err != nil {
			return err
		}
	}
	return nil
}

// to consumes everything up to and with the next byte b.
func (s *scanner) to(b byte) error {
	for {
		p, err := s.buffer.ReadSlice(b)
		s.offset += int64(len(p))
		if err != bufio.ErrBufferFull {
			return err
		}
	}
}

// measure checks the dimensions of an image or of a frame.
func (s *scanner) measure(width, height uint32) error {
	switch {
	case width == 0 || height == 0:
		return errBroken
	case int64(width) > s.maxPixels/int64(height):
		return refuse(errs.Pixels, s.maxPixels, nil)
	}
	return nil
}

// dimensions sets the size of the image, unless measure refuses it.
func (s *scanner) dimensions(o *outline, width, height uint32) error {
	if err := s.measure(width, height); err != nil {
		return err
	}
	o.Width, o.Height = int(width), int(height)
	return nil
}
