//go:build unix

package media

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// hold locks f for as long as it is open, and reports whether the file of that
// name is still f: a sweeper may have removed it before it was locked.
func hold(f *os.File) (bool, error) {
	if err := flock(f, syscall.LOCK_EX); err != nil {
		return false, &fs.PathError{Op: "flock", Path: f.Name(), Err: err}
	}
	ours, err := f.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Lstat(f.Name())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return os.SameFile(ours, named), nil
}

// removeUnheld removes the file at path if no process holds it, and reports
// whether it did.
func removeUnheld(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	switch err := flock(f, syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return false, nil
	case err != nil:
		return false, &fs.PathError{Op: "flock", Path: path, Err: err}
	}
	// The lock is on the file that was opened: path may have been moved into a
	// storage since, but then it no longer names anything here.
	if err := os.Remove(path); err != nil {
		return false, err
	}
	return true, nil
}

// flock applies an advisory lock, again if a signal interrupts the wait.
func flock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// isFull reports whether an error is that of a full disk.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// rename moves the open file; the descriptor and its lock move with it.
func (s *Staged) rename(path string) error { return os.Rename(s.path, path) }
