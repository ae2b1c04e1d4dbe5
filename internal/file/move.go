package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/media"
)

// Content is what one name in use or more stand for.
type Content struct {
	Key  media.Key
	Size int64 // bytes
}

// Outcome is what became of a content.
type Outcome uint8

// The outcomes.
const (
	Whole   Outcome = iota // it is what it should be
	Copied                 // it is now in the other storage, too
	Present                // it was there before, in its right size
	Missing                // a name stands for it, and it is not stored
	Damaged                // what is stored is something else
)

// Tally counts outcomes.
type Tally [Damaged + 1]struct {
	Contents int
	Bytes    int64
}

// Lost is how many contents are missing or damaged.
func (t *Tally) Lost() int { return t[Missing].Contents + t[Damaged].Contents }

const (
	// parallelContents are read or copied at a time: over a network, most of the
	// time is waiting.
	parallelContents = 4

	// contentBatch is how many contents are asked of the database at once.
	contentBatch = 500
)

// Move copies into another storage every content that a name in use stands for,
// unless it is there, and reads each copy back. The server may run meanwhile;
// what is uploaded in the course of it may be left out. It can be repeated, and
// goes on where it was.
//
// Each outcome is told, one at a time, in no particular order. Contents that are
// lost do not end it; it fails if a storage does not do its work.
func (s *Service) Move(ctx context.Context, to media.Blobs, tell func(Content, Outcome)) (Tally, error) {
	return s.eachContent(ctx, tell, func(ctx context.Context, c Content) (Outcome, error) {
		return s.copyContent(ctx, to, c)
	})
}

// Check reads every content that a name in use stands for, and compares it with
// its key. It tells as Move does.
func (s *Service) Check(ctx context.Context, tell func(Content, Outcome)) (Tally, error) {
	return s.eachContent(ctx, tell, func(ctx context.Context, c Content) (Outcome, error) {
		return inspect(ctx, s.c.Blobs, c)
	})
}

// eachContent does something with every content, several at a time.
func (s *Service) eachContent(
	ctx context.Context, tell func(Content, Outcome), do func(context.Context, Content) (Outcome, error),
) (Tally, error) {
	var tally Tally
	var mu sync.Mutex
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(parallelContents)
	var last media.Key
	for working.Err() == nil {
		batch, err := s.c.Store.Contents(ctx, last, contentBatch)
		if err != nil {
			return tally, errors.Join(err, group.Wait())
		}
		if len(batch) == 0 {
			break
		}
		last = batch[len(batch)-1].Key
		for _, c := range batch {
			group.Go(func() error {
				outcome, err := do(working, c)
				if err != nil {
					return fmt.Errorf("content %s: %w", c.Key, err)
				}
				mu.Lock()
				defer mu.Unlock()
				tally[outcome].Contents++
				tally[outcome].Bytes += c.Size
				tell(c, outcome)
				return nil
			})
		}
	}
	if err := group.Wait(); err != nil {
		return tally, err
	}
	return tally, ctx.Err()
}

// copyContent copies a content unless it is there.
func (s *Service) copyContent(ctx context.Context, to media.Blobs, c Content) (Outcome, error) {
	present, info, err := to.Open(ctx, c.Key)
	if err == nil {
		present.Close()
	}
	if err == nil && info.Size == c.Size {
		return Present, nil
	}
	if err != nil && !errs.Is(err, errs.NotFound) {
		return 0, err
	}
	source, _, err := s.c.Blobs.Open(ctx, c.Key)
	if errs.Is(err, errs.NotFound) {
		return Missing, nil
	}
	if err != nil {
		return 0, err
	}
	defer source.Close()
	staged, err := s.c.Stage.Receive(ctx, source, c.Size)
	if errs.Is(err, errs.TooLarge) {
		return Damaged, nil
	}
	if err != nil {
		return 0, err
	}
	defer staged.Discard()
	if staged.Key != c.Key {
		return Damaged, nil
	}
	if err := to.Put(ctx, staged); err != nil {
		return 0, err
	}
	outcome, err := inspect(ctx, to, c)
	if err == nil && outcome != Whole {
		err = errors.New("its copy is not what was put")
	}
	return Copied, err
}

// inspect reads a content and compares it with its key.
func inspect(ctx context.Context, blobs media.Blobs, c Content) (Outcome, error) {
	blob, info, err := blobs.Open(ctx, c.Key)
	if errs.Is(err, errs.NotFound) {
		return Missing, nil
	}
	if err != nil {
		return 0, err
	}
	defer blob.Close()
	if info.Size != c.Size {
		return Damaged, nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, blob); err != nil {
		return 0, err
	}
	if hex.EncodeToString(hash.Sum(nil)) != string(c.Key) {
		return Damaged, nil
	}
	return Whole, nil
}
