package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/client"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// A fixture is a server with these events in each namespace:
//
//	on connection       emits "auth" with the payload of CONNECT
//	echo (…)            emits "echoed" with the same arguments, and acknowledges with them
//	ask (v)             asks the client "question" with v, and emits "answer" with its reply
//	count (n)           emits "number" n times
//	bye                 disconnects the client from the namespace
//
// The namespace /closed refuses everybody.
type fixture struct {
	server *socketio.Server
	url    string
	stop   context.CancelFunc // of the server's Run
}

func serve(t *testing.T, c socketio.Config) fixture {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	s := socketio.NewServer(c)
	for _, name := range []string{"/", "/other"} {
		n := s.Of(name)
		n.Use(func(s *socketio.Socket, auth json.RawMessage) error {
			s.SetData(string(auth))
			return nil
		})
		n.OnConnect(func(s *socketio.Socket) {
			if !s.Recovered() {
				_ = s.Emit("auth", s.Data())
			}
		})
		n.On("echo", func(s *socketio.Socket, e *socketio.Event) {
			args, err := e.Values()
			if err != nil {
				t.Error(err)
			}
			_ = s.Emit("echoed", args...)
			_ = e.Ack(args...)
		})
		n.On("ask", func(s *socketio.Socket, e *socketio.Event) {
			_ = s.EmitWithAck(time.Minute, func(reply *socketio.Event, err error) {
				if err != nil {
					_ = s.Emit("answer", err.Error())
					return
				}
				_ = s.Emit("answer", reply.Raw(0))
			}, "question", e.Raw(0))
		})
		n.On("count", func(s *socketio.Socket, e *socketio.Event) {
			var times int
			_ = e.Bind(0, &times)
			for i := range times {
				_ = s.Emit("number", i)
			}
		})
		n.On("bye", func(s *socketio.Socket, _ *socketio.Event) { s.Disconnect(false) })
	}
	s.Of("/closed").Use(func(*socketio.Socket, json.RawMessage) error { return errors.New("closed today") })
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		_ = s.Run(ctx)
		close(done)
	}()
	h := httptest.NewServer(s)
	t.Cleanup(func() {
		stop()
		<-done
		h.Close()
	})
	return fixture{server: s, url: h.URL, stop: stop}
}

// inbox collects events as "name arg arg".
type inbox chan string

func (in inbox) take(name string, args []json.RawMessage) {
	for _, a := range args {
		name += " " + string(a)
	}
	in <- name
}

func (in inbox) expect(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-in:
			if got != w {
				t.Fatalf("received %s, want %s", got, w)
			}
		case <-t.Context().Done():
			t.Fatalf("waited for %s", w)
		}
	}
}

func dial(t *testing.T, o client.Options) (*client.Conn, inbox) {
	t.Helper()
	in := make(inbox, 1000)
	o.OnEvent = in.take
	c, err := client.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Drop()
		_ = c.Wait()
	})
	return c, in
}

// kinds are the ways to connect.
var kinds = map[string]client.Options{
	"websocket":              {},
	"polling":                {Transport: "polling"},
	"upgrade":                {Transport: "polling", Upgrade: true},
	"namespace":              {Namespace: "/other"},
	"polling to a namespace": {Namespace: "/other", Transport: "polling"},
}

func TestEvents(t *testing.T) {
	f := serve(t, socketio.Config{})
	for name, o := range kinds {
		t.Run(name, func(t *testing.T) {
			o.URL, o.Auth = f.url, map[string]string{"token": "ü"}
			o.OnCall = func(name string, args []json.RawMessage) []any { return []any{name + " " + string(args[0])} }
			c, in := dial(t, o)
			if c.ID() == "" || c.PID() != "" || c.Offset() != "" || c.Recovered() {
				t.Errorf("id %q, pid %q, offset %q", c.ID(), c.PID(), c.Offset())
			}
			in.expect(t, `auth "{\"token\":\"ü\"}"`)
			if err := c.Emit("echo", 1, "two", nil); err != nil {
				t.Fatal(err)
			}
			in.expect(t, `echoed 1 "two" null`)
			reply, err := c.EmitWithAck(t.Context(), "echo", []int{3})
			if err != nil || string(reply) != "[[3]]" {
				t.Errorf("acknowledged with %s, %v", reply, err)
			}
			in.expect(t, `echoed [3]`)
			reply, err = c.EmitWithAck(t.Context(), "echo", []byte("\x00bin"), map[string]any{"a": 1}, []byte{})
			if err != nil || string(reply) != `["AGJpbg==",{"a":1},""]` {
				t.Errorf("acknowledged with %s, %v", reply, err)
			}
			in.expect(t, `echoed "AGJpbg==" {"a":1} ""`)
			if err := c.Emit("ask", "well?"); err != nil {
				t.Fatal(err)
			}
			in.expect(t, `answer "question \"well?\""`)
			long := strings.Repeat("long ", 20_000)
			if err := c.Emit("echo", long); err != nil {
				t.Fatal(err)
			}
			in.expect(t, `echoed "`+long+`"`)
			c.Close()
			if err := c.Wait(); !errors.Is(err, client.ErrClosed) {
				t.Errorf("ended with %v", err)
			}
			if _, err := c.EmitWithAck(t.Context(), "echo"); err == nil {
				t.Error("emitted after the end")
			}
		})
	}
}

