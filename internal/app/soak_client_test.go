package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio/client"
)

// soaker is one of the people, with at most one connection at a time.
type soaker struct {
	s         *soak
	number    int
	name, key string // the user's id and token
	random    *rand.Rand
	transport string
	upgrade   bool

	lines  []*line              // every connection so far, in order
	stays  atomic.Pointer[line] // the one that is there at the end, until all have seen it
	former *line                // whose session to ask for; nil for none
	mu     sync.Mutex           // guards what follows
	sent   map[int][]*letter    // to whom, by number
}

// letter is a message that somebody sent.
type letter struct {
	line   *line         // of the sender
	begun  time.Duration // when it was sent
	acked  time.Duration // when it was acknowledged; 0 if it was not
	echoes int           // how often message_sent came
	place  int           // in the history, from 1; 0 if it is not there
}

// address names a mail: the nth of one to another.
type address struct{ from, to, n int }

// String returns the content of the message.
func (a address) String() string { return fmt.Sprintf("%d>%d #%d", a.from, a.to, a.n) }

// parseAddress reads what String returned.
func parseAddress(content string) (a address, ok bool) {
	from, rest, _ := strings.Cut(content, ">")
	to, n, _ := strings.Cut(rest, " #")
	var errs [3]error
	a.from, errs[0] = strconv.Atoi(from)
	a.to, errs[1] = strconv.Atoi(to)
	a.n, errs[2] = strconv.Atoi(n)
	return a, errors.Join(errs[:]...) == nil
}

func newSoaker(s *soak, number int, name, key string) *soaker {
	c := &soaker{
		s: s, number: number, name: name, key: key, transport: "websocket",
		random: rand.New(rand.NewPCG(1, uint64(number))), sent: map[int][]*letter{},
	}
	switch number % 10 {
	case 6, 7:
		c.transport = "polling"
	case 8, 9:
		c.transport, c.upgrade = "polling", true
	}
	return c
}

// correspondents are those whom one writes to: oneself and some neighbours,
// who write back.
func (c *soaker) correspondents() []int {
	all := len(c.s.people)
	return []int{c.number, (c.number + 1) % all, (c.number + 2) % all, (c.number + all - 1) % all, (c.number + all - 2) % all}
}

// run comes and goes until all is over.
func (c *soaker) run() {
	settled := sync.OnceFunc(c.s.settled.Done)
	defer settled()
	for !c.isOver(0) {
		l := c.connect()
		if l == nil {
			c.isOver(c.around(c.s.away))
			continue
		}
		c.lines = append(c.lines, l)
		if !c.live(l) {
			c.leave(l)
			continue
		}
		l.await()
		c.stays.Store(l)
		settled()
		<-c.s.seen
		// What was acknowledged to the others is on its way to this one, and
		// ahead of this.
		l.send(c.number)
		l.await()
		l.conn.Close()
		<-l.conn.Done()
	}
}

// around returns a random time with the given mean.
func (c *soaker) around(mean time.Duration) time.Duration {
	return time.Duration(c.random.Int64N(2*int64(mean)) + 1)
}

// isOver waits for a while, or until all is over, which it reports.
func (c *soaker) isOver(after time.Duration) bool {
	select {
	case <-c.s.over:
		return true
	default:
	}
	if after == 0 {
		return false
	}
	select {
	case <-c.s.over:
		return true
	case <-time.After(after):
		return false
	}
}

// server returns one to connect to: for two thirds of the people the proxy, if
// there is one.
func (c *soaker) server() *soakServer {
	if c.s.front != nil && c.number%3 > 0 {
		return c.s.front
	}
	return c.s.servers[c.random.IntN(len(c.s.servers))]
}

// connect returns a connection that has announced itself, or nil if there is
// no server.
func (c *soaker) connect() *line {
	server := c.server()
	killed, base := server.killed.Load(), server.address.Load()
	if base == nil {
		return nil
	}
	l := &line{owner: c, server: server, killed: killed, shaky: server == c.s.front && c.s.isShaken(), open: map[int]address{}, idle: make(chan struct{}, 1)}
	o := client.Options{
		URL: *base, Auth: map[string]any{"token": c.key, "userId": c.name},
		Transport: c.transport, Upgrade: c.upgrade, OnEvent: l.event, OnPacket: l.packet,
		// Where the proxy sends somebody who polls depends on where he comes from.
		LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+c.number%250))},
	}
	if n := len(c.lines); n > 0 {
		l.offset = c.lines[n-1].offset // clients never forget it, even if the session is a new one
	}
	if c.former != nil {
		o.PID, o.Offset = c.former.conn.PID(), l.offset
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := client.Dial(ctx, o)
	if err == nil {
		l.conn, l.begun = conn, c.s.clock()
		l.asked, l.recovered = c.former != nil && c.former.stands(), conn.Recovered()
		err = conn.Emit("user_connected", c.name)
	}
	if err != nil {
		if l.stands() && !l.shaky && !c.s.isExcused() {
			c.s.fail("client %d, %s, could not connect: %v", c.number, c.transport, err)
		}
		if conn != nil {
			conn.Drop()
			<-conn.Done()
		}
		return nil
	}
	return l
}

