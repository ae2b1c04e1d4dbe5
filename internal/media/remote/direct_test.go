package remote

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// newDirect returns a Direct and a server that counts its connections.
func newDirect(t *testing.T, patience time.Duration, h http.HandlerFunc) (*Direct, *httptest.Server, *atomic.Int64) {
	t.Helper()
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(h)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return NewDirect(NewTransport(patience)), server, &connections
}

func get(t *testing.T, ctx context.Context, d *Direct, url string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d.RoundTrip(r)
}

// whole reads an answer to its end.
func whole(t *testing.T, d *Direct, url string) string {
	t.Helper()
	answer, err := get(t, t.Context(), d, url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func echo(w http.ResponseWriter, r *http.Request) {
	size, _ := strconv.Atoi(r.URL.Query().Get("size"))
	w.Header().Set("Content-Length", strconv.Itoa(size))
	_, _ = w.Write(make([]byte, size))
}

func TestDirectKeepsConnections(t *testing.T) {
	d, server, connections := newDirect(t, time.Minute, echo)
	for _, size := range []int{0, 1, 5000, 1 << 20, 7} {
		if got := whole(t, d, server.URL+"?size="+strconv.Itoa(size)); len(got) != size {
			t.Errorf("%d bytes, want %d", len(got), size)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for requests one after the other", n)
	}
	answer, err := get(t, t.Context(), d, server.URL+"?size=1000000")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close() // in the middle
	whole(t, d, server.URL+"?size=1")
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections after one that was not read to its end", n)
	}
}

// What the server has closed in the meantime is no error.
func TestDirectReconnects(t *testing.T) {
	d, server, connections := newDirect(t, time.Minute, echo)
	whole(t, d, server.URL+"?size=1")
	server.CloseClientConnections()
	whole(t, d, server.URL+"?size=1")
	if n := connections.Load(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestDirectTidies(t *testing.T) {
	d, server, _ := newDirect(t, time.Minute, echo)
	whole(t, d, server.URL+"?size=1")
	for key := range d.idle {
		d.idle[key][0].since = time.Now().Add(-idleTime)
	}
	d.tidy()
	for key, idle := range d.idle {
		if len(idle) > 0 {
			t.Errorf("%s has %d idle connections", key, len(idle))
		}
	}
}

func TestDirectGivesUp(t *testing.T) {
	silent := make(chan struct{})
	d, server, _ := newDirect(t, 10*time.Millisecond, func(http.ResponseWriter, *http.Request) { <-silent })
	defer close(silent)
	if _, err := get(t, t.Context(), d, server.URL); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a silent server: %v", err)
	}
	if _, err := get(t, t.Context(), d, "https"+server.URL[len("http"):]); err == nil {
		t.Error("TLS with a server that has none")
	}
	d.patience = time.Minute
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := get(t, ctx, d, server.URL)
		done <- err
	}()
	cancel()
	if err := <-done; err == nil {
		t.Error("a request that was cancelled succeeded")
	}
}
