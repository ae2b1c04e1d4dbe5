package engineio

import (
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// TestOrderAcrossTheUpgrade sends numbers both ways all the time, while the
// client changes from polling to a websocket.
func TestOrderAcrossTheUpgrade(t *testing.T) {
	const (
		after = 3000 // numbers each way when the client has changed
		ahead = 200  // that the server sends before the client has them
	)
	received := &numbers{t: t}
	opened := make(chan *Session, 1)
	w := onLoopback(t, Config{Open: func(s *Session) Receiver { opened <- s; return received }})
	query := w.handshake()
	s := <-opened

	var changed, taken atomic.Int64
	var sending sync.WaitGroup
	sending.Go(func() {
		for i := int64(0); changed.Load() == 0 || i < changed.Load()+after; i++ {
			frame := TextFrame(strconv.AppendInt(nil, i, 10))
			if i%3 == 0 {
				s.SendSoon(frame)
			} else {
				s.Send(frame)
			}
			for i-taken.Load() > ahead && !t.Failed() {
				runtime.Gosched()
			}
		}
	})

	got, sent := &numbers{t: t}, 0
	take := func(packet string) {
		if packet != "6" && packet != "2" {
			got.Text([]byte(packet[1:]))
			taken.Store(int64(got.next))
		}
	}
	// turns are polls and posts, as long as the client polls.
	turns := func() {
		for range 20 {
			for packet := range strings.SplitSeq(w.get(query).body, "\x1e") {
				take(packet)
			}
			w.expect("post", w.post(query, fmt.Sprintf("4%d\x1e4%d", sent, sent+1)), 200, "ok")
			sent += 2
		}
	}
	turns()
	c := w.websocket(query)
	turns()
	c.send("2probe")
	c.expect("3probe")
	turns()
	c.send("5")
	last := sent + after
	sending.Go(func() {
		for ; sent < last; sent++ {
			c.send("4" + strconv.Itoa(sent))
		}
	})
	changed.Store(taken.Load())
	for int64(got.next) < changed.Load()+after && !t.Failed() {
		_, data := c.next()
		take(data)
	}
	sending.Wait()
	c.send("1")
	c.expectClose(0, "")
	w.stop()
	if received.next != last {
		t.Errorf("the server received %d of %d", received.next, last)
	}
}

// numbers is a receiver that wants them in order.
type numbers struct {
	t    testing.TB
	next int
}

func (n *numbers) Text(data []byte) {
	if string(data) != strconv.Itoa(n.next) {
		n.t.Errorf("got %s, want %d", data, n.next)
	}
	n.next++
}

func (n *numbers) Binary([]byte) { n.t.Error("binary") }
func (n *numbers) Closed(Reason) {}

// TestSlowReader has one client that reads nothing among others that do.
func TestSlowReader(t *testing.T) {
	seen := newCapture()
	w := onLoopback(t, Config{Open: seen.open, MaxQueue: 1 << 20})
	slow, _ := w.session()
	slowSession := <-seen.sessions
	var clients []*socket
	var sessions []*Session
	for range 5 {
		c, _ := w.session()
		clients, sessions = append(clients, c), append(sessions, <-seen.sessions)
	}
	frame := BinaryFrame(make([]byte, 64<<10))
	for round := 0; w.server.Sessions() == 6; round++ {
		if round == 10_000 {
			t.Fatal("the slow client can be sent any amount")
		}
		slowSession.Send(frame)
		for i, s := range sessions {
			s.Send(frame)
			if op, _ := clients[i].next(); op != ws.OpBinary {
				t.Fatalf("a client that reads was closed: %v", op)
			}
		}
	}
	expectReason(t, seen, ClientTooSlow)
	slow.conn.Close()
	for _, c := range clients {
		c.send("4still here")
		c.expect("4still here")
	}
}

// TestLargeFrames sends much more than a socket takes at once to a client that
// reads in small steps.
func TestLargeFrames(t *testing.T) {
	seen := newCapture()
	w := onLoopback(t, Config{Open: seen.open, MaxQueue: 64 << 20})
	c, _ := w.session()
	s := <-seen.sessions
	const frames = 64
	for i := range frames {
		size := 10
		if i%4 == 0 {
			size = 1 << 20
		}
		data := make([]byte, size)
		for at := 0; at+4 <= size; at += 4 {
			binary.BigEndian.PutUint32(data[at:], uint32(i*size+at))
		}
		if i%2 == 0 {
			s.Send(BinaryFrame(data))
		} else {
			s.SendSoon(BinaryFrame(data))
		}
	}
	for i := range frames {
		h, err := ws.ReadHeader(c.conn)
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		data := make([]byte, h.Length)
		for at := 0; at < len(data); at += 5000 {
			if _, err := io.ReadFull(c.conn, data[at:min(at+5000, len(data))]); err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
		}
		for at := 0; at+4 <= len(data); at += 4 {
			if got := binary.BigEndian.Uint32(data[at:]); got != uint32(i*len(data)+at) {
				t.Fatalf("frame %d of %d bytes is wrong at %d", i, len(data), at)
			}
		}
	}
	s.Close("enough")
	c.expectClose(0, "")
}

// TestNothingIsLeft counts goroutines over TCP; where the tests use pipes,
// testing/synctest does.
func TestNothingIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("server", func(t *testing.T) {
		seen := newCapture()
		w := onLoopback(t, Config{Open: seen.open})
		for i := range 20 {
			c, _ := w.session()
			query := w.handshake()
			switch i % 4 {
			case 0:
				c.conn.Close()
			case 1:
				w.websocket(query).send("2probe")
			case 2:
				w.websocket(query).send("5")
			case 3:
				w.poll(query)
			}
		}
		for range 40 {
			(<-seen.sessions).SendSoon(BinaryFrame(make([]byte, 3<<20))) // more than a socket takes
		}
		w.stop()
		if n := w.server.Sessions(); n != 0 {
			t.Errorf("%d sessions are left", n)
		}
	})
	// The goroutines of net/http end soon after.
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; runtime.Gosched() {
		if time.Now().After(end) {
			stacks := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks[:runtime.Stack(stacks, true)])
		}
	}
}
