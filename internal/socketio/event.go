package socketio

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
)

// Event is what a client sent: an event, or the reply to one of ours. Its
// arguments are gone when the handler returns; Ack may be called later.
type Event struct {
	Name string // "" for a reply

	socket *Socket
	id     uint64
	hasID  bool
	acked  atomic.Bool

	payload     []byte
	args        []span // in payload
	attachments [][]byte
	values      []any   // the arguments of a packet with attachments, decoded
	few         [5]span // what args begins in
}

// ErrAcknowledged is returned by the second Ack of an event.
var ErrAcknowledged = errors.New("socketio: the event has been acknowledged already")

// newEvent reads the arguments of an event or a reply. With attachments it
// decodes them too, to see that every placeholder has one.
func newEvent(s *Socket, p packet, attachments [][]byte) (*Event, error) {
	e := &Event{socket: s, id: p.id, hasID: p.hasID, payload: p.payload, attachments: attachments}
	var err error
	if e.args, err = split(p.payload, e.few[:0]); err != nil {
		return nil, err
	}
	if p.binary() {
		if err := json.Unmarshal(p.payload, &e.values); err != nil {
			return nil, errPayload
		}
		if !fill(e.values, attachments) {
			return nil, errAttachments
		}
	}
	return e, nil
}

// takeName splits the name off the arguments. It reports false for a number,
// which the protocol allows and nobody can listen to.
func (e *Event) takeName(n *Namespace) (ok bool, err error) {
	if len(e.args) == 0 {
		return false, errPayload
	}
	first := e.args[0].of(e.payload)
	e.args = e.args[1:]
	if e.values != nil {
		e.values = e.values[1:]
	}
	switch c := first[0]; {
	case c == '-' || c >= '0' && c <= '9':
		return false, nil
	case c != '"':
		return false, errPayload
	}
	quoted := first[1 : len(first)-1]
	if bytes.IndexByte(quoted, '\\') >= 0 {
		if err := json.Unmarshal(first, &e.Name); err != nil {
			return false, errPayload
		}
	} else if h, ok := n.handlers[string(quoted)]; ok {
		e.Name = h.event // saves a copy
	} else {
		e.Name = string(quoted)
	}
	if reserved(e.Name) {
		return false, errReserved
	}
	return true, nil
}

// forget drops what the event holds of the message.
func (e *Event) forget() {
	e.payload, e.args, e.attachments, e.values = nil, nil, nil, nil
}

// Len returns the number of arguments.
func (e *Event) Len() int { return len(e.args) }

// Raw returns an argument as the client wrote it, nil if there are not so many.
// In place of binary data there is an object {"_placeholder":true,"num":0}. The
// bytes are only valid until the handler returns.
func (e *Event) Raw(i int) json.RawMessage {
	if i < 0 || i >= len(e.args) {
		return nil
	}
	return e.args[i].of(e.payload)
}

// Bind decodes an argument into what v points to, as [json.Unmarshal] does;
// binary data goes into fields of type []byte, or into *v if that is one. An
// argument that is missing is null.
func (e *Event) Bind(i int, v any) error {
	raw := e.Raw(i)
	if raw == nil {
		raw = json.RawMessage("null")
	}
	if e.values != nil && i >= 0 && i < len(e.values) {
		// encoding/json writes []byte as the base64 that it reads []byte from.
		var err error
		if raw, err = json.Marshal(e.values[i]); err != nil {
			return fmt.Errorf("socketio: argument %d of %q: %w", i, e.Name, err)
		}
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("socketio: argument %d of %q: %w", i, e.Name, err)
	}
	return nil
}

// Values returns all arguments, as [json.Unmarshal] decodes them into any, and
// with []byte in place of binary data. They may be kept, and emitted.
func (e *Event) Values() ([]any, error) {
	if e.values != nil {
		return e.values, nil
	}
	values := make([]any, len(e.args))
	for i := range values {
		if err := e.Bind(i, &values[i]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// WantsAck reports whether the client waits for Ack.
func (e *Event) WantsAck() bool { return e.hasID }

// Ack answers the event. It may be called once, at any time and from any
// goroutine; without effect if the client waits for no answer or is gone.
// Errors: [ErrAcknowledged]; whatever the arguments cannot be encoded for.
func (e *Event) Ack(args ...any) error {
	if !e.WantsAck() {
		return nil
	}
	if !e.acked.CompareAndSwap(false, true) {
		return ErrAcknowledged
	}
	server := e.socket.namespace.server
	enc := server.encoder()
	defer server.release(enc)
	if err := enc.ack(e.socket.namespace.name, e.id, args); err != nil {
		return err
	}
	e.socket.send(enc.frames(offset{}), false)
	return nil
}

// fill puts attachments in place of their placeholders, in arrays and objects.
// It reports whether there was one for each.
func fill(values []any, attachments [][]byte) bool {
	for i := range values {
		var ok bool
		if values[i], ok = filled(values[i], attachments); !ok {
			return false
		}
	}
	return true
}

func filled(v any, attachments [][]byte) (any, bool) {
	switch v := v.(type) {
	case []any:
		return v, fill(v, attachments)
	case map[string]any:
		if v["_placeholder"] == true {
			num, ok := v["num"].(float64)
			index := int(num)
			if !ok || float64(index) != num || index < 0 || index >= len(attachments) {
				return nil, false
			}
			return attachments[index], true
		}
		for name, member := range v {
			var ok bool
			if v[name], ok = filled(member, attachments); !ok {
				return nil, false
			}
		}
	}
	return v, true
}
