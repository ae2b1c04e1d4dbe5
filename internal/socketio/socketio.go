// Package socketio is a server for the clients of Socket.IO 3 and 4: named
// events in both directions over one connection, with acknowledgements, binary
// arguments, rooms, namespaces, and the recovery of what a client missed during
// a short absence.
//
//	server := socketio.NewServer(socketio.Config{})
//	main := server.Of("/")
//	main.On("chat", func(s *socketio.Socket, e *socketio.Event) {
//		main.All().Except(s.ID()).Emit("chat", e.Raw(0))
//	})
//	http.Handle("/socket.io/", server)
//	go server.Run(ctx)
//
// It speaks Socket.IO protocol 5, described in
// docs/socket.io-protocol/v5-current.md of the repository socketio/socket.io,
// over package engineio.
//
// What a client sends is handled in order, one event at a time, on the
// goroutine that reads its connection; handlers of different clients run at the
// same time. Emitting never blocks and never writes to the network: it queues.
package socketio

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// mainNamespace is the one that packets do not name.
const mainNamespace = "/"

// Config says how a [Server] behaves. Zero fields take the defaults named with
// them.
type Config struct {
	// Engine is the layer below. Open is set by NewServer; Log, if nil, is the
	// one below.
	Engine engineio.Config
	// ConnectTimeout is how long a client may stay without a namespace after
	// its handshake. 45 s.
	ConnectTimeout time.Duration
	// Recovery says for how long a client that lost its connection is
	// remembered. The zero value remembers nobody.
	Recovery Recovery
	// Recoverable tells whether a client, by its session's Origin, is offered
	// recovery. It costs a last argument, the offset, in every event, which
	// some clients, such as Dart's, show to the application. nil offers it to
	// all.
	Recoverable func(origin any) bool
	// Rate is what one connection may send. The zero value sets no limit.
	Rate Rate
	// Log takes what is wrong with the program; what clients do wrong is logged
	// at debug level. [slog.Default].
	Log *slog.Logger
}

// Server is a Socket.IO server.
type Server struct {
	config     Config
	engine     *engineio.Server
	namespaces map[string]*Namespace
	epoch      time.Time // what clock counts from
	encoders   sync.Pool // of *encoder
}

// NewServer returns a server without namespaces.
func NewServer(c Config) *Server {
	if c.ConnectTimeout <= 0 {
		c.ConnectTimeout = 45 * time.Second
	}
	if c.Engine.MaxPayload <= 0 {
		c.Engine.MaxPayload = 1_000_000
	}
	if c.Engine.MaxQueue <= 0 {
		c.Engine.MaxQueue = 4 << 20
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Engine.Log == nil {
		c.Engine.Log = c.Log
	}
	s := &Server{
		namespaces: make(map[string]*Namespace),
		epoch:      time.Now(),
		encoders:   sync.Pool{New: func() any { return new(encoder) }},
	}
	c.Engine.Open = s.open
	s.config = c
	s.engine = engineio.NewServer(c.Engine)
	return s
}

// Of returns the namespace of a name, such as "/" or "/admin", and makes it
// first if there is none. Every namespace is made, and given its handlers,
// before the server serves; clients that ask for another are refused with
// "Invalid namespace".
func (s *Server) Of(name string) *Namespace {
	if !strings.HasPrefix(name, "/") {
		name = "/" + name
	}
	n, ok := s.namespaces[name]
	if !ok {
		n = newNamespace(s, name)
		s.namespaces[name] = n
	}
	return n
}

// ServeHTTP answers the requests of all transports, whatever their path.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// Sessions returns how many connections there are, in namespaces or not.
func (s *Server) Sessions() int { return s.engine.Sessions() }

// Run writes what is sent, and forgets clients that have been gone for too
// long, until ctx ends; then it closes every connection and returns. Nothing
// is written while it does not run.
func (s *Server) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	var forgetting sync.WaitGroup
	defer forgetting.Wait()
	defer stop()
	if s.config.Recovery.Window > 0 {
		forgetting.Go(func() { s.forget(ctx) })
	}
	return s.engine.Run(ctx)
}

// forget looks for expired recovery state every now and then.
func (s *Server) forget(ctx context.Context) {
	ticker := time.NewTicker(max(s.config.Recovery.Window/4, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			for _, n := range s.namespaces {
				n.forget()
			}
		}
	}
}

// clock returns a time that only goes forward.
func (s *Server) clock() time.Duration { return time.Since(s.epoch) }

// maxPooled keeps the memory of rare large packets out of the pool.
const maxPooled = 64 << 10

func (s *Server) encoder() *encoder { return s.encoders.Get().(*encoder) }

func (s *Server) release(e *encoder) {
	if cap(e.text) <= maxPooled {
		e.reset()
		s.encoders.Put(e)
	}
}
