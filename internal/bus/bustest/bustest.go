// Package bustest holds what every bus must do; each implementation runs it
// over its real engine.
package bustest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Engine is what buses go over.
type Engine struct {
	// Join returns the bus of another node, which does not run yet.
	Join func(t *testing.T, node string) bus.Bus
	// Cut takes the engine away from all nodes, and Restore gives it back. Both
	// are nil for an engine that is never away.
	Cut, Restore func() error
}

// Run runs the suite. Each test opens an engine of its own, whose nodes do not
// hear those of other tests.
func Run(t *testing.T, open func(t *testing.T) Engine) {
	for name, test := range map[string]func(*testing.T, Engine){
		"order": testOrder, "sizes": testSizes, "many": testMany, "refused": testRefused,
		"late": testLate, "last words": testLastWords, "away": testAway,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// patience is how long anything may take.
const patience = 30 * time.Second

// node is a node that writes down what it hears.
type node struct {
	bus.Bus
	t     *testing.T
	name  string
	heard chan heard
	stop  func()
}

// heard is a message, or a gap.
type heard struct {
	bus.Message
	gap bool
}

var topics = []string{"one", "two"}

// join starts a node and returns once it is connected.
func join(t *testing.T, e Engine, name string) *node {
	t.Helper()
	n := start(t, e, name)
	n.gap()
	if !n.Connected() {
		t.Fatalf("%s is not connected after its first gap", name)
	}
	return n
}

func start(t *testing.T, e Engine, name string) *node {
	t.Helper()
	n := &node{Bus: e.Join(t, name), t: t, name: name, heard: make(chan heard, 100_000)}
	for _, topic := range topics {
		n.Subscribe(topic, func(m bus.Message) { n.heard <- heard{Message: m} })
	}
	n.OnGap(func() { n.heard <- heard{gap: true} })
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.Run(ctx) }()
	n.stop = func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			ended <- nil // for who stops it again
		case <-time.After(patience):
			t.Errorf("%s does not stop", name)
		}
	}
	t.Cleanup(n.stop)
	return n
}

// next returns what the node hears next.
func (n *node) next() heard {
	n.t.Helper()
	select {
	case h := <-n.heard:
		return h
	case <-time.After(patience):
		n.t.Fatalf("%s hears nothing", n.name)
		return heard{}
	}
}

// gap returns once the node hears of a gap. Messages before that are dropped.
func (n *node) gap() {
	n.t.Helper()
	for !n.next().gap {
	}
}

// message returns the next message. Gaps before that are dropped.
func (n *node) message() bus.Message {
	n.t.Helper()
	for {
		if h := n.next(); !h.gap {
			return h.Message
		}
	}
}

func (n *node) say(topic string, data []byte) {
	n.t.Helper()
	if err := n.Publish(n.t.Context(), topic, data); err != nil {
		n.t.Fatalf("%s publishes: %v", n.name, err)
	}
}

// expect fails unless the next message is this one.
func (n *node) expect(from, topic string, data []byte) {
	n.t.Helper()
	m := n.message()
	if m.Node != from || m.Topic != topic || !bytes.Equal(m.Data, data) {
		n.t.Fatalf("%s hears %s say %.20q (%d bytes) on %s, want %s say %.20q (%d bytes) on %s",
			n.name, m.Node, m.Data, len(m.Data), m.Topic, from, data, len(data), topic)
	}
}

// Everybody else hears everything in order, across topics, and nobody himself.
func testOrder(t *testing.T, e Engine) {
	a, b, c := join(t, e, "a"), join(t, e, "b"), join(t, e, "c")
	const n = 2000
	text := func(i int) []byte { return fmt.Append(nil, "message ", i) }
	for i := range n {
		a.say(topics[i%2], text(i))
	}
	a.say("nobody listens", text(n))
	for i := range n {
		b.expect("a", topics[i%2], text(i))
		c.expect("a", topics[i%2], text(i))
	}
	b.say("one", []byte("the end")) // comes after all that a might have heard of itself
	a.expect("b", "one", []byte("the end"))
	c.expect("b", "one", []byte("the end"))
}

