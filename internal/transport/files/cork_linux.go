package files

import "syscall"

// setCork sets TCP_CORK: tcp(7). A socket that refuses is none the worse.
func setCork(fd uintptr, on bool) {
	value := 0
	if on {
		value = 1
	}
	_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CORK, value)
}