// Nothing is lost or changes places while the transport changes.
func TestUpgrade(t *testing.T) {
	const many = 500
	f := serve(t, socketio.Config{})
	c, in := dial(t, client.Options{URL: f.url, Transport: "polling", Upgrade: true})
	in.expect(t, `auth "{}"`)
	if err := c.Emit("count", many); err != nil {
		t.Fatal(err)
	}
	upgraded := c.Upgraded()
	for sent := 0; sent < many; sent++ {
		if err := c.Emit("echo", sent); err != nil {
			t.Fatal(err)
		}
	}
	<-upgraded
	if c.Transport() != "websocket" {
		t.Errorf("the transport is %s", c.Transport())
	}
	for i := range many {
		in.expect(t, "number "+strconv.Itoa(i))
	}
	for i := range many {
		in.expect(t, "echoed "+strconv.Itoa(i))
	}
}

func TestRefusals(t *testing.T) {
	f := serve(t, socketio.Config{Engine: engineio.Config{Admit: func(r *http.Request) (any, error) {
		if r.Header.Get("X-Key") == "wrong" {
			return nil, errors.New("wrong key")
		}
		return nil, nil
	}}})
	wrong := http.Header{"X-Key": {"wrong"}}
	tests := []struct {
		name    string
		options client.Options
		want    string
	}{
		{"namespace", client.Options{Namespace: "/nowhere"}, "refused: Invalid namespace"},
		{"middleware", client.Options{Namespace: "/closed"}, "refused: closed today"},
		{"middleware, polling", client.Options{Namespace: "/closed", Transport: "polling"}, "refused: closed today"},
		{"handshake", client.Options{Header: wrong}, "answered 403: Forbidden"},
		{"handshake, polling", client.Options{Header: wrong, Transport: "polling"}, `answered 403: {"code":4,"message":"Forbidden"}`},
		{"transport", client.Options{Transport: "pigeon"}, `no transport "pigeon"`},
		{"address", client.Options{URL: "http://127.0.0.1:1"}, "refused"},
		{"text for a URL", client.Options{URL: "::"}, "missing protocol scheme"},
		{"auth", client.Options{Auth: func() {}}, "unsupported type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.options.URL == "" {
				tt.options.URL = f.url
			}
			_, err := client.Dial(t.Context(), tt.options)
			if err == nil || !strings.Contains(strings.TrimSpace(err.Error()), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	tests := []struct {
		name    string
		options client.Options
		end     func(f fixture, c *client.Conn)
		want    error
	}{
		{"dropped", client.Options{}, func(_ fixture, c *client.Conn) { c.Drop() }, client.ErrDropped},
		{"dropped, polling", client.Options{Transport: "polling"}, func(_ fixture, c *client.Conn) { c.Drop() }, client.ErrDropped},
		{"disconnected", client.Options{}, func(_ fixture, c *client.Conn) { _ = c.Emit("bye") }, client.ErrDisconnected},
		{"restart", client.Options{}, func(f fixture, _ *client.Conn) { f.stop() }, &client.CloseError{Code: 1012, Reason: "service restart"}},
		{"nonsense", client.Options{}, func(_ fixture, c *client.Conn) { _ = c.SendPacket([]byte("9")) }, &client.CloseError{Code: 1005}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := serve(t, socketio.Config{})
			tt.options.URL = f.url
			c, _ := dial(t, tt.options)
			tt.end(f, c)
			err := c.Wait()
			if want, ok := tt.want.(*client.CloseError); ok {
				var got *client.CloseError
				if !errors.As(err, &got) || *got != *want {
					t.Errorf("ended with %v, want %v", err, want)
				}
			} else if !errors.Is(err, tt.want) {
				t.Errorf("ended with %v, want %v", err, tt.want)
			}
		})
	}
}

// A client that lost its connection comes back with what it has, and gets what
// it missed.
func TestRecovery(t *testing.T) {
	f := serve(t, socketio.Config{Recovery: socketio.Recovery{Window: time.Minute, MaxBytes: 1 << 20}})
	c, in := dial(t, client.Options{URL: f.url})
	if c.PID() == "" {
		t.Fatal("no recovery is offered")
	}
	if got := <-in; !strings.HasPrefix(got, `auth "{}" "`) {
		t.Fatal(got)
	}
	offset := c.Offset()
	if offset == "" {
		t.Fatal("no offset was noted")
	}
	c.Drop()
	_ = c.Wait()
	again, _ := dial(t, client.Options{URL: f.url, PID: c.PID(), Offset: offset, Auth: map[string]int{"a": 1}})
	if !again.Recovered() || again.ID() != c.ID() {
		t.Errorf("recovered: %v, id %s, was %s", again.Recovered(), again.ID(), c.ID())
	}
	fresh, _ := dial(t, client.Options{URL: f.url, PID: "unknown", Offset: offset})
	if fresh.Recovered() || fresh.ID() == c.ID() || fresh.PID() == "unknown" {
		t.Error("recovered what never was")
	}
}

// Packets can be heard before they are parsed, and sent ready-made.
func TestPackets(t *testing.T) {
	f := serve(t, socketio.Config{})
	heard := make(chan string, 10)
	c, err := client.Dial(t.Context(), client.Options{URL: f.url, OnPacket: func(c *client.Conn, packet []byte) bool {
		if packet[0] == '0' {
			return false
		}
		heard <- string(packet)
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Drop()
	if err := c.SendPacket([]byte(`27["echo",1]`)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 3 {
		got = append(got, <-heard)
	}
	slices.Sort(got)
	if want := []string{`2["auth","{}"]`, `2["echoed",1]`, `37[1]`}; !slices.Equal(got, want) {
		t.Errorf("heard %q", got)
	}
}
