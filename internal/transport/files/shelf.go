package files

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/media"
)

const (
	// validity is how long the answer of Names holds.
	validity = time.Second

	maxNames       = 1024 // names on the shelf
	maxIdle        = 128  // open blobs on the shelf that nobody reads
	maxIdlePerName = 16
)

// shelf remembers for a moment what names stand for, and keeps their blobs open,
// so that a player that fetches a song in many ranges costs neither queries nor
// opening and closing. A blob has an offset, so only one request reads it at a
// time; the others open it again.
type shelf struct {
	names    Names
	blobs    media.Blobs
	remote   media.Remote // blobs, if they are remote
	copies   Copies       // of these; nil for none
	revision func() uint64
	now      func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
	idle    int  // open blobs in all entries
	tidying bool // whether a tidy is due
}

// entry is what the shelf knows of a name.
type entry struct {
	name     string
	file     File
	header   http.Header // of an answer with the file
	revision uint64      // under which the name was looked up
	expires  time.Time
	idle     []opened
}

// opened is an open blob and its size in bytes.
type opened struct {
	blob media.Blob
	size int64
}

// taken is a file in use by one request.
type taken struct {
	File
	opened
	header http.Header
	entry  *entry
}

func newShelf(names Names, blobs media.Blobs, copies Copies, revision func() uint64, now func() time.Time) *shelf {
	remote, _ := blobs.(media.Remote)
	return &shelf{names: names, blobs: blobs, remote: remote, copies: copies, revision: revision, now: now, entries: map[string]*entry{}}
}

// take returns the file of that name, open and for the caller alone, who gives
// it back.
func (s *shelf) take(ctx context.Context, name string) (taken, error) {
	revision := s.revision() // before the lookup, so that no removal is missed
	t := s.find(name, revision)
	if t.entry == nil {
		file, err := s.names.BlobByName(ctx, name)
		if err != nil {
			return taken{}, fmt.Errorf("files: looking up a name: %w", err)
		}
		t = s.keep(name, file, revision)
	}
	if s.remote != nil {
		t.opened = opened{s.near(t.File), t.File.Size}
		return t, nil
	}
	if t.blob == nil {
		blob, info, err := s.blobs.Open(ctx, t.Key)
		if err != nil {
			return taken{}, fmt.Errorf("files: opening a blob: %w", err)
		}
		t.opened = opened{blob, info.Size}
	}
	return t, nil
}

// near returns a remote blob, or the copy of it.
func (s *shelf) near(f File) media.Blob {
	if s.copies != nil {
		if copied, ok := s.copies.Open(f.Key); ok {
			return copied
		}
		s.copies.Wanted(f.Key, f.Size)
	}
	return s.remote.At(f.Key, f.Size)
}

// find returns what is known of a name, with a blob if one is idle, and without
// an entry if nothing is known that still holds.
func (s *shelf) find(name string, revision uint64) taken {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[name]
	if e == nil || e.revision != revision || !now.Before(e.expires) {
		return taken{}
	}
	return s.lend(e)
}

// lend returns the file of an entry, with a blob if one is idle. The shelf is
// locked.
func (s *shelf) lend(e *entry) taken {
	t := taken{File: e.file, header: e.header, entry: e}
	if last := len(e.idle) - 1; last >= 0 {
		t.opened = e.idle[last]
		e.idle = e.idle[:last]
		s.idle--
	}
	return t
}

// keep remembers what a name stands for and lends it.
func (s *shelf) keep(name string, file File, revision uint64) taken {
	expires := s.now().Add(validity)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[name]
	if e != nil && e.file != file {
		s.drop(e)
		e = nil
	}
	if e == nil {
		header := describe(safeType(file.ContentType), string(file.Key), file.CreatedAt)
		e = &entry{name: name, file: file, header: header}
	}
	s.insert(e)
	e.revision, e.expires = revision, expires
	if !s.tidying {
		s.tidying = true
		time.AfterFunc(validity, s.tidy)
	}
	return s.lend(e)
}

// insert puts an entry on the shelf. The shelf is locked.
func (s *shelf) insert(e *entry) {
	if s.entries[e.name] == e {
		return
	}
	if len(s.entries) >= maxNames {
		for _, other := range s.entries {
			s.drop(other) // whichever: all are gone within a second
			break
		}
	}
	s.entries[e.name] = e
}

// give takes back what take has lent. A remote blob is not kept: to have it again
// costs nothing, and it might hold a connection.
func (s *shelf) give(t taken) {
	if s.remote != nil {
		t.blob.Close()
		return
	}
	s.mu.Lock()
	keep := s.entries[t.entry.name] == t.entry && s.idle < maxIdle && len(t.entry.idle) < maxIdlePerName
	if keep {
		t.entry.idle = append(t.entry.idle, t.opened)
		s.idle++
	}
	s.mu.Unlock()
	if !keep {
		t.blob.Close()
	}
}

// tidy drops the names that have expired, and comes again as long as there are
// others.
func (s *shelf) tidy() {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if !now.Before(e.expires) {
			s.drop(e)
		}
	}
	s.tidying = len(s.entries) > 0
	if s.tidying {
		time.AfterFunc(validity, s.tidy)
	}
}

// drop removes an entry and closes its idle blobs. The shelf is locked.
func (s *shelf) drop(e *entry) {
	delete(s.entries, e.name)
	for _, o := range e.idle {
		o.blob.Close()
	}
	s.idle -= len(e.idle)
	e.idle = nil
}
