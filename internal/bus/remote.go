package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Carrier is an engine outside that carries frames to all nodes.
type Carrier interface {
	// Connect returns a connection over which receive is called with every
	// frame that any node sends from then on, this one's own too: on one
	// goroutine, in the order in which each node sent, never twice, and with
	// bytes that are receive's only until it returns. It does not return before
	// Connect has. Connect gives up when ctx ends; the connection lives on.
	Connect(ctx context.Context, receive func(frame []byte)) (Conn, error)
	// FrameSize is the most that a frame may have, in bytes; at least 1,024.
	FrameSize() int
}

// Conn is a connection to a Carrier. It does not come back by itself.
type Conn interface {
	// Send sends frames in their order. After an error nobody knows which of
	// them have arrived.
	Send(ctx context.Context, frames [][]byte) error
	// Lost is closed when the connection has ended; Err then says why.
	Lost() <-chan struct{}
	Err() error
	// Close ends the connection, and sends what Send has taken before.
	Close()
}

// RemoteConfig are the parts a Remote is made of.
type RemoteConfig struct {
	Node    string // the id of this process among the nodes; at most 200 bytes
	Carrier Carrier
	Log     *slog.Logger
	// Beat is how often a node says at least that it lives, and notices what
	// is missing; 0 is 2 s. One that does not hear itself for three times as
	// long has lost its connection, whatever the engine says.
	Beat time.Duration
}

// Remote is a bus over a Carrier. It numbers what it sends, so that the others
// see what is missing, and connects again for as long as it takes.
type Remote struct {
	*inbox
	node    string
	carrier Carrier
	log     *slog.Logger
	beat    time.Duration

	// out guards what goes out.
	out struct {
		sync.Mutex
		connected bool
		number    uint64 // of the last frame
		frames    [][]byte
		bytes     int
	}
	ready chan struct{} // holds one item while anything is to be sent
}

const (
	defaultBeat    = 2 * time.Second
	connectTimeout = 5 * time.Second
	leastWait      = 100 * time.Millisecond // before connecting again
	mostWait       = 2 * time.Second
	maxOutBytes    = 32 << 20
	maxSenders     = 4096 // nodes that are remembered at once
)

// NewRemote returns a bus over its parts.
func NewRemote(c RemoteConfig) *Remote {
	if c.Beat == 0 {
		c.Beat = defaultBeat
	}
	return &Remote{
		inbox: newInbox(), node: c.Node, carrier: c.Carrier, log: c.Log, beat: c.Beat, ready: make(chan struct{}, 1),
	}
}

// Publish implements Bus.
func (r *Remote) Publish(_ context.Context, topic string, data []byte) error {
	if err := checkSize(topic, data); err != nil {
		return err
	}
	return r.enqueue(topic, data)
}

// enqueue numbers a message and has it sent. One that cannot be is numbered
// too, so that it is missed.
func (r *Remote) enqueue(topic string, data []byte) error {
	r.out.Lock()
	defer r.out.Unlock()
	frames := split(r.node, r.out.number+1, topic, data, r.carrier.FrameSize())
	r.out.number += uint64(len(frames))
	if !r.out.connected {
		return &errs.Error{Kind: errs.Unavailable, Message: "The bus is not connected."}
	}
	if r.out.bytes > maxOutBytes {
		return &errs.Error{Kind: errs.Unavailable, Message: "The bus is too slow for what is published."}
	}
	r.out.frames = append(r.out.frames, frames...)
	for _, f := range frames {
		r.out.bytes += len(f)
	}
	notify(r.ready)
	return nil
}

// take returns the frames that wait.
func (r *Remote) take() [][]byte {
	r.out.Lock()
	defer r.out.Unlock()
	frames := r.out.frames
	r.out.frames, r.out.bytes = nil, 0
	return frames
}

// setConnected starts with an empty queue: what was left in it when the
// connection was lost is lost as well.
func (r *Remote) setConnected(is bool) {
	r.out.Lock()
	defer r.out.Unlock()
	r.out.connected = is
	r.out.frames, r.out.bytes = nil, 0
}

// Connected implements Bus.
func (r *Remote) Connected() bool {
	r.out.Lock()
	defer r.out.Unlock()
	return r.out.connected
}

