package socketio_test

import (
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
)

// inTwoWorlds runs a test with two servers, each of which asks the other for
// what its clients have left there.
func inTwoWorlds(t *testing.T, test func(t *testing.T, a, b *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var a, b *world
		config := func(other **world) socketio.Config {
			c := recovering
			c.Recovery.Elsewhere = func(_ *socketio.Socket, c socketio.Claim) (socketio.Handover, bool) {
				return (*other).Of(c.Namespace).HandOver(c)
			}
			return c
		}
		a, endA := newWorld(t, config(&b), members)
		defer endA()
		b, endB := newWorld(t, config(&a), members)
		defer endB()
		test(t, a, b)
	})
}

var offsetText = regexp.MustCompile(`,"([^"]*)"\]$`)

// got reads the next frame, which must be the event with an offset behind it,
// and returns the offset.
func (c *client) got(event string) string {
	c.t.Helper()
	text := c.next().data
	m := offsetText.FindStringSubmatch(text)
	if m == nil || offsetText.ReplaceAllString(text, "]") != event {
		c.t.Fatalf("got %s, want %s and an offset", text, event)
	}
	return m[1]
}

func TestHandOver(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, a, b *world) {
		ann, first := a.join(t, `{"user":"ann","room":"red"}`)
		must(t, a.Of("/").To("red").Emit("got", 1))
		offset := ann.got(`42["got",1]`)
		ann.drop()
		must(t, a.Of("/").To("red").Emit("missed", 2, []byte{3}))
		must(t, a.Of("/").To("blue").Emit("for others", 4))

		ann, second := b.join(t, back("ann", first.PID, offset))
		if second != first {
			t.Errorf("at the other server: %v, want %v", second, first)
		}
		if got, want := offsetText.ReplaceAllString(ann.next().data, "]"), `451-["missed",2,{"_placeholder":true,"num":0}]`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		ann.play(`
			< binary 03
			< 421["recovered","kept",["red"]]
			silence`)
		if n := a.Of("/").Len(); n != 0 {
			t.Errorf("%d sockets are still at the first server", n)
		}
		must(t, b.Of("/").To("red").Emit("on", 5))
		offset = ann.got(`42["on",5]`)

		// And back again.
		ann.drop()
		must(t, b.Of("/").To("red").Emit("on", 6))
		ann, second = a.join(t, back("ann", first.PID, offset))
		if second != first {
			t.Errorf("back at the first server: %v, want %v", second, first)
		}
		ann.got(`42["on",6]`)
		ann.want(`421["recovered","kept",["red"]]`)
	})
}

// What a client was handed over and did not get, because the connection broke
// again, it gets with the next.
func TestHandOverThenGoneAgain(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, a, b *world) {
		ann, first := a.join(t, `{"user":"ann","room":"red"}`)
		must(t, a.Of("/").To("red").Emit("got", 1))
		offset := ann.got(`42["got",1]`)
		ann.drop()
		must(t, a.Of("/").To("red").Emit("missed", 2))
		ann, _ = b.join(t, back("ann", first.PID, offset))
		ann.drop()
		ann, _ = b.join(t, back("ann", first.PID, offset))
		ann.got(`42["missed",2]`)
	})
}

// Two servers emit what both hear of at different moments.
func TestHandOverBetweenTwoEmissions(t *testing.T) {
	for _, tt := range []struct {
		name       string
		before     func(a, b *world) // the client is absent
		wait       time.Duration
		after      func(a, b *world) // it has come to b
		wantMissed bool
	}{
		{name: "a late", before: emitAt(2), wantMissed: true},
		{name: "b late", before: emitAt(1), after: emitAt(2), wantMissed: true},
		{name: "both in time", before: emitAt(3), wantMissed: true},
		{name: "long ago", before: emitAt(2), wait: time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inTwoWorlds(t, func(t *testing.T, a, b *world) {
				ann, first := a.join(t, `{"user":"ann","room":"red"}`)
				ann.drop()
				tt.before(a, b)
				time.Sleep(tt.wait)
				ann, _ = b.join(t, back("ann", first.PID, ""))
				if tt.wantMissed {
					ann.got(`42["message","hello"]`)
				}
				ann.want(`421["recovered","kept",["red"]]`)
				if tt.after != nil {
					tt.after(a, b)
				}
				ann.play("silence")
				ann.drop()
				ann, _ = b.join(t, back("ann", first.PID, ""))
				if tt.wantMissed { // it names no event of b's
					ann.got(`42["message","hello"]`)
				}
				ann.play(`
					< 421["recovered","kept",["red"]]
					silence`)
			})
		})
	}
}

// What was emitted before a session began is not for it, though the server where
// it began does not know that: it may have been started since.
func TestHandOverOfYoungSession(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, a, b *world) {
		must(t, b.Of("/").To("red").Key(7).Emit("message", "to a former session"))
		time.Sleep(time.Second)
		ann, first := a.join(t, `{"user":"ann","room":"red"}`)
		ann.drop()
		time.Sleep(time.Second)
		must(t, b.Of("/").To("red").Key(8).Emit("message", "hello"))
		ann, _ = b.join(t, back("ann", first.PID, ""))
		ann.got(`42["message","hello"]`)
		ann.want(`421["recovered","kept",["red"]]`)
	})
}

// emitAt has the servers of a mask, 1 for a and 2 for b, emit one event.
func emitAt(mask int) func(a, b *world) {
	return func(a, b *world) {
		for i, w := range []*world{a, b} {
			if mask&(1<<i) != 0 {
				_ = w.Of("/").To("red").Key(7).Emit("message", "hello")
			}
		}
	}
}

func TestHandOverRefused(t *testing.T) {
	inTwoWorlds(t, func(t *testing.T, a, b *world) {
		_, first := a.join(t, `{"user":"ann"}`)
		for name, auth := range map[string]string{
			"somebody else": back("bob", first.PID, ""),
			"wrong secret":  back("ann", first.SID+"aaaaaaaaaaaaaaaaaaaa", ""),
			"unknown":       back("ann", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", ""),
		} {
			if _, second := b.join(t, auth); second.SID == first.SID || second.PID == first.PID {
				t.Errorf("%s has got the session", name)
			}
		}
		if n := a.Of("/").Len(); n != 1 {
			t.Errorf("%d sockets are left at the first server", n)
		}
	})
}
