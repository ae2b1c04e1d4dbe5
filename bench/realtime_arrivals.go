package main

import (
	"bytes"
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// mostArrival bounds how long it takes until all know of all, in seconds.
var mostArrival = target{AtMost: 20}

// measureArrivals lets a crowd arrive at once, as after a restart, each of whom
// announces himself to all others. It ends when everybody's list of who is
// online is right. The peer, which sends the whole list to everybody at each
// arrival, is left out: it would take minutes and tens of gigabytes.
func (r *realtime) measureArrivals(ctx context.Context) error {
	const patience = 3 * time.Minute
	name := fmt.Sprintf("realtime/%s arrive, until all know of all", thousands(r.arrivals))
	if !r.wanted(name) {
		return nil
	}
	engine := r.engines[0]
	var took series
	for range min(r.rounds, 3) {
		r.say("%s", name)
		p, err := r.serveCrowd(ctx, engine)
		if err != nil {
			return err
		}
		lists := newLists(r.arrivals)
		cpu, begun := p.cpu(), time.Now()
		crowd, _, err := gather(ctx, p, crowdOf{members: r.arrivals, announced: true, hear: lists.hear})
		if err == nil {
			err = waitFor(ctx, patience, func() bool { return lists.right.Load() == int64(r.arrivals) })
		}
		if err != nil {
			err = fmt.Errorf("%d of %d lists are right: %w", lists.right.Load(), r.arrivals, err)
		} else {
			took.add(time.Since(begun).Seconds(), perOne(contender{name: engine, process: p}, cpu, r.arrivals))
			err = crowd.complete()
		}
		crowd.leave()
		p.stop()
		if err != nil {
			return err
		}
	}
	r.report.add(figure{Name: name, Engine: engine, Unit: "s", Value: median(took.values), CPU: median(took.cpu), Target: mostArrival})
	return nil
}

// lists holds each member's list of who is online, as he is told.
type lists struct {
	members int
	online  [][]uint64   // by member, a bit for each user
	known   []int        // by member, how many bits are set
	right   atomic.Int64 // members whose list has everybody
}

func newLists(members int) *lists {
	l := &lists{members: members, online: make([][]uint64, members), known: make([]int, members)}
	for i := range l.online {
		l.online[i] = make([]uint64, members/64+1)
	}
	return l
}

// hear brings a member's list up to date. Only his own goroutine touches it.
func (l *lists) hear(m *member, packet []byte) {
	before := l.known[m.index]
	switch {
	case bytes.HasPrefix(packet, []byte(`2["user_connected"`)), bytes.HasPrefix(packet, []byte(`2["users_online"`)):
		l.mark(m.index, packet, true)
	case bytes.HasPrefix(packet, []byte(`2["user_disconnected"`)):
		l.mark(m.index, packet, false)
	}
	switch after := l.known[m.index]; {
	case after == l.members && before < after:
		l.right.Add(1)
	case before == l.members && after < before:
		l.right.Add(-1)
	}
}

// mark notes every user that a packet names as online or not.
func (l *lists) mark(member int, packet []byte, online bool) {
	const quoted = `"user_`
	for {
		at := bytes.Index(packet, []byte(quoted))
		if at < 0 {
			return
		}
		packet = packet[at+len(quoted):]
		n := leadingNumber(packet) - 1
		if n < 0 || n >= l.members {
			continue // the name of an event
		}
		word, bit := &l.online[member][n/64], uint64(1)<<(n%64)
		switch {
		case online && *word&bit == 0:
			l.known[member]++
			*word |= bit
		case !online && *word&bit != 0:
			l.known[member]--
			*word &^= bit
		}
	}
}

// leadingNumber returns the number that text begins with, 0 if there is none.
func leadingNumber(text []byte) (n int) {
	for _, c := range text {
		if c < '0' || c > '9' {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}
