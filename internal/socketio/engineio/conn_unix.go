//go:build unix

package engineio

import (
	"io"
	"net"
	"syscall"
	"time"
)

// rawConn returns access to the socket of a connection that is nothing but a
// socket, and nil for others, such as TLS, which do not offer theirs.
func rawConn(c net.Conn) syscall.RawConn {
	socket, ok := c.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return nil
	}
	return raw
}

// A writer is what a flusher writes with.
type writer struct {
	batch []byte // frames put together
	data  []byte // what try writes
	n     int
	err   error
	once  func(fd uintptr) bool // made once, to allocate nothing for a write
}

// try writes as much of data as the socket takes at once.
func (w *writer) try(c syscall.RawConn, data []byte) (int, error) {
	if w.once == nil {
		w.once = w.write
	}
	w.data, w.n, w.err = data, 0, nil
	err := c.Write(w.once)
	w.data = nil
	if err == nil {
		err = w.err
	}
	return w.n, err
}

func (w *writer) write(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), w.data)
		switch err {
		case nil:
			w.n = n
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
		default:
			w.err = err
		}
		return true
	}
}

// rawRead is what a reader reads a socket with.
type rawRead struct {
	once func(fd uintptr) bool // made once, to allocate nothing for a read
	n    int                   // how many bytes it read
	err  error
}

// awaitRaw is await for a socket. It asks the kernel for bytes first, and only
// when there are some does it hold a buffer.
func (r *reader) awaitRaw() error {
	if r.once == nil {
		r.once = r.read
	}
	r.n, r.err = 0, nil
	if err := r.raw.Read(r.once); err != nil {
		return err
	}
	r.end += r.n
	return r.err
}

// read is called with a socket that may have bytes; it returns false to wait
// until there are some.
func (r *reader) read(fd uintptr) bool {
	r.borrow()
	for {
		n, err := syscall.Read(int(fd), r.buf[r.end:])
		switch {
		case err == syscall.EINTR:
			continue
		case err == syscall.EAGAIN:
			r.giveBack()
			if r.renew() {
				r.err = errQuiet
				return true
			}
			return false
		case err != nil:
			r.err = err
		case n <= 0:
			r.err = io.EOF
		default:
			r.n = n
		}
		return true
	}
}

// renew reports whether another goroutine is to wait.
func (r *reader) renew() bool {
	if !r.grown {
		return false
	}
	now := time.Now()
	if r.renewals == freeRenewals && now.Sub(r.renewed) < renewEvery {
		return false
	}
	r.grown, r.renewed = false, now
	r.renewals = min(r.renewals+1, freeRenewals)
	return true
}
