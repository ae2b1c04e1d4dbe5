package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	socketclient "github.com/antiphon-music/antiphon/internal/socketio/client"
)

// crowdOf says who is in a crowd.
type crowdOf struct {
	members int
	first   int // the index of the first of them
	// announced members say user_connected as soon as they are there.
	announced bool
	// hear gets each packet from the first on; see crowd.listen.
	hear func(m *member, packet []byte)
	// addresses is how many addresses of the loopback network they come from;
	// 0 and 1 are the usual one. Each has some 28,000 ports.
	addresses int
	// others are further servers, over which the members are spread in turn: those
	// who write to each other are at two.
	others []*process
}

// crowd is many clients of one server or of several nodes, each a user of his own.
type crowd struct {
	servers []*process
	members []*member
	hear    atomic.Pointer[func(m *member, packet []byte)]
	updates atomic.Int64 // activities sent so far; they are numbered
}

// member is one client.
type member struct {
	index int // from 0; its user's number is one higher
	conn  *socketclient.Conn
}

func (m *member) user() string { return userOf(m.index + 1) }

// gather connects a crowd, many at the same time, and returns it with how long
// that took. The crowd is never nil: after an error it is who did get in.
func gather(ctx context.Context, p *process, of crowdOf) (*crowd, time.Duration, error) {
	const together, patience = 64, 2 * time.Minute
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := &crowd{servers: append([]*process{p}, of.others...)}
	if of.hear != nil {
		c.hear.Store(&of.hear)
	}
	var (
		next  atomic.Int64
		mu    sync.Mutex
		wrong error
		wg    sync.WaitGroup
	)
	begun := time.Now()
	for range min(together, of.members) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < of.members; i = int(next.Add(1)) - 1 {
				m, err := c.join(ctx, of.first+i, of)
				mu.Lock()
				if err == nil {
					c.members = append(c.members, m)
				} else if wrong == nil {
					wrong = fmt.Errorf("client %d: %w", i, err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	took := time.Since(begun)
	slices.SortFunc(c.members, func(a, b *member) int { return a.index - b.index })
	return c, took, wrong
}

// join connects the i-th member.
func (c *crowd) join(ctx context.Context, i int, of crowdOf) (*member, error) {
	m := &member{index: i}
	o := socketclient.Options{
		URL:  "http://" + c.servers[i%len(c.servers)].addr,
		Auth: map[string]string{"token": keyOf(i + 1), "userId": m.user()},
		OnPacket: func(_ *socketclient.Conn, packet []byte) bool {
			if len(packet) == 0 || (packet[0] != '2' && packet[0] != '3') {
				return false // neither an event nor an acknowledgement
			}
			if hear := c.hear.Load(); hear != nil {
				(*hear)(m, packet)
			}
			return true
		},
	}
	if of.addresses > 1 {
		o.LocalAddr = &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i%of.addresses))}
	}
	var err error
	if m.conn, err = socketclient.Dial(ctx, o); err != nil {
		return nil, err
	}
	if of.announced {
		err = m.conn.Emit("user_connected", m.user())
	}
	return m, err
}

// listen sets who gets each event and each acknowledgement that comes to a
// member; nil lets them pass. It runs on the member's own goroutine.
func (c *crowd) listen(hear func(m *member, packet []byte)) {
	if hear == nil {
		c.hear.Store(nil)
		return
	}
	c.hear.Store(&hear)
}

// complete fails if a member has lost his connection.
func (c *crowd) complete() error {
	gone := 0
	var why error
	for _, m := range c.members {
		select {
		case <-m.conn.Done():
			gone++
			why = m.conn.Wait()
		default:
		}
	}
	if gone > 0 {
		return fmt.Errorf("%d of %d clients were disconnected: %w", gone, len(c.members), why)
	}
	return nil
}

// leave cuts all connections.
func (c *crowd) leave() {
	for _, m := range c.members {
		m.conn.Drop()
	}
	for _, m := range c.members {
		_ = m.conn.Wait() // it was dropped
	}
}

// waitFor returns nil as soon as done does true, or an error after a while.
func waitFor(ctx context.Context, patience time.Duration, done func() bool) error {
	for deadline := time.Now().Add(patience); !done(); {
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s", patience)
		}
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
