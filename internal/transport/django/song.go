package django

import (
	"context"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/catalog"
)

// songSize is about how many bytes a song takes in an answer.
const songSize = 420

func (d *Dialect) songs(c *call) (reply, error) {
	return d.remembered(c, func() ([]byte, error) {
		songs, p, err := list(c.query, func(limit, offset int) ([]catalog.Song, int, error) {
			return d.catalog.Songs(c.ctx(), catalog.Page{Limit: limit, Offset: offset})
		})
		if err != nil {
			return nil, err
		}
		b := c.appendHead(make([]byte, 0, 256+songSize*len(songs)), p)
		return append(appendAll(b, songs, c.appendSong), ']', '}'), nil
	})
}

func (d *Dialect) song(c *call) (reply, error) {
	song, err := d.catalog.Song(c.ctx(), c.id)
	if err != nil {
		return reply{}, err
	}
	return ok(c.appendSong(nil, song)), nil
}

// songExists returns nil or a NotFound error.
func (d *Dialect) songExists(c *call) error {
	_, err := d.catalog.Song(c.ctx(), c.id)
	return err
}

func (d *Dialect) createSong(c *call) (reply, error) {
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	s, err := d.readSong(c, in, false)
	if err != nil {
		return reply{}, err
	}
	create := catalog.NewSong{
		Title: *s.Title, Artist: *s.Artist, Duration: *s.Duration, Image: *s.Image, Audio: *s.Audio,
	}
	if s.AlbumID != nil {
		create.AlbumID = *s.AlbumID
	}
	song, err := d.catalog.CreateSong(c.ctx(), c.actor(), create)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: c.appendSong(nil, song)}, nil
}

func (d *Dialect) updateSong(c *call) (reply, error) {
	if err := d.songExists(c); err != nil {
		return reply{}, err
	}
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	change, err := d.readSong(c, in, c.method == http.MethodPatch)
	if err != nil {
		return reply{}, err
	}
	song, err := d.catalog.UpdateSong(c.ctx(), c.actor(), c.id, change)
	if err != nil {
		return reply{}, err
	}
	return ok(c.appendSong(nil, song)), nil
}

func (d *Dialect) deleteSong(c *call) (reply, error) {
	return reply{status: http.StatusNoContent}, d.catalog.DeleteSong(c.ctx(), c.actor(), c.id)
}

// maxTitle is the greatest length of a title or an artist, in characters.
const maxTitle = 255

// readSong reads a song's fields: all that are required if partial is false.
func (d *Dialect) readSong(c *call, in input, partial bool) (s catalog.SongChange, err error) {
	f := form{in: in, partial: partial}
	s.Title = f.text("title", field{max: maxTitle})
	s.Artist = f.text("artist", field{max: maxTitle})
	if s.Image, _, err = f.image(c.ctx(), "image_url", field{}, d.files.CheckImage); err != nil {
		return s, err
	}
	if s.Audio, err = f.audio(c.ctx(), "audio_url", field{}, d.files.CheckAudio); err != nil {
		return s, err
	}
	s.Duration = f.integer("duration")
	s.AlbumID, err = f.related(c.ctx(), "album", field{optional: true, nullable: true}, func(ctx context.Context, id int64) error {
		_, err := d.catalog.Album(ctx, id)
		return err
	})
	if err != nil {
		return s, err
	}
	return s, f.err()
}

// appendSong appends a song. One without an album has no album_title.
func (c *call) appendSong(b []byte, s catalog.Song) []byte {
	b = appendInt(b, `{"id":`, s.ID)
	b = appendText(b, `,"title":`, s.Title)
	b = appendText(b, `,"artist":`, s.Artist)
	b = appendFile(b, `,"image_url":`, c.media, s.Image)
	b = appendFile(b, `,"audio_url":`, c.media, s.Audio)
	b = appendWhole(b, `,"duration":`, s.Duration)
	if s.AlbumID == 0 {
		b = append(b, `,"album":null`...)
	} else {
		b = appendInt(b, `,"album":`, s.AlbumID)
		b = appendText(b, `,"album_title":`, s.AlbumTitle)
	}
	return appendTimes(b, s.Created, s.Updated)
}
