//go:build !unix

package engineio

import (
	"errors"
	"net"
	"syscall"
)

// rawConn returns nil: where sockets are not read and written as on unix, every
// connection takes the ordinary way.
func rawConn(net.Conn) syscall.RawConn { return nil }

// A writer is what a flusher writes with.
type writer struct {
	batch []byte // frames put together
}

func (w *writer) try(syscall.RawConn, []byte) (int, error) { return 0, errors.ErrUnsupported }

// rawRead is what a reader reads a socket with.
type rawRead struct{}

func (r *reader) awaitRaw() error { return errors.ErrUnsupported }
