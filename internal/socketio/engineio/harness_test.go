package engineio

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// A world is a server with a way to reach it.
type world struct {
	t      testing.TB
	server *Server
	client *http.Client
	dial   func() (net.Conn, error)
	stop   func() // as for a restart; returns when Run has
}

// inPipes returns a server that is reached through pipes in memory, for tests
// with the clock of testing/synctest.
func inPipes(t testing.TB, c Config) *world {
	// net/http lingers before it closes a connection with unread bytes.
	t.Cleanup(func() { time.Sleep(time.Second) })
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	return begin(t, c, l, l.dial)
}

// onLoopback returns a server that is reached over TCP.
func onLoopback(t testing.TB, c Config) *world {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	return begin(t, c, l, func() (net.Conn, error) { return net.Dial("tcp", address) })
}

func begin(t testing.TB, c Config, l net.Listener, dial func() (net.Conn, error)) *world {
	if c.Open == nil {
		c.Open = func(s *Session) Receiver { return &echo{session: s} }
	}
	w := &world{t: t, server: NewServer(c), dial: dial}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := w.server.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	handler := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Wrapped", "yes")
		w.server.ServeHTTP(rw, r)
	})
	// Deadlines that are much shorter than a poll waits.
	front := &http.Server{Handler: handler, ReadTimeout: time.Second, WriteTimeout: time.Second}
	running.Go(func() {
		if err := front.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	w.client = &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return dial() },
	}}
	w.stop = sync.OnceFunc(func() {
		cancel()
		w.server.tasks.Wait()
	})
	t.Cleanup(func() {
		w.stop()
		_ = front.Close()
		w.client.CloseIdleConnections()
		running.Wait()
	})
	return w
}

// An answer is what came back for a request; err if nothing did.
type answer struct {
	status int
	body   string
	header http.Header
	err    error
}

func (w *world) do(r *http.Request) answer {
	response, err := w.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, string(body), response.Header, err}
}

func (w *world) request(method, query, body string) *http.Request {
	r, err := http.NewRequest(method, "http://engine.test/engine.io/?"+query, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) get(query string) answer { return w.do(w.request("GET", query, "")) }

func (w *world) post(query, body string) answer { return w.do(w.request("POST", query, body)) }

const pollingQuery = "EIO=4&transport=polling"

// handshake opens a session by polling and returns the query of its requests.
func (w *world) handshake() string {
	w.t.Helper()
	a := w.get(pollingQuery)
	if a.status != 200 || !strings.HasPrefix(a.body, `0{"sid":"`) {
		w.t.Fatalf("handshake: %+v", a)
	}
	return pollingQuery + "&sid=" + a.body[9:29]
}

// poll polls in the background.
func (w *world) poll(query string) <-chan answer {
	c := make(chan answer, 1)
	go func() { c <- w.get(query) }()
	return c
}

// expect fails the test if the answer is another.
func (w *world) expect(what string, got answer, status int, body string) {
	w.t.Helper()
	if got.err != nil || got.status != status || got.body != body {
		w.t.Errorf("%s: got %d %.200q %v, want %d %.200q", what, got.status, got.body, got.err, status, body)
	}
}

const (
	unknownSessionBody = `{"code":1,"message":"Session ID unknown"}`
	badRequestBody     = `{"code":3,"message":"Bad request"}`
)

// A socket is the client's side of a websocket.
type socket struct {
	t    testing.TB
	conn net.Conn
	in   io.Reader
}

// websocket opens a websocket; with the query of a session by polling, one that
// may take over.
func (w *world) websocket(query string) *socket {
	w.t.Helper()
	c, err := w.tryWebsocket(query)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) tryWebsocket(query string) (*socket, error) {
	query = strings.Replace(query, "polling", "websocket", 1)
	d := ws.Dialer{NetDial: func(context.Context, string, string) (net.Conn, error) { return w.dial() }}
	conn, early, _, err := d.Dial(context.Background(), "ws://engine.test/engine.io/?"+query)
	if err != nil {
		return nil, err
	}
	c := &socket{t: w.t, conn: conn, in: conn}
	if early != nil {
		c.in = early
	}
	w.t.Cleanup(func() { conn.Close() })
	return c, nil
}

// session opens a session over a websocket and returns its id too.
func (w *world) session() (*socket, string) {
	w.t.Helper()
	c := w.websocket(pollingQuery)
	op, data := c.next()
	if op != ws.OpText || !strings.HasPrefix(data, `0{"sid":"`) {
		w.t.Fatalf("the first packet is %v %q", op, data)
	}
	return c, data[9:29]
}

func (c *socket) frame(f ws.Frame) {
	c.t.Helper()
	if err := ws.WriteFrame(c.conn, ws.MaskFrame(f)); err != nil {
		c.t.Error(err)
	}
}

func (c *socket) send(text string) { c.t.Helper(); c.frame(ws.NewTextFrame([]byte(text))) }

// next returns the next frame; opcode 0 at the end of the connection.
func (c *socket) next() (ws.OpCode, string) {
	h, err := ws.ReadHeader(c.in)
	if err != nil {
		return 0, err.Error()
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(c.in, payload); err != nil {
		return 0, err.Error()
	}
	return h.OpCode, string(payload)
}

func (c *socket) expect(text string) {
	c.t.Helper()
	if op, data := c.next(); op != ws.OpText || data != text {
		c.t.Errorf("got %v %.200q, want text %.200q", op, data, text)
	}
}

// expectClose waits for a close frame, past other frames, and the end of the
// connection after it. Code 0 is a frame without one.
func (c *socket) expectClose(code ws.StatusCode, reason string) {
	c.t.Helper()
	op, data := c.next()
	for op != ws.OpClose && op != 0 {
		op, data = c.next()
	}
	want := string(closeFrame(code, reason).wire[2:])
	if op != ws.OpClose || data != want {
		c.t.Errorf("got %v %q, want close %d %q", op, data, code, reason)
	}
	if op, data := c.next(); op != 0 {
		c.t.Errorf("after the close frame came %v %q", op, data)
	}
	c.conn.Close()
}

// echo sends everything back.
type echo struct {
	session *Session
	closed  chan<- Reason // if there is one
}

func (e *echo) Text(data []byte)   { e.session.Send(TextFrame(data)) }
func (e *echo) Binary(data []byte) { e.session.Send(BinaryFrame(data)) }
func (e *echo) Closed(r Reason) {
	if e.closed != nil {
		e.closed <- r
	}
}

// A capture passes sessions and their ends on to the test.
type capture struct {
	sessions chan *Session
	closed   chan Reason
}

func newCapture() *capture {
	return &capture{make(chan *Session, 2000), make(chan Reason, 2000)}
}

func (c *capture) open(s *Session) Receiver {
	c.sessions <- s
	return &echo{session: s, closed: c.closed}
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (p *pipes) dial() (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }
