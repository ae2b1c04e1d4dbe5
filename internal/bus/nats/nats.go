// Package nats is a bus over NATS, for systems where the database has enough
// to do. It uses the core of NATS alone, which keeps nothing: what was missed
// is in the database.
package nats

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	client "github.com/nats-io/nats.go"

	"github.com/antiphon-music/antiphon/internal/bus"
)

const (
	// defaultPrefix is what the subject begins with, unless the URL has another.
	defaultPrefix = "antiphon"
	// frameSize is small enough for other messages to pass between the frames
	// of a long one, and far below the megabyte that a server takes.
	frameSize = 64 << 10
	// pending bounds what waits for the bus, which takes it at once.
	pendingBytes = 64 << 20
)

// prefixes are those that a subject may begin with.
var prefixes = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// New returns a bus for the node over the servers of a URL such as
// "nats://user:password@host:4222/prefix". Several servers have commas between
// them, and the prefix after the last. Systems that share servers need
// different prefixes; "antiphon" is the default. Errors: a URL that is none.
func New(servers, node string, log *slog.Logger) (*bus.Remote, error) {
	c := carrier{node: node, prefix: defaultPrefix}
	for text := range strings.SplitSeq(servers, ",") {
		u, err := url.Parse(strings.TrimSpace(text))
		if err != nil || u.Host == "" {
			return nil, errors.New("bus: not an address such as nats://bus.example.org:4222")
		}
		if prefix := strings.Trim(u.Path, "/"); prefix != "" {
			c.prefix = prefix
		}
		u.Path = ""
		c.servers = append(c.servers, u.String())
	}
	if !prefixes.MatchString(c.prefix) {
		return nil, fmt.Errorf("bus: the prefix %q is more than letters, digits, _ and -", c.prefix)
	}
	return bus.NewRemote(bus.RemoteConfig{Node: node, Carrier: c, Log: log}), nil
}

type carrier struct {
	servers      []string
	node, prefix string
}

// FrameSize implements bus.Carrier.
func (carrier) FrameSize() int { return frameSize }

// Connect implements bus.Carrier.
func (c carrier) Connect(ctx context.Context, receive func([]byte)) (bus.Conn, error) {
	n := &conn{lost: make(chan struct{})}
	timeout := 5 * time.Second
	if at, ok := ctx.Deadline(); ok {
		timeout = time.Until(at)
	}
	nc, err := client.Connect(strings.Join(c.servers, ","), client.Name("antiphon "+c.node), client.Timeout(timeout),
		client.NoReconnect(), // the bus does that, and knows then that it missed something
		client.DisconnectErrHandler(func(_ *client.Conn, err error) { n.fail(err) }),
		client.ClosedHandler(func(*client.Conn) { n.fail(errClosed) }),
		// What is dropped because too much waits is missed by its number.
		client.ErrorHandler(func(*client.Conn, *client.Subscription, error) {}))
	if err != nil {
		return nil, err
	}
	n.nats, n.subject = nc, c.prefix+".bus"
	sub, err := nc.Subscribe(n.subject, func(m *client.Msg) { receive(m.Data) })
	if err == nil {
		err = sub.SetPendingLimits(-1, pendingBytes)
	}
	if err == nil {
		err = nc.FlushWithContext(ctx) // now the server knows of it
	}
	if err != nil {
		nc.Close()
		return nil, err
	}
	return n, nil
}

var errClosed = errors.New("the connection was closed")

type conn struct {
	nats    *client.Conn
	subject string

	once sync.Once
	lost chan struct{}
	err  error // set before lost is closed
}

func (n *conn) fail(err error) {
	n.once.Do(func() {
		if n.err = err; err == nil {
			n.err = errClosed
		}
		close(n.lost)
	})
}

// Send implements bus.Conn. The client sends by itself what it has taken.
func (n *conn) Send(_ context.Context, frames [][]byte) error {
	for _, f := range frames {
		if err := n.nats.Publish(n.subject, f); err != nil {
			return err
		}
	}
	return nil
}

// Lost implements bus.Conn.
func (n *conn) Lost() <-chan struct{} { return n.lost }

// Err implements bus.Conn.
func (n *conn) Err() error {
	<-n.lost
	return n.err
}

// Close implements bus.Conn.
func (n *conn) Close() { n.nats.Close() }
