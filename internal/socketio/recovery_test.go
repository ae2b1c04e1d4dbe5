package socketio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/socketio"
	"github.com/antiphon-music/antiphon/internal/socketio/engineio"
)

var recovering = socketio.Config{Recovery: socketio.Recovery{Window: 2 * time.Minute}}

// members is an application whose clients say who they are and where they
// belong, and are told whether they were recovered.
func members(s *socketio.Server) {
	n := s.Of("/")
	n.Use(func(s *socketio.Socket, auth json.RawMessage) error {
		var a struct {
			User string
			Room string
		}
		if err := json.Unmarshal(auth, &a); err != nil || a.User == "nobody" {
			return errors.New("Unauthorized")
		}
		s.SetIdentity(a.User)
		if a.Room != "" {
			s.Join(a.Room)
		}
		return nil
	})
	n.OnConnect(func(s *socketio.Socket) {
		if s.Recovered() {
			_ = s.EmitWithAck(0, func(*socketio.Event, error) {}, "recovered", s.Data(), s.Rooms())
		} else {
			s.SetData("kept")
		}
	})
	n.On("bye", func(s *socketio.Socket, _ *socketio.Event) { s.Disconnect(true) })
	n.On("leave", func(s *socketio.Socket, _ *socketio.Event) { s.Disconnect(false) })
}

// back is what a client sends to be recovered.
func back(user, pid, offset string) string {
	auth := map[string]string{"user": user, "pid": pid}
	if offset != "" {
		auth["offset"] = offset
	}
	text, _ := json.Marshal(auth)
	return string(text)
}

func TestRecovery(t *testing.T) {
	inWorld(t, recovering, members, func(t *testing.T, w *world) {
		n := w.Of("/")
		must(t, n.Emit("nobody", "is there"))
		ann, first := w.join(t, `{"user":"ann","room":"red"}`)
		if len(first.PID) != 40 || !strings.HasPrefix(first.PID, first.SID) {
			t.Errorf("pid %q", first.PID)
		}
		must(t, n.Emit("seen", 1))
		ann.want(`42["seen",1,"1"]`)
		must(t, n.Emit("written to a dead connection", 2))
		ann.drop()
		must(t, n.To("red").Emit("for red", 3))
		must(t, n.To("blue").Emit("for blue", 4))
		must(t, n.All().Except("red").Emit("for others", 5))
		must(t, n.All().Volatile().Emit("volatile", 6))
		must(t, n.To(first.SID).Emit("for ann", []byte{7}))
		must(t, n.All().Soon().Emit("for all", 8))

		ann = w.dial(t)
		ann.send("40" + back("ann", first.PID, "1"))
		if got, want := ann.next().data, fmt.Sprintf(`40{"sid":%q,"pid":%q}`, first.SID, first.PID); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		ann.play(`
			< 42["written to a dead connection",2,"2"]
			< 42["for red",3,"3"]
			< 451-["for ann",{"_placeholder":true,"num":0},"6"]
			< binary 07
			< 42["for all",8,"7"]
			< 421["recovered","kept",["red"]]
			silence`)
		must(t, n.To("red").Emit("on", 9))
		ann.want(`42["on",9,"8"]`)
		if n.Len() != 1 {
			t.Errorf("%d sockets", n.Len())
		}

		// And once more: only what came after.
		ann.drop()
		must(t, n.Emit("on", 10))
		again, second := w.join(t, back("ann", first.PID, "8"))
		if second != first {
			t.Errorf("second recovery: %v, want %v", second, first)
		}
		again.play(`
			< 42["on",10,"9"]
			< 421["recovered","kept",["red"]]
			silence`)
	})
}

// A client that lost its connection may be back before the server knows.
func TestRecoveryBeforeTheEndIsNoticed(t *testing.T) {
	gone := make(chan string, 10)
	setup := func(s *socketio.Server) {
		members(s)
		s.Of("/").OnDisconnect(func(s *socketio.Socket, r engineio.Reason) {
			gone <- fmt.Sprint(r, " ", s.Recovered())
		})
	}
	inWorld(t, recovering, setup, func(t *testing.T, w *world) {
		old, first := w.join(t, `{"user":"ann","room":"red"}`)
		must(t, w.Of("/").To("red").Emit("lost", 1))
		now, second := w.join(t, back("ann", first.PID, ""))
		if second != first {
			t.Errorf("got %v, want %v", second, first)
		}
		now.play(`
			< 42["lost",1,"1"]
			< 421["recovered","kept",["red"]]
			silence`)
		old.want(`42["lost",1,"1"]`)
		old.wantClosed()
		if how := <-gone; how != "transport close false" || len(gone) > 0 || w.Of("/").Len() != 1 {
			t.Errorf("gone: %q and %d more; %d sockets", how, len(gone), w.Of("/").Len())
		}
		// Somebody else does not get rid of it like that.
		w.join(t, back("bob", first.PID, ""))
		now.wantSilence()
	})
}

