package cluster

import (
	"context"
	"time"
)

// look says that this node lives, if it is time to, and finds out who else
// does.
func (c *Cluster) look(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, beatEvery)
	rows, err := c.exchange(bounded)
	cancel()
	if ctx.Err() != nil {
		return
	}
	now := c.c.Local()
	if err != nil {
		c.c.Log.DebugContext(ctx, "the nodes were not read", "error", err)
	}
	// A look that comes late means that this process, or its machine, stood
	// still, and heard nobody for that reason.
	late := !c.last.IsZero() && now.Sub(c.last) > 2*beatEvery
	c.last = now
	switch sound := err == nil && c.c.Bus.Connected() && !late; {
	case !sound:
		c.soundFor = time.Time{}
	case c.soundFor.IsZero():
		c.soundFor = now
	}

	c.turn.Lock()
	defer c.turn.Unlock()
	for _, m := range c.observe(rows, now) {
		c.alive(m, now)
	}
	if c.soundFor.IsZero() || now.Sub(c.soundFor) < Period {
		return
	}
	for _, id := range c.silent(now) {
		c.lose(id, "it is silent")
	}
}

// exchange writes this node's sign of life at every other look, and reads
// those of the others.
func (c *Cluster) exchange(ctx context.Context) ([]Beat, error) {
	at := c.c.Now()
	if c.looks%int(beatEvery/lookEvery) == 0 {
		c.publish(ctx, false)
		if err := c.c.Store.BeatNode(ctx, c.c.Self, at); err != nil {
			return nil, err
		}
	}
	if c.looks%int(keepRows/lookEvery) == 0 {
		if err := c.c.Store.DeleteNodesBefore(ctx, at.Add(-keepRows)); err != nil {
			return nil, err
		}
	}
	c.looks++
	return c.c.Store.Nodes(ctx)
}

// observe returns the nodes whose rows show that they live: by a count that has
// risen since it was last seen, for clocks may differ. It forgets the nodes
// that have neither a row nor a voice.
func (c *Cluster) observe(rows []Beat, now time.Time) []Member {
	c.mu.Lock()
	defer c.mu.Unlock()
	var live []Member
	listed := map[string]bool{}
	for _, b := range rows {
		if b.ID == c.c.Self.ID {
			continue
		}
		listed[b.ID] = true
		n := c.of(b.Member)
		if n.count != 0 && b.Count > n.count {
			live = append(live, b.Member)
		}
		n.count = b.Count
	}
	for id, n := range c.node {
		if !n.member && !listed[id] && now.Sub(n.heard) > Period {
			delete(c.node, id)
		}
	}
	return live
}

// silent returns the nodes that have not been heard for a period.
func (c *Cluster) silent(now time.Time) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ids []string
	for id, n := range c.node {
		if n.member && now.Sub(n.heard) >= Period {
			ids = append(ids, id)
		}
	}
	return ids
}
