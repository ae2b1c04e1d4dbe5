package account

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// A Held is a token or a session, and who holds it.
type Held[T Token | Session] struct {
	Hash       string // of its key
	Credential T
	User       User
}

// mostLookups is how many credentials are read at once: enough that few wait long
// while the database is away.
const mostLookups = 1024

const (
	lookupTime  = 10 * time.Second // for one reading
	lookupPause = time.Second      // without anybody asking, after which the goroutine that reads ends
)

// lookups reads credentials by the hashes of their keys, in a goroutine that
// stays for as long as somebody asks: the database makes a stack grow, of which
// each of ten thousand connections would else have one. Those that are asked for
// meanwhile are read together.
type lookups struct {
	read func(ctx context.Context, hashes []string) (map[string]*credential, error)
	more chan struct{} // there may be one more

	mu      sync.Mutex
	waiting []*lookup
	reading bool // there is the goroutine
}

// A lookup is one that somebody waits for.
type lookup struct {
	hash  string
	found *credential
	err   error
	done  chan struct{}
}

func newLookups(read func(ctx context.Context, hashes []string) (map[string]*credential, error)) *lookups {
	return &lookups{read: read, more: make(chan struct{}, 1)}
}

// find returns the credential of a hash. Errors: Unauthenticated if there is
// none.
func (l *lookups) find(ctx context.Context, hash string) (*credential, error) {
	wanted := &lookup{hash: hash, done: make(chan struct{})}
	l.mu.Lock()
	l.waiting = append(l.waiting, wanted)
	begin := !l.reading
	l.reading = true
	l.mu.Unlock()
	if begin {
		go l.readAll()
	} else {
		select {
		case l.more <- struct{}{}:
		default:
		}
	}
	select {
	case <-wanted.done:
		return wanted.found, wanted.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// readAll reads what waits until there has been nothing for a while. Nobody in
// particular waits for it, so nobody's leaving stops it.
func (l *lookups) readAll() {
	pause := time.NewTimer(lookupPause)
	defer pause.Stop()
	for {
		for batch := l.batch(); len(batch) > 0; batch = l.batch() {
			l.answer(batch)
		}
		pause.Reset(lookupPause)
		select {
		case <-l.more:
		case <-pause.C:
			if l.end() {
				return
			}
		}
	}
}

// answer reads credentials and tells who waits for them.
func (l *lookups) answer(batch []*lookup) {
	hashes := make([]string, len(batch))
	for i, wanted := range batch {
		hashes[i] = wanted.hash
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupTime)
	defer cancel()
	found, err := l.read(ctx, hashes)
	for _, wanted := range batch {
		c, ok := found[wanted.hash]
		switch {
		case err != nil:
			wanted.err = err
		case !ok:
			wanted.err = errs.New(errs.Unauthenticated, ReasonUnknown)
		default:
			wanted.found = c
		}
		close(wanted.done)
	}
}

// batch takes out what is to be read next. Whoever can run does so first, and
// may ask too: a reading of one takes as long as that of five.
func (l *lookups) batch() []*lookup {
	runtime.Gosched()
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(len(l.waiting), mostLookups)
	batch := l.waiting[:n:n]
	if l.waiting = l.waiting[n:]; len(l.waiting) == 0 {
		l.waiting = nil
	}
	return batch
}

// end reports whether nothing waits; the goroutine is gone then.
func (l *lookups) end() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reading = len(l.waiting) > 0
	return !l.reading
}
