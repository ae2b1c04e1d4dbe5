//go:build unix

package app

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// freeSpace returns how many bytes there is room for in a folder.
func freeSpace(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, fmt.Errorf("room in %s: %w", dir, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil // both types differ from system to system
}