// Run implements Bus.
func (r *Remote) Run(ctx context.Context) error {
	var delivering sync.WaitGroup
	delivering.Go(func() { r.deliver(ctx) })
	defer delivering.Wait()
	wait, lost := leastWait, false
	for {
		connected, err := r.session(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if connected {
			wait, lost = leastWait, false
		}
		if !lost {
			lost = true
			r.log.WarnContext(ctx, "the bus is away: other nodes hear of what happens here with a delay", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait/2 + rand.N(wait/2)):
			wait = min(2*wait, mostWait)
		}
	}
}

var errSilent = errors.New("what the node sends does not come back")

// session connects, and sends and receives until the connection is lost or ctx
// ends. It says whether there was a connection.
func (r *Remote) session(ctx context.Context) (connected bool, err error) {
	s := &session{remote: r, connected: make(chan struct{}), senders: map[string]*sender{}}
	dial, cancel := context.WithTimeout(ctx, connectTimeout)
	conn, err := r.carrier.Connect(dial, s.receive)
	cancel()
	if err != nil {
		s.failed = true
		close(s.connected)
		return false, err
	}
	defer conn.Close()
	r.setConnected(true)
	defer r.setConnected(false)
	r.putGap() // who hears of it can answer
	close(s.connected)
	r.log.InfoContext(ctx, "the bus is connected")
	return true, r.pump(ctx, conn, s)
}

// pump sends what is published, and signs of life.
func (r *Remote) pump(ctx context.Context, conn Conn, s *session) error {
	s.heardSelf.Store(true)
	silent := 0 // beats since the node heard itself
	tick := time.NewTicker(r.beat)
	defer tick.Stop()
	r.sign()
	for {
		select {
		case <-conn.Lost():
			return conn.Err()
		case <-ctx.Done():
			return r.send(ctx, conn)
		case <-r.ready:
			if err := r.send(ctx, conn); err != nil {
				return err
			}
		case <-tick.C:
			if silent++; s.heardSelf.Swap(false) {
				silent = 0
			}
			if silent == 3 {
				return errSilent
			}
			r.sign()
		}
	}
}

// sign has a sign of life sent, which is missed like any other frame.
func (r *Remote) sign() { _ = r.enqueue("", nil) }

// send sends what waits. The end of ctx does not stop it: what was published
// before is to arrive.
func (r *Remote) send(ctx context.Context, conn Conn) error {
	frames := r.take()
	if len(frames) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*r.beat)
	defer cancel()
	if err := conn.Send(ctx, frames); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// session is what is known of the others over one connection.
type session struct {
	remote    *Remote
	connected chan struct{} // closed once the node is connected, or has failed to
	failed    bool
	senders   map[string]*sender // by node; receive's alone
	heardSelf atomic.Bool
}

// sender is another node, as far as it was heard.
type sender struct {
	next  uint64 // the number of the frame that comes next
	data  []byte // of the parts so far of a message
	parts uint64 // how many those are
	heard time.Time
}

// receive takes a frame from the carrier.
func (s *session) receive(raw []byte) {
	if <-s.connected; s.failed {
		return
	}
	f, err := parseFrame(raw)
	if err != nil {
		s.remote.log.Warn("a frame on the bus was not understood", "error", err, "bytes", len(raw))
		return
	}
	if f.node == s.remote.node {
		s.heardSelf.Store(true)
		return
	}
	n, known := s.senders[f.node]
	if !known {
		s.forget()
		n = &sender{next: 1}
		s.senders[f.node] = n
	}
	n.heard = time.Now()
	switch {
	case f.number < n.next:
		return // it was here before
	case f.number > n.next:
		n.data, n.parts = nil, 0
		s.remote.putGap()
	}
	n.next = f.number + 1
	if f.topic != "" {
		n.take(f, s.remote)
	}
}

// take puts the parts of a message together.
func (n *sender) take(f frame, r *Remote) {
	switch {
	case f.part == 0:
		n.data, n.parts = nil, 0
	case f.part != n.parts, len(n.data)+len(f.data) > MaxSize:
		n.data, n.parts = nil, 0
		return // its beginning is missing, which was told, or it is nothing of ours
	}
	n.data = append(n.data, f.data...)
	n.parts++
	if n.parts == f.parts {
		r.put(Message{Node: f.node, Topic: f.topic, Data: n.data})
		n.data, n.parts = nil, 0
	}
}

// forget drops those who have not been heard for long before another is added,
// and all if they are too many.
func (s *session) forget() {
	for node, n := range s.senders {
		if time.Since(n.heard) > 30*s.remote.beat {
			delete(s.senders, node)
		}
	}
	if len(s.senders) >= maxSenders {
		clear(s.senders)
	}
}
