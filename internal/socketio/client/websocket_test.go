package client

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/gobwas/ws"
)

// Frames come in any pieces, and messages in any fragments.
func TestFrames(t *testing.T) {
	var sent []byte
	add := func(f ws.Frame) { sent = append(sent, ws.MustCompileFrame(f)...) }
	medium, long := strings.Repeat("m", 300), strings.Repeat("l", 70_000)
	add(ws.NewTextFrame([]byte("one")))
	add(ws.NewTextFrame(nil))
	add(ws.NewFrame(ws.OpBinary, false, []byte{1}))
	add(ws.NewPongFrame([]byte("in between")))
	add(ws.NewFrame(ws.OpContinuation, false, []byte{2}))
	add(ws.NewFrame(ws.OpContinuation, true, []byte{3}))
	add(ws.NewTextFrame([]byte(medium)))
	add(ws.NewBinaryFrame([]byte(long)))
	want := fmt.Sprint("one", false, "", false, "\x01\x02\x03", true, medium, false, long, true)
	for _, size := range []int{1, 2, 7, 1000, len(sent)} {
		var w websocket
		var got []any
		for rest := sent; len(rest) > 0; {
			n := min(size, len(rest))
			err := w.take(rest[:n], func(p enginePacket) error {
				got = append(got, string(p.data), p.binary)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if fmt.Sprint(got...) != want || len(w.rest) > 0 || len(w.message) > 0 {
			t.Errorf("in pieces of %d: %d messages", size, len(got)/2)
		}
	}
}

// Whatever a server sends, the client ends in order.
func FuzzFrames(f *testing.F) {
	for _, frame := range []ws.Frame{
		ws.NewTextFrame([]byte(`0{"sid":"a","upgrades":[],"pingInterval":1,"pingTimeout":2}`)),
		ws.NewTextFrame([]byte(`40{"sid":"b","pid":"c"}`)),
		ws.NewTextFrame([]byte(`42/other,7["event",{"a":"b"},"offset"]`)),
		ws.NewTextFrame([]byte(`451-["event",{"_placeholder":true,"num":0}]`)),
		ws.NewBinaryFrame([]byte{1}),
		ws.NewTextFrame([]byte(`461-1[{"_placeholder":true,"num":5}]`)),
		ws.NewTextFrame([]byte("2")),
		ws.NewFrame(ws.OpContinuation, true, nil),
		ws.NewCloseFrame(ws.NewCloseFrameBody(1012, "service restart")),
	} {
		f.Add(ws.MustCompileFrame(frame))
	}
	f.Fuzz(func(_ *testing.T, sent []byte) {
		ours, theirs := net.Pipe()
		_ = theirs.Close() // answers go nowhere
		w := &websocket{conn: ours}
		c := &Conn{options: &Options{Namespace: "/"}, transport: w, ready: make(chan struct{})}
		_ = w.take(sent, c.receive) // it must not panic; what is wrong does not matter
	})
}
