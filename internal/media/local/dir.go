package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// touch sets the modification time of a file to the clock's.
func touch(path string) error {
	// The zero time leaves the access time as it is.
	return os.Chtimes(path, time.Time{}, time.Now())
}

// makeDirs makes dir, a directory under root, and those between, each of them
// durable before anything is put into it.
func makeDirs(root, dir string) error {
	if dir == root {
		return nil
	}
	err := os.Mkdir(dir, 0o750)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeDirs(root, filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o750)
		if errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return syncDir(filepath.Dir(dir))
}

// syncDir makes the names in a directory durable. Windows has no such call and
// needs none: NTFS logs changes of names.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
