package cluster_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/store"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
)

// world is several nodes over one database, with one clock for all.
type world struct {
	t     *testing.T
	store *store.Store
	nodes []*node
	now   time.Time
}

// node is one of them.
type node struct {
	*cluster.Cluster
	w            *world
	id           string
	hear         func(bus.Message)
	dead         bool
	noBus, noSQL bool
	news         []string // "+a" when a came, "-a" when it was gone
}

func newWorld(t *testing.T, ids ...string) (*world, []*node) {
	w := &world{t: t, store: storetest.Open(t, "sqlite"), now: time.Unix(1e9, 0)}
	for _, id := range ids {
		w.join(id)
	}
	return w, w.nodes
}

func (w *world) join(id string) *node {
	n := &node{w: w, id: id}
	n.Cluster = cluster.New(cluster.Config{
		Self: cluster.Member{ID: id, Name: id, Address: id + ":80", Started: w.now},
		Bus:  line{n}, Store: database{w.store, n}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return w.now }, Local: func() time.Time { return w.now },
	})
	n.OnJoin(func(m cluster.Member) { n.news = append(n.news, "+"+m.ID) })
	n.OnGone(func(m cluster.Member) { n.news = append(n.news, "-"+m.ID) })
	w.nodes = append(w.nodes, n)
	return n
}

// line is a bus that delivers at once.
type line struct{ *node }

func (l line) Publish(_ context.Context, topic string, data []byte) error {
	if l.noBus {
		return errors.New("away")
	}
	for _, other := range l.w.nodes {
		if other != l.node && !other.noBus && !other.dead {
			other.hear(bus.Message{Node: l.id, Topic: topic, Data: data})
		}
	}
	return nil
}

func (l line) Subscribe(_ string, do func(bus.Message)) { l.hear = do }
func (l line) OnGap(func())                             {}
func (l line) Run(context.Context) error                { return nil }
func (l line) Connected() bool                          { return !l.noBus }

// database is the store, which can be away.
type database struct {
	*store.Store
	node *node
}

func (d database) Nodes(ctx context.Context) ([]cluster.Beat, error) {
	if d.node.noSQL {
		return nil, errors.New("away")
	}
	return d.Store.Nodes(ctx)
}

func (d database) BeatNode(ctx context.Context, m cluster.Member, at time.Time) error {
	if d.node.noSQL {
		return errors.New("away")
	}
	return d.Store.BeatNode(ctx, m, at)
}

// pass has everybody who lives look once a second for a while.
func (w *world) pass(seconds int) {
	for range seconds {
		w.now = w.now.Add(time.Second)
		for _, n := range w.nodes {
			if !n.dead {
				n.Look(w.t.Context())
			}
		}
	}
}

// told fails unless the node was told this since it was last asked.
func (n *node) told(want string) {
	n.w.t.Helper()
	slices.Sort(n.news)
	if got := strings.Join(n.news, " "); got != want {
		n.w.t.Errorf("%s was told %q, want %q", n.id, got, want)
	}
	n.news = nil
}

func (n *node) members(want string) {
	n.w.t.Helper()
	var got []string
	for _, m := range n.Members() {
		if m.Name != m.ID || m.Address != m.ID+":80" || m.Started.IsZero() {
			n.w.t.Errorf("%+v is no whole member", m)
		}
		got = append(got, m.ID)
	}
	slices.Sort(got)
	if got := strings.Join(got, " "); got != want {
		n.w.t.Errorf("%s knows %q, want %q", n.id, got, want)
	}
}

func TestNodesFindEachOther(t *testing.T) {
	w, n := newWorld(t, "a", "b", "c")
	w.pass(4)
	n[0].told("+b +c")
	n[1].told("+a +c")
	n[2].told("+a +b")
	w.pass(30)
	for _, n := range n {
		n.told("")
		n.members("a b c")
	}
}

