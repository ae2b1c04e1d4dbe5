package bus_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/bus/bustest"
)

// air is a carrier within the process, which may be bad.
type air struct {
	frameSize int
	bad       func(frame []byte) [][]byte // what becomes of a frame; nil for the frame itself

	mu       sync.Mutex
	conns    []*airConn
	connects atomic.Int64
}

type airConn struct {
	air     *air
	receive func([]byte)
	frames  chan []byte
	lost    chan struct{}
}

func (a *air) FrameSize() int { return a.frameSize }

func (a *air) Connect(_ context.Context, receive func([]byte)) (bus.Conn, error) {
	a.connects.Add(1)
	c := &airConn{air: a, receive: receive, frames: make(chan []byte, 1<<16), lost: make(chan struct{})}
	go func() {
		for f := range c.frames {
			c.receive(f)
		}
	}()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conns = append(a.conns, c)
	return c, nil
}

func (c *airConn) Send(_ context.Context, frames [][]byte) error {
	c.air.mu.Lock()
	defer c.air.mu.Unlock()
	for _, f := range frames {
		out := [][]byte{f}
		if c.air.bad != nil {
			out = c.air.bad(f)
		}
		for _, f := range out {
			for _, other := range c.air.conns {
				other.frames <- f
			}
		}
	}
	return nil
}

func (c *airConn) Lost() <-chan struct{} { return c.lost }
func (c *airConn) Err() error            { return nil }

func (c *airConn) Close() {
	c.air.mu.Lock()
	defer c.air.mu.Unlock()
	c.air.conns = slices.DeleteFunc(c.air.conns, func(other *airConn) bool { return other == c })
	close(c.frames)
}

func remote(a *air, node string, beat time.Duration) *bus.Remote {
	return bus.NewRemote(bus.RemoteConfig{Node: node, Carrier: a, Beat: beat, Log: slog.New(slog.DiscardHandler)})
}

func TestRemote(t *testing.T) {
	bustest.Run(t, func(*testing.T) bustest.Engine {
		a := &air{frameSize: 1024}
		return bustest.Engine{Join: func(_ *testing.T, node string) bus.Bus { return remote(a, node, 0) }}
	})
}

// run runs a bus and returns what it hears in the topic "t", gaps as "gap". The
// first gap is over.
func run(t *testing.T, b *bus.Remote) <-chan string {
	t.Helper()
	heard := make(chan string, 1000)
	b.Subscribe("t", func(m bus.Message) { heard <- string(m.Data) })
	b.OnGap(func() { heard <- "gap" })
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	<-heard
	return heard
}

// What the engine drops is told as a gap where it was, what it repeats is
// dropped, and what it makes up is ignored.
func TestBadEngine(t *testing.T) {
	tests := []struct {
		name string
		bad  func(n int, frame []byte) [][]byte // of the nth frame that has a message
		want []string
	}{
		{"good", func(_ int, f []byte) [][]byte { return [][]byte{f} }, []string{"m0", "m1", "m2", "m3"}},
		{"one is dropped", func(n int, f []byte) [][]byte {
			if n == 1 {
				return nil
			}
			return [][]byte{f}
		}, []string{"m0", "gap", "m2", "m3"}},
		{"each comes twice", func(_ int, f []byte) [][]byte { return [][]byte{f, f} }, []string{"m0", "m1", "m2", "m3"}},
		{"an old one comes again", func() func(int, []byte) [][]byte {
			var old []byte
			return func(n int, f []byte) [][]byte {
				if n == 0 {
					old = f
				}
				return [][]byte{f, old}
			}
		}(), []string{"m0", "m1", "m2", "m3"}},
		{"nonsense comes between", func(_ int, f []byte) [][]byte {
			return [][]byte{nil, {1}, []byte("nonsense"), f[:len(f)/3], f, bytes.Repeat([]byte{255}, 50)}
		}, []string{"m0", "m1", "m2", "m3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := 0
			a := &air{frameSize: 1024, bad: func(f []byte) [][]byte {
				if !bytes.Contains(f, []byte("speaker")) || !bytes.Contains(f, []byte("m")) {
					return [][]byte{f}
				}
				n++
				return tt.bad(n-1, f)
			}}
			speaker := remote(a, "speaker", time.Hour)
			heard := run(t, remote(a, "listener", time.Hour))
			run(t, speaker)
			for i := range 4 {
				if err := speaker.Publish(t.Context(), "t", fmt.Append(nil, "m", i)); err != nil {
					t.Fatal(err)
				}
			}
			for _, want := range tt.want {
				if got := <-heard; got != want {
					t.Fatalf("heard %q, want %q", got, want)
				}
			}
		})
	}
}

// A long message that lacks a part is not heard at all.
func TestPartIsDropped(t *testing.T) {
	var n atomic.Int64
	a := &air{frameSize: 1024, bad: func(f []byte) [][]byte {
		if n.Add(1) == 10 {
			return nil
		}
		return [][]byte{f}
	}}
	speaker := remote(a, "speaker", time.Hour)
	heard := run(t, remote(a, "listener", time.Hour))
	run(t, speaker)
	for _, data := range []string{string(bytes.Repeat([]byte("x"), 100_000)), "short"} {
		if err := speaker.Publish(t.Context(), "t", []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"gap", "short"} {
		if got := <-heard; got != want {
			t.Fatalf("heard %.20q, want %q", got, want)
		}
	}
}

// An engine that takes everything and brings nothing is away, whatever it says.
func TestDeafEngine(t *testing.T) {
	var deaf atomic.Bool
	a := &air{frameSize: 1024, bad: func(f []byte) [][]byte {
		if deaf.Load() {
			return nil
		}
		return [][]byte{f}
	}}
	heard := run(t, remote(a, "node", time.Millisecond))
	deaf.Store(true)
	if got := <-heard; got != "gap" { // the node has connected again
		t.Errorf("heard %q", got)
	}
	if n := a.connects.Load(); n < 2 {
		t.Errorf("%d connections", n)
	}
}
