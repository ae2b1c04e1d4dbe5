//go:build unix

package main

import "syscall"

// openFiles returns how many files this process may have open, or 0 if that is
// not known. Go raises the soft limit to the hard one by itself, as do the
// servers.
func openFiles() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return int(min(uint64(limit.Cur), 1<<30))
}
