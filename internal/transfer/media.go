package transfer

import (
	"context"
	"hash/maphash"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// MediaKind says what a file is that a record refers to.
type MediaKind uint8

// The kinds of files.
const (
	UserImage MediaKind = iota
	AlbumImage
	SongImage
	SongAudio
)

var mediaKindNames = [...]string{"user image", "album image", "song image", "song audio"}

// String returns the kind in lower-case words.
func (k MediaKind) String() string {
	if int(k) < len(mediaKindNames) {
		return mediaKindNames[k]
	}
	return "unknown"
}

// Media brings the files in that records refer to.
type Media interface {
	// Rewrite returns what a record refers to here in place of what it refers to
	// in its source, an address or a path: the name under /media/ of a file that
	// was brought in, or the address as it is if that is to stay. On an error the
	// record keeps the address, and the error's text is reported.
	//
	// It is asked by several goroutines at once, and takes as long as it has to;
	// but what it has answered once it answers again at once, also in a later run.
	Rewrite(ctx context.Context, url string, kind MediaKind) (string, error)
	// Known returns what Rewrite has answered, or would without bringing anything
	// in; "" if that is not known.
	Known(ctx context.Context, url string, kind MediaKind) (string, error)
}

// fetchesAtOnce is how many files are asked for at once unless Options says so.
const fetchesAtOnce = 8

// mediaPass is the files of one run.
type mediaPass struct {
	media  Media // nil keeps all addresses
	dry    bool  // nothing is brought in
	seed   maphash.Seed
	mu     sync.Mutex
	failed map[uint64]struct{} // the addresses that could not be brought in, by hash
}

// fetch asks for all files that the source refers to, several at once: what is
// slow happens before the transaction begins.
func (m *mediaPass) fetch(ctx context.Context, src Source, atOnce int, told func(Kind, Problem), done func(Kind)) error {
	if m.media == nil {
		return nil
	}
	if atOnce <= 0 {
		atOnce = fetchesAtOnce
	}
	for _, kind := range [...]Kind{Users, Albums, Songs} {
		g, fetching := errgroup.WithContext(ctx)
		g.SetLimit(atOnce)
		err := src.Each(fetching, kind, func(record any) error {
			for _, f := range filesOf(record) {
				place, url, of := f.place, *f.url, f.kind
				g.Go(func() error {
					_, err := m.media.Rewrite(fetching, url, of)
					if err != nil && fetching.Err() != nil {
						return fetching.Err()
					}
					if err != nil {
						m.fail(url)
						told(kind, Problem{Place: place, Rule: RuleMedia, What: of.String() + " " + url + ": " + err.Error()})
					}
					return nil
				})
			}
			done(kind)
			return fetching.Err()
		}, func(Problem) {}) // told when the records are loaded
		if waited := g.Wait(); err == nil {
			err = waited
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *mediaPass) fail(url string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed[maphash.String(m.seed, url)] = struct{}{}
}

// rewrite has a record refer to the files that were brought in.
func (m *mediaPass) rewrite(ctx context.Context, record any) error {
	if m.media == nil {
		return nil
	}
	for _, f := range filesOf(record) {
		if _, failed := m.failed[maphash.String(m.seed, *f.url)]; failed {
			continue
		}
		ask := m.media.Rewrite
		if m.dry {
			ask = m.media.Known
		}
		name, err := ask(ctx, *f.url, f.kind)
		switch {
		case m.dry && (name == "" || errs.Is(err, errs.Invalid)):
			continue
		case err != nil: // it was there a while ago
			return err
		}
		*f.url = name
	}
	return nil
}

// fileRef is a file that a record refers to.
type fileRef struct {
	place Place
	url   *string
	kind  MediaKind
}

func filesOf(record any) []fileRef {
	var refs []fileRef
	add := func(place Place, url *string, kind MediaKind) {
		if *url != "" {
			refs = append(refs, fileRef{place, url, kind})
		}
	}
	switch r := record.(type) {
	case *User:
		add(r.Place, &r.Image, UserImage)
	case *Album:
		add(r.Place, &r.Image, AlbumImage)
	case *Song:
		add(r.Place, &r.Image, SongImage)
		add(r.Place, &r.Audio, SongAudio)
	}
	return refs
}
