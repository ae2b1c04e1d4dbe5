package socketio_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/gobwas/ws"
)

// world is a server in memory. It lives in a synctest bubble: time passes only
// when everybody waits.
type world struct {
	*socketio.Server
	listener pipeListener
	clients  []*client
}

// inWorld runs a test with a server that setup has given its handlers.
func inWorld(t *testing.T, c socketio.Config, setup func(s *socketio.Server), test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w, end := newWorld(t, c, setup)
		defer end()
		test(t, w)
	})
}

// newWorld starts a server in the bubble of a test, which ends it.
func newWorld(t *testing.T, c socketio.Config, setup func(s *socketio.Server)) (w *world, end func()) {
	c.Log = slog.New(slog.DiscardHandler)
	w = &world{Server: socketio.NewServer(c), listener: make(pipeListener)}
	setup(w.Server)
	web := &http.Server{Handler: w.Server}
	ctx, stop := context.WithCancel(t.Context())
	var running, serving sync.WaitGroup
	running.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	serving.Go(func() { _ = web.Serve(w.listener) })
	return w, func() {
		stop()
		running.Wait()
		for _, c := range w.clients {
			c.conn.Close()
		}
		_ = web.Close() // the listener's is called, and returns no error
		serving.Wait()
	}
}

// pipeListener accepts connections that never leave the process.
type pipeListener chan net.Conn

func (l pipeListener) Accept() (net.Conn, error) {
	conn, ok := <-l
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (l pipeListener) Close() error {
	close(l)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{} }

// client speaks raw frames over a websocket. Text begins with the Engine.IO
// packet type, as on the wire.
type client struct {
	t    *testing.T
	conn net.Conn
	in   chan frame // closed at the end of the connection

	mu sync.Mutex // for writing
}

type frame struct {
	binary bool
	data   string
}

func (f frame) String() string {
	if f.binary {
		return "binary " + hex.EncodeToString([]byte(f.data))
	}
	return f.data
}

// dial opens a connection and reads the handshake.
func (w *world) dial(t *testing.T) *client {
	t.Helper()
	near, far := net.Pipe()
	w.listener <- far
	d := ws.Dialer{NetDial: func(context.Context, string, string) (net.Conn, error) { return near, nil }}
	conn, early, _, err := d.Dial(t.Context(), "ws://localhost/socket.io/?EIO=4&transport=websocket")
	if err != nil {
		t.Fatal(err)
	}
	if early == nil {
		early = bufio.NewReader(conn)
	}
	c := &client{t: t, conn: conn, in: make(chan frame, 100_000)}
	w.clients = append(w.clients, c)
	go c.read(early)
	if f := c.next(); !strings.HasPrefix(f.data, `0{"sid":`) {
		t.Fatalf("handshake %q", f)
	}
	return c
}

// join opens a connection and connects it to the main namespace.
func (w *world) join(t *testing.T, auth string) (c *client, welcome welcome) {
	t.Helper()
	c = w.dial(t)
	c.send("40" + auth)
	f := c.next()
	if err := json.Unmarshal([]byte(strings.TrimPrefix(f.data, "40")), &welcome); err != nil || welcome.SID == "" {
		t.Fatalf("CONNECT with %s was answered %s", auth, f)
	}
	return c, welcome
}

type welcome struct{ SID, PID string }

// read takes frames in, and answers pings.
func (c *client) read(r io.Reader) {
	defer close(c.in)
	for {
		header, err := ws.ReadHeader(r)
		if err != nil || header.OpCode == ws.OpClose {
			return
		}
		payload := make([]byte, header.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			return
		}
		if string(payload) == "2" && header.OpCode == ws.OpText {
			c.write(ws.NewTextFrame([]byte("3")))
			continue
		}
		c.in <- frame{binary: header.OpCode == ws.OpBinary, data: string(payload)}
	}
}

func (c *client) write(f ws.Frame) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = ws.WriteFrame(c.conn, ws.MaskFrame(f)) // the reader notices
}

func (c *client) send(text string)   { c.write(ws.NewTextFrame([]byte(text))) }
func (c *client) binary(data []byte) { c.write(ws.NewBinaryFrame(data)) }

// next returns the next frame; the zero frame at the end of the connection.
func (c *client) next() frame {
	c.t.Helper()
	select {
	case f := <-c.in:
		return f
	case <-time.After(time.Minute):
		c.t.Fatal("nothing comes")
		return frame{}
	}
}

var sids = regexp.MustCompile(`"sid":"[\w-]{20}"`)

// want checks the frames that come next; ids are written "sid":"…", and binary
// frames as hexadecimal digits behind the word binary.
func (c *client) want(frames ...string) {
	c.t.Helper()
	for _, want := range frames {
		if got := sids.ReplaceAllString(c.next().String(), `"sid":"…"`); got != want {
			c.t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
}

// wantSilence checks that nothing comes, and that the connection lives.
func (c *client) wantSilence() {
	c.t.Helper()
	synctest.Wait()
	select {
	case f, ok := <-c.in:
		if !ok {
			c.t.Fatal("the connection was closed")
		}
		c.t.Fatalf("got %s", f)
	default:
	}
}

// wantClosed checks that the connection ends at once.
func (c *client) wantClosed() {
	c.t.Helper()
	synctest.Wait()
	select {
	case f, ok := <-c.in:
		if ok {
			c.t.Fatalf("got %s, want the end", f)
		}
	default:
		c.t.Fatal("the connection is open")
	}
}

// drop ends the connection without a word, and waits until the server knows.
func (c *client) drop() {
	c.conn.Close()
	synctest.Wait()
}

// must ends the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
