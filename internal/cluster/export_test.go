package cluster

import "context"

// Look is what Run does at each tick.
func (c *Cluster) Look(ctx context.Context) { c.look(ctx) }
