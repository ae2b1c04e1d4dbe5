package socketio

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

// Raw is an argument that is JSON already: it is sent as it is, unchecked, and
// must be valid.
type Raw = json.RawMessage

// ErrTooManyAttachments is returned for an event with more than 10 []byte in
// its arguments: clients refuse them.
var ErrTooManyAttachments = errors.New("socketio: more than 10 binary attachments in one event")

// encoder writes packets. The zero value is ready; reset makes it so again.
type encoder struct {
	text        []byte
	attachments [][]byte
}

func (e *encoder) reset() {
	e.text = e.text[:0]
	clear(e.attachments)
	e.attachments = e.attachments[:0]
}

// head writes all that comes before the payload.
func (e *encoder) head(k kind, attachments int, namespace string, id uint64, hasID bool) {
	e.text = append(e.text, '0'+byte(k))
	if attachments > 0 {
		e.text = strconv.AppendInt(e.text, int64(attachments), 10)
		e.text = append(e.text, '-')
	}
	if namespace != mainNamespace {
		e.text = append(e.text, namespace...)
		e.text = append(e.text, ',')
	}
	if hasID {
		e.text = strconv.AppendUint(e.text, id, 10)
	}
}

// event writes an EVENT or BINARY_EVENT.
func (e *encoder) event(namespace string, id uint64, hasID bool, name string, args []any) error {
	if reserved(name) {
		return fmt.Errorf("socketio: the event name %q belongs to the protocol", name)
	}
	attachments, err := countAttachments(args)
	if err != nil {
		return err
	}
	k := kindEvent
	if attachments > 0 {
		k = kindBinaryEvent
	}
	e.head(k, attachments, namespace, id, hasID)
	e.text = append(e.text, '[')
	if err := e.value(name); err != nil {
		return err
	}
	for _, arg := range args {
		e.text = append(e.text, ',')
		if err := e.value(arg); err != nil {
			return err
		}
	}
	e.text = append(e.text, ']')
	return nil
}

// ack writes an ACK or BINARY_ACK.
func (e *encoder) ack(namespace string, id uint64, args []any) error {
	attachments, err := countAttachments(args)
	if err != nil {
		return err
	}
	k := kindAck
	if attachments > 0 {
		k = kindBinaryAck
	}
	e.head(k, attachments, namespace, id, true)
	return e.array(args)
}

// frames returns what has been written, with an event's offset behind its last
// argument if that is not the zero one.
func (e *encoder) frames(o offset) []*engineio.Frame {
	text := e.text
	if o.n > 0 {
		// In place: what is overwritten is the closing bracket.
		text = append(o.appendTo(append(text[:len(text)-1], ',')), ']')
	}
	frames := make([]*engineio.Frame, 1, 1+len(e.attachments))
	frames[0] = engineio.TextFrame(text)
	if o.n > 0 {
		e.text = append(text[:len(e.text)-1], ']')
	}
	for _, data := range e.attachments {
		frames = append(frames, engineio.BinaryFrame(data))
	}
	return frames
}

// value writes one value, with a placeholder for each []byte in it that is not
// inside of a type of its own.
func (e *encoder) value(v any) error {
	switch v := v.(type) {
	case nil:
		e.text = append(e.text, "null"...)
	case string:
		if !plain(v) {
			return e.reflected(v)
		}
		e.text = append(e.text, '"')
		e.text = append(e.text, v...)
		e.text = append(e.text, '"')
	case Raw:
		if len(v) == 0 {
			v = Raw("null")
		}
		e.text = append(e.text, v...)
	case bool:
		e.text = strconv.AppendBool(e.text, v)
	case int:
		e.text = strconv.AppendInt(e.text, int64(v), 10)
	case int64:
		e.text = strconv.AppendInt(e.text, v, 10)
	case []byte:
		e.text = append(e.text, `{"_placeholder":true,"num":`...)
		e.text = strconv.AppendInt(e.text, int64(len(e.attachments)), 10)
		e.text = append(e.text, '}')
		e.attachments = append(e.attachments, v)
	case []any:
		return e.array(v)
	case map[string]any:
		return e.object(v)
	default:
		return e.reflected(v)
	}
	return nil
}

func (e *encoder) array(values []any) error {
	e.text = append(e.text, '[')
	for i, v := range values {
		if i > 0 {
			e.text = append(e.text, ',')
		}
		if err := e.value(v); err != nil {
			return err
		}
	}
	e.text = append(e.text, ']')
	return nil
}

// object writes the members in the order of their names, as encoding/json does.
func (e *encoder) object(members map[string]any) error {
	if members == nil {
		return e.value(nil)
	}
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	e.text = append(e.text, '{')
	for i, name := range names {
		if i > 0 {
			e.text = append(e.text, ',')
		}
		if err := e.value(name); err != nil {
			return err
		}
		e.text = append(e.text, ':')
		if err := e.value(members[name]); err != nil {
			return err
		}
	}
	e.text = append(e.text, '}')
	return nil
}

// reflected leaves a value to encoding/json.
func (e *encoder) reflected(v any) error {
	enc := json.NewEncoder(e)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("socketio: encode %T: %w", v, err)
	}
	e.text = e.text[:len(e.text)-1] // Encode ends with a line feed
	return nil
}

// Write is for encoding/json.
func (e *encoder) Write(p []byte) (int, error) {
	e.text = append(e.text, p...)
	return len(p), nil
}

// plain reports whether a string is its own JSON between quotes.
func plain(s string) bool {
	ascii := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s)
}

// countAttachments returns how many []byte there are in arguments, where value
// looks for them.
func countAttachments(args []any) (int, error) {
	count := 0
	for _, arg := range args {
		n, err := attachmentsIn(arg, 1)
		if err != nil {
			return 0, err
		}
		count += n
	}
	if count > maxAttachments {
		return 0, ErrTooManyAttachments
	}
	return count, nil
}

func attachmentsIn(v any, depth int) (count int, err error) {
	if depth > maxDepth {
		return 0, fmt.Errorf("socketio: an argument nests deeper than %d", maxDepth)
	}
	add := func(v any) {
		if err == nil {
			var n int
			n, err = attachmentsIn(v, depth+1)
			count += n
		}
	}
	switch v := v.(type) {
	case []byte:
		return 1, nil
	case []any:
		for _, v := range v {
			add(v)
		}
	case map[string]any:
		for _, v := range v {
			add(v)
		}
	}
	return count, err
}
