package remote_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media/remote"
)

// storage is a blob of a storage that can be made to misbehave.
type storage struct {
	content []byte
	asked   [][2]int64                            // offset and length of each fetch
	open    int                                   // bodies
	err     error                                 // of every fetch
	spoil   func(part io.Reader, n int) io.Reader // what becomes of the part of the nth fetch, from 0
}

func (s *storage) fetch(ctx context.Context, from, n int64) (io.ReadCloser, error) {
	s.asked = append(s.asked, [2]int64{from, n})
	if s.err != nil {
		return nil, s.err
	}
	var part io.Reader = bytes.NewReader(s.content[from : from+n])
	if s.spoil != nil {
		part = s.spoil(part, len(s.asked)-1)
	}
	s.open++
	return &body{Reader: part, ctx: ctx, storage: s}, nil
}

type body struct {
	io.Reader
	ctx     context.Context
	storage *storage
	closed  bool
}

func (b *body) Read(p []byte) (int, error) {
	if _, silent := b.Reader.(silence); silent {
		<-b.ctx.Done()
		return 0, b.ctx.Err()
	}
	return b.Reader.Read(p)
}

func (b *body) Close() error {
	if !b.closed {
		b.closed = true
		b.storage.open--
	}
	return nil
}

// silence is a part of which nothing comes.
type silence struct{ io.Reader }

func newBlob(t *testing.T, patience time.Duration) (*storage, *remote.Blob) {
	t.Helper()
	content := make([]byte, 300_000)
	for i := range content {
		content[i] = byte(rand.Uint32())
	}
	s := &storage{content: content}
	b := remote.New(t.Context(), s.fetch, int64(len(content)), patience)
	t.Cleanup(func() { _ = b.Close() })
	return s, b
}

func TestReader(t *testing.T) {
	s, b := newBlob(t, time.Minute)
	if err := iotest.TestReader(b, s.content); err != nil {
		t.Error(err)
	}
}

func TestSequentialReadIsOneFetch(t *testing.T) {
	s, b := newBlob(t, time.Minute)
	got, err := io.ReadAll(b)
	if err != nil || !bytes.Equal(got, s.content) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if len(s.asked) != 1 || s.open != 0 {
		t.Errorf("asked for %v, %d bodies are open", s.asked, s.open)
	}
}

func TestBegin(t *testing.T) {
	s, b := newBlob(t, time.Minute)
	if err := b.Begin(t.Context(), 1000, 500); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 500)
	if _, err := io.ReadFull(b, got); err != nil || !bytes.Equal(got, s.content[1000:1500]) {
		t.Errorf("read %v", err)
	}
	if len(s.asked) != 1 || s.asked[0] != [2]int64{1000, 500} {
		t.Errorf("asked for %v", s.asked)
	}
	if s.open != 0 {
		t.Error("a connection is held after the last byte")
	}
	for _, part := range [][2]int64{{-1, 5}, {0, 0}, {299_999, 2}, {300_000, 1}, {1, 1 << 62}} {
		if err := b.Begin(t.Context(), part[0], part[1]); err == nil {
			t.Errorf("Begin(%d, %d) succeeded", part[0], part[1])
		}
	}
	s.err = errs.New(errs.NotFound, "gone")
	if err := b.Begin(t.Context(), 0, 1); !errs.Is(err, errs.NotFound) {
		t.Errorf("Begin of what is gone: %v", err)
	}
}

// What lies a little ahead is received on the way; anything else is asked for.
func TestSeek(t *testing.T) {
	s, b := newBlob(t, time.Minute)
	p := make([]byte, 10)
	for _, at := range []int64{0, 5000, 200_000, 100} {
		if _, err := b.Seek(at, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(b, p); err != nil || !bytes.Equal(p, s.content[at:at+10]) {
			t.Errorf("at %d: %v", at, err)
		}
	}
	if len(s.asked) != 3 || s.open != 1 {
		t.Errorf("asked for %v, %d bodies are open", s.asked, s.open)
	}
	_ = b.Close()
	if s.open != 0 {
		t.Error("a connection is held after Close")
	}
	if _, err := b.Read(p); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Read after Close: %v", err)
	}
	if err := b.Begin(t.Context(), 0, 1); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("Begin after Close: %v", err)
	}
}

func TestBrokenConnections(t *testing.T) {
	half := func(part io.Reader, _ int) io.Reader {
		rest, _ := io.ReadAll(part)
		return bytes.NewReader(rest[:(len(rest)+1)/2])
	}
	tests := []struct {
		name  string
		spoil func(io.Reader, int) io.Reader
		want  error // nil if the content comes whole in the end
	}{
		{"half of what is left comes each time", half, nil},
		{"one fails in the middle", func(part io.Reader, n int) io.Reader {
			if n > 0 {
				return part
			}
			return io.MultiReader(io.LimitReader(part, 1000), iotest.ErrReader(io.ErrUnexpectedEOF))
		}, nil},
		{"one falls silent", func(part io.Reader, n int) io.Reader {
			if n > 0 {
				return part
			}
			return silence{part}
		}, nil},
		{"nothing ever comes", func(part io.Reader, _ int) io.Reader { return io.LimitReader(part, 0) }, remote.Unavailable(nil)},
		{"all are silent", func(part io.Reader, _ int) io.Reader { return silence{part} }, remote.Unavailable(nil)},
		{"a byte comes each time", func(part io.Reader, _ int) io.Reader { return io.LimitReader(part, 1) }, remote.Unavailable(nil)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s, b := newBlob(t, time.Millisecond)
			s.spoil = test.spoil
			got, err := io.ReadAll(b)
			if test.want == nil && (err != nil || !bytes.Equal(got, s.content)) {
				t.Errorf("%d bytes, %v", len(got), err)
			}
			if test.want != nil && !errs.Is(err, errs.KindOf(test.want)) {
				t.Errorf("%v, want %v", err, test.want)
			}
			if s.open != 0 {
				t.Errorf("%d bodies are open", s.open)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	s, b := newBlob(t, time.Minute)
	s.spoil = func(part io.Reader, _ int) io.Reader { return silence{part} }
	ctx, cancel := context.WithCancel(t.Context())
	if err := b.Begin(ctx, 0, 100); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := b.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("Read: %v", err)
	}
	if len(s.asked) != 1 {
		t.Errorf("asked for %v although nobody waits", s.asked)
	}
}
