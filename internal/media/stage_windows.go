package media

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// hold has nothing to do: Windows does not remove a file that is open.
func hold(*os.File) (bool, error) { return true, nil }

// removeUnheld removes the file at path if no process has it open, and reports
// whether it did.
func removeUnheld(path string) (bool, error) {
	err := os.Remove(path)
	if errors.Is(err, windows.ERROR_SHARING_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}

// isFull reports whether an error is that of a full disk.
func isFull(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_HANDLE_DISK_FULL)
}

// rename closes the file, which Windows would not move while it is open, and
// opens it again in its new place. A sweep at that very moment makes it fail.
func (s *Staged) rename(path string) error {
	if err := s.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(s.path, path); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	s.file = f
	return nil
}
