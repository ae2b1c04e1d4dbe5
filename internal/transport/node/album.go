package node

import (
	"context"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

const albumModel = "Album"

func (d *Dialect) albums(q *request) (answer, error) {
	p := pageOf(q.Request)
	fill := func(l *list) error { return d.fillAlbums(q.Context(), l, p, q.media) }
	if p != (page{}) {
		return answer{status: http.StatusOK, list: fill}, nil
	}
	return d.remembered("node albums "+q.media.Key(), fill)
}

func (d *Dialect) fillAlbums(ctx context.Context, l *list, p page, m kit.Media) error {
	return d.c.Catalog.EachAlbum(ctx, catalog.Page{Limit: p.limit, Offset: p.offset},
		func(batch []catalog.Album, songs map[int64][]oid.ID) error {
			for _, a := range batch {
				ids := func(dst []byte) []byte { return appendIDs(dst, songs[a.ID]) }
				if err := l.put(appendAlbum(l.next(), a, m, ids)); err != nil {
					return err
				}
			}
			return nil
		})
}

func appendIDs(dst []byte, ids []oid.ID) []byte {
	for i, id := range ids {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(append(dst, '"'), id...), '"')
	}
	return dst
}

func (d *Dialect) album(q *request) (answer, error) {
	id, valid := oid.Parse(q.param)
	if !valid {
		return answer{}, uncast("ObjectId", q.param, "_id", albumModel)
	}
	e, err := d.c.Answers.Get("node album "+string(id)+" "+q.media.Key(), func() ([]byte, error) {
		return d.encodeAlbum(q.Context(), id, q.media)
	})
	if errs.Is(err, errs.NotFound) {
		err = &failure{http.StatusNotFound, textAlbumNotFound}
	}
	if err != nil {
		return answer{}, err
	}
	return prepared(e), nil
}

func (d *Dialect) encodeAlbum(ctx context.Context, id oid.ID, m kit.Media) ([]byte, error) {
	a, err := d.c.Catalog.AlbumByOID(ctx, id)
	if err != nil {
		return nil, err
	}
	songs, err := d.c.Catalog.AlbumSongs(ctx, a.ID, catalog.ByPosition)
	if err != nil {
		return nil, err
	}
	b := make([]byte, 0, (len(songs)+1)*songSize)
	return appendAlbum(b, a, m, func(dst []byte) []byte {
		for i, s := range songs {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendSong(dst, s, m)
		}
		return dst
	}), nil
}

func (d *Dialect) createAlbum(q *request) (answer, error) {
	form, err := d.readForm(q, imageField)
	if err != nil {
		return answer{}, err
	}
	defer form.Close()
	if !anyFile(form) {
		return answer{}, noFiles(form)
	}
	in := catalog.NewAlbum{}
	if in.Image, err = upload(form, imageField); err != nil {
		return answer{}, err
	}
	body, v := formValues(form), mongoose.Validator{Model: albumModel}
	in.Title = v.Text("title", body.Get("title"))
	in.Artist = v.Text("artist", body.Get("artist"))
	in.ReleaseYear = v.Number("releaseYear", body.Get("releaseYear"))
	if err := v.Err(); err != nil {
		return answer{}, err
	}
	album, err := d.c.Catalog.CreateAlbum(q.Context(), q.actor, in)
	if err != nil {
		return answer{}, refused(albumModel, err)
	}
	return answer{status: http.StatusCreated, body: appendNewAlbum(nil, album, q.media)}, nil
}

// deleteAlbum takes the songs with it, which is why the reference names the
// model of songs when the id is none. An unknown album is no error to it.
func (d *Dialect) deleteAlbum(q *request) (answer, error) {
	id, valid := oid.Parse(q.param)
	if !valid {
		return answer{}, uncast("ObjectId", q.param, "albumId", songModel)
	}
	if err := d.c.Catalog.DeleteAlbumByOID(q.Context(), q.actor, id); err != nil {
		return answer{}, err
	}
	return said("Album deleted successfully")
}
