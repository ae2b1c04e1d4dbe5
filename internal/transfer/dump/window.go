package dump

import "io"

const (
	// windowSize is how much of a file is in memory to begin with, in bytes.
	windowSize = 128 << 10

	// maxIdleReads is how often in a row a reader may return nothing at all.
	maxIdleReads = 100
)

// window is the part of a stream that is being looked at. It grows by what has
// really arrived, never by what a length in the stream promises.
type window struct {
	in       io.Reader
	buf      []byte
	from, to int   // what is there: buf[from:to]
	at       int64 // the offset of buf[from] in the stream
	err      error // the error of in, which comes after what is there
}

func newWindow(in io.Reader) *window {
	return &window{in: in, buf: make([]byte, windowSize)}
}

// Ahead returns what is there. It is valid until more is.
func (w *window) Ahead() []byte { return w.buf[w.from:w.to] }

// At returns the offset, in bytes, of what is there.
func (w *window) At() int64 { return w.at }

// Drop passes over the first n bytes of what is there.
func (w *window) Drop(n int) {
	w.from += n
	w.at += int64(n)
}

// More adds to what is there. Its error is that of the stream, io.EOF at its end.
func (w *window) More() error {
	if w.err != nil {
		return w.err
	}
	if w.to == len(w.buf) {
		into := w.buf
		if w.from == 0 {
			into = make([]byte, 2*len(w.buf))
		}
		w.to = copy(into, w.buf[w.from:w.to])
		w.buf, w.from = into, 0
	}
	for range maxIdleReads {
		var n int
		n, w.err = w.in.Read(w.buf[w.to:])
		w.to += n
		if n > 0 {
			return nil
		}
		if w.err != nil {
			return w.err
		}
	}
	w.err = io.ErrNoProgress
	return w.err
}

// Need sees to it that at least n bytes are there. It fails with io.EOF if the
// stream has ended, and with io.ErrUnexpectedEOF if it ends within them.
func (w *window) Need(n int) error {
	for w.to-w.from < n {
		if err := w.More(); err != nil {
			return w.short(err)
		}
	}
	return nil
}

// short words the end of the stream within what was asked for.
func (w *window) short(err error) error {
	if err == io.EOF && w.to > w.from {
		return io.ErrUnexpectedEOF
	}
	return err
}

// Pass drops n bytes, whether they are there yet or not, after it has shown
// them to see, which may be nil.
func (w *window) Pass(n int64, see func([]byte)) error {
	for n > 0 {
		if w.from == w.to {
			w.from, w.to = 0, 0
			if err := w.More(); err != nil {
				if err == io.EOF {
					return io.ErrUnexpectedEOF
				}
				return err
			}
		}
		part := int(min(n, int64(w.to-w.from)))
		if see != nil {
			see(w.buf[w.from : w.from+part])
		}
		w.Drop(part)
		n -= int64(part)
	}
	return nil
}
