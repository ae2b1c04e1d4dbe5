//go:build unix

package client

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

// reader returns a function that waits for bytes and reads them into a buffer,
// which is the caller's to put back. Over TCP it takes the buffer only once
// there is something to read.
func reader(conn net.Conn) func() (*[bufferSize]byte, int, error) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return readPlainly(conn)
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return readPlainly(conn)
	}
	var (
		buffer *[bufferSize]byte
		n      int
		failed error
	)
	// The poller tells of what comes once only: so this reads before it waits.
	try := func(fd uintptr) (done bool) {
		buffer = buffers.Get().(*[bufferSize]byte)
		for {
			n, failed = syscall.Read(int(fd), buffer[:])
			if !errors.Is(failed, syscall.EINTR) {
				break
			}
		}
		if n > 0 {
			return true
		}
		buffers.Put(buffer)
		buffer = nil
		return !errors.Is(failed, syscall.EAGAIN)
	}
	return func() (*[bufferSize]byte, int, error) {
		err := raw.Read(try)
		switch {
		case err != nil:
			return nil, 0, err
		case n > 0:
			return buffer, n, nil
		case failed != nil:
			return nil, 0, os.NewSyscallError("read", failed)
		}
		return nil, 0, io.EOF
	}
}
