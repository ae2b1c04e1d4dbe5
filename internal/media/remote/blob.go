package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/media"
)

// Fetch asks a storage for n bytes of a blob from the offset from. The body it
// returns is bound to ctx. It fails with errs.NotFound, or errs.Unavailable, or
// if the storage is about to send another part than was asked for.
type Fetch func(ctx context.Context, from, n int64) (io.ReadCloser, error)

// Blob is a blob that is fetched as it is read. It holds a connection only
// between the first and the last byte of what is read in one go. If the
// connection breaks in between, it asks for the rest.
type Blob struct {
	fetch    Fetch
	size     int64
	patience time.Duration
	base     context.Context // of what is read without Begin
	stop     context.CancelFunc

	mu     sync.Mutex
	off    int64   // of Read
	stream *stream // what is being received; nil if nothing is
	closed bool
}

var _ media.Ranger = (*Blob)(nil)

// New returns a blob of size bytes. What is read without Begin is bound to ctx,
// and to the blob's being open.
func New(ctx context.Context, fetch Fetch, size int64, patience time.Duration) *Blob {
	base, stop := context.WithCancel(ctx)
	return &Blob{fetch: fetch, size: size, patience: patience, base: base, stop: stop}
}

var errClosed = fmt.Errorf("remote: reading a blob: %w", fs.ErrClosed)

// near is how far ahead something may be so that it is quicker to receive what
// lies between than to ask anew, in bytes.
const near = 64 << 10

// Begin implements [media.Ranger].
func (b *Blob) Begin(ctx context.Context, from, n int64) error {
	if from < 0 || n < 1 || n > b.size-from {
		return fmt.Errorf("remote: %d bytes from %d are no part of a blob of %d", n, from, b.size)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.off = from
	if b.closed {
		return errClosed
	}
	return b.begin(ctx, from, n)
}

// begin replaces the stream. The blob is locked.
func (b *Blob) begin(ctx context.Context, from, n int64) error {
	b.drop()
	s, err := open(ctx, b.fetch, from, n, b.patience)
	if err != nil {
		return err
	}
	b.stream = s
	return nil
}

// drop ends the stream, if there is one. The blob is locked.
func (b *Blob) drop() {
	if b.stream != nil {
		b.stream.close()
		b.stream = nil
	}
}

// Read implements [io.Reader].
func (b *Blob) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.readAt(p, b.off)
	b.off += int64(n)
	return n, err
}

// ReadAt implements [io.ReaderAt]. Parts that follow each other closely are
// received in one go.
func (b *Blob) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("remote: reading before the beginning")
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for n < len(p) && err == nil {
		var k int
		k, err = b.readAt(p[n:], off+int64(n))
		n += k
	}
	return n, err
}

// readAt reads at least a byte at off, of a blob that is locked.
func (b *Blob) readAt(p []byte, off int64) (int, error) {
	if b.closed {
		return 0, errClosed
	}
	if off >= b.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if !b.stream.reaches(off) || b.stream.skip(off) != nil {
		if err := b.begin(b.base, off, b.size-off); err != nil {
			return 0, err
		}
	}
	n, err := b.stream.read(p)
	if err != nil || b.stream.at == b.stream.end {
		b.drop()
	}
	return n, err
}

// Seek implements [io.Seeker]. It asks for nothing.
func (b *Blob) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += b.off
	case io.SeekEnd:
		offset += b.size
	default:
		return 0, fmt.Errorf("remote: seeking with whence %d", whence)
	}
	if offset < 0 {
		return 0, errors.New("remote: seeking before the beginning")
	}
	b.off = offset
	return offset, nil
}

// Close implements [io.Closer]. It may be called more than once.
func (b *Blob) Close() error {
	b.stop() // first, so that whoever reads lets go of the lock
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop()
	b.closed = true
	return nil
}
