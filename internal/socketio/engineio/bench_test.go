package engineio

import (
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// idle opens websocket sessions over loopback and returns the clients' sides,
// which hold no memory of Go's worth mentioning: bare connections.
func idle(t testing.TB, w *world, n int) []net.Conn {
	t.Helper()
	const request = "GET /engine.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: engine.test\r\n" +
		"Upgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
	conns := make([]net.Conn, 0, n)
	t.Cleanup(func() {
		for _, c := range conns {
			c.Close()
		}
	})
	buf := make([]byte, 4096)
	for range n {
		c, err := w.dial()
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
		if _, err := io.WriteString(c, request); err != nil {
			t.Fatal(err)
		}
		for got := ""; !strings.Contains(got, "maxPayload"); {
			n, err := c.Read(buf)
			if err != nil {
				t.Fatal(err)
			}
			got += string(buf[:n])
		}
	}
	return conns
}

// inUse returns the bytes of heap and of stacks that are in use.
func inUse() (heap, stacks int64) {
	var m runtime.MemStats
	for range 4 { // stacks shrink by half at a time, pools empty at the second
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc), int64(m.StackInuse)
}

// TestIdleSession logs what an idle session costs, after it has talked a little.
// The client's side, in the same process, is measured by itself and taken off.
func TestIdleSession(t *testing.T) {
	const sessions = 2000
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heapBefore, _ := inUse()
	clients := make([]net.Conn, 0, sessions)
	for range sessions {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		accepted, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		accepted.Close()
		clients = append(clients, c)
	}
	heapAfter, _ := inUse()
	client := (heapAfter - heapBefore) / sessions
	for _, c := range clients {
		c.Close()
	}
	l.Close()

	w := onLoopback(t, Config{})
	idle(t, w, 10)
	heapBefore, stacksBefore := inUse()
	conns := idle(t, w, sessions)
	for _, c := range conns {
		talker := &socket{t: t, conn: c, in: c}
		talker.send("4hello")
		talker.expect("4hello")
	}
	heapAfter, stacksAfter := inUse()
	heap, stack := (heapAfter-heapBefore)/sessions-client, (stacksAfter-stacksBefore)/sessions
	t.Logf("an idle websocket session: %d bytes of heap and %d of stack; its client, not counted: %d", heap, stack, client)
	if total := heap + stack; total > 12<<10 { // 4 KiB more where a buffer is kept
		t.Errorf("an idle session holds %d bytes", total)
	}
	runtime.KeepAlive(conns)
}

// BenchmarkBroadcast sends one small frame to each of 1,000 clients and waits
// until they all have it.
func BenchmarkBroadcast(b *testing.B) {
	const clients = 1000
	frame := TextFrame([]byte(`2["activity_updated",{"userId":"user_2abcdefghijklmnop","activity":"Playing A by B"}]`))
	for _, how := range []struct {
		name string
		send func(*Session, ...*Frame)
	}{
		{"Send", (*Session).Send},
		{"SendSoon", (*Session).SendSoon},
	} {
		b.Run(how.name, func(b *testing.B) {
			sessions := make(chan *Session, clients)
			w := onLoopback(b, Config{
				Tick: time.Millisecond,
				Open: func(s *Session) Receiver { sessions <- s; return ignorer{} },
			})
			conns := idle(b, w, clients)
			all := make([]*Session, clients)
			for i := range all {
				all[i] = <-sessions
			}
			frames := []*Frame{frame}
			arrived := make(chan struct{}, clients)
			for _, c := range conns {
				go func() {
					buf := make([]byte, frame.Size())
					for {
						if _, err := io.ReadFull(c, buf); err != nil {
							return
						}
						arrived <- struct{}{}
					}
				}()
			}
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range all {
					how.send(s, frames...)
				}
				for range all {
					<-arrived
				}
			}
			b.ReportMetric(float64(b.N)*clients/b.Elapsed().Seconds(), "deliveries/s")
		})
	}
}

// BenchmarkRead is the way of 100 small messages from the socket to the receiver.
func BenchmarkRead(b *testing.B) {
	w := onLoopback(b, Config{Open: func(*Session) Receiver { return ignorer{} }})
	c := idle(b, w, 1)[0]
	frames := slices.Repeat([]ws.Frame{ws.NewTextFrame([]byte(`42["message","to everybody"]`))}, 100)
	message := masked(frames...)
	b.SetBytes(int64(len(message)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(message); err != nil {
			b.Fatal(err)
		}
	}
}
