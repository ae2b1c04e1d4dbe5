// Package realtime speaks the events of the reference's Socket.IO server: who
// is online and what he listens to, and direct messages at the moment they are
// sent.
//
// A client's session goes through handshake.go, its CONNECT through
// connect.go, and its events through the handlers that New lists, each in the
// file of its feature. What the services publish goes out to the sockets by
// the subscriptions of the same files. docs/wire/realtime.md is the contract.
package realtime

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/presence"
	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/bundle"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Config are the parts a Realtime is made of.
type Config struct {
	Accounts   *account.Service
	Chat       *chat.Service
	Presence   *presence.Service
	Identifier kit.Identifier
	Addresses  kit.Addresses
	Origins    kit.Origins // whose pages may connect; the first is named to all others
	Recoverer  kit.Recoverer
	Log        *slog.Logger

	PingInterval time.Duration // between heartbeats; 0 is 25 s
	PingTimeout  time.Duration // for the answer to one; 0 is 20 s

	RecoveryWindow time.Duration // how long a broken connection may be taken up again; 0 is never
	RecoveryMemory int           // bytes of what was sent that are kept for that, for all clients together
	Peers          Peers         // where else such a connection may have been; nil if there are no others
}

// Bounds of what one client may do.
const (
	eventsPerSecond = 200
	eventsAtOnce    = 1000
)

// Realtime is the server of the events. It is safe for concurrent use.
type Realtime struct {
	c        Config
	cors     kit.CORS
	server   *socketio.Server
	sockets  *socketio.Namespace
	arriving *gathering[arrival]
	settling *gathering[chan struct{}]
	people   *directory
	recheck  atomic.Bool // credentials may have ended before their socket was listed

	// ctx is that of all work for sockets, whose requests have long ended. It
	// ends with Run.
	ctx  context.Context
	stop context.CancelFunc
}

// New returns a server over its parts, which tells its sockets from then on
// what Chat and Presence publish.
func New(c Config) *Realtime {
	rt := &Realtime{c: c, cors: kit.NewCORS(c.Origins), people: newDirectory()}
	rt.ctx, rt.stop = context.WithCancel(context.Background())
	rt.arriving = &gathering[arrival]{serve: rt.welcome}
	rt.settling = &gathering[chan struct{}]{serve: rt.catchUp}
	recovery := socketio.Recovery{Window: c.RecoveryWindow, MaxBytes: c.RecoveryMemory}
	if c.Peers != nil {
		recovery.Elsewhere = rt.fetch
	}
	rt.server = socketio.NewServer(socketio.Config{
		Engine: engineio.Config{
			PingInterval: c.PingInterval, PingTimeout: c.PingTimeout, Admit: rt.admit, Log: c.Log,
		},
		Recovery:    recovery,
		Recoverable: recoverable,
		Rate:        socketio.Rate{PerSecond: eventsPerSecond, Burst: eventsAtOnce},
		Log:         c.Log,
	})
	rt.sockets = rt.server.Of("/")
	rt.sockets.Use(rt.connect)
	rt.sockets.OnConnect(rt.connected)
	rt.sockets.OnDisconnect(rt.disconnected)
	rt.sockets.OnOther(rt.unknown)
	rt.sockets.OnFlood(rt.flooded)
	rt.on("user_connected", (*event).userConnected)
	rt.on("update_activity", (*event).updateActivity)
	rt.on("send_message", (*event).sendMessage)
	rt.on("typing", (*event).typing)
	rt.on("mark_read", (*event).markRead)
	rt.on("unread", (*event).unread)
	c.Presence.Changes.Subscribe(rt.presenceChanged)
	c.Chat.Sent.Subscribe(rt.messageSent)
	c.Chat.Read.Subscribe(rt.messagesRead)
	return rt
}

// on has an event handled. What the handler returns as an error is told to the
// client.
func (rt *Realtime) on(name string, handle func(e *event) error) {
	rt.sockets.On(name, func(s *socketio.Socket, sent *socketio.Event) {
		e := &event{Event: sent, rt: rt, socket: s, from: personOf(s)}
		if err := handle(e); err != nil {
			e.fail(err)
		}
	})
}

// Handler returns the handler of /socket.io and everything below it.
func (rt *Realtime) Handler() http.Handler {
	files := bundle.Handler()
	serve := func(w http.ResponseWriter, r *http.Request) {
		rt.cors.Allow(w, r, rt.c.Addresses.Base(r))
		switch {
		case r.Method == http.MethodOptions:
			kit.Preflight(w, r)
		case bundle.Has(r.URL.Path):
			files.ServeHTTP(w, r)
		case rt.intrudes(r):
			forbid(w)
		case strings.HasPrefix(r.URL.Path, bundle.Prefix):
			rt.server.ServeHTTP(w, r)
		default:
			writeMessage(w, r, http.StatusNotFound, "Cannot "+r.Method+" "+r.URL.EscapedPath())
		}
	}
	return rt.c.Recoverer.Wrap(http.HandlerFunc(serve), func(w http.ResponseWriter, r *http.Request) {
		writeMessage(w, r, http.StatusInternalServerError, textInternal)
	})
}

// Connections returns how many sockets there are.
func (rt *Realtime) Connections() int { return rt.sockets.Len() }

// Run keeps the sockets going until ctx ends, and then tells them to come back
// later.
func (rt *Realtime) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	// The server waits for its handlers, and they must not wait for a database
	// that does not answer.
	defer context.AfterFunc(ctx, rt.stop)()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		rt.watchCredentials(ctx)
	}()
	err := rt.server.Run(ctx)
	cancel()
	<-watched
	return err
}
