package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gobwas/ws"
)

// polling carries packets in the bodies of requests: one waits for the server's
// at all times, and one at a time takes ours.
type polling struct {
	http   http.Client
	base   *url.URL
	header http.Header
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc
	probed chan *websocket // gets the websocket that is to take over

	mu    sync.Mutex
	sid   string
	timer *time.Timer // of expire
}

const (
	separator = "\x1e" // between the packets of a body
	mostBody  = 64 << 20
)

func newPolling(base *url.URL, o *Options) *polling {
	p := &polling{base: base, header: o.Header, probed: make(chan *websocket, 1)}
	p.http.Transport = &http.Transport{DialContext: o.dial, MaxIdleConnsPerHost: 2}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

func (p *polling) name() string { return "polling" }

// opened says how the session is called.
func (p *polling) opened(sid string) {
	p.mu.Lock()
	p.sid = sid
	p.mu.Unlock()
}

func (p *polling) expire(at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timer == nil {
		p.timer = time.AfterFunc(time.Until(at), p.cancel)
		return
	}
	p.timer.Reset(time.Until(at))
}

func (p *polling) drop() {
	p.cancel()
	p.http.CloseIdleConnections()
	p.mu.Lock()
	if p.timer != nil {
		p.timer.Stop()
	}
	p.mu.Unlock()
	select {
	case w := <-p.probed:
		w.drop()
	default:
	}
}

// write sends packets in one request and waits for its answer.
func (p *polling) write(packets ...enginePacket) error {
	var body bytes.Buffer
	for i, packet := range packets {
		if i > 0 {
			body.WriteString(separator)
		}
		if packet.binary {
			body.WriteString("b" + base64.StdEncoding.EncodeToString(packet.data))
		} else {
			body.Write(packet.data)
		}
	}
	_, err := p.ask(http.MethodPost, &body)
	return err
}

// switched ends a transport that another one takes over from.
type switched struct{ to *websocket }

// Error implements error.
func (s *switched) Error() string { return "socket.io client: upgraded" }

// run polls until the connection ends or a websocket takes over.
func (p *polling) run(deliver func(enginePacket) error) error {
	for {
		select {
		case w := <-p.probed:
			return &switched{to: w}
		default:
		}
		body, err := p.ask(http.MethodGet, nil)
		if err != nil {
			return err
		}
		for text := range bytes.SplitSeq(body, []byte(separator)) {
			packet := enginePacket{data: text}
			if encoded, ok := bytes.CutPrefix(text, []byte("b")); ok {
				if packet.data, err = base64.StdEncoding.DecodeString(string(encoded)); err != nil {
					return fmt.Errorf("%w: %w", errPacket, err)
				}
				packet.binary = true
			}
			if err := deliver(packet); err != nil {
				return err
			}
		}
	}
}

// ask makes a request and returns the answer's body.
func (p *polling) ask(method string, body io.Reader) ([]byte, error) {
	p.mu.Lock()
	u := *p.base
	u.RawQuery = query(&u, "polling", p.sid)
	p.mu.Unlock()
	r, err := http.NewRequestWithContext(p.ctx, method, u.String(), body)
	if err != nil {
		return nil, err
	}
	for name, values := range p.header {
		r.Header[name] = values
	}
	if body != nil {
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
	}
	answer, err := p.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("socket.io client: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostBody))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = &StatusError{Status: answer.StatusCode, Body: string(text[:min(len(text), 4<<10)])}
	}
	return text, err
}

// upgrade opens a websocket to a session that polls, and has it take over once
// the server has answered there. If it does not, polling goes on.
func (c *Conn) upgrade(p *polling, sid string) {
	w, err := dialWebsocket(p.ctx, p.base, sid, c.options)
	if err != nil {
		return
	}
	if err := w.probe(c.timeout); err != nil {
		w.drop()
		return
	}
	// The server lets no poll wait from the probe on: the next one that comes
	// back is the last, unless it was the last already.
	p.probed <- w
	if p.ctx.Err() != nil { // nobody polls any more
		p.drop()
	}
}

var errProbe = errors.New("socket.io client: the server did not answer the probe")

// probe asks whether the websocket gets through.
func (w *websocket) probe(timeout time.Duration) error {
	w.expire(time.Now().Add(timeout))
	if err := w.write(textPacket(string(enginePing) + "probe")); err != nil {
		return err
	}
	const want = string(enginePong) + "probe"
	h, err := ws.ReadHeader(w.conn)
	if err != nil {
		return err
	}
	if h.Length != int64(len(want)) {
		return errProbe
	}
	answer := make([]byte, len(want))
	if _, err := io.ReadFull(w.conn, answer); err != nil {
		return err
	}
	if string(answer) != want {
		return errProbe
	}
	return nil
}

// takeOver makes a websocket the connection's transport.
func (c *Conn) takeOver(w *websocket) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := w.write(textPacket(string(engineUpgrade))); err != nil {
		return err
	}
	w.expire(time.Now().Add(c.timeout))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.transport = w
	close(c.upgraded)
	return c.closing
}
