// Package client is a small Socket.IO client for tests, soak runs and
// benchmarks of the server. It speaks Socket.IO 5 over Engine.IO 4, by polling,
// by websocket or by an upgrade from one to the other, in one namespace a
// connection.
//
// It is made to hold tens of thousands of connections in one process: each has
// one goroutine, and no buffer while nothing comes. It does not reconnect: a
// test says itself when to come back, with Options.PID and Options.Offset if
// the server recovers sessions.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Options say whom to connect to, and how. Only URL is needed.
type Options struct {
	URL       string // such as "http://127.0.0.1:5000"; the path is /socket.io/ unless it names another
	Namespace string // "/" unless given
	Auth      any    // the payload of CONNECT; marshals to a JSON object
	Header    http.Header

	Transport string // "websocket", which is the default, or "polling"
	Upgrade   bool   // go from polling to a websocket when the server offers it; Conn.Upgraded tells when that is done

	// PID and Offset ask for the session that an earlier Conn had: see
	// Conn.PID, Conn.Offset and Conn.Recovered.
	PID, Offset string

	LocalAddr net.Addr // where to connect from
	// Dialer takes the place of the usual TCP connection, and of LocalAddr.
	Dialer func(ctx context.Context, network, addr string) (net.Conn, error)

	// OnEvent is called with each event, in order. The arguments are the
	// callee's to keep. A binary attachment stands in them as a JSON string in
	// base64, which is how encoding/json reads a []byte.
	//
	// All callbacks run on the connection's own goroutine, perhaps before Dial
	// has returned: they may emit, but must not wait for an answer.
	OnEvent func(name string, args []json.RawMessage)
	// OnCall is called in place of OnEvent with an event that asks for an
	// acknowledgement, and returns its arguments. Without OnCall such events
	// go to OnEvent and stay without an acknowledgement.
	OnCall func(name string, args []json.RawMessage) (reply []any)
	// OnPacket is called with each text packet of Socket.IO, such as
	// `2["name",1]`, before it is parsed. If it returns true, that was all:
	// the offset is not noted either. The packet is valid during the call.
	OnPacket func(c *Conn, packet []byte) (handled bool)
}

// Conn is a connection to a namespace. Its methods may be called from any
// goroutine.
type Conn struct {
	options *Options
	timeout time.Duration // how long the server may be silent
	ready   chan struct{} // closed when the namespace is connected
	done    chan struct{} // closed when the connection has ended
	reason  error         // why; set before done is closed
	partial *partial      // a binary packet that waits for attachments; run's own

	writing sync.Mutex // held for a write; taken before mu, and never by Drop
	mu      sync.Mutex // guards the rest, and reason

	transport transport
	sid, pid  string
	offset    string
	recovered bool
	closing   error // what ends the connection on this side
	upgraded  chan struct{}
	lastAck   uint64
	acks      map[uint64]chan json.RawMessage
}

// transport carries the packets of Engine.IO.
type transport interface {
	name() string
	// write sends packets together, in order. Text begins with its type.
	write(packets ...enginePacket) error
	// run hands over all that comes, until the connection ends.
	run(deliver func(enginePacket) error) error
	// expire sets when run and write give up.
	expire(at time.Time)
	// drop ends the connection at once.
	drop()
}

// enginePacket is a packet of Engine.IO: text that begins with the packet's
// type, or the bytes of a binary message.
type enginePacket struct {
	data   []byte
	binary bool
}

// Reasons for which a connection ends, besides errors of the network.
var (
	ErrClosed       = errors.New("socket.io client: closed")
	ErrDropped      = errors.New("socket.io client: dropped")
	ErrDisconnected = errors.New("socket.io client: disconnected by the server")
	ErrEngineClosed = errors.New("socket.io client: session closed by the server") // Engine.IO's close packet
)

// ConnectError is the server's refusal of a namespace.
type ConnectError struct {
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// Error implements error.
func (e *ConnectError) Error() string { return "socket.io client: refused: " + e.Message }

// StatusError is an HTTP answer that ends the connection.
type StatusError struct {
	Status int
	Body   string // at most 4 KiB of it
}

// Error implements error.
func (e *StatusError) Error() string {
	return fmt.Sprintf("socket.io client: answered %d: %s", e.Status, e.Body)
}

// CloseError is the close frame of a websocket (RFC 6455, 5.5.1).
type CloseError struct {
	Code   int // 1005 if the frame has none
	Reason string
}

// Error implements error.
func (e *CloseError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("socket.io client: websocket closed with code %d %s", e.Code, e.Reason))
}

