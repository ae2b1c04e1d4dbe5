package engineio

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// inBubble runs a test with the clock of testing/synctest against a server that
// tells its sessions and their ends.
func inBubble(t *testing.T, c Config, run func(w *world, seen *capture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		seen := newCapture()
		if c.Open == nil {
			c.Open = seen.open
		}
		run(inPipes(t, c), seen)
	})
}

func expectReason(t testing.TB, seen *capture, want Reason) {
	t.Helper()
	if got := <-seen.closed; got != want {
		t.Errorf("the session ended by %q, want %q", got, want)
	}
}

func TestReasons(t *testing.T) {
	tests := []struct {
		want Reason
		run  func(w *world)
	}{
		{TransportClose, func(w *world) { w.post(w.handshake(), "1") }},
		{ParseError, func(w *world) { w.post(w.handshake(), "x") }},
		{TransportError, func(w *world) { w.post(w.handshake(), "2") }},
		{PingTimeout, func(w *world) { w.handshake() }},
		{TransportClose, func(w *world) { c, _ := w.session(); c.send("1") }},
		{ParseError, func(w *world) { c, _ := w.session(); c.send("x") }},
		{TransportError, func(w *world) { c, _ := w.session(); c.send("4\xff") }},
		{TransportClose, func(w *world) { c, _ := w.session(); c.conn.Close() }},
		{ShuttingDown, func(w *world) { w.handshake(); w.stop() }},
	}
	for _, test := range tests {
		inBubble(t, Config{}, func(w *world, seen *capture) {
			test.run(w)
			expectReason(t, seen, test.want)
			if n := w.server.Sessions(); n != 0 {
				t.Errorf("%s: %d sessions are left", test.want, n)
			}
		})
	}
}

func TestAdmit(t *testing.T) {
	admit := func(r *http.Request) (any, error) {
		if r.Header.Get("Upgrade") != "" || r.URL.Query().Has("refuse") {
			return nil, errors.New("not to be shown")
		}
		return "somebody", nil
	}
	inBubble(t, Config{Admit: admit}, func(w *world, seen *capture) {
		w.expect("polling", w.get(pollingQuery+"&refuse"), 403, `{"code":4,"message":"Forbidden"}`)
		w.expect("websocket", w.refused("EIO=4&transport=websocket"), 403, "Forbidden")
		query := w.handshake()
		s := <-seen.sessions
		if s.Origin() != "somebody" || s.Transport() != "polling" || !strings.HasSuffix(query, s.ID()) {
			t.Errorf("%v, %s, %s", s.Origin(), s.Transport(), s.ID())
		}
	})
}

func TestCloseOfPolling(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		query := w.handshake()
		s := <-seen.sessions
		poll := w.poll(query)
		synctest.Wait()
		s.Close("enough")
		s.Close("again")
		s.Send(TextFrame([]byte("too late")))
		w.expect("waiting poll", <-poll, 200, "1")
		expectReason(t, seen, "enough")
		w.expect("poll", w.get(query), 400, unknownSessionBody)

		query = w.handshake()
		s = <-seen.sessions
		s.SendSoon(TextFrame([]byte("refused")))
		s.Close("enough")
		if n := w.server.Sessions(); n != 0 {
			t.Errorf("%d sessions are open", n)
		}
		w.expect("post to one that lingers", w.post(query, "4a"), 200, "ok")
		w.expect("poll that finds the queue", w.get(query), 200, "4refused")
		w.expect("poll that finds the end", w.get(query), 200, "1")
		w.expect("poll", w.get(query), 400, unknownSessionBody)

		query = w.handshake()
		s = <-seen.sessions
		s.Close("enough")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		w.expect("poll that comes too late", w.get(query), 400, unknownSessionBody)
	})
}

