package remote

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	// maxTries is how often something is tried that the storage does not do; the
	// wait before the next try doubles.
	maxTries  = 3
	firstWait = 200 * time.Millisecond
)

// Retry does something again while the storage is unavailable, some times and
// with some patience, and returns the error of the last try.
func Retry(ctx context.Context, do func() error) error {
	wait := firstWait
	for try := 1; ; try++ {
		err := do()
		if err == nil || try == maxTries || !errs.Is(err, errs.Unavailable) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		wait *= 2
	}
}
