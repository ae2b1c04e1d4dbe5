// Package local stores blobs as plain files in a directory.
//
// The directory looks like this:
//
//	blobs/ab/cd/abcd…   one file a blob, named by its key
//	staging/            uploads that nobody has decided about yet
//
// A blob's modification time is when it was last put. Files of other names are
// left alone. A blob appears under its name whole and durable or not at all: it
// is written and synced in the staging area, renamed, and then the directory is
// synced.
package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// Store is a [media.Blobs] in a directory. One process at a time may write to
// it; any number may read.
type Store struct {
	root  string // the blobs directory
	stage *media.Stage

	// locks keep a Put that finds its blob present and a Delete of that blob
	// apart. A key's lock is chosen by its first two digits.
	locks [256]sync.Mutex
}

var _ media.Blobs = (*Store)(nil)

// New opens the store in the directory dir, which it creates if needed.
func New(dir string) (*Store, error) {
	root := filepath.Join(dir, "blobs")
	if err := os.MkdirAll(root, 0o750); err != nil {
		return nil, fmt.Errorf("local: making the blobs directory: %w", err)
	}
	stage, err := media.NewStage(filepath.Join(dir, "staging"))
	if err != nil {
		return nil, fmt.Errorf("local: %w", err)
	}
	return &Store{root: root, stage: stage}, nil
}

// Stage returns the stage of the store, whose uploads Put takes by renaming
// them. Those of another stage work too, but may have to be copied.
func (s *Store) Stage() *media.Stage { return s.stage }

// Put implements [media.Blobs].
func (s *Store) Put(ctx context.Context, staged *media.Staged) error {
	if !staged.Key.Valid() {
		return fmt.Errorf("local: putting a blob: %q is no key", staged.Key)
	}
	present, err := s.renew(staged)
	if err == nil && !present {
		err = s.add(ctx, staged)
	}
	if err == nil {
		// Also for a blob that was present: another Put may have renamed it just
		// now and not have got this far.
		err = syncDir(filepath.Dir(s.path(staged.Key)))
	}
	if err != nil {
		return fmt.Errorf("local: putting a blob: %w", media.DiskError(err))
	}
	return nil
}

// renew sets the modification time of the blob if it is present. A blob of the
// wrong size, which only damage can have made, counts as absent.
func (s *Store) renew(staged *media.Staged) (present bool, err error) {
	defer s.lock(staged.Key)()
	path := s.path(staged.Key)
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && stat.Size() != staged.Size {
		return false, nil
	}
	if err == nil {
		err = touch(path)
	}
	return err == nil, err
}

// add moves the upload into place. Whoever adds the same content at the same
// time replaces it by its equal.
func (s *Store) add(ctx context.Context, staged *media.Staged) error {
	path := s.path(staged.Key)
	if err := makeDirs(s.root, filepath.Dir(path)); err != nil {
		return err
	}
	if !staged.Moved() && s.place(staged, path) == nil {
		return nil
	}
	// It lies on another file system, or was taken before and the blob has been
	// deleted since. Any other trouble will show again with the copy.
	return s.addCopy(ctx, staged, path)
}

// addCopy copies the upload to this store's own stage and moves the copy.
func (s *Store) addCopy(ctx context.Context, staged *media.Staged, path string) error {
	content := io.NewSectionReader(staged, 0, staged.Size)
	copied, err := s.stage.Receive(ctx, content, staged.Size)
	if err != nil {
		return err
	}
	defer copied.Discard()
	if copied.Key != staged.Key {
		return fmt.Errorf("the content changed from %s to %s", staged.Key, copied.Key)
	}
	return s.place(copied, path)
}

// place moves the upload to path, as modified now: a rename would keep the time
// of the upload, and a collector would think it older than it is.
func (s *Store) place(staged *media.Staged, path string) error {
	defer s.lock(staged.Key)()
	if err := staged.MoveTo(path); err != nil {
		return err
	}
	return touch(path)
}

// Open implements [media.Blobs]. The blob is an *os.File.
func (s *Store) Open(_ context.Context, k media.Key) (media.Blob, media.BlobInfo, error) {
	if !k.Valid() {
		return nil, media.BlobInfo{}, errs.New(errs.NotFound, "There is no such file.")
	}
	f, err := os.Open(s.path(k))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, media.BlobInfo{}, &errs.Error{Kind: errs.NotFound, Err: err}
	}
	if err != nil {
		return nil, media.BlobInfo{}, fmt.Errorf("local: opening a blob: %w", err)
	}
	stat, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, media.BlobInfo{}, fmt.Errorf("local: opening a blob: %w", err)
	}
	return f, media.BlobInfo{Key: k, Size: stat.Size(), ModTime: stat.ModTime()}, nil
}

// Delete implements [media.Blobs].
func (s *Store) Delete(_ context.Context, k media.Key, notAfter time.Time) error {
	if !k.Valid() {
		return nil
	}
	defer s.lock(k)()
	path := s.path(k)
	stat, err := os.Stat(path)
	if err == nil && !stat.ModTime().After(notAfter) {
		err = os.Remove(path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("local: deleting a blob: %w", err)
	}
	return nil
}

// List implements [media.Blobs]. It holds the names of one directory of the
// third level in memory at a time.
func (s *Store) List(ctx context.Context, each func(media.BlobInfo) error) error {
	return filepath.WalkDir(s.root, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("local: listing the blobs: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("local: listing the blobs: %w", err)
		}
		k := media.Key(e.Name())
		if !e.Type().IsRegular() || !k.Valid() || path != s.path(k) {
			return nil
		}
		stat, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("local: listing the blobs: %w", err)
		}
		return each(media.BlobInfo{Key: k, Size: stat.Size(), ModTime: stat.ModTime()})
	})
}

// Writable implements [media.Blobs] by writing a small file.
func (s *Store) Writable(context.Context) error {
	f, err := os.CreateTemp(s.root, "writable-*")
	if err != nil {
		return fmt.Errorf("local: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString("This file may be removed.\n")
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("local: %w", err)
	}
	return nil
}

// path returns where the blob of a valid key is.
func (s *Store) path(k media.Key) string {
	return filepath.Join(s.root, string(k[:2]), string(k[2:4]), string(k))
}

// lock locks the key and returns the function that unlocks it.
func (s *Store) lock(k media.Key) (unlock func()) {
	m := &s.locks[hexDigit(k[0])<<4|hexDigit(k[1])]
	m.Lock()
	return m.Unlock
}

// hexDigit returns the value of a lower-case hexadecimal digit.
func hexDigit(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}