func TestCloseOfWebsocket(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		c, _ := w.session()
		s := <-seen.sessions
		s.SendSoon(TextFrame([]byte("last")), BinaryFrame([]byte("words")))
		s.Close("enough")
		c.expect("4last")
		if _, data := c.next(); data != "words" {
			t.Errorf("got %q", data)
		}
		c.expectClose(0, "")
		expectReason(t, seen, "enough")

		// One that does not read is closed all the same.
		c, _ = w.session()
		s = <-seen.sessions
		s.Close("enough")
		time.Sleep(closeGrace)
		synctest.Wait()
		if _, err := c.conn.Read(make([]byte, 10)); err != io.EOF {
			t.Errorf("got %v", err)
		}
	})
}

func TestPollIsNotCutByDeadlinesOfTheServer(t *testing.T) {
	inBubble(t, Config{}, func(w *world, _ *capture) {
		// The front server of the tests allows a second.
		query := w.handshake()
		w.expect("poll", w.get(query), 200, "2")
	})
}

func TestBodyOfPostHasADeadline(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		body, never := io.Pipe()
		r := w.request("POST", w.handshake(), "")
		r.Body, r.ContentLength = body, 10
		begin := time.Now()
		done := make(chan answer)
		go func() { done <- w.do(r) }()
		expectReason(t, seen, TransportError)
		if took := time.Since(begin); took != 20*time.Second {
			t.Errorf("it took %v", took)
		}
		_ = never.Close()
		<-done
	})
}

func TestTwoPosts(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		query := w.handshake()
		body, rest := io.Pipe()
		r := w.request("POST", query, "")
		r.Body, r.ContentLength = body, 2
		first := make(chan answer)
		go func() { first <- w.do(r) }()
		synctest.Wait()
		w.expect("second", w.post(query, "4b"), 400, badRequestBody)
		expectReason(t, seen, TransportError)
		if _, err := rest.Write([]byte("4a")); err != nil {
			t.Error(err)
		}
		_ = rest.Close()
		w.expect("first", <-first, 200, "ok")
		w.expect("poll", w.get(query), 400, unknownSessionBody)
	})
}

func TestPollingQueueIsBounded(t *testing.T) {
	inBubble(t, Config{MaxQueue: 100}, func(w *world, seen *capture) {
		query := w.handshake()
		s := <-seen.sessions
		large := strings.Repeat("x", 200)
		s.Send(TextFrame([]byte(large)))
		w.expect("a single large frame", w.get(query), 200, "4"+large)
		for range 100 / (4 + 2) {
			s.Send(TextFrame([]byte("abc")))
		}
		if n := w.server.Sessions(); n != 1 {
			t.Fatal("a queue that fits closed the session")
		}
		s.Send(TextFrame([]byte("abc")))
		expectReason(t, seen, ClientTooSlow)
		w.expect("poll", w.get(query), 400, unknownSessionBody)
	})
}

// panics is a receiver that does nothing else.
type panics struct{ ended chan Reason }

func (panics) Text([]byte)       { panic("text") }
func (panics) Binary([]byte)     { panic("binary") }
func (p panics) Closed(r Reason) { p.ended <- r; panic("closed") }

func TestPanicsEndOneSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		next := make(chan Receiver, 1)
		open := func(s *Session) Receiver {
			select {
			case r := <-next:
				if r == nil {
					panic("open")
				}
				return r
			default:
				return &echo{session: s}
			}
		}
		w := inPipes(t, Config{Open: open, Log: slog.New(slog.NewTextHandler(&log, nil))})
		healthy, _ := w.session()
		bad := panics{make(chan Reason, 1)}

		next <- bad
		query := w.handshake()
		w.expect("post", w.post(query, "4a\x1e4b"), 200, "ok")
		w.expect("poll", w.get(query), 200, "1")
		if r := <-bad.ended; r != ForcedClose {
			t.Errorf("the session ended by %q", r)
		}

		next <- bad
		c, _ := w.session()
		c.send("4a")
		c.expectClose(0, "")
		<-bad.ended

		next <- nil
		c, _ = w.session()
		c.expectClose(0, "")

		synctest.Wait()
		for _, want := range []string{"panic=text", "panic=closed", "panic=open", "session_test.go"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log lacks %s:\n%s", want, log.String())
			}
		}
		healthy.send("4a")
		healthy.expect("4a")
	})
}

