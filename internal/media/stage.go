package media

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	// receiveBuffer is how much of an upload is in memory at a time, in bytes.
	receiveBuffer = 128 << 10

	// maxIdleReads is how often in a row a reader may return nothing at all.
	maxIdleReads = 100

	stagePrefix = "upload-"
	stageSuffix = ".part"
)

// Stage receives uploads on local disk before anybody knows whether they will
// be kept. Several processes may share one directory.
type Stage struct {
	dir     string
	buffers sync.Pool // of *[receiveBuffer]byte
}

// NewStage returns a stage in the directory dir, which it creates if needed.
func NewStage(dir string) (*Stage, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("media: making the staging directory: %w", err)
	}
	return &Stage{
		dir:     dir,
		buffers: sync.Pool{New: func() any { return new([receiveBuffer]byte) }},
	}, nil
}

// Receive reads r to its end into a file of the stage. The memory it needs does
// not depend on the length.
//
// More than limit bytes are errs.TooLarge with the limit in a field "file", and a
// full disk is errs.Unavailable. On any error, of r too, nothing stays behind. The caller discards the upload
// when it is done with it.
func (s *Stage) Receive(ctx context.Context, r io.Reader, limit int64) (*Staged, error) {
	f, err := s.create()
	if err != nil {
		return nil, fmt.Errorf("media: creating a staged file: %w", DiskError(err))
	}
	staged := &Staged{file: f, path: f.Name()}
	if err := s.fill(ctx, staged, r, limit); err != nil {
		staged.Discard()
		return nil, err
	}
	return staged, nil
}

// fill copies r into the file of staged and sets its size, key and head.
func (s *Stage) fill(ctx context.Context, staged *Staged, r io.Reader, limit int64) error {
	buffer := s.buffers.Get().(*[receiveBuffer]byte)
	defer s.buffers.Put(buffer)

	hash := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("media: receiving an upload: %w", err)
		}
		n, readErr := readChunk(r, buffer[:])
		if staged.Size+int64(n) > limit {
			return &errs.Error{
				Kind:   errs.TooLarge,
				Fields: []errs.Field{{Name: "file", Code: errs.TooBig, Limit: limit}},
			}
		}
		if staged.Size == 0 {
			staged.head = append([]byte(nil), buffer[:min(n, headLength)]...)
		}
		if _, err := staged.file.Write(buffer[:n]); err != nil {
			return fmt.Errorf("media: writing a staged file: %w", DiskError(err))
		}
		hash.Write(buffer[:n])
		staged.Size += int64(n)

		switch {
		case readErr == io.EOF:
			staged.Key = Key(hex.EncodeToString(hash.Sum(nil)))
			return nil
		case readErr != nil:
			return fmt.Errorf("media: receiving an upload: %w", readErr)
		}
	}
}

// readChunk fills p from r. Unlike [io.ReadFull] it passes on the reader's own
// error, so that a request body cut short (io.ErrUnexpectedEOF) is not taken
// for one that has ended (io.EOF).
func readChunk(r io.Reader, p []byte) (n int, err error) {
	for idle := 0; n < len(p) && err == nil; {
		var m int
		m, err = r.Read(p[n:])
		n += m
		if m > 0 {
			idle = 0
		} else if idle++; idle > maxIdleReads && err == nil {
			err = io.ErrNoProgress
		}
	}
	return n, err
}

// create makes a staged file and holds it. Between the two a sweeper may take
// it for a leftover; then it is made again.
func (s *Stage) create() (*os.File, error) {
	for {
		f, err := os.CreateTemp(s.dir, stagePrefix+"*"+stageSuffix)
		if err != nil {
			return nil, err
		}
		held, err := hold(f)
		if held {
			return f, nil
		}
		f.Close()
		if err != nil {
			os.Remove(f.Name())
			return nil, err
		}
	}
}

// Sweep removes what processes that died have left in the stage, and returns
// how many files that were. It never touches an upload in flight, whichever
// process of this host receives it.
func (s *Stage) Sweep(ctx context.Context) (removed int, err error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return 0, fmt.Errorf("media: sweeping the stage: %w", err)
	}
	var failed []error
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return removed, fmt.Errorf("media: sweeping the stage: %w", err)
		}
		if !strings.HasPrefix(e.Name(), stagePrefix) || !strings.HasSuffix(e.Name(), stageSuffix) {
			continue
		}
		gone, err := removeUnheld(filepath.Join(s.dir, e.Name()))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			failed = append(failed, fmt.Errorf("media: sweeping the stage: %w", err))
		case gone:
			removed++
		}
	}
	return removed, errors.Join(failed...)
}
