package realtime

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
)

// An attacker has an account of his own, and speaks to a house in requests,
// frames and bytes.
type attacker struct {
	*house
	t     *testing.T
	me    resident
	web   *http.Client
	wires []*wire
}

func newAttacker(t *testing.T, h *house) *attacker {
	t.Helper()
	u, key := h.AddUser(t, fmt.Sprintf("attacker%d@example.com", time.Now().UnixNano()), "Mallory", false)
	a := &attacker{house: h, t: t, me: resident{u, key}}
	// No connection is kept for another request: one that is made while another
	// becomes free would outlast him.
	a.web = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
	return a
}

// leave closes all that he has opened.
func (a *attacker) leave() {
	for _, w := range a.wires {
		_ = w.Close() // the server may have been first
	}
}

// connections returns how many sockets he has.
func (a *attacker) connections() (n int) {
	for s := range a.rt.sockets.Sockets() {
		if personOf(s).id == a.me.ID {
			n++
		}
	}
	return n
}

// A wire is a connection, mostly a websocket.
type wire struct {
	a *attacker
	net.Conn
	in *bufio.Reader
}

// wire opens a connection.
func (a *attacker) wire() *wire {
	a.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(a.url, "http://"))
	check(a.t, err)
	return a.keep(conn, bufio.NewReader(conn))
}

func (a *attacker) keep(conn net.Conn, in *bufio.Reader) *wire {
	w := &wire{a, conn, in}
	a.wires = append(a.wires, w)
	return w
}

// upgrade opens a websocket, for the session sid unless that is "". The error
// is a ws.StatusError if the server refuses.
func (a *attacker) upgrade(sid string, header http.Header) (*wire, error) {
	a.t.Helper()
	url := "ws" + strings.TrimPrefix(a.url, "http") + "/socket.io/?EIO=4&transport=websocket"
	if sid != "" {
		url += "&sid=" + sid
	}
	d := ws.Dialer{Header: ws.HandshakeHeaderHTTP(header), Timeout: patience}
	conn, in, _, err := d.Dial(context.Background(), url)
	if err != nil {
		return nil, err
	}
	if in == nil {
		in = bufio.NewReader(conn)
	}
	return a.keep(conn, in), nil
}

// websocket opens a session over a websocket.
func (a *attacker) websocket() *wire {
	a.t.Helper()
	w, err := a.upgrade("", nil)
	check(a.t, err)
	w.until("0{")
	return w
}

// connect is the packet by which he comes in.
func (a *attacker) connect() string {
	return `40{"token":"` + a.me.key + `","extras":["typing","read"]}`
}

// enter opens a session over a websocket, and is let in.
func (a *attacker) enter() *wire {
	a.t.Helper()
	w := a.websocket()
	w.text(a.connect())
	w.until("40{")
	return w
}

// write sends bytes. If the server has closed the connection, reading will tell.
func (w *wire) write(data []byte) { _, _ = w.Write(data) }

func (w *wire) frame(f ws.Frame) { w.write(ws.MustCompileFrame(ws.MaskFrame(f))) }

func (w *wire) text(packet string) { w.frame(ws.NewTextFrame([]byte(packet))) }

// next returns the next packet, and answers pings. The error is io.EOF when the
// server has closed the websocket or the connection.
func (w *wire) next() (string, error) {
	check(w.a.t, w.SetDeadline(time.Now().Add(patience)))
	for {
		h, err := ws.ReadHeader(w.in)
		payload := make([]byte, h.Length) // the server is no attacker
		if err == nil {
			_, err = io.ReadFull(w.in, payload)
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return "", err
		case err != nil || h.OpCode == ws.OpClose:
			return "", io.EOF
		case h.OpCode != ws.OpText:
		case string(payload) == "2":
			w.text("3")
		default:
			return string(payload), nil
		}
	}
}

// until returns the first packet that begins in some way.
func (w *wire) until(begin string) string {
	w.a.t.Helper()
	for {
		p, err := w.next()
		if err != nil {
			w.a.t.Fatalf("instead of %s: %v", begin, err)
		}
		if strings.HasPrefix(p, begin) {
			return p
		}
	}
}

// ended waits until the server has closed the connection.
func (w *wire) ended() error {
	for {
		if _, err := w.next(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// alive checks that the connection still serves.
func (w *wire) alive() {
	w.a.t.Helper()
	w.text(`42777["?"]`)
	w.until(`43777[`)
}

// request makes a request with a query. An answer that does not come is status 0.
func (a *attacker) request(method, query string, body io.Reader, header http.Header) (status int, answer string) {
	a.t.Helper()
	r, err := http.NewRequest(method, a.url+"/socket.io/?"+query, body)
	check(a.t, err)
	for name, values := range header {
		r.Header[name] = values
	}
	resp, err := a.web.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	check(a.t, err)
	return resp.StatusCode, string(data)
}

const polling = "EIO=4&transport=polling"

// handshake begins a session by polling and returns its id.
func (a *attacker) handshake(header http.Header) (sid string) {
	a.t.Helper()
	status, answer := a.request(http.MethodGet, polling, nil, header)
	var open struct{ SID string }
	if status != http.StatusOK || json.Unmarshal([]byte(answer[1:]), &open) != nil {
		a.t.Fatalf("handshake: %d %s", status, answer)
	}
	return open.SID
}

func (a *attacker) poll(sid string) (status int, answer string) {
	return a.request(http.MethodGet, polling+"&sid="+sid, nil, nil)
}

func (a *attacker) post(sid, body string) (status int, answer string) {
	return a.request(http.MethodPost, polling+"&sid="+sid, strings.NewReader(body), nil)
}

// enterPolling begins a session by polling, and is let in.
func (a *attacker) enterPolling() (sid string) {
	a.t.Helper()
	sid = a.handshake(nil)
	a.post(sid, a.connect())
	a.pollUntil(sid, "40{")
	return sid
}

// pollUntil polls until something comes.
func (a *attacker) pollUntil(sid, packet string) {
	a.t.Helper()
	for {
		status, answer := a.poll(sid)
		if status != http.StatusOK {
			a.t.Fatalf("instead of %s: %d %s", packet, status, answer)
		}
		if strings.Contains(answer, packet) {
			return
		}
	}
}

// pollingEnds waits until the server knows a session no more.
func (a *attacker) pollingEnds(sid string) {
	a.t.Helper()
	for range 10 {
		if status, _ := a.poll(sid); status == http.StatusBadRequest {
			return
		}
	}
	a.t.Error("the session goes on")
}

// aliveByPolling checks that a session still serves.
func (a *attacker) aliveByPolling(sid string) {
	a.t.Helper()
	a.post(sid, `42777["?"]`)
	a.pollUntil(sid, `43777[`)
}

// half is a request whose body never ends.
func (a *attacker) half(sid string) *wire {
	w := a.wire()
	w.write(fmt.Appendf(nil, "POST /socket.io/?%s&sid=%s HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42", polling, sid))
	return w
}

// nested is an array in an array and so on.
func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}

// zeros is a body of unknown length.
func zeros(n int64) io.Reader { return io.LimitReader(endless{}, n) }

type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, bytes.Repeat([]byte("4"), len(p))), nil }
