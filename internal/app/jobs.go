package app

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/antiphon-music/antiphon/internal/schedule"
	"github.com/antiphon-music/antiphon/internal/transport/adminapi"
)

// checkpointEvery is how often the database's log is copied.
const checkpointEvery = 5 * time.Second

// jobs is the one list of what is done again and again, and what an admin can
// have done at once.
func (a *App) jobs() []schedule.Job {
	return []schedule.Job{
		{Name: "clean-media", Label: "Remove files that nothing refers to",
			Every: a.Config.CleanEvery, Soon: true, Run: a.cleanMedia},
		{Name: "expire-sessions", Label: "Remove sessions that have expired",
			Every: a.Config.CleanEvery, Soon: true, Run: a.expireSessions},
		{Name: "copy-log", Label: "Copy the database's log into the database",
			Every: checkpointEvery, Run: a.copyLog},
	}
}

func (a *App) cleanMedia(ctx context.Context) (string, error) {
	done, err := a.Files.Collect(ctx)
	if err != nil {
		a.Log.ErrorContext(ctx, "cleaning the media failed", "error", err)
	}
	if done.Blobs+done.Leftovers > 0 {
		a.Log.InfoContext(ctx, "cleaned up", "blobs", done.Blobs, "bytes", done.Bytes, "unfinished_uploads", done.Leftovers)
	}
	return fmt.Sprintf("%d files (%s) and %d unfinished uploads removed",
		done.Blobs, humanize.IBytes(uint64(done.Bytes)), done.Leftovers), err
}

func (a *App) expireSessions(ctx context.Context) (string, error) {
	sessions, err := a.Accounts.ExpireSessions(ctx)
	if err != nil {
		a.Log.ErrorContext(ctx, "removing expired sessions failed", "error", err)
	}
	if sessions > 0 {
		a.Log.InfoContext(ctx, "cleaned up", "expired_sessions", sessions)
	}
	return fmt.Sprintf("%d sessions removed", sessions), err
}

func (a *App) copyLog(ctx context.Context) (string, error) {
	err := a.Store.Checkpoint(ctx)
	if err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "the database's log grows", "error", err)
	}
	return "", err
}

// panelJobs are the jobs as the admin panel sees them.
type panelJobs struct{ *schedule.Schedule }

// List implements adminapi.Jobs.
func (p panelJobs) List(context.Context) ([]adminapi.Job, error) {
	var list []adminapi.Job
	for _, s := range p.Jobs() {
		j := adminapi.Job{
			Name: s.Name, Label: s.Label, Every: s.Every, Running: s.Running, Next: s.Next,
			LastStarted: s.Started, LastTook: s.Last.Took, LastResult: s.Last.Result,
		}
		if s.Last.Err != nil {
			j.LastError = s.Last.Err.Error()
		}
		list = append(list, j)
	}
	return list, nil
}

// Run implements adminapi.Jobs.
func (p panelJobs) Run(_ context.Context, name string) error { return p.RunNow(name) }
