package client

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// portAtConnect has the kernel choose a local port when it knows the other end.
// Otherwise it looks for one that no socket of the address has, which takes
// longer than all the rest once there are ten thousand.
func portAtConnect(_, _ string, c syscall.RawConn) error {
	var err error
	if failed := c.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	}); failed != nil {
		return failed
	}
	return err
}
