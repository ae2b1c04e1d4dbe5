package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"time"
)

// mail is an open loop of messages, each of which says when it was sent.
type mail struct {
	begun time.Time

	mu     sync.Mutex
	delays []time.Duration
	wrong  error
}

// post sends messages between members at a steady rate, waits until all have
// arrived, and returns how long each took to its receiver, sorted.
func (l *mail) post(ctx context.Context, members []*member, perSecond int, d time.Duration) ([]time.Duration, error) {
	l.begun = time.Now()
	random := rand.New(rand.NewPCG(1, 2)) // the same people every time
	total := int(d.Seconds() * float64(perSecond))
	for i := range total {
		due := l.begun.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		if wait := time.Until(due); wait > 0 {
			if err := pause(ctx, wait); err != nil {
				return nil, err
			}
		}
		from := random.IntN(len(members))
		sent := strconv.FormatInt(int64(time.Since(l.begun)), 10)
		packet := messagePacket(members[from].user(), members[from^1].user(), sent+" ns after we began")
		if err := members[from].conn.SendPacket(packet); err != nil {
			return nil, err
		}
	}
	arrived := func() int {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.delays)
	}
	if err := waitFor(ctx, delivery, func() bool { return arrived() >= total }); err != nil {
		return nil, errors.Join(fmt.Errorf("%d of %d messages arrived: %w", arrived(), total, err), l.wrong)
	}
	slices.Sort(l.delays)
	return l.delays, l.wrong
}

func (l *mail) hear(_ *member, packet []byte) {
	const content = `"content":"`
	switch {
	case bytes.HasPrefix(packet, []byte(receiveMessage)):
		delay := time.Since(l.begun)
		if at := bytes.Index(packet, []byte(content)); at >= 0 {
			delay -= time.Duration(leadingNumber(packet[at+len(content):]))
		}
		l.mu.Lock()
		l.delays = append(l.delays, delay)
		l.mu.Unlock()
	case bytes.HasPrefix(packet, []byte(`2["message_error"`)), bytes.Contains(packet, []byte(`"ok":false`)):
		l.mu.Lock()
		l.wrong = fmt.Errorf("a message was answered %.200s", packet)
		l.mu.Unlock()
	}
}

// p99 returns what 99 of 100 are within.
func p99(sorted []time.Duration) time.Duration {
	return loadResult{latencies: sorted}.quantile(0.99)
}