func TestNoRecovery(t *testing.T) {
	wait := func(d time.Duration) func(*world, *client) {
		return func(_ *world, c *client) { c.drop(); time.Sleep(d) }
	}
	drop := wait(0)
	same := func(pid string) string { return back("ann", pid, "1") }
	tests := []struct {
		name   string
		end    func(w *world, c *client)
		auth   func(pid string) string
		reborn bool
	}{
		{"all in order", drop, same, true},
		{"just in time", wait(2*time.Minute - time.Second), same, true},
		{"too late", wait(2 * time.Minute), same, false},
		{"another identity", drop, func(pid string) string { return back("bob", pid, "1") }, false},
		{"wrong secret", drop, func(pid string) string { return same(pid[:20] + strings.Repeat("A", 20)) }, false},
		{"unknown pid", drop, func(string) string { return same(strings.Repeat("A", 40)) }, false},
		{"short pid", drop, func(pid string) string { return same(pid[:20]) }, false},
		{"pid that is no string", drop, func(string) string { return `{"user":"ann","pid":[1],"offset":"1"}` }, false},
		{"no offset", drop, func(pid string) string { return back("ann", pid, "") }, true},
		{"offset before the beginning", drop, func(pid string) string { return back("ann", pid, "0") }, true},
		{"offset of the future", drop, func(pid string) string { return back("ann", pid, "99") }, false},
		{"offset that is no number", drop, func(pid string) string { return back("ann", pid, "-1") }, false},
		{"client took leave", func(_ *world, c *client) { c.send("41"); c.drop() }, same, false},
		{"server closed", func(_ *world, c *client) { c.send(`42["bye"]`); c.drop() }, same, false},
		{"server took it out", func(_ *world, c *client) { c.send(`42["leave"]`); c.drop() }, same, false},
		{"client broke the protocol", func(_ *world, c *client) { c.send("49"); c.drop() }, same, false},
		{"offset fell out of the log", func(w *world, c *client) {
			c.drop()
			for range 4 {
				_ = w.Of("/").Emit("big", strings.Repeat("x", 300))
			}
		}, same, false},
		{"as much as fits", func(w *world, c *client) {
			c.drop()
			_ = w.Of("/").Emit("big", strings.Repeat("x", 300))
		}, same, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := recovering
			c.Recovery.MaxBytes = 1500
			inWorld(t, c, members, func(t *testing.T, w *world) {
				client, first := w.join(t, `{"user":"ann"}`)
				must(t, w.Of("/").Emit("x"))
				client.want(`42["x","1"]`)
				test.end(w, client)
				_, second := w.join(t, test.auth(first.PID))
				if reborn := second == first; reborn != test.reborn {
					t.Errorf("first %v, second %v", first, second)
				}
			})
		})
	}
}

func TestMiddlewareRunsForWhoComesBack(t *testing.T) {
	inWorld(t, recovering, members, func(t *testing.T, w *world) {
		client, first := w.join(t, `{"user":"ann"}`)
		client.drop()
		client = w.dial(t)
		client.send("40" + back("nobody", first.PID, ""))
		client.want(`44{"message":"Unauthorized"}`)
	})
}

// Clients that are not offered recovery see neither pids nor offsets, also
// where others do.
func TestRecoverable(t *testing.T) {
	plain := false
	c := recovering
	c.Recoverable = func(any) bool { return !plain }
	inWorld(t, c, roomy, func(t *testing.T, w *world) {
		modern, first := w.join(t, `{"rooms":["x"]}`)
		plain = true
		simple, second := w.join(t, `{"rooms":["x"]}`)
		if first.PID == "" || second.PID != "" {
			t.Errorf("welcomes %v and %v", first, second)
		}
		for _, target := range []socketio.Target{w.Of("/").All(), w.Of("/").To("x")} {
			must(t, target.Emit("x", 1, []byte{2}))
		}
		must(t, w.Of("/").Socket(second.SID).Emit("y"))
		must(t, w.Of("/").Socket(first.SID).EmitSoon("y"))
		modern.play(`
			< 451-["x",1,{"_placeholder":true,"num":0},"1"]
			< binary 02
			< 451-["x",1,{"_placeholder":true,"num":0},"2"]
			< binary 02
			< 42["y","3"]
			silence`)
		simple.play(`
			< 451-["x",1,{"_placeholder":true,"num":0}]
			< binary 02
			< 451-["x",1,{"_placeholder":true,"num":0}]
			< binary 02
			< 42["y"]
			silence`)
		simple.drop()
		_, third := w.join(t, back("", first.PID, ""))
		if third.SID == first.SID {
			t.Error("recovered what it was not offered")
		}
	})
}