const (
	defaultPath    = "/socket.io/"
	defaultTimeout = 45 * time.Second // until the server has said what it is
	farewell       = 2 * time.Second  // how long Close leaves the server to close too
)

// Dial connects to a namespace. ctx bounds that, and nothing that comes after.
// Errors are *StatusError, *ConnectError, or whatever Wait returns.
func Dial(ctx context.Context, o Options) (*Conn, error) {
	if o.Namespace == "" {
		o.Namespace = "/"
	}
	base, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("socket.io client: %w", err)
	}
	if base.Path == "" || base.Path == "/" {
		base.Path = defaultPath
	}
	c := &Conn{
		options: &o, timeout: defaultTimeout, ready: make(chan struct{}), done: make(chan struct{}),
		pid: o.PID, offset: o.Offset,
	}
	if o.Upgrade {
		c.upgraded = make(chan struct{})
	}
	switch o.Transport {
	case "", "websocket":
		c.transport, err = dialWebsocket(ctx, base, "", &o)
	case "polling":
		c.transport = newPolling(base, &o)
	default:
		err = fmt.Errorf("socket.io client: there is no transport %q", o.Transport)
	}
	if err != nil {
		return nil, err
	}
	go c.run(c.transport)
	select {
	case <-c.ready:
		return c, nil
	case <-c.done:
		return nil, c.reason
	case <-ctx.Done():
		c.Drop()
		return nil, ctx.Err()
	}
}

// run serves the connection to its end.
func (c *Conn) run(t transport) {
	t.expire(time.Now().Add(defaultTimeout))
	err := t.run(c.receive)
	var next *switched
	if errors.As(err, &next) {
		if err = c.takeOver(next.to); err == nil {
			err = next.to.run(c.receive)
		}
		next.to.drop()
	}
	t.drop()
	c.mu.Lock()
	if c.closing != nil {
		err = c.closing
	}
	acks := c.acks
	c.acks = nil
	c.reason = err
	c.mu.Unlock()
	close(c.done)
	for _, ack := range acks {
		close(ack)
	}
}

// ID returns the id of the socket in its namespace.
func (c *Conn) ID() string { return c.text(&c.sid) }

// PID returns the private id by which the session can be recovered, or "" if
// the server does not offer that.
func (c *Conn) PID() string { return c.text(&c.pid) }

// Offset returns the offset of the last event, or "".
func (c *Conn) Offset() string { return c.text(&c.offset) }

func (c *Conn) text(field *string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return *field
}

// Recovered reports whether the session that Options.PID names goes on.
func (c *Conn) Recovered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.recovered
}

// Transport returns "polling" or "websocket".
func (c *Conn) Transport() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.transport.name()
}

// Upgraded returns a channel that is closed when the connection has gone over
// to a websocket; it is nil without Options.Upgrade.
func (c *Conn) Upgraded() <-chan struct{} { return c.upgraded }

// Done returns a channel that is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Wait waits until the connection has ended, and returns why: ErrClosed after
// Close, ErrDropped after Drop, ErrDisconnected, ErrEngineClosed, a
// *CloseError, a *StatusError, or an error of the network.
func (c *Conn) Wait() error {
	<-c.done
	return c.reason
}

// Close says goodbye as clients do: it disconnects from the namespace and ends
// the session. It does not wait for the server's answer: Wait does.
func (c *Conn) Close() {
	// What is being written now must come to an end too.
	c.end(ErrClosed).expire(time.Now().Add(farewell))
	// If it cannot be told, the server finds out by itself.
	_ = c.write(textPacket("41"+c.prefix()), textPacket(string(engineClose)))
}

// Drop cuts the connection without a word, as a network that fails does.
func (c *Conn) Drop() { c.end(ErrDropped).drop() }

// end notes why this side ends the connection, and returns its transport.
func (c *Conn) end(why error) transport {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.closing = why
	}
	return c.transport
}

// write sends packets over whatever is the transport.
func (c *Conn) write(packets ...enginePacket) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	t := c.transport
	c.mu.Unlock()
	return t.write(packets...)
}

// alive puts off the time at which the server counts as gone.
func (c *Conn) alive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing == nil {
		c.transport.expire(time.Now().Add(c.timeout))
	}
}
