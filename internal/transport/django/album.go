package django

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/catalog"
)

// albumSize is about how many bytes an album takes in an answer.
const albumSize = 320

func (d *Dialect) albums(c *call) (reply, error) {
	return d.remembered(c, func() ([]byte, error) {
		albums, p, err := list(c.query, func(limit, offset int) ([]catalog.Album, int, error) {
			return d.catalog.Albums(c.ctx(), catalog.Page{Limit: limit, Offset: offset})
		})
		if err != nil {
			return nil, err
		}
		b := c.appendHead(make([]byte, 0, 256+albumSize*len(albums)), p)
		return append(appendAll(b, albums, c.appendAlbum), ']', '}'), nil
	})
}

func (d *Dialect) album(c *call) (reply, error) {
	return d.remembered(c, func() ([]byte, error) {
		album, err := d.catalog.Album(c.ctx(), c.id)
		if err != nil {
			return nil, err
		}
		songs, err := d.catalog.AlbumSongs(c.ctx(), c.id, catalog.NewestFirst)
		if err != nil {
			return nil, err
		}
		b := c.appendAlbumHead(make([]byte, 0, albumSize+songSize*len(songs)), album)
		b = appendAll(append(b, `,"songs":[`...), songs, c.appendSong)
		return appendTimes(append(b, ']'), album.Created, album.Updated), nil
	})
}

// albumExists returns nil or a NotFound error.
func (d *Dialect) albumExists(c *call) error {
	_, err := d.catalog.Album(c.ctx(), c.id)
	return err
}

func (d *Dialect) createAlbum(c *call) (reply, error) {
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	a, err := d.readAlbum(c, in, false)
	if err != nil {
		return reply{}, err
	}
	album, err := d.catalog.CreateAlbum(c.ctx(), c.actor(), catalog.NewAlbum{
		Title: *a.Title, Artist: *a.Artist, ReleaseYear: *a.ReleaseYear, Image: *a.Image,
	})
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: c.appendAlbum(nil, album)}, nil
}

func (d *Dialect) updateAlbum(c *call) (reply, error) {
	if err := d.albumExists(c); err != nil {
		return reply{}, err
	}
	in, err := d.read(c)
	if err != nil {
		return reply{}, err
	}
	defer in.close()
	change, err := d.readAlbum(c, in, c.method == http.MethodPatch)
	if err != nil {
		return reply{}, err
	}
	album, err := d.catalog.UpdateAlbum(c.ctx(), c.actor(), c.id, change)
	if err != nil {
		return reply{}, err
	}
	return ok(c.appendAlbum(nil, album)), nil
}

func (d *Dialect) deleteAlbum(c *call) (reply, error) {
	return reply{status: http.StatusNoContent}, d.catalog.DeleteAlbum(c.ctx(), c.actor(), c.id)
}

// readAlbum reads an album's fields: all that are required if partial is
// false.
func (d *Dialect) readAlbum(c *call, in input, partial bool) (a catalog.AlbumChange, err error) {
	f := form{in: in, partial: partial}
	a.Title = f.text("title", field{max: maxTitle})
	a.Artist = f.text("artist", field{max: maxTitle})
	if a.Image, _, err = f.image(c.ctx(), "image_url", field{}, d.files.CheckImage); err != nil {
		return a, err
	}
	a.ReleaseYear = f.integer("release_year")
	return a, f.err()
}

func (c *call) appendAlbum(b []byte, a catalog.Album) []byte {
	b = c.appendAlbumHead(b, a)
	b = appendInt(b, `,"songs_count":`, int64(a.SongCount))
	return appendTimes(b, a.Created, a.Updated)
}

// appendAlbumHead appends the members of an album that come first wherever it
// is shown.
func (c *call) appendAlbumHead(b []byte, a catalog.Album) []byte {
	b = appendInt(b, `{"id":`, a.ID)
	b = appendText(b, `,"title":`, a.Title)
	b = appendText(b, `,"artist":`, a.Artist)
	b = appendFile(b, `,"image_url":`, c.media, a.Image)
	return appendWhole(b, `,"release_year":`, a.ReleaseYear)
}
