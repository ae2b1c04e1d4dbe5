// Package fastpath answers a request that came before, byte for byte, without
// parsing it again. Clients of a music server ask the same over and over: the
// home page, an album, what is new. For such a short answer, net/http spends
// far more time on reading the request, on watching whether the client leaves
// and on writing the header than any handler does on the answer.
//
// Nothing is answered from memory: the handler runs each time, so that who asks
// is checked and counted as ever. Only the request that it gets was parsed
// before, by net/http, from the same bytes. What was not seen before goes to
// net/http as if this package were not there.
package fastpath

import (
	"context"
	"hash/maphash"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Path stands before a handler on both sides of an [http.Server]: its Listener
// hands requests that it knows to the handler directly, and learns from those
// that reach the handler through the server. It is safe for concurrent use.
type Path struct {
	handler  http.Handler
	timeouts Timeouts
	serving  atomic.Int64 // requests that are under way here

	mu    sync.RWMutex
	known map[string]*http.Request // by their bytes
	size  int                      // of the bytes
	seed  maphash.Seed
	once  [maxKnown]uint64 // hashes of requests that have come once, at their remainders
}

// What is remembered at most: requests, bytes of each, and bytes of all.
const (
	maxKnown = 4096
	maxHead  = 2 << 10
	maxSize  = 1 << 20
)

// Timeouts are those of the [http.Server]; 0 is none.
type Timeouts struct{ ReadHeader, Idle, Write time.Duration }

// New returns the path to a handler of a server.
func New(handler http.Handler, t Timeouts) *Path {
	return &Path{handler: handler, timeouts: t, known: map[string]*http.Request{}, seed: maphash.MakeSeed()}
}

// Listener returns l with connections that take the path. Those that are not
// TCP do not.
func (p *Path) Listener(l net.Listener) net.Listener { return &listener{l, p} }

type listener struct {
	net.Listener
	path *Path
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok && err == nil {
		return &conn{TCPConn: tcp, path: l.path}, nil
	}
	return c, err
}

type connKey struct{}

// ConnContext belongs into [http.Server.ConnContext].
func (p *Path) ConnContext(ctx context.Context, c net.Conn) context.Context {
	own, ok := c.(*conn)
	if !ok {
		return ctx
	}
	own.remote = own.RemoteAddr().String()
	own.ctx = context.WithValue(ctx, connKey{}, own)
	return own.ctx
}

// ConnState belongs into [http.Server.ConnState].
func (p *Path) ConnState(c net.Conn, state http.ConnState) {
	if own, ok := c.(*conn); ok && state == http.StateHijacked {
		own.leave()
	}
}

// ServeHTTP has the handler answer a request that came through the server, and
// remembers it if the handler allows that.
func (p *Path) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if !ok {
		p.handler.ServeHTTP(w, r)
		return
	}
	c.allowed = false
	p.handler.ServeHTTP(w, r)
	c.answered(r)
}

// Allow says of the request that ctx belongs to that its answer was made at
// once, and so may those to others like it be: their handler does not learn if
// the client leaves, and can neither flush nor hijack.
func Allow(ctx context.Context) {
	if c, ok := ctx.Value(connKey{}).(*conn); ok {
		c.allowed = true
	}
}

// Drain waits until nothing is under way, as [http.Server.Shutdown] does for
// what came through the server, or until ctx ends.
func (p *Path) Drain(ctx context.Context) error {
	for p.serving.Load() > 0 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// repeatable reports whether the like of a request may be answered without
// net/http: it has no body, and the connection goes on after it.
func repeatable(r *http.Request) bool {
	return r.Method == http.MethodGet && r.ContentLength == 0 && r.ProtoMajor == 1 && r.ProtoMinor == 1 && !r.Close &&
		r.Header["Upgrade"] == nil && r.Header["Expect"] == nil
}

func (p *Path) lookup(head []byte) *http.Request {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.known[string(head)]
}

// remember remembers a request when it comes for the second time: most come
// once, such as those that a proxy has given an id.
func (p *Path) remember(head []byte, r *http.Request) {
	if len(head) > maxHead {
		return
	}
	hash := maphash.Bytes(p.seed, head)
	p.mu.Lock()
	defer p.mu.Unlock()
	if once := &p.once[hash%maxKnown]; *once != hash {
		*once = hash
		return
	}
	if p.known[string(head)] != nil { // it came in pieces
		return
	}
	for old := range p.known { // any will do
		if len(p.known) < maxKnown && p.size+len(head) <= maxSize {
			break
		}
		delete(p.known, old)
		p.size -= len(old)
	}
	p.known[string(head)] = r.Clone(context.Background())
	p.size += len(head)
}
