package media

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// askAgain is when to try again on a full disk: somebody has to make room first.
const askAgain = time.Minute

// DiskError returns errs.Unavailable for an error of a disk that has no room, or
// of a quota that is used up, and any other error as it is.
func DiskError(err error) error {
	if err == nil || !isFull(err) {
		return err
	}
	return &errs.Error{Kind: errs.Unavailable, RetryAfter: askAgain, Err: err}
}
