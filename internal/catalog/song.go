package catalog

import (
	"context"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// NewSong is a song to be added. A Duration of 0 is replaced by the file's
// own, in whole seconds.
type NewSong struct {
	Title, Artist string
	Duration      float64 // seconds
	AlbumID       int64   // 0 for none; must exist
	AlbumOID      oid.ID  // instead of AlbumID; need not exist
	Image, Audio  file.Upload
}

// SongChange changes a song; a nil field stays as it is.
type SongChange struct {
	Title, Artist *string
	Duration      *float64
	AlbumID       *int64 // 0 takes it out of its album
	Image, Audio  *file.Upload
}

// Songs returns a page of songs, newest first, and how many there are in all.
func (s *Service) Songs(ctx context.Context, p Page) ([]Song, int, error) {
	stats, err := s.store.Stats(ctx)
	if err != nil {
		return nil, 0, err
	}
	songs, err := s.store.Songs(ctx, p)
	return songs, stats.Songs, err
}

// EachSong calls do for batches of the page's songs, newest first, without
// holding all in memory.
func (s *Service) EachSong(ctx context.Context, p Page, do func([]Song) error) error {
	return s.store.EachSong(ctx, p, do)
}

// Song returns one song. Errors: NotFound.
func (s *Service) Song(ctx context.Context, id int64) (Song, error) {
	return s.store.SongByID(ctx, id)
}

// SongByOID is Song by the id that the Node dialect uses.
func (s *Service) SongByOID(ctx context.Context, id oid.ID) (Song, error) {
	return s.store.SongByOID(ctx, id)
}

// SongByAudioContent returns a song whose audio file has this very content, the
// oldest of them: what is uploaded again. Errors: NotFound.
func (s *Service) SongByAudioContent(ctx context.Context, key media.Key) (Song, error) {
	return s.store.SongByAudio(ctx, key)
}

// CreateSong adds a song and returns it. Errors: Unauthenticated, Forbidden;
// Invalid with the fields title, artist, duration, album, image, audio.
func (s *Service) CreateSong(ctx context.Context, actor account.Actor, in NewSong) (Song, error) {
	if err := actor.Require(account.Editor); err != nil {
		return Song{}, err
	}
	wrong := append(checkText("title", in.Title), checkText("artist", in.Artist)...)
	wrong = append(wrong, checkNumber("duration", in.Duration)...)
	if err := errs.InvalidFields(wrong...); err != nil {
		return Song{}, err
	}
	image, err := s.files.AcceptImage(ctx, in.Image)
	if err != nil {
		return Song{}, err
	}
	audio, err := s.files.AcceptAudio(ctx, in.Audio)
	if err != nil {
		return Song{}, err
	}
	if in.Duration == 0 {
		in.Duration = math.Round(audio.Duration.Seconds())
	}
	now := s.now()
	id := s.ids.New()
	var song Song
	err = s.change(ctx, func(ctx context.Context) error {
		song = Song{
			OID: id, Title: in.Title, Artist: in.Artist, Duration: in.Duration,
			AlbumID: in.AlbumID, AlbumOID: in.AlbumOID, Created: now, Updated: now,
		}
		if err := s.joinAlbum(ctx, &song, now); err != nil {
			return err
		}
		var err error
		if song.Image, err = s.files.Name(ctx, image, file.SongImages); err != nil {
			return err
		}
		if song.Audio, err = s.files.Name(ctx, audio, file.SongAudio); err != nil {
			return err
		}
		if song, err = s.store.InsertSong(ctx, song); err != nil {
			return err
		}
		return s.audit.Record(ctx, songEntry(actor, nil, &song))
	})
	if err != nil {
		return Song{}, err
	}
	return song, nil
}

// joinAlbum fills in the album that the song names by either id, and moves the
// album's time.
func (s *Service) joinAlbum(ctx context.Context, song *Song, now time.Time) error {
	var album Album
	var err error
	switch {
	case song.AlbumID != 0:
		album, err = s.store.AlbumByID(ctx, song.AlbumID)
		if errs.Is(err, errs.NotFound) {
			return errs.InvalidFields(errs.Field{Name: "album", Code: errs.Unknown})
		}
	case song.AlbumOID != "":
		album, err = s.store.AlbumByOID(ctx, song.AlbumOID)
		if errs.Is(err, errs.NotFound) {
			return nil // kept as the client named it
		}
	default:
		song.AlbumTitle = ""
		return nil
	}
	if err != nil {
		return err
	}
	song.AlbumID, song.AlbumOID, song.AlbumTitle = album.ID, album.OID, album.Title
	return s.store.TouchAlbum(ctx, album.ID, now)
}

// UpdateSong changes a song and returns it as it is then. Errors:
// Unauthenticated, Forbidden, NotFound; Invalid as CreateSong.
func (s *Service) UpdateSong(ctx context.Context, actor account.Actor, id int64, in SongChange) (Song, error) {
	if err := actor.Require(account.Editor); err != nil {
		return Song{}, err
	}
	var wrong []errs.Field
	if in.Title != nil {
		wrong = append(wrong, checkText("title", *in.Title)...)
	}
	if in.Artist != nil {
		wrong = append(wrong, checkText("artist", *in.Artist)...)
	}
	if in.Duration != nil {
		wrong = append(wrong, checkNumber("duration", *in.Duration)...)
	}
	if err := errs.InvalidFields(wrong...); err != nil {
		return Song{}, err
	}
	image, audio, err := s.acceptChange(ctx, in)
	if err != nil {
		return Song{}, err
	}
	var song Song
	err = s.change(ctx, func(ctx context.Context) error {
		var err error
		if song, err = s.store.SongByID(ctx, id); err != nil {
			return err
		}
		before := song
		if err := s.applyChange(ctx, &song, in, image, audio); err != nil {
			return err
		}
		return s.audit.Record(ctx, songEntry(actor, &before, &song))
	})
	if err != nil {
		return Song{}, err
	}
	return song, nil
}

func (s *Service) acceptChange(ctx context.Context, in SongChange) (image, audio file.Accepted, err error) {
	if in.Image != nil {
		if image, err = s.files.AcceptImage(ctx, *in.Image); err != nil {
			return image, audio, err
		}
	}
	if in.Audio != nil {
		audio, err = s.files.AcceptAudio(ctx, *in.Audio)
	}
	return image, audio, err
}

func (s *Service) applyChange(ctx context.Context, song *Song, in SongChange, image, audio file.Accepted) error {
	now := s.now()
	song.Updated = now
	if in.Title != nil {
		song.Title = *in.Title
	}
	if in.Artist != nil {
		song.Artist = *in.Artist
	}
	if in.Duration != nil {
		song.Duration = *in.Duration
	}
	if in.Audio != nil && song.Duration == 0 {
		song.Duration = math.Round(audio.Duration.Seconds())
	}
	if in.AlbumID != nil && (*in.AlbumID == 0 || *in.AlbumID != song.AlbumID) {
		if song.AlbumID != 0 {
			if err := s.store.TouchAlbum(ctx, song.AlbumID, now); err != nil {
				return err
			}
		}
		song.AlbumID, song.AlbumOID = *in.AlbumID, ""
		if err := s.joinAlbum(ctx, song, now); err != nil {
			return err
		}
	}
	if in.Image != nil {
		if err := s.replaceFile(ctx, &song.Image, image, file.SongImages); err != nil {
			return err
		}
	}
	if in.Audio != nil {
		if err := s.replaceFile(ctx, &song.Audio, audio, file.SongAudio); err != nil {
			return err
		}
	}
	return s.store.UpdateSong(ctx, *song)
}

// replaceFile gives an accepted upload a name in place of the one at ref.
func (s *Service) replaceFile(ctx context.Context, ref *string, a file.Accepted, folder file.Folder) error {
	name, err := s.files.Name(ctx, a, folder)
	if err != nil {
		return err
	}
	if err := s.files.Release(ctx, *ref); err != nil {
		return err
	}
	*ref = name
	return nil
}

// DeleteSong removes a song and its files. Errors: Unauthenticated, Forbidden,
// NotFound.
func (s *Service) DeleteSong(ctx context.Context, actor account.Actor, id int64) error {
	if err := actor.Require(account.Editor); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error {
		song, err := s.store.SongByID(ctx, id)
		if err != nil {
			return err
		}
		if song.AlbumID != 0 {
			if err := s.store.TouchAlbum(ctx, song.AlbumID, s.now()); err != nil {
				return err
			}
		}
		if err := s.files.Release(ctx, song.Image, song.Audio); err != nil {
			return err
		}
		if err := s.audit.Record(ctx, songEntry(actor, &song, nil)); err != nil {
			return err
		}
		return s.store.DeleteSong(ctx, id)
	})
}

func checkText(field, text string) []errs.Field {
	switch {
	case text == "":
		return []errs.Field{{Name: field, Code: errs.Required}}
	case utf8.RuneCountInString(text) > MaxText:
		return []errs.Field{{Name: field, Code: errs.TooLong, Limit: MaxText}}
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return []errs.Field{{Name: field, Code: errs.Malformed}}
	}
	return nil
}

func checkNumber(field string, n float64) []errs.Field {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return []errs.Field{{Name: field, Code: errs.Malformed}}
	}
	return nil
}
