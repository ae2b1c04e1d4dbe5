package client_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/client"
)

// pipes is a listener whose connections are pipes, for which time is what a
// test says it is.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, ok := <-p; ok {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error {
	close(p) // http.Server does that once
	return nil
}

func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

func (p pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p <- theirs
	return ours, nil
}

// A client that answers its pings stays connected, and one that gets none
// finds out that the server has gone.
func TestHeartbeat(t *testing.T) {
	for _, transport := range []string{"websocket", "polling"} {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := socketio.NewServer(socketio.Config{Log: slog.New(slog.DiscardHandler)})
				s.Of("/")
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				go func() { _ = s.Run(ctx) }()
				listener := make(pipes)
				web := http.Server{Handler: s}
				go func() { _ = web.Serve(listener) }()
				defer func() { _ = web.Close() }()
				c, err := client.Dial(t.Context(), client.Options{URL: "http://pipes", Transport: transport, Dialer: listener.dial})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				if s.Sessions() != 1 {
					t.Error("the server has closed the session")
				}
				select {
				case <-c.Done():
					t.Error(c.Wait())
				default:
				}
				c.Drop()
				_ = c.Wait()
			})
		})
	}
	t.Run("silent server", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			c, err := client.Dial(t.Context(), client.Options{URL: "http://pipes", Dialer: silent})
			if err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			if err := c.Wait(); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) != 3*time.Second {
				t.Errorf("ended after %s with %v", time.Since(begun), err)
			}
		})
	})
}

// silent connects to a server that accepts a client and then says no more.
func silent(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		defer func() { _, _ = theirs.Read(make([]byte, 1)) }() // until the other end is closed
		if _, err := ws.Upgrade(theirs); err != nil {
			return
		}
		_ = wsutil.WriteServerText(theirs, []byte(`0{"sid":"a","upgrades":[],"pingInterval":1000,"pingTimeout":2000,"maxPayload":1000}`))
		_, _ = wsutil.ReadClientText(theirs)
		_ = wsutil.WriteServerText(theirs, []byte(`40{"sid":"b"}`))
	}()
	return ours, nil
}
