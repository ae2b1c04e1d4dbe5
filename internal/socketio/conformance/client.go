package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// ClientConfig returns the settings for the client's tests: recovery is on, and
// each handshake takes a moment, so that a client that waits for none gives up.
func ClientConfig() socketio.Config {
	return socketio.Config{
		Engine: engineio.Config{
			PingInterval: 2 * time.Second,
			Admit:        admit,
		},
		Recovery: socketio.Recovery{Window: 2 * time.Minute, MaxBytes: 1 << 20},
	}
}

// admit returns the request's *handshake, after 10 ms.
func admit(r *http.Request) (any, error) {
	select {
	case <-time.After(10 * time.Millisecond):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	h := &handshake{
		Headers: map[string]string{},
		Query:   map[string]string{},
		URL:     r.URL.String(),
		Address: r.RemoteAddr,
		Secure:  r.TLS != nil,
		Issued:  time.Now().UnixMilli(),
	}
	for name := range r.Header {
		h.Headers[http.CanonicalHeaderKey(name)] = r.Header.Get(name)
	}
	for name, values := range r.URL.Query() {
		h.Query[name] = values[0]
	}
	return h, nil
}

// A handshake is what the Node server shows of one, as far as the tests care.
type handshake struct {
	Headers map[string]string `json:"headers"`
	Query   map[string]string `json:"query"`
	URL     string            `json:"url"`
	Address string            `json:"address"` // host and port
	Secure  bool              `json:"secure"`
	Issued  int64             `json:"issued"` // milliseconds since 1970
	Auth    json.RawMessage   `json:"auth"`
}

// A visitor is what the application keeps of a socket.
type visitor struct {
	handshake
	buffers int // binary events of a sequence seen so far
	blobs   int
}

func visitorOf(s *socketio.Socket) *visitor { return s.Data().(*visitor) }

// A refusal is an error of a middleware in words that the tests expect.
type refusal string

func (r refusal) Error() string { return string(r) }

// welcome is the middleware of every namespace: it keeps the credentials.
func welcome(s *socketio.Socket, auth json.RawMessage) error {
	h := *s.Origin().(*handshake)
	h.Auth = bytes.Clone(auth)
	s.SetData(&visitor{handshake: h})
	return nil
}

// Client makes s, a server of [ClientConfig], the one that the client's tests
// expect.
func Client(s *socketio.Server, log *slog.Logger) {
	for _, name := range []string{"/", "/foo", "/timeout_socket", "/valid", "/asd", "/abc", "/no"} {
		s.Of(name).Use(welcome)
	}
	s.Of("/").Use(func(s *socketio.Socket, _ json.RawMessage) error {
		if visitorOf(s).Query["fail"] != "" {
			return refusal("Auth failed (main namespace)")
		}
		return nil
	})
	s.Of("/no").Use(func(*socketio.Socket, json.RawMessage) error {
		return refusal("Auth failed (custom namespace)")
	})
	s.Of("/abc").OnConnect(func(s *socketio.Socket) {
		if err := s.Emit("handshake", visitorOf(s).handshake); err != nil {
			log.Warn("conformance: the handshake cannot be sent", "error", err)
		}
	})
	handle(s.Of("/foo"), log, map[string]handler{"getId": getID})

	main := s.Of("/")
	handle(main, log, plainEvents())
	handle(main, log, binaryEvents())
	handle(main, log, map[string]handler{"ack": askBack(log)})
}

func getID(s *socketio.Socket, e *socketio.Event) error { return e.Ack(s.ID()) }

// emits returns a handler that sends an event with args.
func emits(event string, args ...any) handler {
	return func(s *socketio.Socket, _ *socketio.Event) error { return s.Emit(event, args...) }
}

// now returns the time as JavaScript's Date has it in JSON.
func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000Z") }

func plainEvents() map[string]handler {
	return map[string]handler{
		"hi":    emits("hi"),
		"false": emits("false", false),
		"getId": getID,
		"echo": func(_ *socketio.Socket, e *socketio.Event) error {
			args, err := e.Values()
			if err != nil {
				return err
			}
			return e.Ack(args...)
		},
		"getHandshake": func(s *socketio.Socket, e *socketio.Event) error { return e.Ack(visitorOf(s).handshake) },
		"getAckDate":   func(_ *socketio.Socket, e *socketio.Event) error { return e.Ack(now()) },
		"getDate":      func(s *socketio.Socket, _ *socketio.Event) error { return s.Emit("takeDate", now()) },
		"getDateObj": func(s *socketio.Socket, _ *socketio.Event) error {
			return s.Emit("takeDateObj", map[string]string{"date": now()})
		},
		"getUtf8": func(s *socketio.Socket, _ *socketio.Event) error {
			for _, text := range []string{"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"} {
				if err := s.Emit("takeUtf8", text); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// askBack returns the handler of "ack": the server asks the client in turn.
func askBack(log *slog.Logger) handler {
	return func(s *socketio.Socket, _ *socketio.Event) error {
		return s.EmitWithAck(10*time.Second, func(reply *socketio.Event, err error) {
			var number int
			var object struct{ Test bool }
			if err == nil {
				err = errors.Join(reply.Bind(0, &number), reply.Bind(1, &object))
			}
			if err == nil && number == 5 && object.Test {
				err = s.Emit("got it")
			}
			if err != nil {
				log.Debug("conformance: no answer of use to ack", "error", err)
			}
		}, "ack")
	}
}

func binaryEvents() map[string]handler {
	dog := []byte("asdfasdf")
	return map[string]handler{
		"doge":     emits("doge", dog),
		"getbin":   emits("takebin", dog),
		"buffa":    expectBinary("buffack"),
		"blob":     expectBinary("back"),
		"jsonbuff": expectMixed("jsonbuff-ack"),
		"jsonblob": expectMixed("jsonblob-ack"),
		"abuff1": func(s *socketio.Socket, e *socketio.Event) error {
			visitorOf(s).buffers++
			return binary(e)
		},
		"abuff2": func(s *socketio.Socket, _ *socketio.Event) error {
			if n := visitorOf(s).buffers; n == 0 {
				return errors.New("the second event came first")
			}
			return s.Emit("abuff2-ack")
		},
		"blob1": countBlob(0, true, ""),
		"blob2": countBlob(1, false, ""),
		"blob3": countBlob(2, true, "blob3-ack"),
	}
}

// binary returns an error unless the first argument is binary.
func binary(e *socketio.Event) error {
	args, err := e.Values()
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return errors.New("no argument")
	}
	if _, ok := args[0].([]byte); !ok {
		return fmt.Errorf("%T is not binary", args[0])
	}
	return nil
}

func expectBinary(answer string) handler {
	return func(s *socketio.Socket, e *socketio.Event) error {
		if err := binary(e); err != nil {
			return err
		}
		return s.Emit(answer)
	}
}

// expectMixed expects an object with texts and binary data in it.
func expectMixed(answer string) handler {
	return func(s *socketio.Socket, e *socketio.Event) error {
		args, err := e.Values()
		if err != nil {
			return err
		}
		if len(args) == 0 {
			return errors.New("no argument")
		}
		object, _ := args[0].(map[string]any)
		if _, ok := object["message"].([]byte); !ok || object["hello"] != "lol" || object["goodbye"] != "gotcha" {
			return fmt.Errorf("unexpected: %v", args[0])
		}
		return s.Emit(answer)
	}
}

// countBlob expects the event with number n of a sequence.
func countBlob(n int, isBinary bool, answer string) handler {
	return func(s *socketio.Socket, e *socketio.Event) error {
		v := visitorOf(s)
		if v.blobs != n {
			return fmt.Errorf("event %d came at place %d", n, v.blobs)
		}
		v.blobs++
		if isBinary {
			if err := binary(e); err != nil {
				return err
			}
		}
		if answer == "" {
			return nil
		}
		return s.Emit(answer)
	}
}
