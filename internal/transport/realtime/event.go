package realtime

import (
	"encoding/json"
	"fmt"
	"unicode/utf16"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

// An event is one that a client has sent, and who did.
type event struct {
	*socketio.Event
	rt     *Realtime
	socket *socketio.Socket
	from   *person
}

// done is the acknowledgement of an event that has nothing more to say.
type done struct {
	OK bool `json:"ok"`
}

// failure is the acknowledgement of an event that was refused.
type failure struct {
	OK    bool   `json:"ok"` // false
	Error string `json:"error"`
}

// succeed acknowledges the event, if the client wants that.
func (e *event) succeed(reply any) {
	if e.WantsAck() {
		e.rt.sent(e.Ack(reply))
	}
}

// fail tells the client why the event has no effect: by the acknowledgement,
// if he wants one, and else by the event message_error.
func (e *event) fail(err error) { refuse(e.rt, e.socket, e.Event, e.rt.word(err)) }

func refuse(rt *Realtime, s *socketio.Socket, e *socketio.Event, text string) {
	if e.WantsAck() {
		rt.sent(e.Ack(failure{Error: text}))
		return
	}
	rt.sent(s.Emit("message_error", text))
}

// sent notes that something could not be encoded, which is a fault of ours.
// Whether it arrives is a matter of the connection.
func (rt *Realtime) sent(err error) {
	if err != nil {
		rt.c.Log.ErrorContext(rt.ctx, "an event was not sent", "error", err)
	}
}

// failed puts an error into the log that no client is told of, unless it is
// there because the server stops.
func (rt *Realtime) failed(what string, err error) {
	if rt.ctx.Err() == nil {
		rt.c.Log.ErrorContext(rt.ctx, what, "error", err)
	}
}

// unknown answers an event that has no name of ours. Without an acknowledgement
// it is ignored, as the reference does.
func (rt *Realtime) unknown(s *socketio.Socket, e *socketio.Event) {
	if e.WantsAck() {
		refuse(rt, s, e, fmt.Sprintf("Unknown event %.100q", e.Name))
	}
}

// flooded answers an event of a client that sends too many.
func (rt *Realtime) flooded(s *socketio.Socket, e *socketio.Event) { refuse(rt, s, e, textFlood) }

// payload returns the event's first argument.
func (e *event) payload() mongoose.Value {
	raw := e.Raw(0)
	if raw == nil {
		return mongoose.Missing{}
	}
	v, err := parse(raw)
	if err != nil { // nested too deep: nothing that any event takes
		return mongoose.Missing{}
	}
	return v
}

func parse(raw json.RawMessage) (mongoose.Value, error) {
	return mongoose.ParseJSON(utf16.Encode([]rune(string(raw))))
}

// claims checks that what the client says of who he is, if he does, is true.
func (e *event) claims(userID mongoose.Value) error {
	s, present, ok := mongoose.CastString(userID)
	if ok && (!present || s == e.from.externalID) {
		return nil
	}
	return errs.New(errs.Forbidden, textOtherUser)
}
