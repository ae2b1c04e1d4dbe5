package socketio_test

import (
	"encoding/json"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// credentials are what a client of the lab says of itself.
type credentials struct {
	User   string `json:"user"`   // its identity
	Refuse string `json:"refuse"` // why to refuse it, if at all
}

// turnedAway is an error with data for the client.
type turnedAway struct{ why string }

func (turnedAway) Error() string { return "refused" }
func (t turnedAway) Data() any   { return map[string]string{"why": t.why} }

// lab adds the namespace /lab, where clients have the server do what the
// application of the public tests never does. What goes wrong in it is answered
// with nothing, and the client's test fails for it.
func lab(s *socketio.Server) {
	n := s.Of("/lab")
	n.Use(func(s *socketio.Socket, auth json.RawMessage) error {
		var c credentials
		if err := json.Unmarshal(auth, &c); err != nil {
			return err
		}
		if c.Refuse != "" {
			return turnedAway{c.Refuse}
		}
		s.SetIdentity(c.User)
		s.SetData(&[]any{}) // what was counted
		return nil
	})
	n.OnDisconnect(func(s *socketio.Socket, r engineio.Reason) {
		_ = n.To("watchers").Emit("left", s.ID(), string(r))
	})

	// on adds an event whose handler takes the arguments, and whose results
	// are its acknowledgement.
	on := func(event string, do func(s *socketio.Socket, args []any) []any) {
		n.On(event, func(s *socketio.Socket, e *socketio.Event) {
			if args, err := e.Values(); err == nil {
				_ = e.Ack(do(s, args)...)
			}
		})
	}
	on("all", func(_ *socketio.Socket, args []any) []any { return args })
	on("getId", func(s *socketio.Socket, _ []any) []any { return []any{s.ID()} })
	on("join", func(s *socketio.Socket, args []any) []any {
		s.Join(names(args[0])...)
		return nil
	})
	on("leave", func(s *socketio.Socket, args []any) []any {
		s.Leave(names(args[0])...)
		return nil
	})
	labBroadcasts(n, on)

	on("count", func(s *socketio.Socket, args []any) []any {
		counted := s.Data().(*[]any)
		*counted = append(*counted, args...)
		return nil
	})
	on("counts", func(s *socketio.Socket, _ []any) []any { return []any{*s.Data().(*[]any)} })
	on("expel", func(s *socketio.Socket, args []any) []any {
		s.Disconnect(args[0] == true)
		return nil
	})
	on("ask", func(s *socketio.Socket, args []any) []any {
		timeout := time.Duration(args[0].(float64)) * time.Millisecond
		_ = s.EmitWithAck(timeout, func(reply *socketio.Event, err error) {
			answer := []any{}
			if err == nil {
				answer, err = reply.Values()
			}
			_ = s.Emit("answered", err != nil, answer)
		}, "question", args[1:]...)
		return nil
	})
}

// labBroadcasts adds the events that send to many, or much.
func labBroadcasts(n *socketio.Namespace, on func(string, func(*socketio.Socket, []any) []any)) {
	shout := func(to socketio.Target, args []any) []any {
		_ = to.Emit(args[1].(string), args[2:]...)
		return nil
	}
	on("shout", func(_ *socketio.Socket, args []any) []any {
		return shout(n.To(names(args[0])...), args)
	})
	on("shoutOthers", func(s *socketio.Socket, args []any) []any {
		return shout(n.To(names(args[0])...).Except(s.ID()), args)
	})
	on("shoutVolatile", func(_ *socketio.Socket, args []any) []any {
		return shout(n.To(names(args[0])...).Volatile(), args)
	})
	on("ticks", func(s *socketio.Socket, args []any) []any {
		for i := range int(args[0].(float64)) {
			emit := s.Emit
			if i%3 != 0 {
				emit = s.EmitSoon
			}
			_ = emit("tick", i)
		}
		return nil
	})
}

// names returns the rooms that an argument names: one, or several.
func names(arg any) []string {
	if name, ok := arg.(string); ok {
		return []string{name}
	}
	var all []string
	for _, name := range arg.([]any) {
		all = append(all, name.(string))
	}
	return all
}
