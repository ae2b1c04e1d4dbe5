package realtime

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"
)

// bearable is how long a message of those who behave may take while others do
// not.
const bearable = 10 * time.Second

// TestAbuse attacks a server in every way that we can think of while two
// clients chat with each other. They must not notice, and nothing may be left of
// the attackers in the end.
func TestAbuse(t *testing.T) {
	h := newHouse(t, "sqlite", func(c *Config) {
		recovering(c)
		soonGone(c)
		c.PingInterval, c.PingTimeout = time.Second, 4*time.Second
	})
	ann, bob := h.announce("ann"), h.announce("bob")
	before := runtime.NumGoroutine()
	chat := begin(h, ann, bob)
	lurker := newAttacker(t, h)
	silent := lurker.halfOpen()
	for _, attack := range []struct {
		name string
		do   func(a *attacker)
	}{
		{"malformed packets", (*attacker).malformedPackets},
		{"malformed frames", (*attacker).malformedFrames},
		{"malformed requests", (*attacker).malformedRequests},
		{"wrong types", (*attacker).wrongTypes},
		{"floods", (*attacker).floods},
		{"repeated arrivals", (*attacker).repeatedArrivals},
		{"slow readers", (*attacker).slowReaders},
		{"abandoned upgrades", (*attacker).abandonedUpgrades},
		{"two upgrades at once", (*attacker).twoUpgrades},
		{"foreign sessions", (*attacker).foreignSessions},
		{"foreign origins", (*attacker).foreignOrigins},
		{"ended credentials", (*attacker).endedCredentials},
	} {
		t.Run(attack.name, func(t *testing.T) {
			a := newAttacker(t, h)
			attack.do(a)
			a.leave()
			if err := chat.wrong(); err != nil {
				t.Fatal(err)
			}
		})
	}
	for _, w := range silent {
		if _, err := io.Copy(io.Discard, w.in); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("who never answers a ping is still there")
		}
	}
	lurker.leave()
	sent, slowest := chat.end(t)
	t.Logf("%d messages, the slowest took %v", sent, slowest)
	eventually(t, func() error {
		if n := h.rt.server.Sessions(); n != 2 {
			return fmt.Errorf("%d sessions are left", n)
		}
		if n := runtime.NumGoroutine(); n > before {
			var stacks bytes.Buffer
			_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1)
			return fmt.Errorf("%d goroutines, %d before\n%s", n, before, &stacks)
		}
		return nil
	})
	ann.quiet()
	bob.quiet()
}

// eventually waits until something is right.
func eventually(t *testing.T, wrong func() error) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		err := wrong()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// A conversation is one client that writes to another, and both look out for
// each message.
type conversation struct {
	from, to *line
	packet   func(n int) string
	stop     chan struct{}
	ended    sync.WaitGroup

	mu      sync.Mutex
	sent    int
	slowest time.Duration
	err     error
}

// begin has two clients chat until the end.
func begin(h *house, from, to *line) *conversation {
	c := &conversation{from: from, to: to, stop: make(chan struct{}), packet: func(n int) string {
		return fmt.Sprintf(`42%d["send_message",{"receiverId":"%s","content":"no. %d"}]`, n, h.people[to.name].ExternalID, n)
	}}
	c.ended.Go(c.run)
	return c
}

func (c *conversation) run() {
	pause := time.NewTicker(10 * time.Millisecond) // less than the rate that is allowed
	defer pause.Stop()
	for n := 0; ; n++ {
		select {
		case <-c.stop:
			return
		case <-pause.C:
		}
		began := time.Now()
		err := c.exchange(n)
		c.mu.Lock()
		c.sent, c.slowest, c.err = n+1, max(c.slowest, time.Since(began)), err
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// exchange sends a message and waits for all that comes of it.
func (c *conversation) exchange(n int) error {
	if err := c.from.SendPacket([]byte(c.packet(n)[1:])); err != nil {
		return err
	}
	deadline := time.After(bearable)
	content := fmt.Sprintf(`"content":"no. %d"`, n)
	for _, awaited := range []struct {
		line *line
		kind string
	}{
		{c.to, `42["receive_message"`}, {c.from, `42["message_sent"`}, {c.from, fmt.Sprintf(`43%d[{"ok":true`, n)},
	} {
		var p string
		for p == "" || strings.HasPrefix(p, `42["user_`) || strings.HasPrefix(p, `42["activity_`) {
			select {
			case p = <-awaited.line.packets:
			case <-awaited.line.Done():
				return fmt.Errorf("message %d: %s was disconnected: %w", n, awaited.line.name, awaited.line.Wait())
			case <-deadline:
				return fmt.Errorf("message %d: %s is not there after %v", n, awaited.kind, bearable)
			}
		}
		if !strings.HasPrefix(p, awaited.kind) || !strings.Contains(p, content) {
			return fmt.Errorf("message %d: got %s, want %s", n, p, awaited.kind)
		}
	}
	return nil
}

// wrong returns what they noticed, if they did.
func (c *conversation) wrong() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// end has them stop, and returns how many messages there were, and how long the
// slowest took.
func (c *conversation) end(t *testing.T) (sent int, slowest time.Duration) {
	t.Helper()
	close(c.stop)
	c.ended.Wait()
	if c.sent == 0 && c.err == nil {
		c.err = errors.New("they said nothing")
	}
	if c.err != nil {
		t.Fatal(c.err)
	}
	return c.sent, c.slowest
}