func testSizes(t *testing.T, e Engine) {
	a, b := join(t, e, "a"), join(t, e, "b")
	sizes := []int{0, 1, 1000, 5800, 5925, 6000, 11_850, 65_500, 65_536, 70_000, 500_000, bus.MaxSize - 1, bus.MaxSize}
	data := make([]byte, bus.MaxSize)
	for i := range data {
		data[i] = byte(i * 7 >> 3)
	}
	for _, size := range sizes {
		a.say("one", data[:size])
		a.say("two", []byte("and on"))
	}
	for _, size := range sizes {
		b.expect("a", "one", data[:size])
		b.expect("a", "two", []byte("and on"))
	}
}

// Many speak at once, and each is heard in his order.
func testMany(t *testing.T, e Engine) {
	const speakers, messages = 5, 300
	listener := join(t, e, "listener")
	for i := range speakers {
		n := join(t, e, fmt.Sprint("speaker", i))
		go func() {
			for j := range messages {
				_ = n.Publish(context.Background(), "one", fmt.Append(nil, j)) // what is lost is missed below
			}
		}()
	}
	next := map[string]int{}
	for range speakers * messages {
		m := listener.message()
		if want := fmt.Sprint(next[m.Node]); string(m.Data) != want {
			t.Fatalf("%s says %s, want %s", m.Node, m.Data, want)
		}
		next[m.Node]++
	}
}

func testRefused(t *testing.T, e Engine) {
	a, b := join(t, e, "a"), join(t, e, "b")
	for name, tt := range map[string]struct {
		topic string
		size  int
		kind  errs.Kind
	}{
		"too large": {"one", bus.MaxSize + 1, errs.TooLarge},
		"no topic":  {"", 1, errs.Invalid},
	} {
		if err := a.Publish(t.Context(), tt.topic, make([]byte, tt.size)); !errs.Is(err, tt.kind) {
			t.Errorf("%s: error %v, want %v", name, err, tt.kind)
		}
	}
	a.say("one", []byte("fine"))
	b.expect("a", "one", []byte("fine"))
}

// Who comes late is told that he may have missed something before he hears
// anything.
func testLate(t *testing.T, e Engine) {
	a, b := join(t, e, "a"), join(t, e, "b")
	a.say("one", []byte("early"))
	b.expect("a", "one", []byte("early"))
	c := start(t, e, "c")
	if !c.next().gap {
		t.Error("a node hears something before it knows of its gap")
	}
	a.say("one", []byte("late"))
	b.expect("a", "one", []byte("late"))
	c.expect("a", "one", []byte("late"))
}

// What was published before the end is sent.
func testLastWords(t *testing.T, e Engine) {
	a, b := join(t, e, "a"), join(t, e, "b")
	for i := range 100 {
		a.say("one", fmt.Append(nil, i))
	}
	a.stop()
	for i := range 100 {
		b.expect("a", "one", fmt.Append(nil, i))
	}
	if a.Connected() {
		t.Error("a node that has stopped is connected")
	}
}

// When the engine is away and comes back, everybody learns that he missed
// something, and then all goes on; nothing comes twice.
func testAway(t *testing.T, e Engine) {
	if e.Cut == nil {
		return
	}
	a, b := join(t, e, "a"), join(t, e, "b")
	said := 0
	for round := range 3 {
		a.say("one", fmt.Append(nil, said))
		b.expect("a", "one", fmt.Append(nil, said))
		said++
		if err := e.Cut(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(patience); ; said++ {
			err := a.Publish(t.Context(), "one", fmt.Append(nil, said))
			if errs.Is(err, errs.Unavailable) {
				break
			}
			if err != nil || time.Now().After(deadline) {
				t.Fatalf("round %d: publishing without an engine: %v", round, err)
			}
		}
		said++
		if err := e.Restore(); err != nil {
			t.Fatal(err)
		}
		a.gap()
		b.gap()
		if err := again(a, said); err != nil {
			t.Fatal(err)
		}
		for { // of those before, some may have come
			var got int
			if _, err := fmt.Sscan(string(b.message().Data), &got); err != nil || got > said {
				t.Fatalf("round %d: heard %d of %d: %v", round, got, said, err)
			}
			if got == said {
				break
			}
		}
		said++
	}
}

// again publishes once the node is connected.
func again(n *node, i int) error {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if err := n.Publish(n.t.Context(), "one", fmt.Append(nil, i)); err == nil {
			return nil
		}
	}
	return errors.New("the node does not connect again")
}
