package presence_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/presence"
)

// post is a way from one node to another: what is told arrives in its order,
// later, or not at all.
type post struct {
	from, to int
	waiting  chan letter // with room for all of a test
}

type letter struct {
	parts []presence.Part
	whole bool
}

// town is several nodes, and the ways between them.
type town struct {
	t     *testing.T
	rooms []*room
	ways  []*post
}

func newTown(t *testing.T, n int) *town {
	w := &town{t: t}
	for i := range n {
		r := newRoom(t, presence.Config{})
		w.rooms = append(w.rooms, r)
		for to := range n {
			if to != i {
				w.ways = append(w.ways, &post{from: i, to: to, waiting: make(chan letter, 4096)})
			}
		}
		r.Local.Subscribe(func(p presence.Part) { w.tell(i, letter{parts: []presence.Part{p}}) })
	}
	return w
}

func name(node int) string { return fmt.Sprint("node ", node) }

// tell has a letter of one node wait on its ways to all others.
func (w *town) tell(from int, l letter) {
	for _, p := range w.ways {
		if p.from == from {
			p.waiting <- l
		}
	}
}

// deliver has the first letter of a way arrive.
func (w *town) deliver(p *post) {
	l := <-p.waiting
	check(w.t, w.rooms[p.to].Hear(w.t.Context(), name(p.from), l.parts, l.whole))
}

// settle has everything arrive, and what that leads to.
func (w *town) settle() {
	for again := true; again; {
		again = false
		for _, p := range w.ways {
			for len(p.waiting) > 0 {
				w.deliver(p)
				again = true
			}
		}
	}
}

// inTown is inRoom with several rooms.
func inTown(t *testing.T, n int, test func(t *testing.T, w *town)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, newTown(t, n)) })
}

func TestNodes(t *testing.T) {
	tests := []struct {
		name string
		do   func(w *town, a, b *room) // c only hears
		want []string                  // what c publishes
	}{
		{"somebody comes and goes", func(_ *town, a, _ *room) {
			a.join(one)
			a.do(one, "x")
			a.Leave(1)
			pass(5)
		}, []string{"1 arrived", "1 does x", "1 left"}},
		{"moves to another node", func(w *town, a, b *room) {
			a.join(one)
			a.do(one, "x")
			w.settle()
			a.Leave(1)
			b.join(one)
			w.settle()
			pass(5)
		}, []string{"1 arrived", "1 does x"}},
		{"is on two", func(w *town, a, b *room) {
			a.join(one)
			b.join(one)
			w.settle()
			a.do(one, "x")
			w.settle()
			a.Leave(1)
			pass(5)
			w.settle()
			b.do(one, "x") // he has been doing that
			b.Leave(1)
			pass(5)
		}, []string{"1 arrived", "1 does x", "1 left"}},
		{"the last word counts", func(w *town, a, b *room) {
			a.join(one)
			b.join(one)
			a.do(one, "x")
			pass(1)
			b.do(one, "y")
			w.settle()
			a.do(one, "z")
			w.settle()
		}, []string{"1 arrived", "1 does x", "1 does y", "1 does z"}},
		{"a lease", func(_ *town, a, _ *room) { a.announce(one, "x"); pass(60) }, []string{"1 arrived", "1 does x", "1 left"}},
		{"nothing is news", func(w *town, a, _ *room) {
			a.join(one, two)
			a.do(one, "x")
			w.settle()
			w.tell(0, letter{a.Snapshot(), true})
		}, []string{"1 arrived", "2 arrived", "1 does x"}},
		{"what was missed", func(w *town, a, _ *room) {
			a.join(one)
			a.do(one, "x")
			a.join(two)
			w.settle()
			a.Leave(1)
			a.do(two, "y")
			pass(5)
			for _, p := range w.ways {
				for len(p.waiting) > 0 {
					<-p.waiting
				}
			}
			w.tell(0, letter{a.Snapshot(), true})
		}, []string{"1 arrived", "1 does x", "2 arrived", "2 does y", "1 left"}},
		{"no news of others", func(w *town, a, b *room) {
			a.join(one)
			b.join(two)
			w.settle()
			w.tell(1, letter{b.Snapshot(), true})
		}, []string{"1 arrived", "2 arrived"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inTown(t, 3, func(_ *testing.T, w *town) {
				tt.do(w, w.rooms[0], w.rooms[1])
				w.settle()
				w.rooms[2].wants(tt.want...)
			})
		})
	}
}

