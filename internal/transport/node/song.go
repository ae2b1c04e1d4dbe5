package node

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/mongoose"
)

const songModel = "Song"

// songSize is about what a song takes on the wire, in bytes.
const songSize = 512

func (d *Dialect) songs(q *request) (answer, error) {
	p := pageOf(q.Request)
	return answer{status: http.StatusOK, list: func(l *list) error {
		return d.c.Catalog.EachSong(q.Context(), catalog.Page{Limit: p.limit, Offset: p.offset}, func(batch []catalog.Song) error {
			for _, s := range batch {
				if err := l.put(appendSong(l.next(), s, q.media)); err != nil {
					return err
				}
			}
			return nil
		})
	}}, nil
}

func (d *Dialect) featured(q *request) (answer, error) {
	return d.publicShelf(q, "featured", d.c.Catalog.Featured)
}

func (d *Dialect) trending(q *request) (answer, error) {
	return d.publicShelf(q, "trending", d.c.Catalog.Trending)
}

// What is the same for everybody is picked and encoded a few times, and one of
// these is sent: the songs change from call to call, but for some seconds only
// among so many.
const (
	shelfVariants = 16
	shelfSeconds  = 10
)

func (d *Dialect) publicShelf(q *request, name string, pick func(ctx context.Context) ([]catalog.Song, error)) (answer, error) {
	key := make([]byte, 0, 128)
	key = append(append(key, "node "...), name...)
	key = strconv.AppendUint(append(key, ' '), rand.Uint64N(shelfVariants), 10)
	key = strconv.AppendInt(append(key, ' '), time.Now().Unix()/shelfSeconds, 10)
	key = append(append(key, ' '), q.media.Key()...)
	e, err := d.c.Answers.Get(string(key), func() ([]byte, error) { return shelf(q, pick) })
	if err != nil {
		return answer{}, err
	}
	return prepared(e), nil
}

// madeForYou is public, and knows whoever brought good credentials.
func (d *Dialect) madeForYou(q *request) (answer, error) {
	caller, err := d.c.Identifier.Caller(q.Request)
	if err != nil {
		return answer{}, err
	}
	body, err := shelf(q, func(ctx context.Context) ([]catalog.Song, error) {
		return d.c.Catalog.MadeForYou(ctx, caller.Actor)
	})
	return answer{status: http.StatusOK, body: body}, err
}

// shelf encodes a few songs in short.
func shelf(q *request, pick func(ctx context.Context) ([]catalog.Song, error)) ([]byte, error) {
	songs, err := pick(q.Context())
	if err != nil {
		return nil, err
	}
	b := append(make([]byte, 0, 2+len(songs)*songSize), '[')
	for i, s := range songs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendSongCard(b, s, q.media), '}')
	}
	return append(b, ']'), nil
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
	body, v := formValues(form), mongoose.Validator{Model: songModel}
	in.Title = v.Text("title", body.Get("title"))
	in.Artist = v.Text("artist", body.Get("artist"))
	in.Duration = v.Number("duration", body.Get("duration"))
	in.AlbumOID = v.ID("albumId", body.Get("albumId"))
	if err := v.Err(); err != nil {
		return answer{}, err
	}
	song, err := d.c.Catalog.CreateSong(q.Context(), q.actor, in)
	if err != nil {
		return answer{}, refused(songModel, err)
	}
	return answer{status: http.StatusCreated, body: appendNewSong(nil, song, q.media)}, nil
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
