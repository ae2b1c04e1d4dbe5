package media

import (
	"errors"
	"fmt"
	"os"
)

// headLength is how much of an upload Head returns, in bytes. It is what
// content sniffing looks at: https://mimesniff.spec.whatwg.org.
const headLength = 512

// Staged is an upload that has been received and not yet been thrown away. It
// is for one goroutine at a time, but for ReadAt, and must be discarded.
type Staged struct {
	Key  Key   // of the content
	Size int64 // in bytes

	file *os.File
	path string // empty once the file has moved
	head []byte
}

// File returns the open file, for code that insists on one. Its offset is
// anywhere; it is closed by Discard.
func (s *Staged) File() *os.File { return s.file }

// ReadAt implements [io.ReaderAt] over the content.
func (s *Staged) ReadAt(p []byte, off int64) (int, error) { return s.file.ReadAt(p, off) }

// Head returns the first 512 bytes of the content, or all of it if it is
// shorter.
func (s *Staged) Head() []byte { return s.head }

// Moved reports whether MoveTo has succeeded.
func (s *Staged) Moved() bool { return s.path == "" }

// MoveTo makes the content durable and renames its file to path, replacing what
// is there. The upload stays readable. It is for storages in a directory of the
// same file system, and works once.
func (s *Staged) MoveTo(path string) error {
	if s.Moved() {
		return errors.New("media: a staged file moves only once")
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("media: syncing a staged file: %w", err)
	}
	if err := s.rename(path); err != nil {
		return fmt.Errorf("media: moving a staged file: %w", err)
	}
	s.path = ""
	return nil
}

// Discard closes the upload and removes its file unless a storage has taken it.
// It may be called more than once.
func (s *Staged) Discard() {
	// What cannot be removed here is swept later.
	s.file.Close()
	if !s.Moved() {
		os.Remove(s.path)
		s.path = ""
	}
}
