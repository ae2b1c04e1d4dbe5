package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
)

// where collects the conditions of a SELECT with their arguments. Its texts are
// of bounded variety: what a client says is in the arguments.
type where struct {
	conditions []string
	args       []any
}

// add adds a condition; each ? in it is one of the arguments.
func (w *where) add(condition string, args ...any) {
	for _, a := range args {
		condition = strings.Replace(condition, "?", w.place(a), 1)
	}
	w.conditions = append(w.conditions, condition)
}

// place adds an argument and returns its place: $1, $2, ….
func (w *where) place(arg any) string {
	w.args = append(w.args, arg)
	return "$" + strconv.Itoa(len(w.args))
}

// words adds that each of the words is in one of the texts, in any case. A word
// has no line breaks in it, which are between the texts.
func (w *where) words(words []string, texts ...string) {
	all := `fold(` + strings.Join(texts, ` || '`+"\n"+`' || `) + `)`
	for _, word := range words {
		w.add(all+` LIKE fold(?) ESCAPE '\'`, holding(word))
	}
}

// String returns the WHERE, "" for no conditions.
func (w *where) String() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return `WHERE ` + strings.Join(w.conditions, ` AND `) + ` `
}

// find counts the rows that the conditions select and returns a page of them:
// from is what to count, with the tables that the conditions name; selects is
// the SELECT of the rows without its conditions.
func find[T any](ctx context.Context, s *Store, w *where, from, selects, order string, n, offset int, scan func(row) (T, error)) ([]T, int, error) {
	var total int
	if err := s.db.queryRow(ctx, `SELECT count(*) FROM `+from+w.String(), w.args, &total); err != nil {
		return nil, 0, err
	}
	if offset >= total {
		return []T{}, total, nil
	}
	page := where{conditions: w.conditions, args: w.args}
	text := selects + page.String() + `ORDER BY ` + order + ` LIMIT ` + page.place(limit(n)) + ` OFFSET ` + page.place(offset)
	rows, err := s.db.query(ctx, text, page.args...)
	list, err := collect(rows, err, scan)
	return list, total, err
}

// songOrders are the orders of a list of songs.
var songOrders = map[catalog.Order]string{
	catalog.Newest:   `s.created_at DESC, s.id DESC`,
	catalog.ByTitle:  `fold(s.title), fold(s.artist), s.id`,
	catalog.ByArtist: `fold(s.artist), fold(s.title), s.id`,
}

// FindSongs returns a page of the songs that a query selects, and how many it
// selects in all.
func (s *Store) FindSongs(ctx context.Context, q catalog.SongQuery) ([]catalog.Song, int, error) {
	var w where
	if q.AlbumID != 0 {
		w.add(`s.album_id = ?`, q.AlbumID)
	}
	if q.Artist != "" {
		w.add(`s.artist = ?`, q.Artist)
	}
	if q.Title != "" {
		w.add(`s.title = ?`, q.Title)
	}
	w.words(q.Words, `s.title`, `s.artist`, `COALESCE(a.title, '')`)
	from := `songs s `
	if len(q.Words) > 0 {
		from += `LEFT JOIN albums a ON a.id = s.album_id `
	}
	return find(ctx, s, &w, from, selectSongs, songOrders[q.Order], q.Limit, q.Offset, scanSong)
}

// FindAlbums returns a page of the albums that a query selects, newest first,
// and how many it selects in all.
func (s *Store) FindAlbums(ctx context.Context, q catalog.AlbumQuery) ([]catalog.Album, int, error) {
	var w where
	if q.Artist != "" {
		w.add(`artist = ?`, q.Artist)
	}
	w.words(q.Words, `title`, `artist`)
	return find(ctx, s, &w, `albums `, selectAlbums, `created_at DESC, id DESC`, q.Limit, q.Offset, scanAlbum)
}

// selectArtists takes the image of the newest album, or else that of a song.
const selectArtists = `SELECT name, works, COALESCE(
	(SELECT image FROM albums WHERE artist = name ORDER BY created_at DESC, id DESC LIMIT 1),
	(SELECT image FROM songs WHERE artist = name LIMIT 1), '') FROM artists `

func scanArtist(r row) (v catalog.Artist, err error) {
	err = r.Scan(&v.Name, &v.Works, &v.Image)
	return v, err
}

// FindArtists returns a page of the artists that a query selects, by name, and
// how many it selects in all.
func (s *Store) FindArtists(ctx context.Context, q catalog.ArtistQuery) ([]catalog.Artist, int, error) {
	var w where
	w.words(q.Words, `name`)
	return find(ctx, s, &w, `artists `, selectArtists, `fold(name), name`, q.Limit, q.Offset, scanArtist)
}

// FindPeople returns a page of the active users that a query selects, by name,
// and how many it selects in all.
func (s *Store) FindPeople(ctx context.Context, q account.PeopleQuery) ([]account.User, int, error) {
	var w where
	w.add(`active`)
	if q.Except != 0 {
		w.add(`id <> ?`, q.Except)
	}
	w.words(q.Words, `full_name`)
	return find(ctx, s, &w, `users `, `SELECT `+userColumns+` FROM users `, `fold(full_name), id`, q.Limit, q.Offset, scanUser)
}
