package node

import (
	"context"
	"net/http"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
)

const songModel = "Song"

// songSize is about what a song takes on the wire, in bytes.
const songSize = 512

func (d *Dialect) songs(q *request) (answer, error) {
	p := pageOf(q.Request)
	return answer{status: http.StatusOK, list: func(l *list) error {
		return d.c.Catalog.EachSong(q.Context(), catalog.Page{Limit: p.limit, Offset: p.offset}, func(batch []catalog.Song) error {
			for _, s := range batch {
				if err := l.put(appendSong(l.next(), s, q.base)); err != nil {
					return err
				}
			}
			return nil
		})
	}}, nil
}

func (d *Dialect) featured(q *request) (answer, error) {
	return d.shelf(q, d.c.Catalog.Featured)
}

func (d *Dialect) trending(q *request) (answer, error) {
	return d.shelf(q, d.c.Catalog.Trending)
}

// madeForYou is public, and knows whoever brought good credentials.
func (d *Dialect) madeForYou(q *request) (answer, error) {
	caller, err := d.c.Identifier.Caller(q.Request)
	if err != nil {
		return answer{}, err
	}
	return d.shelf(q, func(ctx context.Context) ([]catalog.Song, error) {
		return d.c.Catalog.MadeForYou(ctx, caller.Actor)
	})
}

// shelf answers with a few songs in short.
func (d *Dialect) shelf(q *request, pick func(ctx context.Context) ([]catalog.Song, error)) (answer, error) {
	songs, err := pick(q.Context())
	if err != nil {
		return answer{}, err
	}
	b := append(make([]byte, 0, 2+len(songs)*songSize), '[')
	for i, s := range songs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendSongCard(b, s, q.base), '}')
	}
	return ok(append(b, ']'))
}

func (d *Dialect) createSong(q *request) (answer, error) {
	form, err := d.readForm(q, audioField, imageField)
	if err != nil {
		return answer{}, err
	}
	defer form.Close()
	if form == nil || len(form.Files[audioField]) == 0 || len(form.Files[imageField]) == 0 {
		return answer{}, badRequest(textFilesMissing)
	}
	in := catalog.NewSong{}
	if in.Audio, err = upload(form, audioField); err != nil {
		return answer{}, err
	}
	if in.Image, err = upload(form, imageField); err != nil {
		return answer{}, err
	}
	body, v := formValues(form), validator{model: songModel}
	in.Title = v.text("title", body.get("title"))
	in.Artist = v.text("artist", body.get("artist"))
	in.Duration = v.number("duration", body.get("duration"))
	in.AlbumOID = v.id("albumId", body.get("albumId"))
	if err := v.err(); err != nil {
		return answer{}, err
	}
	song, err := d.c.Catalog.CreateSong(q.Context(), q.actor, in)
	if err != nil {
		return answer{}, refused(songModel, err)
	}
	return answer{status: http.StatusCreated, body: appendNewSong(nil, song, q.base)}, nil
}

func (d *Dialect) deleteSong(q *request) (answer, error) {
	id, valid := oid.Parse(q.param)
	if !valid {
		return answer{}, uncast("ObjectId", q.param, "_id", songModel)
	}
	song, err := d.c.Catalog.SongByOID(q.Context(), id)
	if err == nil {
		err = d.c.Catalog.DeleteSong(q.Context(), q.actor, song.ID)
	}
	if errs.Is(err, errs.NotFound) {
		err = &failure{http.StatusNotFound, textSongNotFound}
	}
	if err != nil {
		return answer{}, err
	}
	return said("Song deleted successfully")
}
