package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	// maxFruitless is how often in a row a connection may break without having
	// brought anything, and maxBreaks how often at all, before a stream fails.
	maxFruitless = 3
	maxBreaks    = 32
)

var errShort = errors.New("the storage sent less than it had announced")

// stream is a part of a blob that is being received. It asks again for the rest
// if the storage breaks off or falls silent.
type stream struct {
	fetch    Fetch
	patience time.Duration
	ctx      context.Context // of whoever wants the part

	body      io.ReadCloser
	cancel    context.CancelFunc // ends the body
	watch     *time.Timer        // calls cancel when the storage is silent for too long
	at, end   int64              // what is still to be received
	breaks    int
	fruitless int
}

// open asks for n bytes from the offset from.
func open(ctx context.Context, fetch Fetch, from, n int64, patience time.Duration) (*stream, error) {
	s := &stream{fetch: fetch, patience: patience, ctx: ctx, at: from, end: from + n}
	if err := s.connect(); err != nil {
		return nil, err
	}
	return s, nil
}

// connect asks for what is still to be received.
func (s *stream) connect() error {
	ctx, cancel := context.WithCancel(s.ctx)
	body, err := s.fetch(ctx, s.at, s.end-s.at)
	if err != nil {
		cancel()
		return err
	}
	s.body, s.cancel = body, cancel
	s.watch = time.AfterFunc(s.patience, cancel)
	s.watch.Stop()
	return nil
}

// read reads at least a byte. At the end of the stream there is nothing more to
// read.
func (s *stream) read(p []byte) (int, error) {
	p = p[:min(int64(len(p)), s.end-s.at)]
	for {
		s.watch.Reset(s.patience) // only while it is read: the reader may take his time
		n, err := s.body.Read(p)
		s.watch.Stop()
		if n > 0 {
			s.at += int64(n)
			s.fruitless = 0
			return n, nil // an error comes again with the next read
		}
		if err != nil {
			if err := s.mend(err); err != nil {
				return 0, err
			}
		}
	}
}

// mend asks for the rest after the body has failed.
func (s *stream) mend(cause error) error {
	s.close()
	if err := s.ctx.Err(); err != nil {
		return fmt.Errorf("remote: reading a blob: %w", err)
	}
	if errors.Is(cause, io.EOF) {
		cause = errShort
	}
	if errors.Is(cause, context.Canceled) { // by the watch
		cause = fmt.Errorf("the storage was silent for %v", s.patience)
	}
	s.breaks++
	s.fruitless++
	if s.fruitless >= maxFruitless || s.breaks >= maxBreaks {
		return Unavailable(fmt.Errorf("remote: reading a blob: it broke off %d times: %w", s.breaks, cause))
	}
	return s.connect()
}

// reaches reports whether off can be had from the stream soon. There may be no
// stream.
func (s *stream) reaches(off int64) bool {
	return s != nil && off >= s.at && off < s.end && off-s.at <= near
}

// skip receives what lies before off, and forgets it.
func (s *stream) skip(off int64) error {
	var waste [4 << 10]byte
	for s.at < off {
		if _, err := s.read(waste[:min(int64(len(waste)), off-s.at)]); err != nil {
			return err
		}
	}
	return nil
}

// close lets go of the connection: it can be used again if all was received.
func (s *stream) close() {
	s.body.Close()
	s.watch.Stop()
	s.cancel()
}