// A node that dies is gone for the others within ten seconds, and once.
func TestDeath(t *testing.T) {
	for name, prepare := range map[string]func(n []*node){
		"with all": func([]*node) {},
		// The others know it by the database alone.
		"without its bus": func(n []*node) { n[2].noBus = true },
		// By the bus alone.
		"without its database": func(n []*node) { n[2].noSQL = true },
	} {
		t.Run(name, func(t *testing.T) {
			w, n := newWorld(t, "a", "b", "c")
			prepare(n)
			w.pass(20)
			n[0].members("a b c")
			n[0].told("+b +c")
			n[2].dead = true
			w.pass(6)
			n[0].told("")
			w.pass(4)
			n[0].told("-c")
			n[0].members("a b")
			w.pass(30)
			n[0].told("")
		})
	}
}

// Who leaves by himself is gone at once, and a node of the same name that is
// started again is another one.
func TestLeaving(t *testing.T) {
	w, n := newWorld(t, "a", "b")
	w.pass(4)
	n[0].told("+b")
	n[1].dead = true
	n[1].Leave(t.Context())
	n[0].told("-b")
	w.join("b2")
	w.pass(4)
	n[0].told("+b2")
	n[0].members("a b2")
	w.pass(30)
	n[0].told("")
}

// While the bus or the database is away, nobody judges, and afterwards not
// before everybody has had the time to be heard.
func TestOutage(t *testing.T) {
	for name, outage := range map[string]func(n *node, away bool){
		"bus":      func(n *node, away bool) { n.noBus = away },
		"database": func(n *node, away bool) { n.noSQL = away },
		"both":     func(n *node, away bool) { n.noBus, n.noSQL = away, away },
	} {
		t.Run(name+" of all", func(t *testing.T) {
			w, n := newWorld(t, "a", "b", "c")
			w.pass(20)
			for _, n := range n {
				n.told(map[string]string{"a": "+b +c", "b": "+a +c", "c": "+a +b"}[n.id])
				outage(n, true)
			}
			w.pass(20)
			n[2].dead = true
			w.pass(20)
			for _, n := range n[:2] {
				n.told("")
				outage(n, false)
			}
			w.pass(6)
			n[0].told("")
			w.pass(4)
			n[0].told("-c")
			n[1].told("-c")
			n[0].members("a b")
		})
		t.Run(name+" of one", func(t *testing.T) {
			w, n := newWorld(t, "a", "b", "c")
			w.pass(20)
			n[0].told("+b +c")
			outage(n[0], true)
			w.pass(20)
			outage(n[0], false)
			n[0].told("")
			w.pass(20)
			n[0].told("")
			n[0].members("a b c")
		})
	}
}

// A node that stood still has heard nobody, and does not think that all have
// died.
func TestStandstill(t *testing.T) {
	w, n := newWorld(t, "a", "b")
	w.pass(20)
	n[0].told("+b")
	n[0].dead = true
	w.pass(20)
	n[0].dead = false
	w.pass(20)
	n[0].told("")
	n[1].told("+a +a -a") // which the others saw
}

// The rows of those who died are no members, and go when they are old.
func TestRowsOfTheDead(t *testing.T) {
	w, n := newWorld(t, "a", "b")
	w.pass(4)
	n[1].dead = true
	c := w.join("c")
	w.pass(4)
	c.told("+a")
	c.members("a c")
	w.now = w.now.Add(2 * time.Hour)
	w.join("d")
	w.pass(4)
	rows, err := w.store.Nodes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 || rows[0].ID != "a" || rows[1].ID != "c" || rows[2].ID != "d" {
		t.Errorf("rows %+v", rows)
	}
}

func TestNonsenseIsNoSign(t *testing.T) {
	w, n := newWorld(t, "a")
	n[0].hear(bus.Message{Node: "x", Topic: "node", Data: []byte("{")})
	n[0].hear(bus.Message{Node: "y", Topic: "node", Data: []byte(`{"bye":true}`)})
	w.pass(1)
	n[0].told("")
	n[0].members("a")
}
