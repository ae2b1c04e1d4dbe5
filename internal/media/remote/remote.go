// Package remote is what the storages of blobs over a network have in common:
// blobs that are read in ranges and survive a broken connection, and a transport
// that notices when the other side has gone silent.
package remote

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Patience is how long a storage may be silent before it counts as out of
// service, unless a test has less.
const Patience = 30 * time.Second

// retryAfter is when to come back to a storage that is out of service.
const retryAfter = 2 * time.Second

// Unavailable returns an error that says that the storage does not do its work
// at the moment. The cause is for the log.
func Unavailable(cause error) error {
	return &errs.Error{Kind: errs.Unavailable, RetryAfter: retryAfter, Err: cause}
}

const (
	dialTimeout = 10 * time.Second
	// Players fetch a song in many ranges, many players at once: connections are
	// kept for them.
	idleConnections = 128
)

// NewTransport returns a transport for a storage. It gives up on a server that
// takes nothing, or does not begin to answer, for as long as patience. What is
// received is not decompressed.
func NewTransport(patience time.Duration) *http.Transport {
	dialer := &net.Dialer{Timeout: min(dialTimeout, patience)}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			c, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &conn{c, patience}, nil
		},
		MaxIdleConns:          idleConnections,
		MaxIdleConnsPerHost:   idleConnections,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   min(dialTimeout, patience),
		ResponseHeaderTimeout: patience,
		DisableCompression:    true,
	}
}

// conn is a connection whose other side must keep taking what is written.
type conn struct {
	net.Conn
	patience time.Duration
}

// Write implements [io.Writer].
func (c *conn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}
