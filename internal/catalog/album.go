package catalog

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// NewAlbum is an album to be added.
type NewAlbum struct {
	Title, Artist string
	ReleaseYear   float64
	Image         file.Upload
}

// AlbumChange changes an album; a nil field stays as it is.
type AlbumChange struct {
	Title, Artist *string
	ReleaseYear   *float64
	Image         *file.Upload
}

// Albums returns a page of albums, newest first, and how many there are in
// all.
func (s *Service) Albums(ctx context.Context, p Page) ([]Album, int, error) {
	stats, err := s.store.Stats(ctx)
	if err != nil {
		return nil, 0, err
	}
	albums, err := s.store.Albums(ctx, p)
	return albums, stats.Albums, err
}

// EachAlbum calls do for batches of albums with the ids of their songs, in
// order of creation, without holding all in memory.
func (s *Service) EachAlbum(ctx context.Context, p Page, do func([]Album, map[int64][]oid.ID) error) error {
	return s.store.EachAlbum(ctx, p, func(batch []Album) error {
		ids := make([]int64, len(batch))
		for i, a := range batch {
			ids[i] = a.ID
		}
		songs, err := s.store.SongOIDsByAlbum(ctx, ids)
		if err != nil {
			return err
		}
		return do(batch, songs)
	})
}

// Album returns one album. Errors: NotFound.
func (s *Service) Album(ctx context.Context, id int64) (Album, error) {
	return s.store.AlbumByID(ctx, id)
}

// AlbumByOID is Album by the id that the Node dialect uses.
func (s *Service) AlbumByOID(ctx context.Context, id oid.ID) (Album, error) {
	return s.store.AlbumByOID(ctx, id)
}

// AlbumNamed returns the album of an artist with a title, however either is
// capitalised; the oldest of them. It looks at every album. Errors: NotFound.
func (s *Service) AlbumNamed(ctx context.Context, title, artist string) (Album, error) {
	return s.store.AlbumByName(ctx, title, artist)
}

// AlbumSongs returns an album's songs in the order.
func (s *Service) AlbumSongs(ctx context.Context, albumID int64, o SongOrder) ([]Song, error) {
	return s.store.SongsByAlbum(ctx, albumID, o)
}

// CreateAlbum adds an album and returns it. Errors: Unauthenticated,
// Forbidden; Invalid with the fields title, artist, release_year, image.
func (s *Service) CreateAlbum(ctx context.Context, actor account.Actor, in NewAlbum) (Album, error) {
	if err := actor.Require(account.Editor); err != nil {
		return Album{}, err
	}
	wrong := append(checkText("title", in.Title), checkText("artist", in.Artist)...)
	wrong = append(wrong, checkNumber("release_year", in.ReleaseYear)...)
	if err := errs.InvalidFields(wrong...); err != nil {
		return Album{}, err
	}
	image, err := s.files.AcceptImage(ctx, in.Image)
	if err != nil {
		return Album{}, err
	}
	now := s.now()
	album := Album{
		OID: s.ids.New(), Title: in.Title, Artist: in.Artist, ReleaseYear: in.ReleaseYear,
		Created: now, Updated: now,
	}
	err = s.change(ctx, func(ctx context.Context) error {
		var err error
		if album.Image, err = s.files.Name(ctx, image, file.AlbumImages); err != nil {
			return err
		}
		if album, err = s.store.InsertAlbum(ctx, album); err != nil {
			return err
		}
		return s.audit.Record(ctx, albumEntry(actor, nil, &album))
	})
	if err != nil {
		return Album{}, err
	}
	return album, nil
}

// UpdateAlbum changes an album and returns it as it is then. Errors:
// Unauthenticated, Forbidden, NotFound; Invalid as CreateAlbum.
func (s *Service) UpdateAlbum(ctx context.Context, actor account.Actor, id int64, in AlbumChange) (Album, error) {
	if err := actor.Require(account.Editor); err != nil {
		return Album{}, err
	}
	var wrong []errs.Field
	if in.Title != nil {
		wrong = append(wrong, checkText("title", *in.Title)...)
	}
	if in.Artist != nil {
		wrong = append(wrong, checkText("artist", *in.Artist)...)
	}
	if in.ReleaseYear != nil {
		wrong = append(wrong, checkNumber("release_year", *in.ReleaseYear)...)
	}
	if err := errs.InvalidFields(wrong...); err != nil {
		return Album{}, err
	}
	var image file.Accepted
	if in.Image != nil {
		var err error
		if image, err = s.files.AcceptImage(ctx, *in.Image); err != nil {
			return Album{}, err
		}
	}
	var album Album
	err := s.change(ctx, func(ctx context.Context) error {
		var err error
		if album, err = s.store.AlbumByID(ctx, id); err != nil {
			return err
		}
		before := album
		album.Updated = s.now()
		if in.Title != nil {
			album.Title = *in.Title
		}
		if in.Artist != nil {
			album.Artist = *in.Artist
		}
		if in.ReleaseYear != nil {
			album.ReleaseYear = *in.ReleaseYear
		}
		if in.Image != nil {
			if err := s.replaceFile(ctx, &album.Image, image, file.AlbumImages); err != nil {
				return err
			}
		}
		if err := s.store.UpdateAlbum(ctx, album); err != nil {
			return err
		}
		return s.audit.Record(ctx, albumEntry(actor, &before, &album))
	})
	if err != nil {
		return Album{}, err
	}
	return album, nil
}

// DeleteAlbum removes an album with its songs and all their files. Errors:
// Unauthenticated, Forbidden, NotFound.
func (s *Service) DeleteAlbum(ctx context.Context, actor account.Actor, id int64) error {
	if err := actor.Require(account.Editor); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		album, err := s.store.AlbumByID(ctx, id)
		if err != nil {
			return err
		}
		songs, err := s.store.SongsByAlbum(ctx, id, ByPosition)
		if err != nil {
			return err
		}
		if err := s.files.Release(ctx, album.Image); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, albumEntry(actor, &album, nil)); err != nil {
			return err
		}
		if err := s.letGo(ctx, actor, songs); err != nil {
			return err
		}
		return s.store.DeleteAlbum(ctx, id)
	})
}

// letGo releases the files of songs that are about to be deleted together, and
// records that they are.
func (s *Service) letGo(ctx context.Context, actor account.Actor, songs []Song) error {
	var names []string
	var entries []audit.Entry
	for _, song := range songs {
		names = append(names, song.Image, song.Audio)
		entries = append(entries, songEntry(actor, &song, nil))
	}
	if err := s.files.Release(ctx, names...); err != nil {
		return err
	}
	return s.audit.Record(ctx, entries...)
}

// DeleteAlbumByOID is DeleteAlbum by the id that the Node dialect uses. An
// album that does not exist is no error, and takes the songs that name it
// with it, as in the reference. Errors: Unauthenticated, Forbidden.
func (s *Service) DeleteAlbumByOID(ctx context.Context, actor account.Actor, id oid.ID) error {
	if err := actor.Require(account.Editor); err != nil {
		return err
	}
	album, err := s.store.AlbumByOID(ctx, id)
	if err == nil {
		err = s.DeleteAlbum(ctx, actor, album.ID)
	}
	if !errs.Is(err, errs.NotFound) {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		songs, err := s.store.SongsByAlbumOID(ctx, id)
		if err != nil {
			return err
		}
		if err := s.letGo(ctx, actor, songs); err != nil {
			return err
		}
		return s.store.DeleteSongsByAlbumOID(ctx, id)
	})
}
