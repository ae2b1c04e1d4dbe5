package file

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/media"
)

// Collected is what a collection removed.
type Collected struct {
	Blobs int   // contents that no name stood for
	Bytes int64 // their size
}

// holdFor is how long contents are held at a time.
const holdFor = 10 * time.Minute

// Hold keeps all contents of this moment for as long as do runs, and up to ten
// minutes longer: whoever reads a list of them finds each.
func (s *Service) Hold(ctx context.Context, do func(ctx context.Context) error) error {
	hold := func() error { return s.c.Store.HoldContents(ctx, s.c.Now().Add(holdFor)) }
	if err := hold(); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	done := make(chan struct{})
	g.Go(func() error {
		defer close(done)
		return do(ctx)
	})
	g.Go(func() error {
		again := time.NewTicker(holdFor / 4)
		defer again.Stop()
		for {
			select {
			case <-done:
				return nil
			case <-ctx.Done():
				return nil
			case <-again.C:
				if err := hold(); err != nil {
					return err
				}
			}
		}
	})
	return g.Wait()
}

// collectBatch is how many blobs are checked against the database at once.
const collectBatch = 500

// Collect removes the blobs that no name stands for, with all that was derived
// from them; before, the names that records of an import shared and none has. A
// blob is spared while it is younger than the grace period, so that none can be
// taken from under a request. While contents are held it removes nothing.
func (s *Service) Collect(ctx context.Context) (Collected, error) {
	var done Collected
	if err := s.c.Store.RemoveReleased(ctx, s.c.Now()); err != nil {
		return done, fmt.Errorf("collect names: %w", err)
	}
	cutoff := s.c.Now().Add(-s.c.Grace)
	var old []media.BlobInfo
	check := func() error {
		if held, err := s.c.Store.ContentsHeld(ctx, s.c.Now()); err != nil || held {
			old = old[:0]
			return err
		}
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
