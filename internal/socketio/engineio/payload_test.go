package engineio

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// list is a receiver that keeps what it receives as frames.
type list struct {
	texts  []string
	frames []*Frame
}

func (l *list) Text(data []byte) {
	l.texts = append(l.texts, "text "+string(data))
	l.frames = append(l.frames, TextFrame(data))
}

func (l *list) Binary(data []byte) {
	l.texts = append(l.texts, "binary "+string(data))
	l.frames = append(l.frames, BinaryFrame(data))
}

func (l *list) Closed(Reason) {}

// decode passes a polling payload to a session and returns what it received and
// whether it is open afterwards.
func decode(s *Server, payload []byte) (*list, bool) {
	c := s.newSession("session", nil, nil, nil)
	received := &list{}
	c.receiver = received
	c.delivering.Unlock()
	c.payload(payload)
	open := s.Sessions() == 1
	c.end(ForcedClose, farewell{})
	return received, open
}

func FuzzPayload(f *testing.F) {
	f.Add([]byte("4hello\x1e3\x1ebAQIDBA=="))
	f.Add([]byte("4\x1e4\x1e"))
	f.Add([]byte("b=\x1e4\xff"))
	f.Add([]byte("1\x1e4a"))
	s := NewServer(Config{})
	f.Fuzz(func(t *testing.T, payload []byte) {
		got, open := decode(s, payload)
		if len(got.frames) > strings.Count(string(payload), "\x1e")+1 {
			t.Errorf("%d messages", len(got.frames))
		}
		for _, text := range got.texts {
			if strings.HasPrefix(text, "text ") && !utf8.ValidString(text) {
				t.Errorf("%q is not valid UTF-8", text)
			}
		}
		// What came in can be sent again.
		if !open || len(got.frames) == 0 {
			return
		}
		again, open := decode(s, appendPayload(nil, got.frames))
		if !open || !slices.Equal(again.texts, got.texts) {
			t.Errorf("%q became %q", got.texts, again.texts)
		}
	})
}

func TestFrameSizes(t *testing.T) {
	for _, size := range []int{0, 1, 124, 125, 126, 0xffff - 1, 0xffff, 0x10000, 1 << 20} {
		data := slices.Repeat([]byte{'x'}, size)
		for _, frame := range []*Frame{TextFrame(data), BinaryFrame(data)} {
			want := string(data)
			if frame.wire[0] == 0x81 {
				want = "4" + want
			}
			wire := slices.Clone(frame.wire)
			c := socket{t: t, in: strings.NewReader(string(wire))}
			if _, got := c.next(); got != want || frame.Size() != len(wire) {
				t.Errorf("%d bytes became %d, size %d", size, len(got), frame.Size())
			}
			if c.in.(*strings.Reader).Len() != 0 || cap(frame.wire) != len(wire) {
				t.Errorf("%d bytes: the frame is not exact", size)
			}
		}
	}
}
