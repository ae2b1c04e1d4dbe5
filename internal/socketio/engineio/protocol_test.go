package engineio

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
)

// quick is a configuration with the heartbeat that the protocol's own suite
// asks for.
func quick() Config {
	return Config{PingInterval: 300 * time.Millisecond, PingTimeout: 200 * time.Millisecond}
}

// TestProtocol holds the cases of the protocol's public suite, in its order, and
// what the suite leaves open.
func TestProtocol(t *testing.T) {
	tests := []struct {
		name string
		run  func(w *world)
	}{
		{"polling: handshake", func(w *world) {
			a := w.get(pollingQuery)
			checkOpen(w.t, a.body, `["websocket"]`)
			if got := a.header.Get("Content-Type"); got != "text/plain; charset=UTF-8" {
				w.t.Errorf("Content-Type %q", got)
			}
			if got := a.header.Get("Cache-Control"); got != "no-store" {
				w.t.Errorf("Cache-Control %q", got)
			}
		}},
		{"polling: wrong EIO", func(w *world) {
			for _, query := range []string{"transport=polling", "EIO=abc&transport=polling", "EIO=3&transport=polling"} {
				w.expect(query, w.get(query), 400, `{"code":5,"message":"Unsupported protocol version"}`)
			}
		}},
		{"polling: wrong transport", func(w *world) {
			for _, query := range []string{"", "EIO=4", "EIO=4&transport=abc"} {
				w.expect(query, w.get(query), 400, `{"code":0,"message":"Transport unknown"}`)
			}
		}},
		{"polling: wrong method", func(w *world) {
			const want = `{"code":2,"message":"Bad handshake method"}`
			w.expect("post", w.post(pollingQuery, ""), 400, want)
			w.expect("put", w.do(w.request("PUT", pollingQuery, "")), 400, want)
			query := w.handshake()
			w.expect("put, session", w.do(w.request("PUT", query, "")), 400, want)
			w.expect("head", w.do(w.request("HEAD", query, "")), 400, "")
			w.expect("options", w.do(w.request("OPTIONS", pollingQuery, "")), 204, "")
			w.expect("post, session", w.post(query, "4a"), 200, "ok")
		}},
		{"websocket: handshake", func(w *world) {
			_, data := w.websocket("EIO=4&transport=websocket").next()
			checkOpen(w.t, data, `[]`)
		}},
		{"websocket: wrong EIO", func(w *world) {
			for _, query := range []string{"transport=websocket", "EIO=3&transport=websocket"} {
				w.expect(query, w.refused(query), 400, "Unsupported protocol version")
			}
		}},
		{"websocket: wrong transport", func(w *world) {
			for query, want := range map[string]string{
				"EIO=4":               "Transport unknown",
				"EIO=4&transport=abc": "Transport unknown",
				pollingQuery:          "Bad request",
				"EIO=4&transport=websocket&sid=elsewhere": "Session ID unknown",
			} {
				w.expect(query, w.refused(query), 400, want)
			}
			w.expect("no upgrade", w.get("EIO=4&transport=websocket"), 400, badRequestBody)
		}},
		{"polling: text", func(w *world) {
			query := w.handshake()
			a := w.post(query, "4hello")
			w.expect("post", a, 200, "ok")
			if got := a.header.Get("Content-Type"); got != "text/html" {
				w.t.Errorf("Content-Type %q", got)
			}
			w.expect("poll", w.get(query), 200, "4hello")
		}},
		{"polling: several packets", func(w *world) {
			query := w.handshake()
			w.expect("post", w.post(query, "4test1\x1e4test2\x1e4test3"), 200, "ok")
			w.expect("poll", w.get(query), 200, "4test1\x1e4test2\x1e4test3")
		}},
		{"polling: text and binary", func(w *world) {
			query := w.handshake()
			w.expect("post", w.post(query, "4hello\x1ebAQIDBA=="), 200, "ok")
			w.expect("poll", w.get(query), 200, "4hello\x1ebAQIDBA==")
		}},
		{"polling: no packet", func(w *world) {
			for _, body := range []string{"abc", "", "4a\x1e", "4a\x1e\x1e4b", "b%", "4\xff", "\xff", "2", "2probe"} {
				query := w.handshake()
				w.expect(body, w.post(query, body), 200, "ok")
				w.expect(body, w.get(query), 400, unknownSessionBody)
			}
			query := w.handshake()
			r := w.request("POST", query, "4a")
			r.Header.Set("Content-Type", "application/octet-stream")
			w.expect("binary body", w.do(r), 400, badRequestBody)
			w.expect("after it", w.get(query), 400, unknownSessionBody)
		}},
		{"polling: packets without effect", func(w *world) {
			query := w.handshake()
			w.expect("post", w.post(query, "0\x1e3\x1e5\x1e6\x1e4a"), 200, "ok")
			w.expect("poll", w.get(query), 200, "4a")
		}},
		{"polling: two polls", func(w *world) {
			query := w.handshake()
			first := w.poll(query)
			synctest.Wait()
			w.expect("second", w.get(query), 400, badRequestBody)
			w.expect("first", <-first, 200, "1")
			w.expect("third", w.get(query), 400, unknownSessionBody)
		}},
		{"polling: poll cut off", func(w *world) {
			query := w.handshake()
			ctx, cancel := context.WithCancel(context.Background())
			done := make(chan answer)
			go func() { done <- w.do(w.request("GET", query, "").WithContext(ctx)) }()
			synctest.Wait()
			cancel()
			<-done
			synctest.Wait()
			w.expect("poll", w.get(query), 400, unknownSessionBody)
		}},
		{"websocket: text", func(w *world) {
			c, _ := w.session()
			c.send("4hello")
			c.expect("4hello")
		}},
		{"websocket: binary", func(w *world) {
			c, _ := w.session()
			c.frame(ws.NewBinaryFrame([]byte{1, 2, 3, 4}))
			if op, data := c.next(); op != ws.OpBinary || data != "\x01\x02\x03\x04" {
				w.t.Errorf("got %v %q", op, data)
			}
		}},
		{"websocket: no packet", func(w *world) {
			for _, packet := range []string{"abc", "", "2", "1"} {
				c, _ := w.session()
				c.send(packet)
				c.expectClose(0, "")
			}
		}},
		{"polling: heartbeat", func(w *world) {
			query := w.handshake()
			for range 3 {
				w.expect("ping", w.get(query), 200, "2")
				w.expect("pong", w.post(query, "3"), 200, "ok")
			}
		}},
		{"polling: ping timeout", func(w *world) {
			query := w.handshake()
			time.Sleep(500 * time.Millisecond)
			synctest.Wait()
			w.expect("poll", w.get(query), 400, unknownSessionBody)
		}},
		{"polling: ping timeout while a poll waits", func(w *world) {
			query := w.handshake()
			w.expect("ping", w.get(query), 200, "2")
			w.expect("the next", w.get(query), 200, "1")
		}},
		{"websocket: heartbeat", func(w *world) {
			c, _ := w.session()
			for range 3 {
				before := time.Now()
				c.expect("2")
				if got := time.Since(before); got != 300*time.Millisecond {
					w.t.Errorf("the ping came after %v", got)
				}
				c.send("3")
			}
		}},
		{"websocket: ping timeout", func(w *world) {
			c, _ := w.session()
			before := time.Now()
			c.expectClose(0, "") // past the ping
			if got := time.Since(before); got != 500*time.Millisecond {
				w.t.Errorf("closed after %v", got)
			}
		}},
		{"websocket: a pong that nobody asked for", func(w *world) {
			c, _ := w.session()
			time.Sleep(200 * time.Millisecond)
			c.send("3")
			before := time.Now()
			c.expect("2")
			if got := time.Since(before); got != 100*time.Millisecond {
				w.t.Errorf("the ping came after %v", got)
			}
		}},
		{"polling: close", func(w *world) {
			query := w.handshake()
			poll := w.poll(query)
			synctest.Wait()
			w.expect("close", w.post(query, "1"), 200, "ok")
			w.expect("waiting poll", <-poll, 200, "6")
			w.expect("poll", w.get(query), 400, unknownSessionBody)
		}},
		{"websocket: close", func(w *world) {
			for _, code := range []ws.StatusCode{0, 1000, 1001, 3000} {
				c, _ := w.session()
				c.frame(ws.Frame{Header: ws.Header{Fin: true, OpCode: ws.OpClose, Length: int64(closeFrame(code, "").Size() - 2)},
					Payload: closeFrame(code, "").wire[2:]})
				c.expectClose(code, "")
			}
		}},
		{"upgrade", func(w *world) {
			query := w.handshake()
			c := w.websocket(query)
			c.send("2probe")
			c.expect("3probe")
			w.expect("poll after the probe", w.get(query), 200, "6")
			c.send("5")
			c.send("4hello")
			c.expect("4hello")
		}},
		{"upgrade: polls of the session after it", func(w *world) {
			query := w.handshake()
			c := w.websocket(query)
			c.send("2probe")
			c.expect("3probe")
			c.send("5")
			c.send("4a")
			c.expect("4a")
			w.expect("poll", w.get(query), 400, badRequestBody)
			w.expect("post", w.post(query, "4b"), 400, badRequestBody)
			c.send("4c")
			c.expect("4c")
		}},
		{"upgrade: a websocket after it", func(w *world) {
			query := w.handshake()
			c := w.websocket(query)
			c.send("5") // without a probe, which is accepted
			c.send("4a")
			c.expect("4a")
			w.websocket(query).expectClose(0, "")
			c.send("4b")
			c.expect("4b")
		}},
		{"polling: too large", func(w *world) {
			query := w.handshake()
			w.expect("1 too many", w.post(query, strings.Repeat("4", 1_000_001)), 413, "")
			r := w.request("POST", query, strings.Repeat("4", 1_000_001))
			r.ContentLength = -1
			w.expect("1 too many, unannounced", w.do(r), 413, "")
			fits := strings.Repeat("4", 1_000_000)
			w.expect("the most", w.post(query, fits), 200, "ok")
			w.expect("poll", w.get(query), 200, fits)
		}},
		{"websocket: too large", func(w *world) {
			c, _ := w.session()
			fits := strings.Repeat("4", 1_000_000)
			c.send(fits)
			c.expect(fits)
			// The server need not read it all.
			go func() { _ = ws.WriteFrame(c.conn, ws.MaskFrame(ws.NewTextFrame([]byte(fits+"4")))) }()
			c.expectClose(ws.StatusMessageTooBig, "")
		}},
		{"headers of a wrapper", func(w *world) {
			a := w.get(pollingQuery)
			if got := a.header.Get("X-Wrapped"); got != "yes" {
				w.t.Errorf("polling: %q", got)
			}
			r := w.request("GET", "EIO=4&transport=websocket", "")
			for name, value := range map[string]string{
				"Upgrade": "websocket", "Connection": "Upgrade",
				"Sec-Websocket-Version": "13", "Sec-Websocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
				"Sec-Websocket-Extensions": "permessage-deflate", "Sec-Websocket-Protocol": "a, b",
			} {
				r.Header.Set(name, value)
			}
			response, err := w.client.Do(r)
			if err != nil {
				w.t.Fatal(err)
			}
			defer response.Body.Close()
			if got := response.Header; response.StatusCode != 101 || got.Get("X-Wrapped") != "yes" ||
				got.Get("Sec-Websocket-Extensions") != "" || got.Get("Sec-Websocket-Protocol") != "" {
				w.t.Errorf("websocket: %d %v", response.StatusCode, got)
			}
		}},
		{"websocket: the answer and the open packet in one write", func(w *world) {
			conn, err := w.dial()
			if err != nil {
				w.t.Fatal(err)
			}
			defer conn.Close()
			r := w.request("GET", "EIO=4&transport=websocket", "")
			for name, value := range map[string]string{
				"Upgrade": "websocket", "Connection": "Upgrade",
				"Sec-Websocket-Version": "13", "Sec-Websocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
			} {
				r.Header.Set(name, value)
			}
			if err := r.Write(conn); err != nil {
				w.t.Fatal(err)
			}
			// A pipe gives no more than what was written at once.
			read := make([]byte, 4<<10)
			n, err := conn.Read(read)
			if got := string(read[:n]); err != nil || !strings.HasPrefix(got, "HTTP/1.1 101 ") || !strings.Contains(got, `0{"sid":"`) {
				w.t.Errorf("the first write was %q, %v", got, err)
			}
		}},
		{"websocket: a request that is none", func(w *world) {
			r := w.request("GET", "EIO=4&transport=websocket", "")
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Upgrade", "websocket")
			if a := w.do(r); a.status != 400 {
				w.t.Errorf("got %+v", a)
			}
		}},
		{"JSONP", func(w *world) {
			a := w.get(pollingQuery + "&b64=1&j=0")
			if !strings.HasPrefix(a.body, `___eio[0]("0{\"sid\":\"`) || !strings.HasSuffix(a.body, `}");`) {
				w.t.Fatalf("handshake: %+v", a)
			}
			query := pollingQuery + "&sid=" + a.body[23:43] + "&j=12"
			// \n is a line feed, \\n is \n.
			w.expect("post", w.post(query, `d=4a%5Cnb%5C%5Cn%22%3C%E2%80%A8`), 200, "ok")
			w.expect("poll", w.get(query), 200, `___eio[12]("4a\nb\\n\"\u003c\u2028");`)
			w.expect("no number", w.get(pollingQuery+"&j=0)alert("), 400, badRequestBody)
			w.expect("no number, session", w.get(query+"x"), 400, badRequestBody)
			w.expect("no number, post", w.post(query+"x", "d=4a"), 400, badRequestBody)
			w.expect("no form", w.post(query, "%"), 200, "ok")
			w.expect("after it", w.get(query), 400, unknownSessionBody)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test.run(inPipes(t, quick())) })
		})
	}
}

// refused asks for a websocket and returns the answer.
func (w *world) refused(query string) answer {
	r := w.request("GET", query, "")
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	return w.do(r)
}

// checkOpen checks a whole open packet.
func checkOpen(t testing.TB, packet, upgrades string) {
	t.Helper()
	var handshake struct{ SID string }
	if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "0")), &handshake); err != nil {
		t.Fatalf("%q: %v", packet, err)
	}
	if len(handshake.SID) != 20 || strings.Trim(handshake.SID, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("sid %q", handshake.SID)
	}
	want := `0{"sid":"` + handshake.SID + `","upgrades":` + upgrades + `,"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}`
	if packet != want {
		t.Errorf("got %s, want %s", packet, want)
	}
}
