// Package cluster knows which nodes there are, and notices when one comes or
// goes.
//
// Each node says that it lives over the bus and in the database. It is gone
// once both have been silent for a while, or as soon as it says goodbye. A node
// whose own bus or database does not work judges nobody: then it is more likely
// the one that is cut off.
package cluster

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/event"
)

// Member is a node that runs.
type Member struct {
	ID      string // of the process; no later one has the same
	Name    string // as the operator calls it
	Address string // on which it serves HTTP
	Started time.Time
}

// Beat is what the database has of a node.
type Beat struct {
	Member
	Count int64 // rises with every sign of life
}

// Store is what the cluster needs of a database.
type Store interface {
	BeatNode(ctx context.Context, m Member, at time.Time) error // counts a sign of life
	Nodes(ctx context.Context) ([]Beat, error)                  // those that are there, dead ones too
	DeleteNode(ctx context.Context, id string) error            // one that is not there is no error
	DeleteNodesBefore(ctx context.Context, at time.Time) error  // those whose last sign of life was before
}

// Config are the parts a Cluster is made of.
type Config struct {
	Self  Member
	Bus   bus.Bus
	Store Store
	Log   *slog.Logger
	Now   func() time.Time // of the database, by which rows are dated
	Local func() time.Time // of this machine, by which silence is measured; nil is time.Now
}

const (
	// topic is that of the signs of life.
	topic = "node"
	// beatEvery is how often a node says that it lives, and lookEvery how often
	// it looks at the others.
	beatEvery = 2 * time.Second
	lookEvery = time.Second
	// Period is how long a node must be silent to be gone. A death is noticed
	// after no more than Period and two looks.
	Period = 7 * time.Second
	// keepRows is how long the row of a dead node stays.
	keepRows = time.Hour
)

// Cluster is the nodes as this one sees them. It is safe for concurrent use.
type Cluster struct {
	c            Config
	joined, gone event.Topic[Member]

	turn sync.Mutex // held while something changes and the subscribers hear of it
	mu   sync.Mutex // guards what follows; taken after turn
	node map[string]*node

	// Run's alone.
	looks    int
	last     time.Time // when it last looked
	soundFor time.Time // since when bus and database have worked; zero if they do not
}

// node is another node.
type node struct {
	Member
	member bool      // it was heard, and is not gone
	left   bool      // it has said goodbye, and nothing after that counts
	count  int64     // of its row
	heard  time.Time // by Local
}

// New returns a cluster of this node alone, to which the others come while it
// runs. It subscribes to the bus, and must be made before that runs.
func New(c Config) *Cluster {
	if c.Local == nil {
		c.Local = time.Now
	}
	n := &Cluster{c: c, node: map[string]*node{}}
	c.Bus.Subscribe(topic, n.hear)
	return n
}

// Self returns this node.
func (c *Cluster) Self() Member { return c.c.Self }

// Members returns the nodes that run: this one, and then the others in no
// order.
func (c *Cluster) Members() []Member {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []Member{c.c.Self}
	for _, n := range c.node {
		if n.member {
			list = append(list, n.Member)
		}
	}
	return list
}

// OnJoin has do called when a node has come, or has come back after it seemed
// gone. It must be quick, and one call is over before the next change.
func (c *Cluster) OnJoin(do func(Member)) { c.joined.Subscribe(do) }

// OnGone has do called when a node is gone, likewise.
func (c *Cluster) OnGone(do func(Member)) { c.gone.Subscribe(do) }

// Run says that this node lives, and looks at the others, until ctx ends.
func (c *Cluster) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		c.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Leave says goodbye to the others, which need not wait for the silence then.
// It is called after Run, while the bus still runs.
func (c *Cluster) Leave(ctx context.Context) {
	c.publish(ctx, true)
	if err := c.c.Store.DeleteNode(ctx, c.c.Self.ID); err != nil {
		c.c.Log.WarnContext(ctx, "this node stays listed for a while", "error", err)
	}
}

// sign is a sign of life as it goes over the bus.
type sign struct {
	Name    string    `json:"name"`
	Address string    `json:"address"`
	Started time.Time `json:"started"`
	Bye     bool      `json:"bye,omitempty"`
}

func (c *Cluster) publish(ctx context.Context, bye bool) {
	self := c.c.Self
	data, err := json.Marshal(sign{Name: self.Name, Address: self.Address, Started: self.Started, Bye: bye})
	if err == nil {
		err = c.c.Bus.Publish(ctx, topic, data)
	}
	if err != nil {
		c.c.Log.DebugContext(ctx, "the others do not hear of this node by the bus", "error", err)
	}
}

// hear takes a sign of life from the bus.
func (c *Cluster) hear(m bus.Message) {
	var s sign
	if err := json.Unmarshal(m.Data, &s); err != nil {
		c.c.Log.Warn("a sign of life was not understood", "node", m.Node, "error", err)
		return
	}
	from := Member{ID: m.Node, Name: s.Name, Address: s.Address, Started: s.Started}
	c.turn.Lock()
	defer c.turn.Unlock()
	if s.Bye {
		c.mu.Lock()
		c.of(from).left = true
		c.mu.Unlock()
		c.lose(m.Node, "it has said goodbye")
		return
	}
	c.alive(from, c.c.Local())
}

// alive notes that a node lives, and tells if that is news. The caller holds
// turn.
func (c *Cluster) alive(m Member, now time.Time) {
	c.mu.Lock()
	n := c.of(m)
	n.heard = now
	came := !n.member && !n.left
	n.member = !n.left
	c.mu.Unlock()
	if came {
		c.c.Log.Info("a node has come", "node", m.ID, "address", m.Address)
		c.joined.Publish(m)
	}
}

// of returns what is known of a node. The caller holds mu.
func (c *Cluster) of(m Member) *node {
	n, ok := c.node[m.ID]
	if !ok {
		n = &node{Member: m}
		c.node[m.ID] = n
	}
	return n
}

// lose forgets that a node lived, and tells if it did. The caller holds turn.
func (c *Cluster) lose(id, why string) {
	c.mu.Lock()
	n, ok := c.node[id]
	was := ok && n.member
	if ok {
		n.member = false
	}
	c.mu.Unlock()
	if was {
		c.c.Log.Info("a node is gone", "node", id, "why", why)
		c.gone.Publish(n.Member)
	}
}
