package conformance

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// ProtocolConfig returns the settings for the protocol suites, which find them in
// the handshake. One case of Socket.IO's never connects to a namespace and waits
// for three pings all the same: hence the connect timeout.
func ProtocolConfig() socketio.Config {
	return socketio.Config{
		Engine: engineio.Config{
			PingInterval: 300 * time.Millisecond,
			PingTimeout:  200 * time.Millisecond,
			MaxPayload:   1_000_000,
		},
		ConnectTimeout: 3 * time.Second,
	}
}

// Protocol makes s the server that the Socket.IO protocol suite expects: it
// shows the credentials it was given, and sends messages back.
func Protocol(s *socketio.Server, log *slog.Logger) {
	for _, name := range []string{"/", "/custom"} {
		n := s.Of(name)
		n.Use(func(s *socketio.Socket, auth json.RawMessage) error {
			s.SetData(json.RawMessage(bytes.Clone(auth)))
			return nil
		})
		n.OnConnect(func(s *socketio.Socket) {
			if err := s.Emit("auth", s.Data()); err != nil {
				log.Warn("conformance: auth cannot be sent", "error", err)
			}
		})
	}
	handle(s.Of("/"), log, map[string]handler{
		"message": func(s *socketio.Socket, e *socketio.Event) error {
			args, err := e.Values()
			if err != nil {
				return err
			}
			return s.Emit("message-back", args...)
		},
		"message-with-ack": func(_ *socketio.Socket, e *socketio.Event) error {
			args, err := e.Values()
			if err != nil {
				return err
			}
			return e.Ack(args...)
		},
	})
}

// Echo is the application of the Engine.IO protocol suite, for the field Open of
// [engineio.Config]: it sends every message back as it came, and nothing else.
func Echo(s *engineio.Session) engineio.Receiver { return echo{s} }

type echo struct{ session *engineio.Session }

func (e echo) Text(data []byte)       { e.session.Send(engineio.TextFrame(data)) }
func (e echo) Binary(data []byte)     { e.session.Send(engineio.BinaryFrame(data)) }
func (e echo) Closed(engineio.Reason) {}
