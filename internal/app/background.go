package app

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/store"
)

// task is something that runs for as long as the program does. Run returns
// when ctx ends.
type task struct {
	name string
	run  func(ctx context.Context) error
}

// background is the one list of what runs besides the listeners.
func (a *App) background() []task {
	return []task{
		{"serve realtime clients", a.Realtime.Run},
		{"record the use of tokens", a.Accounts.RunUsage},
		{"mark the pages of long lists", a.runMarks},
		{"notice what other processes change", a.watchRevisions},
		{"stay among the nodes", a.runCluster},
		{"tell the nodes who is online", a.runPresence},
		{"tell of what other nodes have stored", a.followChat},
		{"follow the database's clock", a.runClock},
		{"do the jobs that wait", a.Jobs.Run},
		{"copy the database's log", a.copyLog},
		{"sweep up after uploads", a.sweepUploads},
		{"give memory back", a.keepMemory},
	}
}

func (a *App) runMarks(ctx context.Context) error {
	return a.Store.RunMarks(ctx, func(err error) {
		a.Log.WarnContext(ctx, "deep pages stay slow", "error", err)
	})
}

func (a *App) runClock(ctx context.Context) error {
	return a.Clock.Run(ctx, func(err error) {
		a.Log.WarnContext(ctx, "the clock may be off", "error", err)
	})
}

// revisionEvery is how soon a change that another process made is noticed.
const revisionEvery = time.Second

// watchRevisions drops what is remembered when the command line, or another
// node, has written: at once if a node has said so, and else soon.
func (a *App) watchRevisions(ctx context.Context) error {
	tick := time.NewTicker(revisionEvery)
	defer tick.Stop()
	var seen store.Revisions
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-a.revised:
		}
		seen = a.notice(ctx, seen)
	}
}

// notice drops what is outdated if the revisions are no longer those seen
// before, and returns the present ones.
func (a *App) notice(ctx context.Context, seen store.Revisions) store.Revisions {
	r, err := a.Store.Revisions(ctx)
	if err != nil {
		a.Log.WarnContext(ctx, "the revisions were not read", "error", err)
		return seen
	}
	if r.Catalog != seen.Catalog {
		a.Catalog.Changed()
	}
	if r.Accounts != seen.Accounts {
		a.Accounts.Forget()
	}
	return r
}

// checkpointEvery is how often the database's log is copied.
const checkpointEvery = 2 * time.Second

func (a *App) copyLog(ctx context.Context) error {
	return a.every(ctx, checkpointEvery, func(ctx context.Context) {
		if err := a.Store.Checkpoint(ctx); err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "the database's log grows", "error", err)
		}
	})
}

// sweepUploads removes what processes that died left on this machine of what
// they received. (What they left elsewhere is a job's: see cleanMedia.)
func (a *App) sweepUploads(ctx context.Context) error {
	sweep := func(ctx context.Context) {
		removed, err := a.Stage.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			a.Log.WarnContext(ctx, "unfinished uploads stay", "error", err)
		}
		if removed > 0 {
			a.Log.InfoContext(ctx, "cleaned up", "unfinished_uploads", removed)
		}
	}
	sweep(ctx)
	return a.every(ctx, a.Config.CleanEvery, sweep)
}

func (a *App) every(ctx context.Context, interval time.Duration, do func(ctx context.Context)) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			do(ctx)
		}
	}
}
