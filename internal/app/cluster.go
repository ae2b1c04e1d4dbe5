package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/bus"
	"github.com/antiphon-music/antiphon/internal/bus/nats"
	"github.com/antiphon-music/antiphon/internal/bus/postgres"
	"github.com/antiphon-music/antiphon/internal/cluster"
	"github.com/antiphon-music/antiphon/internal/config"
)

// buildCluster makes the bus and the membership. It comes first of all parts,
// and connectCluster last.
func (a *App) buildCluster() error {
	name := a.Config.NodeName()
	suffix := make([]byte, 4)
	if _, err := rand.Read(suffix); err != nil {
		return err
	}
	// A node that is started again is another one: nothing of its former life
	// must be taken for it.
	id := name + "-" + hex.EncodeToString(suffix)
	var err error
	switch a.Config.BusEngine() {
	case config.BusPostgres:
		a.Bus, err = postgres.New(a.Config.DatabaseURL(), id, a.Log)
	case config.BusNATS:
		a.Bus, err = nats.New(a.Config.Bus, id, a.Log)
	default:
		a.Bus = new(bus.Local).Join(id)
	}
	if err != nil {
		return err
	}
	a.Cluster = cluster.New(cluster.Config{
		Self: cluster.Member{ID: id, Name: name, Address: a.Config.Listen, Started: a.now()},
		Bus:  a.Bus, Store: a.Store, Log: a.Log, Now: a.now,
	})
	return nil
}

// connectCluster has the features speak and listen on the bus. All that they
// say there only makes quick what the database makes sure.
func (a *App) connectCluster() {
	if !a.Config.Clustered() {
		return
	}
	a.Metrics.Watch("antiphon_nodes", "Nodes that run, as this one sees them.", func() int { return len(a.Cluster.Members()) })
	a.connectRevisions()
	a.connectThrottle()
	a.connectChat()
	a.connectSessions()
	a.connectPresence()
}

// Bounds of what a node does at its end, once everything else has stopped.
const leaveTimeout = 5 * time.Second

// startBus runs the bus until stop is called: the last that the others parts
// say must still go out.
func (a *App) startBus(ctx context.Context) (stop func()) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var group sync.WaitGroup
	group.Go(func() {
		if err := a.Bus.Run(running); err != nil {
			a.Log.ErrorContext(ctx, "the bus has stopped", "error", err)
		}
	})
	return func() {
		if a.Config.Clustered() {
			a.publish(topicPresenceLeave, nil)
			leaving, done := context.WithTimeout(running, leaveTimeout)
			a.Cluster.Leave(leaving)
			done()
		}
		cancel()
		group.Wait()
	}
}

// runCluster keeps this node among the others, if there may be any.
func (a *App) runCluster(ctx context.Context) error {
	if !a.Config.Clustered() {
		return nil
	}
	if err := a.Cluster.Run(ctx); err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	return nil
}