// A race between emitters and a client that comes and goes: nothing is missed,
// nothing comes twice.
func TestRecoveryMissesNothing(t *testing.T) {
	const events = 3000
	inWorld(t, recovering, members, func(t *testing.T, w *world) {
		client, first := w.join(t, `{"user":"ann"}`)
		go func() {
			for i := range events {
				_ = w.Of("/").Emit("n", i)
				if i%100 == 0 {
					time.Sleep(time.Second)
				}
			}
		}()
		expected, offset := 0, ""
		for expected < events {
			f := client.next().data
			if strings.HasPrefix(f, "42[\"n\"") {
				var args []any
				must(t, json.Unmarshal([]byte(f[2:]), &args))
				if args[1] != float64(expected) {
					t.Fatalf("got %s, want %d", f, expected)
				}
				expected, offset = expected+1, args[2].(string)
			}
			if expected%701 == 0 {
				client.conn.Close()
				if expected%2 == 0 {
					synctest.Wait()
				}
				var again welcome
				if client, again = w.join(t, back("ann", first.PID, offset)); again != first {
					t.Fatal("not recovered")
				}
				expected, offset = resume(t, client, expected, offset)
			}
		}
	})
}

// resume takes one event, so that a client that has just come back does not go
// at the same number again.
func resume(t *testing.T, c *client, expected int, offset string) (int, string) {
	t.Helper()
	for {
		f := c.next().data
		if !strings.HasPrefix(f, `42["n"`) {
			continue
		}
		want := fmt.Sprintf(`42["n",%d,"%d"]`, expected, expected+1)
		if f != want {
			t.Fatalf("got %s, want %s after offset %s", f, want, offset)
		}
		return expected + 1, fmt.Sprint(expected + 1)
	}
}

func TestFloodOfAbsentClientsIsBounded(t *testing.T) {
	c := recovering
	c.Recovery.MaxBytes = 4000
	inWorld(t, c, members, func(t *testing.T, w *world) {
		var first, last welcome
		for i := range 20 {
			client, welcome := w.join(t, `{"user":"ann"}`)
			if i == 0 {
				first = welcome
			}
			last = welcome
			client.drop()
		}
		if _, again := w.join(t, back("ann", first.PID, "")); again == first {
			t.Error("the first of many is still known")
		}
		if _, again := w.join(t, back("ann", last.PID, "")); again != last {
			t.Error("the last is not known")
		}
	})
}

// A client that missed more than may wait for it begins anew: it would be
// closed as too slow otherwise, and come back for the same.
func TestRecoveryOfTooMuch(t *testing.T) {
	c := recovering
	c.Engine.MaxQueue = 4000
	inWorld(t, c, members, func(t *testing.T, w *world) {
		client, first := w.join(t, `{"user":"ann"}`)
		client.drop()
		must(t, w.Of("/").Emit("big", strings.Repeat("x", 1500)))
		client, second := w.join(t, back("ann", first.PID, ""))
		if second != first {
			t.Error("not recovered")
		}
		client.next()
		client.drop()
		must(t, w.Of("/").Emit("big", strings.Repeat("x", 1500)))
		client, third := w.join(t, back("ann", first.PID, ""))
		if third == first {
			t.Error("recovered")
		}
		client.wantSilence()
	})
}

// Without anybody to recover them, events are not kept, and those that were
// are forgotten.
func TestForgetting(t *testing.T) {
	inWorld(t, recovering, members, func(t *testing.T, w *world) {
		client, first := w.join(t, `{"user":"ann"}`)
		must(t, w.Of("/").Emit("x"))
		client.drop()
		time.Sleep(time.Hour)
		must(t, w.Of("/").Emit("x"))
		client, second := w.join(t, back("ann", first.PID, "1"))
		if second == first {
			t.Error("recovered after an hour")
		}
		must(t, w.Of("/").Emit("x"))
		client.want(`42["x","2"]`)
	})
}
