package socketio_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/antiphon-music/antiphon/internal/socketio"
)

// roomy lets clients into the rooms that they name to connect.
func roomy(s *socketio.Server) {
	s.Of("/").Use(func(s *socketio.Socket, auth json.RawMessage) error {
		var a struct{ Rooms []string }
		if err := json.Unmarshal(auth, &a); err != nil {
			return err
		}
		s.Join(a.Rooms...)
		return nil
	})
}

func TestTargets(t *testing.T) {
	// Who is in which rooms; each also has a room of its own, named by its id.
	members := map[string][]string{"ann": {"red"}, "bob": {"red", "blue"}, "cid": {"blue"}, "dan": nil}
	tests := []struct {
		name   string
		target func(n *socketio.Namespace, id map[string]string) socketio.Target
		want   string
	}{
		{"everybody", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.All() }, "ann bob cid dan"},
		{"a room", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.To("red") }, "ann bob"},
		{"two rooms, each once", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.To("red", "blue") }, "ann bob cid"},
		{"chained", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.To("red").To("blue").Soon() }, "ann bob cid"},
		{"no room", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.To() }, ""},
		{"a room that nobody is in", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.To("green") }, ""},
		{"all but a room", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.All().Except("red") }, "cid dan"},
		{"a room but another", func(n *socketio.Namespace, _ map[string]string) socketio.Target { return n.To("red").Except("blue") }, "ann"},
		{"one", func(n *socketio.Namespace, id map[string]string) socketio.Target { return n.To(id["dan"]) }, "dan"},
		{"all but one", func(n *socketio.Namespace, id map[string]string) socketio.Target {
			return n.All().Except(id["ann"]).Volatile()
		}, "bob cid dan"},
		{"a room but one", func(n *socketio.Namespace, id map[string]string) socketio.Target {
			return n.To("red").Except(id["bob"], "green")
		}, "ann"},
	}
	for _, recovery := range []socketio.Recovery{{}, {Window: 1 << 40}} {
		inWorld(t, socketio.Config{Recovery: recovery}, roomy, func(t *testing.T, w *world) {
			clients, id := map[string]*client{}, map[string]string{}
			for name, rooms := range members {
				auth, err := json.Marshal(map[string]any{"rooms": rooms})
				must(t, err)
				c, welcome := w.join(t, string(auth))
				clients[name], id[name] = c, welcome.SID
			}
			for _, test := range tests {
				must(t, test.target(w.Of("/"), id).Emit("news", "for you"))
				must(t, w.Of("/").Emit("end"))
				var got []string
				for name, c := range clients {
					for {
						f := c.next().data
						if strings.HasPrefix(f, `42["end"`) {
							break
						}
						if !strings.HasPrefix(f, `42["news","for you"`) {
							t.Fatalf("got %s", f)
						}
						got = append(got, name)
					}
				}
				slices.Sort(got)
				if strings.Join(got, " ") != test.want {
					t.Errorf("%s: reached %v, want %s", test.name, got, test.want)
				}
			}
		})
	}
}

func TestATargetIsAValue(t *testing.T) {
	inWorld(t, socketio.Config{}, roomy, func(t *testing.T, w *world) {
		red, _ := w.join(t, `{"rooms":["red"]}`)
		blue, _ := w.join(t, `{"rooms":["blue"]}`)
		green, _ := w.join(t, `{"rooms":["green"]}`)
		base := w.Of("/").To("none", "nobody").To("red")
		one, other := base.To("blue"), base.To("green")
		must(t, one.Emit("x"))
		red.want(`42["x"]`)
		blue.want(`42["x"]`)
		green.wantSilence()
		must(t, other.Emit("x"))
		green.want(`42["x"]`)
		blue.wantSilence()
	})
}

func TestJoinAndLeave(t *testing.T) {
	inWorld(t, socketio.Config{}, roomy, func(t *testing.T, w *world) {
		n := w.Of("/")
		var sockets []*socketio.Socket
		var clients []*client
		for range 4 {
			c, welcome := w.join(t, `{"rooms":["all","all"]}`)
			sockets, clients = append(sockets, n.Socket(welcome.SID)), append(clients, c)
		}
		sockets[0].Join("few", "all")
		sockets[2].Join("few")
		if got := sockets[0].Rooms(); !slices.Equal(got, []string{"all", "few"}) {
			t.Errorf("rooms %q", got)
		}
		reach := func(room, want string) {
			t.Helper()
			must(t, n.To(room).Emit("x"))
			synctest.Wait()
			got := ""
			for i, c := range clients {
				for range len(c.in) {
					if f, ok := <-c.in; ok {
						got += fmt.Sprint(i)
						if f.data != `42["x"]` {
							t.Errorf("got %s", f)
						}
					}
				}
			}
			if got != want {
				t.Errorf("%s reaches %q, want %q", room, got, want)
			}
		}
		reach("all", "0123")
		reach("few", "02")
		sockets[1].Leave("all", "few")
		reach("all", "023")
		sockets[0].Leave("all")
		reach("all", "23")
		reach("few", "02")
		clients[3].drop()
		reach("all", "2")
		sockets[3].Join("all")
		reach("all", "2")
		sockets[2].Leave("all")
		reach("all", "")
		sockets[1].Join("all")
		reach("all", "1")
	})
}

// Two clients see the events of many emitters in the same order, which is that
// of the offsets.
func TestOrderUnderConcurrency(t *testing.T) {
	const emitters, each = 8, 200
	c := socketio.Config{Recovery: socketio.Recovery{Window: 1 << 40}}
	inWorld(t, c, roomy, func(t *testing.T, w *world) {
		a, _ := w.join(t, `{"rooms":["x"]}`)
		b, _ := w.join(t, `{"rooms":["x"]}`)
		var wg sync.WaitGroup
		for i := range emitters {
			wg.Go(func() {
				target := w.Of("/").To("x")
				if i%2 == 0 {
					target = target.Soon()
				}
				for j := range each {
					_ = target.Emit("n", i, j)
				}
			})
		}
		wg.Wait()
		for k := range emitters * each {
			first, second := a.next().data, b.next().data
			if first != second {
				t.Fatalf("one got %s, the other %s", first, second)
			}
			if want := fmt.Sprintf(`,"%d"]`, k+1); !strings.HasSuffix(first, want) {
				t.Fatalf("got %s as number %d", first, k+1)
			}
		}
	})
}

func TestSockets(t *testing.T) {
	inWorld(t, socketio.Config{}, roomy, func(t *testing.T, w *world) {
		n := w.Of("/")
		for range 3 {
			w.join(t, "")
		}
		seen := 0
		for s := range n.Sockets() {
			if n.Socket(s.ID()) != s || s.Namespace() != n || s.Recovered() || s.Origin() != nil {
				t.Errorf("socket %s is odd", s.ID())
			}
			if seen++; seen == 2 {
				break
			}
		}
		if n.Len() != 3 || w.Sessions() != 3 || n.Name() != "/" {
			t.Errorf("%d sockets, %d sessions in %s", n.Len(), w.Sessions(), n.Name())
		}
	})
}
