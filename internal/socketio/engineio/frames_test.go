package engineio

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/gobwas/ws"
)

// readFrom is a connection of which only the reading side is of interest.
type readFrom struct {
	net.Conn
	r io.Reader
}

func (c readFrom) Read(p []byte) (int, error) { return c.r.Read(p) }

func newTestReader(r io.Reader, limit int) *reader {
	pool := &sync.Pool{New: func() any { return new([readBuffer]byte) }}
	return &reader{conn: readFrom{r: r}, pool: pool, limit: limit}
}

// readAll returns what a reader makes of a stream, and the code it would close
// with; 0 at the end of the stream.
func readAll(t testing.TB, r io.Reader, limit int) ([]string, ws.StatusCode) {
	t.Helper()
	rd := newTestReader(r, limit)
	var got []string
	for {
		op, data, err := rd.next()
		var v *violation
		if errors.As(err, &v) {
			return got, v.code
		}
		if err != nil {
			return got, 0
		}
		if len(rd.buf) > 2*(limit+readBuffer) {
			t.Fatalf("a buffer of %d bytes for messages of %d", len(rd.buf), limit)
		}
		got = append(got, fmt.Sprintf("%d:%s", op, data))
	}
}

// masked returns the frames as a client sends them.
func masked(frames ...ws.Frame) []byte {
	var b bytes.Buffer
	for _, f := range frames {
		f.Payload = slices.Clone(f.Payload)
		if err := ws.WriteFrame(&b, ws.MaskFrameWith(f, [4]byte{1, 2, 3, 4})); err != nil {
			panic(err) // a buffer takes everything
		}
	}
	return b.Bytes()
}

func TestReader(t *testing.T) {
	const limit = 70_000
	part := func(op ws.OpCode, final bool, text string) ws.Frame { return ws.NewFrame(op, final, []byte(text)) }
	huge := []byte{0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}
	negative := []byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}
	medium, large := strings.Repeat("m", 126), strings.Repeat("l", limit)
	tests := []struct {
		name string
		in   []byte
		want []string
		code ws.StatusCode
	}{
		{"nothing", nil, nil, 0},
		{"small, medium, large", masked(part(1, true, "a"), part(2, true, medium), part(1, true, large)),
			[]string{"1:a", "2:" + medium, "1:" + large}, 0},
		{"empty", masked(part(1, true, "")), []string{"1:"}, 0},
		{"fragments", masked(part(1, false, "a"), part(0, false, "b"), part(0, true, "c"), part(2, false, ""), part(0, true, "d")),
			[]string{"1:abc", "2:d"}, 0},
		{"control frames between fragments",
			masked(part(1, false, "a"), part(9, true, "ping"), part(10, true, ""), part(0, true, "b"), part(8, true, "")),
			[]string{"9:ping", "10:", "1:ab", "8:"}, 0},
		{"many", bytes.Repeat(masked(part(1, true, medium)), 100), slices.Repeat([]string{"1:" + medium}, 100), 0},
		{"cut off", masked(part(1, true, "abc"))[:8], nil, 0},
		{"too large", masked(part(1, true, large+"x")), nil, ws.StatusMessageTooBig},
		{"too large in fragments", masked(part(1, false, large), part(0, true, "x")), nil, ws.StatusMessageTooBig},
		{"huge", huge, nil, ws.StatusMessageTooBig},
		{"negative", negative, nil, ws.StatusMessageTooBig},
		{"not masked", []byte{0x81, 0x01, 'a'}, nil, ws.StatusProtocolError},
		{"a reserved bit", []byte{0xc1, 0x81, 0, 0, 0, 0, 'a'}, nil, ws.StatusProtocolError},
		{"a reserved opcode", masked(part(3, true, "")), nil, ws.StatusProtocolError},
		{"a reserved control opcode", masked(part(11, true, "")), nil, ws.StatusProtocolError},
		{"a long ping", masked(part(9, true, medium)), nil, ws.StatusProtocolError},
		{"a ping in fragments", masked(part(9, false, "")), nil, ws.StatusProtocolError},
		{"a continuation of nothing", masked(part(1, true, "a"), part(0, true, "b")), []string{"1:a"}, ws.StatusProtocolError},
		{"a message within another", masked(part(1, false, "a"), part(1, true, "b")), nil, ws.StatusProtocolError},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{
				"at once":       bytes.NewReader(test.in),
				"byte by byte":  iotest.OneByteReader(bytes.NewReader(test.in)),
				"half the room": iotest.HalfReader(bytes.NewReader(test.in)),
			} {
				got, code := readAll(t, r, limit)
				if !slices.Equal(got, test.want) || code != test.code {
					t.Errorf("%s: got %.300q and %d, want %.300q and %d", how, got, code, test.want, test.code)
				}
			}
		})
	}
}

// TestReaderKeepsNothing looks at what a reader holds while it waits.
func TestReaderKeepsNothing(t *testing.T) {
	in := masked(ws.NewTextFrame([]byte("abc")))
	rd := newTestReader(bytes.NewReader(in), 100)
	if _, _, err := rd.next(); err != nil {
		t.Fatal(err)
	}
	rd.giveBack()
	if rd.buf != nil || rd.borrowed != nil {
		t.Error("a buffer is kept with nothing in it")
	}
}

// TestReaderDoesNotTrustLengths sends a header that announces much.
func TestReaderDoesNotTrustLengths(t *testing.T) {
	in := append([]byte{0x81, 0xff, 0, 0, 0, 0, 0x3b, 0x9a, 0xca, 0, 0, 0, 0, 0}, make([]byte, 10_000)...)
	rd := newTestReader(bytes.NewReader(in), 1_000_000_000)
	if _, _, err := rd.next(); err != io.EOF {
		t.Fatal(err)
	}
	if len(rd.buf) > 4*readBuffer {
		t.Errorf("a buffer of %d bytes for 10,000", len(rd.buf))
	}
}

func TestReaderAllocatesNothing(t *testing.T) {
	in := masked(ws.NewTextFrame([]byte("42[\"hello\",\"world\"]")))
	source := bytes.NewReader(nil)
	rd := newTestReader(source, 100)
	got := testing.AllocsPerRun(100, func() {
		source.Reset(in)
		if _, _, err := rd.next(); err != nil {
			t.Fatal(err)
		}
	})
	if got != 0 {
		t.Errorf("%v allocations for a small frame", got)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(masked(ws.NewTextFrame([]byte("4a")), ws.NewPingFrame([]byte("b"))))
	f.Add(masked(ws.NewFrame(ws.OpText, false, []byte("4a")), ws.NewPongFrame(nil), ws.NewFrame(ws.OpContinuation, true, []byte("b"))))
	f.Add(masked(ws.NewBinaryFrame(bytes.Repeat([]byte("x"), 5000))))
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		const limit = 6000
		// How the bytes arrive makes no difference.
		once, code := readAll(t, bytes.NewReader(slices.Clone(in)), limit)
		single, singleCode := readAll(t, iotest.OneByteReader(bytes.NewReader(slices.Clone(in))), limit)
		if !slices.Equal(once, single) || code != singleCode {
			t.Errorf("at once %.300q and %d, byte by byte %.300q and %d", once, code, single, singleCode)
		}
	})
}