// A node that is gone takes its users along, but for those who are elsewhere.
func TestForget(t *testing.T) {
	inTown(t, 3, func(t *testing.T, w *town) {
		a, b, c := w.rooms[0], w.rooms[1], w.rooms[2]
		a.join(one, two)
		a.do(one, "x")
		w.settle()
		b.join(one)
		w.settle()
		c.wants("1 arrived", "2 arrived", "1 does x")
		if got := fmt.Sprint(slices.Sorted(slices.Values(c.Nodes()))); got != "[node 0 node 1]" {
			t.Errorf("heard of %s", got)
		}
		for range 2 {
			b.Forget(name(0))
			c.Forget(name(0))
		}
		w.settle()
		c.wants("2 left")
		c.sees(two, "1 x")
		b.sees(two, "1 x")
		if got := fmt.Sprint(c.Nodes()); got != "[node 1]" {
			t.Errorf("heard of %s", got)
		}
		if c.Count() != 1 {
			t.Errorf("%d are online", c.Count())
		}
	})
}

// Who comes to a second node does there what he does on the first, since when
// he did.
func TestAdopt(t *testing.T) {
	inTown(t, 2, func(t *testing.T, w *town) {
		a, b := w.rooms[0], w.rooms[1]
		a.join(one)
		pass(1)
		a.do(one, "x")
		pass(1)
		w.settle()
		b.join(one)
		b.wants("1 arrived", "1 does x")
		want := must(a.Online(t.Context(), actor(two)))(t)
		if got := must(b.Online(t.Context(), actor(two)))(t); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

// Audiences hold on all nodes, whichever the user asks, and the last word
// counts.
func TestAudienceOnNodes(t *testing.T) {
	s := newSalon(t)
	other := newRoom(t, presence.Config{Accounts: s.Accounts, Store: s, Now: s.Clock.Now})
	var told []func()
	hear := func(from string, to *room) func(presence.Part) {
		return func(p presence.Part) {
			told = append(told, func() { check(t, to.Hear(t.Context(), from, []presence.Part{p}, false)) })
		}
	}
	s.Local.Subscribe(hear("s", other))
	other.Local.Subscribe(hear("other", s.room))
	arrive := func() {
		for len(told) > 0 {
			first := told[0]
			told = told[1:]
			first()
		}
	}
	s.join(one)
	s.do(one, "x")
	other.join(two, three)
	arrive()
	other.wants("2 arrived", "3 arrived", "1 arrived", "1 does x")

	// The node that is asked has nobody to show: the others do.
	check(t, other.SetAudience(t.Context(), actor(one), account.Acquaintances))
	arrive()
	other.wants("1 does Idle for [3]")
	s.do(one, "y")
	arrive()
	other.wants("1 does y for [1 2]")
	other.sees(two, "2 Idle, 3 Idle, 1 y")
	other.sees(three, "2 Idle, 3 Idle, 1 Idle")
	s.sees(three, "1 Idle, 2 Idle, 3 Idle")
	s.sees(two, "1 y, 2 Idle, 3 Idle")

	// What was lost on the way is read from the store.
	check(t, other.SetAudience(t.Context(), actor(one), account.Nobody))
	told = nil
	s.sees(two, "1 y, 2 Idle, 3 Idle")
	check(t, s.Refresh(t.Context()))
	s.sees(two, "1 Idle, 2 Idle, 3 Idle")
	other.sees(two, "2 Idle, 3 Idle, 1 Idle")
	if err := s.Refresh(canceled()); err == nil {
		t.Error("no error without a store")
	}

	// An older word changes nothing.
	parts := s.Snapshot()
	parts[0].Audience, parts[0].Settled = account.Everyone, parts[0].Settled.Add(-time.Second)
	check(t, other.Hear(t.Context(), "s", parts, true))
	other.sees(two, "2 Idle, 3 Idle, 1 Idle")
}

func TestHearError(t *testing.T) {
	s := newSalon(t)
	part := presence.Part{UserID: 1, Online: true, Audience: account.Acquaintances, Activity: "x"}
	if err := s.Hear(canceled(), "node", []presence.Part{part}, true); err == nil {
		t.Error("no error without a store")
	}
	s.wants()
}

// Whatever users do on whichever node, and whatever is lost, once each node has
// heard the whole of all others they agree, and each has published just what
// leads there.
func TestNodesAgree(t *testing.T) {
	for seed := range uint64(60) {
		inTown(t, 3, func(t *testing.T, w *town) { agree(t, w, rand.New(rand.NewPCG(seed, 7))) })
	}
}

func agree(t *testing.T, w *town, random *rand.Rand) {
	const users, steps = 5, 300
	published := make([]map[int64]string, len(w.rooms))
	for i, r := range w.rooms {
		known := map[int64]string{}
		published[i] = known
		r.Changes.Subscribe(func(c presence.Change) {
			activity, online := known[c.UserID]
			if (c.Kind == presence.Arrived) == online || c.Kind == presence.ActivityChanged && activity == c.Activity {
				t.Errorf("node %d publishes %s, who did %q (%v)", i, words(c), activity, online)
			}
			if known[c.UserID] = c.Activity; c.Kind == presence.Left {
				delete(known, c.UserID)
			}
		})
	}
	joined := map[[2]int64]int{}
	for range steps {
		node := random.IntN(len(w.rooms))
		r, u := w.rooms[node], user(random.Int64N(users))
		key := [2]int64{int64(node), u.ID}
		switch random.IntN(10) {
		case 0, 1:
			r.join(u)
			joined[key]++
		case 2, 3:
			if joined[key] > 0 {
				joined[key]--
				r.Leave(u.ID)
			}
		case 4:
			r.announce(u, fmt.Sprint(random.IntN(3)))
		case 5:
			r.do(u, fmt.Sprint(random.IntN(3)))
		case 6:
			pass(random.Float64() * 4)
		case 7:
			w.tell(node, letter{r.Snapshot(), true})
		case 8:
			if p := w.ways[random.IntN(len(w.ways))]; random.IntN(4) == 0 && len(p.waiting) > 0 {
				<-p.waiting // lost
			}
		default:
			for _, p := range w.ways {
				for range random.IntN(len(p.waiting) + 1) {
					w.deliver(p)
				}
			}
		}
	}
	w.settle()
	for node := range w.rooms { // what was lost may have been a whole
		w.tell(node, letter{w.rooms[node].Snapshot(), true})
	}
	w.settle()
	for i, r := range w.rooms {
		check(t, r.Join(t.Context(), nil, func(v presence.View) {
			seen := map[int64]string{}
			for e := range v.Public() {
				seen[e.UserID] = e.Activity
			}
			if !maps.Equal(seen, published[i]) {
				t.Errorf("node %d sees %v and published %v", i, seen, published[i])
			}
			if !maps.Equal(seen, published[0]) {
				t.Errorf("node %d sees %v, node 0 %v", i, seen, published[0])
			}
		}))
	}
	// Once all have gone, nobody is left anywhere.
	for key, n := range joined {
		for range n {
			w.rooms[key[0]].Leave(key[1])
		}
	}
	pass(presence.Lease.Seconds())
	w.settle()
	for i, r := range w.rooms {
		if r.Count() != 0 {
			t.Errorf("%d are left on node %d", r.Count(), i)
		}
	}
}
