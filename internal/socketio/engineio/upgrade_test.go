package engineio

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
)

func TestProbeReleasesTheWaitingPoll(t *testing.T) {
	inBubble(t, Config{}, func(w *world, _ *capture) {
		query := w.handshake()
		poll := w.poll(query)
		c := w.websocket(query)
		synctest.Wait()
		c.send("2probe")
		c.expect("3probe")
		w.expect("poll", <-poll, 200, "6")
	})
}

func TestQueueOfTheUpgrade(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		query := w.handshake()
		s := <-seen.sessions
		c := w.websocket(query)
		c.send("2probe")
		c.expect("3probe")
		s.Send(TextFrame([]byte("a")))
		w.expect("poll before the change", w.get(query), 200, "4a")
		s.Send(TextFrame([]byte("b")))
		s.SendSoon(TextFrame([]byte("c")))
		w.expect("post before the change", w.post(query, "4d"), 200, "ok")
		c.send("5")
		c.send("4e")
		for _, want := range []string{"4b", "4c", "4d", "4e"} {
			c.expect(want)
		}
		if got := s.Transport(); got != "websocket" {
			t.Error(got)
		}
		c.conn.Close()
		expectReason(t, seen, TransportClose)
	})
}

func TestPollThatWaitsWhileTheSessionChanges(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		query := w.handshake()
		poll := w.poll(query)
		c := w.websocket(query)
		synctest.Wait()
		c.send("5")
		w.expect("poll", <-poll, 200, "6")
		c.send("4a")
		c.expect("4a")
	})
}

func TestAbandonedUpgrade(t *testing.T) {
	for _, probed := range []bool{false, true} {
		inBubble(t, Config{}, func(w *world, seen *capture) {
			query := w.handshake()
			start := time.Now()
			c := w.websocket(query)
			if probed {
				c.send("2probe")
				c.expect("3probe")
			}
			c.expectClose(0, "")
			if took := time.Since(start); took != 10*time.Second {
				t.Errorf("closed after %v", took)
			}
			poll := w.poll(query)
			synctest.Wait()
			w.expect("post", w.post(query, "4a"), 200, "ok")
			w.expect("poll", <-poll, 200, "4a")

			c = w.websocket(query)
			c.send("2probe")
			c.expect("3probe")
			c.send("5")
			c.send("4b")
			c.expect("4b")
		})
	}
}

func TestTwoUpgradesAtOnce(t *testing.T) {
	inBubble(t, Config{}, func(w *world, _ *capture) {
		query := w.handshake()
		first := w.websocket(query)
		first.send("2probe")
		first.expect("3probe")
		w.websocket(query).expectClose(0, "")
		first.send("5")
		first.send("4a")
		first.expect("4a")
	})
}

func TestOddCandidates(t *testing.T) {
	tests := []struct {
		name  string
		frame ws.Frame
		code  ws.StatusCode
	}{
		{"a message", ws.NewTextFrame([]byte("4a")), 0},
		{"another probe", ws.NewTextFrame([]byte("2prober")), 0},
		{"binary", ws.NewBinaryFrame([]byte("2probe")), 0},
		{"nothing", ws.NewTextFrame(nil), 0},
		{"close", ws.NewCloseFrame(ws.NewCloseFrameBody(1001, "")), 1001},
		{"a reserved opcode", ws.NewFrame(3, true, nil), ws.StatusProtocolError},
		{"too much", ws.NewBinaryFrame([]byte(strings.Repeat("x", 101))), ws.StatusMessageTooBig},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, Config{MaxPayload: 100}, func(w *world, _ *capture) {
				query := w.handshake()
				c := w.websocket(query)
				c.frame(ws.NewPingFrame([]byte("there?")))
				if op, data := c.next(); op != ws.OpPong || data != "there?" {
					t.Errorf("got %v %q", op, data)
				}
				c.frame(ws.NewPongFrame(nil))
				go func() { _ = ws.WriteFrame(c.conn, ws.MaskFrame(test.frame)) }()
				c.expectClose(test.code, "")
				w.expect("post", w.post(query, "4a"), 200, "ok")
				w.expect("poll", w.get(query), 200, "4a")
			})
		})
	}
}

func TestEndDuringTheUpgrade(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		query := w.handshake()
		c := w.websocket(query)
		c.send("2probe")
		c.expect("3probe")
		(<-seen.sessions).Close("enough")
		if op, _ := c.next(); op != 0 {
			t.Errorf("got %v", op)
		}
		w.expect("poll", w.get(query), 200, "1")
	})
}
