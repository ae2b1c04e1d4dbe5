// Package copies keeps on local disk what is fetched again and again from a
// storage far away.
//
// The directory looks like this, and can be thrown away at any time:
//
//	ab/abcd…   the blob of key abcd…
package copies

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/media"
)

const (
	// worth is how often a blob is asked for until it is copied: what a player
	// reads of a song that plays is several parts.
	worth = 2

	// share is the part of the limit that one copy may take: a long recording must
	// not push out all that people hear.
	share = 8

	// together is how many copies are made at a time, so that listeners have most
	// of the line.
	together = 2

	// maxAsked is of how many blobs it is remembered how often they were asked for.
	maxAsked = 4096
)

// Config is what a Cache is made of.
type Config struct {
	Dir    string // of its own
	Limit  int64  // of all copies, in bytes
	Remote media.Remote
	Stage  *media.Stage // on the same file system as Dir
	Log    *slog.Logger
}

// Cache keeps copies. Those that were not used for the longest time make room for
// new ones. It is safe for concurrent use, but its directory is for one process.
type Cache struct {
	c      Config
	ctx    context.Context // ends with the cache
	stop   context.CancelFunc
	making sync.WaitGroup
	slots  chan struct{}

	mu    sync.Mutex
	byKey map[media.Key]*list.Element
	used  *list.List // of *entry; the last used are first
	total int64
	asked map[media.Key]int // of those without a copy
}

type entry struct {
	key  media.Key
	size int64
}

// New returns a cache with the copies that are in its directory, which it creates
// if needed. The caller closes it.
func New(c Config) (*Cache, error) {
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("copies: making the directory: %w", err)
	}
	cache := &Cache{
		c: c, slots: make(chan struct{}, together),
		byKey: map[media.Key]*list.Element{}, used: list.New(), asked: map[media.Key]int{},
	}
	cache.ctx, cache.stop = context.WithCancel(context.Background())
	if err := cache.load(); err != nil {
		return nil, fmt.Errorf("copies: reading the directory: %w", err)
	}
	return cache, nil
}

// load finds the copies of a former run, the oldest first.
func (c *Cache) load() error {
	type found struct {
		entry
		at time.Time
	}
	var all []found
	err := filepath.WalkDir(c.c.Dir, func(_ string, d fs.DirEntry, err error) error {
		k := media.Key(d.Name())
		if err != nil || !d.Type().IsRegular() || !k.Valid() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all = append(all, found{entry{k, info.Size()}, info.ModTime()})
		}
		return err
	})
	slices.SortFunc(all, func(a, b found) int { return a.at.Compare(b.at) })
	for _, f := range all {
		c.add(f.key, f.size)
	}
	return err
}

// Close ends what is under way.
func (c *Cache) Close() {
	c.mu.Lock()
	c.stop()
	c.mu.Unlock()
	c.making.Wait()
}

// Open returns the copy of a blob, if there is one. The caller closes it.
func (c *Cache) Open(k media.Key) (copied *os.File, ok bool) {
	c.mu.Lock()
	e := c.byKey[k]
	if e != nil {
		c.used.MoveToFront(e)
	}
	c.mu.Unlock()
	if e == nil {
		return nil, false
	}
	f, err := os.Open(c.path(k))
	if err != nil { // somebody has thrown it away
		c.mu.Lock()
		defer c.mu.Unlock()
		c.remove(k)
		return nil, false
	}
	return f, true
}

// Wanted says that somebody has asked for a blob of so many bytes of which there
// is no copy. If that happens again, one is made in the background.
func (c *Cache) Wanted(k media.Key, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if size > c.c.Limit/share || c.byKey[k] != nil || c.asked[k] >= worth || c.ctx.Err() != nil {
		return
	}
	if len(c.asked) >= maxAsked {
		clear(c.asked) // they are soon asked for again
	}
	if c.asked[k]+1 < worth {
		c.asked[k]++
		return
	}
	select {
	case c.slots <- struct{}{}:
		c.asked[k] = worth
		c.making.Go(func() { c.make(k, size) })
	default: // the next time
	}
}

// make makes a copy.
func (c *Cache) make(k media.Key, size int64) {
	err := c.fetch(k, size)
	<-c.slots
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.asked, k)
	switch {
	case err == nil:
		c.add(k, size)
	case !errors.Is(err, context.Canceled):
		c.c.Log.Warn("a file was not copied from the storage", "blob", k, "error", err)
	}
}

func (c *Cache) fetch(k media.Key, size int64) error {
	blob := c.c.Remote.At(k, size)
	defer blob.Close()
	if err := blob.Begin(c.ctx, 0, size); err != nil {
		return err
	}
	staged, err := c.c.Stage.Receive(c.ctx, blob, size)
	if err != nil {
		return err
	}
	defer staged.Discard()
	if staged.Key != k {
		return fmt.Errorf("the storage sends %s in its place", staged.Key)
	}
	if err := os.MkdirAll(filepath.Dir(c.path(k)), 0o750); err != nil {
		return err
	}
	return staged.MoveTo(c.path(k))
}

// add notes a copy and removes what is too much. The cache is locked, or nobody
// has it yet.
func (c *Cache) add(k media.Key, size int64) {
	c.byKey[k] = c.used.PushFront(&entry{k, size})
	c.total += size
	for c.total > c.c.Limit {
		last := c.used.Back().Value.(*entry).key
		c.remove(last)
		if err := os.Remove(c.path(last)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			c.c.Log.Warn("a copy was not removed", "blob", last, "error", err)
		}
	}
}

// remove forgets a copy. The cache is locked.
func (c *Cache) remove(k media.Key) {
	if e := c.byKey[k]; e != nil {
		c.total -= c.used.Remove(e).(*entry).size
		delete(c.byKey, k)
	}
}

func (c *Cache) path(k media.Key) string { return filepath.Join(c.c.Dir, string(k[:2]), string(k)) }
