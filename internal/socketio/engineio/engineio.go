// Package engineio is a server of the Engine.IO protocol, version 4: it gives a
// program ordered message sessions with browsers, over a websocket where one
// can be had and over HTTP long-polling where not, with a heartbeat that
// notices clients that are gone. Socket.IO is built on it.
//
// The protocol is described in docs/engine.io-protocol/v4-current.md of the
// repository socketio/socket.io.
package engineio

import (
	"log/slog"
	"net/http"
	"time"
)

// A Config says how a [Server] behaves. Zero fields take the defaults named with
// them.
type Config struct {
	// PingInterval is the time from the handshake, or from the last answer to a
	// ping, to the next ping. 25 s.
	PingInterval time.Duration
	// PingTimeout is how long a client may take to answer a ping, and how long
	// a slow websocket may take for a write that the socket buffer had no room
	// for. 20 s.
	PingTimeout time.Duration
	// UpgradeTimeout is how long a client may take from opening a websocket for
	// a polling session to the end of the upgrade. 10 s.
	UpgradeTimeout time.Duration
	// MaxPayload is how many bytes a client may send at once: the body of a
	// POST, or one websocket message. 1,000,000.
	MaxPayload int
	// MaxQueue is how many bytes may wait for one client. A session over it is
	// closed with [ClientTooSlow]; a single frame on an empty queue always
	// fits. 4 MiB.
	MaxQueue int
	// Tick is the least time between two rounds of writes for
	// [Session.SendSoon]. 50 ms.
	Tick time.Duration
	// MaxTick is what Tick may grow to when rounds take long. 1 s.
	MaxTick time.Duration

	// Admit decides on a handshake; what it returns is the session's Origin. An
	// error is answered with status 403 and the protocol's own words; its text
	// is not shown. nil admits everybody.
	Admit func(r *http.Request) (origin any, err error)
	// Open is called with each new session, before anything of it is read, and
	// returns who receives what the client sends. nil ignores it all.
	Open func(s *Session) Receiver
	// Log takes what is wrong with the program: receivers that panic. What
	// clients do wrong is told to receivers as the reason of the end.
	// [slog.Default].
	Log *slog.Logger
}

func (c Config) withDefaults() Config {
	orDuration := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	orDuration(&c.PingInterval, 25*time.Second)
	orDuration(&c.PingTimeout, 20*time.Second)
	orDuration(&c.UpgradeTimeout, 10*time.Second)
	orDuration(&c.Tick, 50*time.Millisecond)
	orDuration(&c.MaxTick, time.Second)
	c.MaxTick = max(c.MaxTick, c.Tick)
	if c.MaxPayload <= 0 {
		c.MaxPayload = 1_000_000
	}
	if c.MaxQueue <= 0 {
		c.MaxQueue = 4 << 20
	}
	if c.Open == nil {
		c.Open = func(*Session) Receiver { return ignorer{} }
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// A Receiver is given what the client of one session sends. The calls of one
// session never overlap and come in the order sent, also across an upgrade.
// They may call every method of the session.
type Receiver interface {
	// Text is called with each text message, without the packet type. It is
	// valid UTF-8. The slice is only valid during the call.
	Text(data []byte)
	// Binary is called with each binary message. The slice is only valid during
	// the call.
	Binary(data []byte)
	// Closed is called once, after the last message.
	Closed(r Reason)
}

type ignorer struct{}

func (ignorer) Text([]byte)   {}
func (ignorer) Binary([]byte) {}
func (ignorer) Closed(Reason) {}

// A Reason says why a session ended, in the words of the Node server where it
// has some.
type Reason string

// The reasons that the server itself gives. [Session.Close] takes any other.
const (
	TransportClose Reason = "transport close"      // the client closed or went away
	TransportError Reason = "transport error"      // a write failed, or the client broke the rules of the transport
	PingTimeout    Reason = "ping timeout"         // a ping was not answered in time
	ParseError     Reason = "parse error"          // the client sent what is no packet
	ForcedClose    Reason = "forced close"         // the program wanted it, or its receiver panicked
	ShuttingDown   Reason = "server shutting down" // the context of Run ended
	ClientTooSlow  Reason = "client too slow"      // more waited for the client than MaxQueue
)
