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
		{"run the jobs that have their times", a.Schedule.Run},
		{"give memory back", a.keepMemory},
	}
}

func (a *App) runMarks(ctx context.Context) error {
	return a.Store.RunMarks(ctx, func(err error) {
		a.Log.WarnContext(ctx, "deep pages stay slow", "error", err)
	})
}

// revisionEvery is how soon a change that another process made is noticed.
const revisionEvery = time.Second

// watchRevisions drops what is remembered when the command line, or another
// node, has written.
func (a *App) watchRevisions(ctx context.Context) error {
	var seen store.Revisions
	return a.every(ctx, revisionEvery, func(ctx context.Context) { seen = a.notice(ctx, seen) })
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
