package remote

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	// idleTime is how long a connection is kept that nobody uses.
	idleTime = 30 * time.Second

	// directBuffer is for the header of an answer, in bytes: what is larger is
	// read past it.
	directBuffer = 4 << 10
)

// Direct is an [http.RoundTripper] for GET over HTTP/1.1, and for nothing else.
// All happens on the goroutine of whoever asks, while an [http.Transport] passes
// each request and each answer through two others: for a part of a song that
// takes as long as to sign it would. Where a proxy is set, it leaves all to a
// transport.
//
// https://www.rfc-editor.org/rfc/rfc9112.
type Direct struct {
	proxied  http.RoundTripper
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	patience time.Duration

	mu      sync.Mutex
	idle    map[string][]*directConn // by scheme and host; those used last are last
	tidying bool                     // whether a tidy is due
}

// NewDirect returns one that makes its connections as the transport does.
func NewDirect(t *http.Transport) *Direct {
	return &Direct{proxied: t, dial: t.DialContext, patience: t.ResponseHeaderTimeout, idle: map[string][]*directConn{}}
}

// directConn is a connection, in use by one request or idle.
type directConn struct {
	net.Conn
	in     *bufio.Reader
	server string    // its key in idle
	since  time.Time // when it became idle
}

// RoundTrip implements [http.RoundTripper].
func (d *Direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if proxy, err := http.ProxyFromEnvironment(r); proxy != nil || err != nil {
		return d.proxied.RoundTrip(r)
	}
	for {
		c, used, err := d.take(r.Context(), r.URL)
		if err != nil {
			return nil, err
		}
		answer, err := d.ask(c, r)
		if err == nil {
			return answer, nil
		}
		c.Close()
		if !used || r.Context().Err() != nil {
			return nil, err
		}
		// The server has closed it in the meantime. There may be a better one.
	}
}

// ask sends a request and reads the header of its answer.
func (d *Direct) ask(c *directConn, r *http.Request) (*http.Response, error) {
	release := context.AfterFunc(r.Context(), func() { c.Close() })
	answer, err := c.exchange(r, d.patience)
	if err != nil {
		release()
		return nil, err
	}
	answer.Body = &directBody{
		ReadCloser: answer.Body, conn: c, release: release, direct: d,
		reusable: answer.ContentLength >= 0 && !answer.Close,
	}
	return answer, nil
}

func (c *directConn) exchange(r *http.Request, patience time.Duration) (*http.Response, error) {
	if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if err := r.Write(c); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(c.in, r)
	if err != nil {
		return nil, err
	}
	return answer, c.SetReadDeadline(time.Time{})
}

// take returns a connection, and whether it was used before.
func (d *Direct) take(ctx context.Context, u *url.URL) (c *directConn, used bool, err error) {
	server := u.Scheme + "://" + u.Host
	d.mu.Lock()
	if idle := d.idle[server]; len(idle) > 0 {
		c = idle[len(idle)-1]
		d.idle[server] = idle[:len(idle)-1]
	}
	d.mu.Unlock()
	if c != nil {
		return c, true, nil
	}
	conn, err := d.connect(ctx, u)
	if err != nil {
		return nil, false, err
	}
	return &directConn{Conn: conn, in: bufio.NewReaderSize(conn, directBuffer), server: server}, false, nil
}

func (d *Direct) connect(ctx context.Context, u *url.URL) (net.Conn, error) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	conn, err := d.dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil || u.Scheme != "https" {
		return conn, err
	}
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	secure := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// give takes back a connection that the next request can use.
func (d *Direct) give(c *directConn) {
	c.since = time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.idle[c.server]) >= idleConnections {
		c.Close()
		return
	}
	d.idle[c.server] = append(d.idle[c.server], c)
	if !d.tidying {
		d.tidying = true
		time.AfterFunc(idleTime, d.tidy)
	}
}

// tidy closes what has been idle for too long, and comes again as long as there
// is more.
func (d *Direct) tidy() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tidying = false
	for server, idle := range d.idle {
		old := 0
		for old < len(idle) && time.Since(idle[old].since) >= idleTime {
			idle[old].Close()
			old++
		}
		d.idle[server] = append([]*directConn(nil), idle[old:]...)
		d.tidying = d.tidying || old < len(idle)
	}
	if d.tidying {
		time.AfterFunc(idleTime, d.tidy)
	}
}

// directBody gives its connection back at its end.
type directBody struct {
	io.ReadCloser
	conn     *directConn
	direct   *Direct
	release  func() bool // keeps the end of the request from closing the connection
	reusable bool
	closed   bool
}

// Read implements [io.Reader].
func (b *directBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end(err == io.EOF)
	}
	return n, err
}

// Close implements [io.Closer]. What has not been read is not waited for.
func (b *directBody) Close() error {
	b.end(false)
	return nil
}

// end lets go of the connection.
func (b *directBody) end(whole bool) {
	if b.closed {
		return
	}
	b.closed = true
	if b.release() && whole && b.reusable && b.conn.in.Buffered() == 0 {
		b.direct.give(b.conn)
		return
	}
	b.conn.Close()
}
