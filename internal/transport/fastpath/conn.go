package fastpath

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A conn is a connection that answers what it can by itself while net/http waits
// for the next request.
type conn struct {
	*net.TCPConn
	path   *Path
	ctx    context.Context // of its requests
	remote string          // the client's address
	state  atomic.Int32    // waiting, serving, closing

	// net/http reads in the background too, to learn whether the client leaves.
	mu       sync.Mutex
	lost     bool    // where requests begin cannot be told
	allowed  bool    // by the handler of the request under way
	got      int     // bytes that net/http has got since the last request that is answered
	head     *[]byte // the first of them, at most maxHead+1; nil while there are none
	deadline int64   // when the deadlines were last set here, in Unix nanoseconds; 0 if net/http did since
}

// heads are for the connections that have a request under way: the others may
// be many.
var heads = sync.Pool{New: func() any {
	b := make([]byte, 0, maxHead+1)
	return &b
}}

const (
	waiting int32 = iota
	serving
	closing
)

// deadlineStep is how much earlier than said a deadline may be: setting it for
// every request has a price.
const deadlineStep = int64(time.Second)

// Read implements net.Conn: it returns the next bytes that net/http has to see.
func (c *conn) Read(p []byte) (n int, err error) {
	if c.between() {
		n, err = c.await(p)
	} else {
		n, err = c.TCPConn.Read(p)
	}
	if c.state.Load() == closing {
		_ = c.TCPConn.Close()
		return 0, readError(net.ErrClosed)
	}
	c.pass(p[:n])
	return n, err
}

// readError returns an error of reading as net/http knows them, by their type.
func readError(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }

// between reports whether net/http has got nothing of the next request yet.
func (c *conn) between() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got == 0 && !c.lost
}

// pass notes what net/http gets.
func (c *conn) pass(p []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lost || len(p) == 0 {
		return
	}
	if c.head == nil {
		c.head = heads.Get().(*[]byte)
	}
	c.got += len(p)
	*c.head = append(*c.head, p[:min(len(p), maxHead+1-len(*c.head))]...)
	if c.deadline == 0 {
		return
	}
	// net/http sets its own, but for the header of what it takes for the first
	// request of the connection, which had one before this one was set.
	c.deadline = 0
	_ = c.SetReadDeadline(after(time.Now(), c.path.timeouts.ReadHeader))
}

// answered notes that a request that net/http has got is answered, and has the
// path remember it if it may.
func (c *conn) answered(r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.head == nil { // all is lost
		return
	}
	head := *c.head
	length := headLength(head)
	ahead := int64(c.got) - int64(length) - r.ContentLength // bytes of the next request
	switch {
	case length == 0 || !begins(head, r) || r.ContentLength < 0 || ahead < 0, ahead > 0 && len(head) < c.got:
		c.lose()
	case ahead > 0:
		c.got, *c.head = int(ahead), append(head[:0], head[c.got-int(ahead):]...)
	default:
		if c.allowed && repeatable(r) {
			c.path.remember(head, r)
		}
		c.release()
	}
}

// begins reports whether a head is that of a request. Some net/http answers by
// itself, and what follows them is not what it seems.
func begins(head []byte, r *http.Request) bool {
	for _, part := range [...]string{r.Method, " ", r.RequestURI, " ", r.Proto} {
		if len(head) < len(part) || string(head[:len(part)]) != part {
			return false
		}
		head = head[len(part):]
	}
	return true
}

// leave has net/http, or who took the connection from it, read by itself.
func (c *conn) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lose()
}

func (c *conn) lose() {
	c.release()
	c.lost, c.ctx, c.remote = true, nil, ""
}

// release gives the head back: nothing of the next request has come.
func (c *conn) release() {
	c.got = 0
	if c.head != nil {
		*c.head = (*c.head)[:0]
		heads.Put(c.head)
		c.head = nil
	}
}

// headLength returns the length of a request's line and header with the empty
// line behind them, and 0 if there is none. It takes all ends of lines that
// net/textproto takes.
func headLength(b []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return 0
		}
		at += i + 1
		if rest := b[at:]; bytes.HasPrefix(rest, []byte("\n")) {
			return at + 1
		} else if bytes.HasPrefix(rest, []byte("\r\n")) {
			return at + 2
		}
	}
}

// repeat answers a request that is known, and reports whether it was.
func (c *conn) repeat(head []byte) bool {
	known := c.path.lookup(head)
	if known == nil || !c.state.CompareAndSwap(waiting, serving) {
		return false
	}
	c.path.serving.Add(1)
	defer c.served()
	now := time.Now()
	c.extend(now)
	r := known.WithContext(c.ctx)
	r.RemoteAddr = c.remote
	w := newWriter(c, now)
	c.path.handler.ServeHTTP(w, r)
	if err := w.finish(); err != nil || w.header.Get("Connection") == "close" {
		c.state.Store(closing)
	}
	w.release()
	return true
}

// extend moves the deadlines of the server, which sets them for requests of its
// own alone.
func (c *conn) extend(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.UnixNano()-c.deadline < deadlineStep {
		return
	}
	c.deadline = now.UnixNano()
	_ = c.SetReadDeadline(after(now, c.path.timeouts.Idle))
	_ = c.SetWriteDeadline(after(now, c.path.timeouts.Write))
}

// after returns when a timeout has passed; never for none.
func after(now time.Time, timeout time.Duration) time.Time {
	if timeout == 0 {
		return time.Time{}
	}
	return now.Add(timeout)
}

// reset has the next request set the deadlines anew.
func (c *conn) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = 1 // long ago, but here
}

// served ends what repeat began, also if the handler has panicked, on which
// net/http closes the connection.
func (c *conn) served() {
	c.state.CompareAndSwap(serving, waiting)
	c.path.serving.Add(-1)
}

// Unwrap returns the connection itself, for whoever has hijacked it.
func (c *conn) Unwrap() net.Conn { return c.TCPConn }

// Close implements net.Conn. A server that shuts down takes the connection for
// an idle one, and Read closes it once its request is answered.
func (c *conn) Close() error {
	if c.state.CompareAndSwap(serving, closing) {
		return nil
	}
	return c.TCPConn.Close()
}
