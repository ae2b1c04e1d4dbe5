// Package catalog holds the music: songs, albums, and what to listen to next.
package catalog

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/event"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// MaxText is the greatest length of a title or an artist, in characters. The
// dialects may be stricter.
const MaxText = 10_000

// Song is one recording.
type Song struct {
	ID         int64
	OID        oid.ID
	Title      string
	Artist     string
	Image      string  // a name under /media/ or an absolute URL
	Audio      string  // likewise
	Duration   float64 // seconds
	AlbumID    int64   // 0 for none
	AlbumOID   oid.ID  // of the album; or, with AlbumID 0, of one that the client named and that does not exist
	AlbumTitle string  // of the album, "" for none
	Created    time.Time
	Updated    time.Time
}

// Album is a collection of songs by one artist.
type Album struct {
	ID          int64
	OID         oid.ID
	Title       string
	Artist      string
	Image       string
	ReleaseYear float64 // a whole number but for clients of the Node dialect
	SongCount   int
	Created     time.Time
	Updated     time.Time // also moves when a song is added or taken away
}

// Stats counts what there is.
type Stats struct{ Songs, Albums, Users, Artists int }

// Page selects part of a list; Limit 0 is all of it.
type Page struct{ Limit, Offset int }

// SongOrder is the order of an album's songs.
type SongOrder uint8

// The orders.
const (
	ByPosition  SongOrder = iota // in which they were added to the album
	NewestFirst                  // by creation
)

// Store is what the catalogue needs of a database. Every method may return an
// Internal error besides those it lists.
type Store interface {
	InTx(ctx context.Context, do func(ctx context.Context) error) error
	LockCatalog(ctx context.Context) error // the transaction in ctx is the only one to change the catalogue until it ends

	SongByID(ctx context.Context, id int64) (Song, error)              // NotFound
	SongByOID(ctx context.Context, id oid.ID) (Song, error)            // NotFound
	SongByAudio(ctx context.Context, key media.Key) (Song, error)      // NotFound; the oldest whose audio has this content
	Songs(ctx context.Context, p Page) ([]Song, error)                 // newest first
	EachSong(ctx context.Context, p Page, do func([]Song) error) error // newest first, in batches
	SongsByAlbum(ctx context.Context, albumID int64, o SongOrder) ([]Song, error)
	SongOIDsByAlbum(ctx context.Context, albumIDs []int64) (map[int64][]oid.ID, error) // by position
	SampleSongs(ctx context.Context, n int) ([]Song, error)                            // at random, distinct; fewer if there are fewer
	InsertSong(ctx context.Context, s Song) (Song, error)
	UpdateSong(ctx context.Context, s Song) error   // NotFound
	DeleteSong(ctx context.Context, id int64) error // NotFound

	AlbumByID(ctx context.Context, id int64) (Album, error)               // NotFound
	AlbumByOID(ctx context.Context, id oid.ID) (Album, error)             // NotFound
	Albums(ctx context.Context, p Page) ([]Album, error)                  // newest first
	AlbumByName(ctx context.Context, title, artist string) (Album, error) // NotFound; the oldest of these in any case
	EachAlbum(ctx context.Context, p Page, do func([]Album) error) error  // in order of creation, in batches
	InsertAlbum(ctx context.Context, a Album) (Album, error)
	UpdateAlbum(ctx context.Context, a Album) error // NotFound
	TouchAlbum(ctx context.Context, id int64, at time.Time) error
	DeleteAlbum(ctx context.Context, id int64) error                // NotFound; its songs go with it
	SongsByAlbumOID(ctx context.Context, id oid.ID) ([]Song, error) // those that name an album that does not exist
	DeleteSongsByAlbumOID(ctx context.Context, id oid.ID) error     // likewise

	// Find… return a page of what a query selects, and how much it selects in all.
	FindSongs(ctx context.Context, q SongQuery) ([]Song, int, error)
	FindAlbums(ctx context.Context, q AlbumQuery) ([]Album, int, error)    // newest first
	FindArtists(ctx context.Context, q ArtistQuery) ([]Artist, int, error) // by name

	Stats(ctx context.Context) (Stats, error)
}

// Config are the parts a Service is made of.
type Config struct {
	Store     Store
	Files     *file.Service
	Audit     *audit.Log
	Discovery Discovery
	IDs       *oid.Source
	Now       func() time.Time
}

// Service holds the rules about the catalogue. It is safe for concurrent use.
type Service struct {
	store     Store
	files     *file.Service
	audit     *audit.Log
	discovery Discovery
	ids       *oid.Source
	now       func() time.Time
	revision  atomic.Uint64

	// Written tells that this process may have changed the catalogue.
	Written event.Topic[struct{}]
}

// NewService returns a service over its parts.
func NewService(c Config) *Service {
	return &Service{store: c.Store, files: c.Files, audit: c.Audit, discovery: c.Discovery, ids: c.IDs, now: c.Now}
}

// Revision is a number that changes whenever songs, albums or the number of
// users may have changed: whatever was worked out under the same number still
// holds.
func (s *Service) Revision() uint64 { return s.revision.Load() }

// Changed starts a new revision. It is called after a commit, and when another
// process has written.
func (s *Service) Changed() { s.revision.Add(1) }

// change runs do in a transaction that no other change of the catalogue runs
// beside, and starts a new revision. PostgreSQL would let two of them read the
// same song, and the later one undo what the earlier one did.
//
// The revision starts after an error too: a connection that breaks may have
// committed.
func (s *Service) change(ctx context.Context, do func(ctx context.Context) error) error {
	err := s.store.InTx(ctx, func(ctx context.Context) error {
		if err := s.store.LockCatalog(ctx); err != nil {
			return err
		}
		return do(ctx)
	})
	s.Changed()
	s.Written.Publish(struct{}{})
	return err
}

// Stats counts what there is.
func (s *Service) Stats(ctx context.Context) (Stats, error) { return s.store.Stats(ctx) }