func TestSendSoonIsOneWriteATick(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		c, _ := w.session()
		s := <-seen.sessions
		read := func() (string, time.Time) {
			buf := make([]byte, 1<<16)
			n, err := c.conn.Read(buf) // what one write wrote
			if err != nil {
				t.Error(err)
			}
			return string(buf[:n]), time.Now()
		}
		frame := TextFrame([]byte("x"))
		wire := string(frame.wire)
		start := time.Now()
		expect := func(what string, frames int, after time.Duration) {
			t.Helper()
			if got, at := read(); got != strings.Repeat(wire, frames) || at.Sub(start) != after {
				t.Errorf("%s: %q after %v", what, got, at.Sub(start))
			}
		}
		s.SendSoon(frame)
		expect("the first after a quiet time", 1, 0)
		for range 4 {
			s.SendSoon(frame)
			time.Sleep(10 * time.Millisecond)
		}
		expect("those of one tick", 4, 50*time.Millisecond)
		s.SendSoon(frame, frame)
		expect("those of the next", 2, 100*time.Millisecond)
		s.SendSoon(frame)
		s.Send(frame)
		expect("one that goes with a Send", 2, 100*time.Millisecond)
		time.Sleep(time.Second)
		s.SendSoon(frame)
		expect("the first after a quiet time", 1, 1100*time.Millisecond)
	})
}

func TestThousandHandshakesThatNobodyFollowsUp(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		c, _ := w.session()
		for range 1000 {
			w.handshake()
		}
		if n := w.server.Sessions(); n != 1001 {
			t.Errorf("%d sessions", n)
		}
		time.Sleep(24 * time.Second)
		c.expect("2")
		c.send("3")
		time.Sleep(21 * time.Second)
		synctest.Wait()
		if n := w.server.Sessions(); n != 1 {
			t.Errorf("%d sessions are left", n)
		}
		for range 1000 {
			expectReason(t, seen, PingTimeout)
		}
	})
}

func TestShutdown(t *testing.T) {
	inBubble(t, Config{}, func(w *world, seen *capture) {
		query := w.handshake()
		poll := w.poll(query)
		lonely := w.handshake()
		c, _ := w.session()
		probing := w.websocket(lonely)
		probing.send("2probe")
		probing.expect("3probe")
		mute, _ := w.session() // reads nothing more
		defer mute.conn.Close()
		synctest.Wait()
		for range 4 {
			(<-seen.sessions).SendSoon(TextFrame([]byte("last")))
		}

		begin := time.Now()
		stopped := make(chan struct{})
		go func() { w.stop(); close(stopped) }()
		first, second := func() (string, string) {
			_, a := c.next()
			_, b := c.next()
			return a, b
		}()
		if first != "4last" || second != "\x03\xf4service restart" {
			t.Errorf("websocket: %q, %q", first, second)
		}
		c.conn.Close()
		a := <-poll
		if a.body != "4last" && a.body != "4last\x1e1" {
			t.Errorf("poll: %+v", a)
		}
		if op, _ := probing.next(); op != 0 {
			t.Errorf("the candidate got %v", op)
		}
		<-stopped
		if took := time.Since(begin); took > closeGrace {
			t.Errorf("it took %v", took)
		}
		for range 4 {
			expectReason(t, seen, ShuttingDown)
		}
		if a := w.get(pollingQuery); a.status != 503 {
			t.Errorf("a handshake after it: %+v", a)
		}
		if c, err := w.tryWebsocket(pollingQuery); err == nil {
			if op, _ := c.next(); op != 0 {
				t.Errorf("a websocket after it got %v", op)
			}
		}
	})
}
