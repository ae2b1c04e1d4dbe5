package store

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/media"
	"github.com/antiphon-music/antiphon/internal/oid"
)

const selectSongs = `SELECT s.id, s.oid, s.title, s.artist, s.image, s.audio, s.duration,
	COALESCE(s.album_id, 0), COALESCE(a.oid, s.album_named, ''), COALESCE(a.title, ''), s.created_at, s.updated_at
	FROM songs s LEFT JOIN albums a ON a.id = s.album_id `

func scanSong(r row) (v catalog.Song, err error) {
	err = r.Scan(&v.ID, &v.OID, &v.Title, &v.Artist, &v.Image, &v.Audio, &v.Duration,
		&v.AlbumID, &v.AlbumOID, &v.AlbumTitle, (*instant)(&v.Created), (*instant)(&v.Updated))
	return v, err
}

// SongByID returns a song. Errors: NotFound.
func (s *Store) SongByID(ctx context.Context, id int64) (catalog.Song, error) {
	rows, err := s.db.query(ctx, selectSongs+`WHERE s.id = $1`, id)
	return one(rows, err, scanSong)
}

// SongByOID returns a song. Errors: NotFound.
func (s *Store) SongByOID(ctx context.Context, id oid.ID) (catalog.Song, error) {
	rows, err := s.db.query(ctx, selectSongs+`WHERE s.oid = $1`, id)
	return one(rows, err, scanSong)
}

// SongByAudio returns the oldest song whose audio file has a content. Errors:
// NotFound.
func (s *Store) SongByAudio(ctx context.Context, key media.Key) (catalog.Song, error) {
	rows, err := s.db.query(ctx, selectSongs+`WHERE s.audio IN (SELECT name FROM files WHERE blob = $1 AND removed_at IS NULL)
		ORDER BY s.id LIMIT 1`, key)
	return one(rows, err, scanSong)
}

// Songs returns a page of songs, newest first.
func (s *Store) Songs(ctx context.Context, p catalog.Page) ([]catalog.Song, error) {
	ids, args, err := s.page(ctx, "songs", p.Limit, p.Offset)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.query(ctx, selectSongs+`WHERE s.id IN (`+ids+`) ORDER BY s.created_at DESC, s.id DESC`, args...)
	return collect(rows, err, scanSong)
}

// EachSong calls do for batches of a page of songs, newest first.
func (s *Store) EachSong(ctx context.Context, p catalog.Page, do func([]catalog.Song) error) error {
	batch := func(after catalog.Song, limit, offset int) ([]catalog.Song, error) {
		if after.ID == 0 {
			rows, err := s.db.query(ctx, selectSongs+`ORDER BY s.created_at DESC, s.id DESC LIMIT $1 OFFSET $2`, limit, offset)
			return collect(rows, err, scanSong)
		}
		rows, err := s.db.query(ctx, selectSongs+`WHERE (s.created_at, s.id) < ($1, $2)
			ORDER BY s.created_at DESC, s.id DESC LIMIT $3`, instant(after.Created), after.ID, limit)
		return collect(rows, err, scanSong)
	}
	return inPages(p.Limit, p.Offset, catalog.Song{}, batch, do)
}

// SongsByAlbum returns an album's songs.
func (s *Store) SongsByAlbum(ctx context.Context, albumID int64, o catalog.SongOrder) ([]catalog.Song, error) {
	order := `s.album_position, s.id`
	if o == catalog.NewestFirst {
		order = `s.created_at DESC, s.id DESC`
	}
	rows, err := s.db.query(ctx, selectSongs+`WHERE s.album_id = $1 ORDER BY `+order, albumID)
	return collect(rows, err, scanSong)
}

// SongOIDsByAlbum returns the ids of each album's songs by position.
func (s *Store) SongOIDsByAlbum(ctx context.Context, albumIDs []int64) (map[int64][]oid.ID, error) {
	byAlbum := make(map[int64][]oid.ID, len(albumIDs))
	type pair struct {
		album int64
		song  oid.ID
	}
	scan := func(r row) (p pair, err error) { return p, r.Scan(&p.album, &p.song) }
	err := inBatches(albumIDs, func(batch []int64) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, `SELECT album_id, oid FROM songs WHERE album_id IN (`+places+`) ORDER BY album_id, album_position, id`, args...)
		return each(rows, err, scan, func(p pair) error {
			byAlbum[p.album] = append(byAlbum[p.album], p.song)
			return nil
		})
	})
	return byAlbum, err
}

// nextPosition is the place behind an album's last song; $1 is the album.
const nextPosition = `COALESCE((SELECT max(album_position) FROM songs WHERE album_id = $1), 0) + 1`

// InsertSong stores a new song, behind the others of its album, and returns it
// with its id.
func (s *Store) InsertSong(ctx context.Context, v catalog.Song) (catalog.Song, error) {
	id, err := s.db.insert(ctx, `INSERT INTO songs
		(album_id, oid, title, artist, image, audio, duration, album_named, album_position, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, `+nextPosition+`, $9, $10) RETURNING id`,
		nullID(v.AlbumID), v.OID, v.Title, v.Artist, v.Image, v.Audio, v.Duration, albumNamed(v), instant(v.Created), instant(v.Updated))
	v.ID = id
	return v, err
}

// UpdateSong stores a song's changed fields. A song that changes its album
// goes behind the others there. Errors: NotFound.
func (s *Store) UpdateSong(ctx context.Context, v catalog.Song) error {
	return s.db.execOne(ctx, `UPDATE songs SET
		album_position = CASE WHEN COALESCE(album_id, 0) = COALESCE(CAST($1 AS BIGINT), 0) THEN album_position ELSE `+nextPosition+` END,
		album_id = $1, title = $2, artist = $3, image = $4, audio = $5, duration = $6, album_named = $7, updated_at = $8
		WHERE id = $9`,
		nullID(v.AlbumID), v.Title, v.Artist, v.Image, v.Audio, v.Duration, albumNamed(v), instant(v.Updated), v.ID)
}

// DeleteSong removes a song. Errors: NotFound.
func (s *Store) DeleteSong(ctx context.Context, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM songs WHERE id = $1`, id)
}

// SongsByAlbumOID returns the songs that name an album that does not exist.
func (s *Store) SongsByAlbumOID(ctx context.Context, id oid.ID) ([]catalog.Song, error) {
	rows, err := s.db.query(ctx, selectSongs+`WHERE s.album_named = $1 ORDER BY s.id`, id)
	return collect(rows, err, scanSong)
}

// DeleteSongsByAlbumOID removes the songs that name an album that does not
// exist.
func (s *Store) DeleteSongsByAlbumOID(ctx context.Context, id oid.ID) error {
	_, err := s.db.exec(ctx, `DELETE FROM songs WHERE album_named = $1`, id)
	return err
}

func nullID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func albumNamed(v catalog.Song) any {
	if v.AlbumID != 0 || v.AlbumOID == "" {
		return nil
	}
	return v.AlbumOID
}
