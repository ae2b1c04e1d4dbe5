package fastpath

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// await answers what it can and reads the next bytes that net/http has to see,
// or none if the connection is to be closed.
//
// The connection's own Read asks the kernel twice for each request, for it only
// waits after it has found nothing. Here it waits at once where all has been
// read: what comes meanwhile ends the wait.
func (c *conn) await(p []byte) (n int, err error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return 0, err
	}
	looked := false
	failed := raw.Read(func(fd uintptr) (done bool) {
		for {
			n, err = read(int(fd), p)
			switch {
			case errors.Is(err, syscall.EAGAIN):
				n, err = 0, nil
				return false
			case err != nil:
				return true
			case !c.repeat(p[:n]):
				return true
			}
			full := n == len(p)
			n = 0
			switch {
			case c.state.Load() == closing:
				return true
			case looked && !full:
				return false
			}
			// That the client will send no more is not told apart from a request
			// that comes with it, so that a first one is followed by a look.
			looked = true
		}
	})
	if failed != nil {
		n, err = 0, failed
		if e := (*net.OpError)(nil); errors.As(failed, &e) {
			err = readError(e.Err)
		}
	}
	return n, err
}

// read reads what is there. The error is EAGAIN if that is nothing, and io.EOF at
// the end.
func read(fd int, p []byte) (int, error) {
	for {
		n, err := syscall.Read(fd, p)
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			return 0, err
		case err != nil:
			return 0, readError(err)
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}
