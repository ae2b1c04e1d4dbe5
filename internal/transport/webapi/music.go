package webapi

import (
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

func (w *web) songs(c *jsonapi.Call) (any, error) {
	var q catalog.SongQuery
	var err error
	if q.Words, err = c.Words("q"); err != nil {
		return nil, err
	}
	if q.Title, err = c.Text("title"); err != nil {
		return nil, err
	}
	if q.Artist, err = c.Text("artist"); err != nil {
		return nil, err
	}
	const anyAlbum, greatest = 0, 1<<63 - 1
	if q.AlbumID, err = c.Int("album", anyAlbum, 1, greatest); err != nil {
		return nil, err
	}
	sort, err := c.Choice("sort", "newest", "title", "artist")
	if err != nil {
		return nil, err
	}
	q.Order = map[string]catalog.Order{"newest": catalog.Newest, "title": catalog.ByTitle, "artist": catalog.ByArtist}[sort]
	if q.Limit, q.Offset, err = c.Page(); err != nil {
		return nil, err
	}
	found, total, err := w.c.Catalog.FindSongs(c.Context(), q)
	return page[song]{each(found, w.presenter().toSong), total}, err
}

func (w *web) song(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	s, err := w.c.Catalog.Song(c.Context(), id)
	return w.presenter().toSong(s), err
}

func (w *web) played(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	return nil, w.c.Listening.Record(c.Context(), c.Actor, id)
}

func (w *web) albums(c *jsonapi.Call) (any, error) {
	var q catalog.AlbumQuery
	var err error
	if q.Words, err = c.Words("q"); err != nil {
		return nil, err
	}
	if q.Artist, err = c.Text("artist"); err != nil {
		return nil, err
	}
	if q.Limit, q.Offset, err = c.Page(); err != nil {
		return nil, err
	}
	found, total, err := w.c.Catalog.FindAlbums(c.Context(), q)
	return page[album]{each(found, w.presenter().toAlbum), total}, err
}

func (w *web) album(c *jsonapi.Call) (any, error) {
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	a, err := w.c.Catalog.Album(c.Context(), id)
	if err != nil {
		return nil, err
	}
	songs, err := w.c.Catalog.AlbumSongs(c.Context(), id, catalog.ByPosition)
	p := w.presenter()
	return albumSongs{p.toAlbum(a), each(songs, p.toSong)}, err
}

func (w *web) artists(c *jsonapi.Call) (any, error) {
	var q catalog.ArtistQuery
	var err error
	if q.Words, err = c.Words("q"); err != nil {
		return nil, err
	}
	if q.Limit, q.Offset, err = c.Page(); err != nil {
		return nil, err
	}
	found, total, err := w.c.Catalog.Artists(c.Context(), q)
	return page[artist]{each(found, w.presenter().toArtist), total}, err
}

// artistWorks is what there is of an artist.
type artistWorks struct {
	Name      string  `json:"name" example:"Erik Satie"`
	Albums    []album `json:"albums"`
	Songs     []song  `json:"songs" doc:"at most 200 of them"`
	SongTotal int     `json:"songTotal" doc:"how many songs there are in all" example:"1"`
}

// How much of an artist is shown.
const (
	artistAlbums = 200
	artistSongs  = 200
)

func (w *web) artist(c *jsonapi.Call) (any, error) {
	name := c.Param("name")
	albums, albumTotal, err := w.c.Catalog.FindAlbums(c.Context(), catalog.AlbumQuery{Artist: name, Limit: artistAlbums})
	if err != nil {
		return nil, err
	}
	songs, songTotal, err := w.c.Catalog.FindSongs(c.Context(), catalog.SongQuery{Artist: name, Limit: artistSongs})
	if err != nil {
		return nil, err
	}
	if albumTotal+songTotal == 0 {
		return nil, &errs.Error{Kind: errs.NotFound}
	}
	p := w.presenter()
	return artistWorks{Name: name, Albums: each(albums, p.toAlbum), Songs: each(songs, p.toSong), SongTotal: songTotal}, nil
}
