package file

import (
	"context"
	"fmt"

	"github.com/antiphon-music/antiphon/internal/media"
)

// Collected is what a collection removed.
type Collected struct {
	Blobs int   // contents that no name stood for
	Bytes int64 // their size
}

// collectBatch is how many blobs are checked against the database at once.
const collectBatch = 500

// Collect removes the blobs that no name stands for, with all that was derived
// from them; before, the names that records of an import shared and none has. A blob is spared while it is younger than the grace period, so
// that none can be taken from under a request.
func (s *Service) Collect(ctx context.Context) (Collected, error) {
	var done Collected
	if err := s.c.Store.RemoveReleased(ctx, s.c.Now()); err != nil {
		return done, fmt.Errorf("collect names: %w", err)
	}
	cutoff := s.c.Now().Add(-s.c.Grace)
	var old []media.BlobInfo
	check := func() error {
		keys := make([]media.Key, len(old))
		for i, b := range old {
			keys[i] = b.Key
		}
		used, err := s.c.Store.ReferencedKeys(ctx, keys)
		if err != nil {
			return err
		}
		for _, b := range old {
			if used[b.Key] {
				continue
			}
			if err := s.c.Blobs.Delete(ctx, b.Key, cutoff); err != nil {
				return err
			}
			if err := s.c.Derived.Remove(b.Key); err != nil {
				return err
			}
			done.Blobs++
			done.Bytes += b.Size
		}
		old = old[:0]
		return nil
	}
	err := s.c.Blobs.List(ctx, func(b media.BlobInfo) error {
		if b.ModTime.After(cutoff) {
			return nil
		}
		if old = append(old, b); len(old) < collectBatch {
			return nil
		}
		return check()
	})
	if err == nil {
		err = check()
	}
	if err != nil {
		return done, fmt.Errorf("collect blobs: %w", err)
	}
	return done, nil
}
