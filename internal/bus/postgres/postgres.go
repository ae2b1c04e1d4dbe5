// Package postgres is a bus over a PostgreSQL database, by LISTEN and NOTIFY:
// several nodes need nothing besides the database that they share.
//
// It has two connections of its own, one that listens and one that sends. A
// proxy between that shares connections by transactions, such as PgBouncer's
// pool_mode=transaction, forgets who listens: the bus then never hears itself,
// and never counts as connected for long.
package postgres

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/antiphon-music/antiphon/internal/bus"
)

const (
	// channel is the name by which nodes listen. Channels are of one database,
	// so that those of two systems never meet.
	channel = "antiphon_bus"
	// maxPayload is how much text a notification carries: PostgreSQL takes less
	// than 8,000 bytes.
	maxPayload   = 7_900
	closeTimeout = time.Second
)

// New returns a bus for the node over the database of a URL such as
// "postgres://user:password@host/database". Errors: a URL that is none.
func New(url, node string, log *slog.Logger) (*bus.Remote, error) {
	conf, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("bus: %w", err)
	}
	// A notification lives in memory alone: waiting for the disk at the end of
	// its transaction would be of no use.
	conf.RuntimeParams["synchronous_commit"] = "off"
	if conf.RuntimeParams["application_name"] == "" {
		conf.RuntimeParams["application_name"] = "antiphon bus"
	}
	dialer := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3}}
	conf.DialFunc = dialer.DialContext
	return bus.NewRemote(bus.RemoteConfig{Node: node, Carrier: carrier{conf}, Log: log}), nil
}

type carrier struct{ conf *pgx.ConnConfig }

// FrameSize implements bus.Carrier: a payload is text, in base64.
func (carrier) FrameSize() int { return base64.RawStdEncoding.DecodedLen(maxPayload) }

// Connect implements bus.Carrier.
func (c carrier) Connect(ctx context.Context, receive func([]byte)) (bus.Conn, error) {
	sends, err := pgx.ConnectConfig(ctx, c.conf)
	if err != nil {
		return nil, err
	}
	listens, err := c.listen(ctx, receive)
	if err != nil {
		return nil, errors.Join(err, closeConn(sends))
	}
	listening, stop := context.WithCancel(context.Background())
	n := &conn{sends: sends, listens: listens, stop: stop, lost: make(chan struct{})}
	n.reading.Go(func() { n.read(listening) })
	return n, nil
}

func (c carrier) listen(ctx context.Context, receive func([]byte)) (*pgx.Conn, error) {
	conf := c.conf.Copy()
	conf.OnNotification = func(_ *pgconn.PgConn, n *pgconn.Notification) {
		frame, err := base64.RawStdEncoding.DecodeString(n.Payload)
		if err != nil {
			frame = nil // no node has sent it, and the bus will say so
		}
		receive(frame)
	}
	listens, err := pgx.ConnectConfig(ctx, conf)
	if err != nil {
		return nil, err
	}
	if _, err := listens.Exec(ctx, `LISTEN `+channel); err != nil {
		return nil, errors.Join(err, closeConn(listens))
	}
	return listens, nil
}

func closeConn(c *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return c.Close(ctx)
}

type conn struct {
	sends, listens *pgx.Conn
	stop           context.CancelFunc
	reading        sync.WaitGroup

	lost chan struct{}
	err  error // set before lost is closed
}

// read waits for notifications, which go to OnNotification.
func (n *conn) read(ctx context.Context) {
	defer close(n.lost)
	for n.err == nil {
		n.err = n.listens.PgConn().WaitForNotification(ctx)
	}
}

// Send implements bus.Conn, in one transaction.
func (n *conn) Send(ctx context.Context, frames [][]byte) error {
	payloads := make([]string, len(frames))
	for i, f := range frames {
		payloads[i] = base64.RawStdEncoding.EncodeToString(f)
	}
	_, err := n.sends.Exec(ctx, `SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload`, channel, payloads)
	return err
}

// Lost implements bus.Conn.
func (n *conn) Lost() <-chan struct{} { return n.lost }

// Err implements bus.Conn.
func (n *conn) Err() error {
	<-n.lost
	return n.err
}

// Close implements bus.Conn.
func (n *conn) Close() {
	n.stop()
	n.reading.Wait()
	// They are closed at once: what becomes of them is of no interest.
	_, _ = closeConn(n.listens), closeConn(n.sends)
}
