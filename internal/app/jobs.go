package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// The kinds of jobs that are added.
const deriveMedia = "derive-media"

// cleanTimeout is for storages of many files far away.
const cleanTimeout = 6 * time.Hour

// kinds is the one list of what is done by one node of all, whichever it is.
// What each does for itself is in background.
func (a *App) kinds() []jobs.Kind {
	return []jobs.Kind{
		{Name: "clean-media", Label: "Remove files that nothing refers to",
			Every: a.Config.CleanEvery, Soon: true, Timeout: cleanTimeout, Run: a.cleanMedia},
		{Name: "expire-sessions", Label: "Remove sessions and links that have expired",
			Every: a.Config.CleanEvery, Soon: true, Run: a.expireSessions},
		{Name: deriveMedia, Label: "Make smaller versions of an image", AtOnce: 1, Run: a.deriveMedia},
		{Name: sendMail, Label: "Send a mail", AtOnce: mailsAtOnce, Attempts: mailAttempts, Timeout: mailTimeout, Run: a.sendMail},
	}
}

func (a *App) cleanMedia(ctx context.Context, _ []byte) (string, error) {
	done, err := a.Files.Collect(ctx)
	if done.Blobs > 0 {
		a.Log.InfoContext(ctx, "cleaned up", "blobs", done.Blobs, "bytes", done.Bytes)
	}
	return fmt.Sprintf("%d files (%s) removed", done.Blobs, humanize.IBytes(uint64(done.Bytes))), err
}

func (a *App) expireSessions(ctx context.Context, _ []byte) (string, error) {
	sessions, err := a.Accounts.ExpireSessions(ctx)
	if err != nil {
		return "", err
	}
	links, err := a.Accounts.ExpireLinks(ctx)
	if sessions+links > 0 {
		a.Log.InfoContext(ctx, "cleaned up", "expired_sessions", sessions, "expired_links", links)
	}
	return fmt.Sprintf("%d sessions and %d links removed", sessions, links), err
}

// deriveLater has the smaller versions of a new image made, if what names it is
// committed.
func (a *App) deriveLater(ctx context.Context, f file.File) error {
	if !strings.HasPrefix(f.ContentType, "image/") {
		return nil
	}
	return a.Jobs.Add(ctx, jobs.Task{Kind: deriveMedia, Payload: []byte(f.Key), Unique: string(f.Key)})
}

// derivedSizes are those that lists and players show. Others are made when they
// are asked for, and all of them on a node that did not do this job.
var derivedSizes = [...]int{160, 300, 640}

// deriveMedia makes the smaller versions of the image whose key is the payload.
func (a *App) deriveMedia(ctx context.Context, payload []byte) (string, error) {
	for _, size := range derivedSizes {
		m, err := a.Sizes.Open(ctx, media.Key(payload), size)
		switch {
		case errs.Is(err, errs.NotFound):
			return "gone", nil
		case errs.Is(err, errs.Invalid):
			return "nothing to be made smaller", nil
		case err != nil:
			return "", err
		}
		if err := m.Close(); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d sizes", len(derivedSizes)), nil
}