// live writes to others until it is time to go, or the connection ends, or all
// is over, which it reports.
func (c *soaker) live(l *line) (over bool) {
	stay := time.After(c.around(c.s.stay))
	talk := time.NewTimer(c.around(c.s.talk))
	mood := time.NewTimer(c.around(c.s.mood))
	defer talk.Stop()
	defer mood.Stop()
	for {
		select {
		case <-c.s.over:
			return true
		case <-l.conn.Done():
			return false
		case <-stay:
			return false
		case <-talk.C:
			to := c.correspondents()
			for range 1 + c.random.IntN(4) {
				l.send(to[c.random.IntN(len(to))])
			}
			talk.Reset(c.around(c.s.talk))
		case <-mood.C:
			// If it fails, so does the connection.
			_ = l.conn.Emit("update_activity", map[string]any{
				"userId": c.name, "activity": fmt.Sprintf("Playing song %d", c.random.Int()),
			})
			mood.Reset(c.around(c.s.mood))
		}
	}
}

// leave ends a connection, politely or not, and stays away: mostly for a short
// while, and now and then for so long that the others are told.
func (c *soaker) leave(l *line) {
	select {
	case <-l.conn.Done():
		l.lost()
	default:
	}
	c.former = nil
	switch p := c.random.IntN(10); {
	case p < 2:
		l.conn.Close()
	case p < 8:
		c.former = l
		l.conn.Drop()
	default:
		l.conn.Drop()
	}
	<-l.conn.Done()
	if c.random.IntN(8) == 0 {
		c.isOver(6*time.Second + c.around(2*time.Second))
		return
	}
	c.isOver(c.around(c.s.away))
}

// isOpen reports whether a connection has not ended yet.
func (l *line) isOpen() bool {
	select {
	case <-l.conn.Done():
		return false
	default:
		return true
	}
}

// stands reports whether the server still lives that a connection is with.
func (l *line) stands() bool { return l.killed == l.server.killed.Load() }

// lost fails if it was neither the client nor the death of the server that
// ended the connection.
func (l *line) lost() {
	c, err := l.owner, l.conn.Wait()
	if l.stands() && !l.shaky && !c.s.isExcused() && !errors.Is(err, client.ErrDropped) {
		c.s.fail("client %d, %s, was disconnected %s after it had connected: %v", c.number, l.conn.Transport(), c.s.clock()-l.begun, err)
	}
}

// line is one connection.
type line struct {
	owner     *soaker
	conn      *client.Conn
	server    *soakServer
	killed    int64         // how often that had been killed before
	begun     time.Duration // when it was there
	asked     bool          // for the session of the line before, of the same server
	recovered bool          // that session goes on
	shaky     bool          // the proxy may have sent it to a node in place of its own
	offset    string        // of the last event

	mu     sync.Mutex
	got    []address       // receive_message, in order
	open   map[int]address // what waits for an acknowledgement, by its id
	lastID int
	idle   chan struct{} // gets a value when nothing waits any more
	// proven is when the last message was sent that was acknowledged: all that
	// others knew to be delivered by then has come before that.
	proven time.Duration
}

// send sends a message and does not wait.
func (l *line) send(to int) {
	c := l.owner
	m := &letter{line: l, begun: c.s.clock()}
	c.mu.Lock()
	a := address{c.number, to, len(c.sent[to])}
	c.sent[to] = append(c.sent[to], m)
	c.mu.Unlock()
	l.mu.Lock()
	l.lastID++
	id := l.lastID
	l.open[id] = a
	l.mu.Unlock()
	args, err := json.Marshal([]any{"send_message", map[string]any{
		"senderId": c.name, "receiverId": c.s.people[to].name, "content": a.String(),
	}})
	if err != nil {
		c.s.t.Error(err)
	}
	// A POST that fails, for instance because the connection that it went by was
	// about to be closed, leaves the session as it is. Clients give it up.
	if l.conn.SendPacket(fmt.Appendf(nil, "2%d%s", id, args)) != nil {
		l.conn.Drop()
	}
}

// await waits until everything is acknowledged or the connection has ended.
func (l *line) await() {
	deadline := time.After(patience)
	for {
		l.mu.Lock()
		waiting := len(l.open)
		l.mu.Unlock()
		if waiting == 0 {
			return
		}
		select {
		case <-l.idle:
		case <-l.conn.Done():
			l.lost()
			return
		case <-deadline:
			if l.owner.s.isExcused() {
				return
			}
			l.mu.Lock()
			l.owner.s.fail("client %d has waited for %s, for acknowledgements of %v", l.owner.number, patience, l.open)
			l.mu.Unlock()
			return
		}
	}
}
