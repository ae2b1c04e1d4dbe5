package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/oid"
)

const selectAlbums = `SELECT id, oid, title, artist, image, release_year,
	(SELECT count(*) FROM songs WHERE album_id = albums.id), created_at, updated_at FROM albums `

func scanAlbum(r row) (v catalog.Album, err error) {
	err = r.Scan(&v.ID, &v.OID, &v.Title, &v.Artist, &v.Image, &v.ReleaseYear, &v.SongCount,
		(*instant)(&v.Created), (*instant)(&v.Updated))
	return v, err
}

// AlbumByID returns an album. Errors: NotFound.
func (s *Store) AlbumByID(ctx context.Context, id int64) (catalog.Album, error) {
	rows, err := s.db.query(ctx, selectAlbums+`WHERE id = $1`, id)
	return one(rows, err, scanAlbum)
}

// AlbumByOID returns an album. Errors: NotFound.
func (s *Store) AlbumByOID(ctx context.Context, id oid.ID) (catalog.Album, error) {
	rows, err := s.db.query(ctx, selectAlbums+`WHERE oid = $1`, id)
	return one(rows, err, scanAlbum)
}

// Albums returns a page of albums, newest first.
func (s *Store) Albums(ctx context.Context, p catalog.Page) ([]catalog.Album, error) {
	ids, args, err := s.page(ctx, "albums", p.Limit, p.Offset)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.query(ctx, selectAlbums+`WHERE id IN (`+ids+`) ORDER BY created_at DESC, id DESC`, args...)
	return collect(rows, err, scanAlbum)
}

// AlbumByName returns the oldest album with a title and an artist in any case.
// Errors: NotFound.
func (s *Store) AlbumByName(ctx context.Context, title, artist string) (catalog.Album, error) {
	rows, err := s.db.query(ctx, selectAlbums+`WHERE fold(title) = fold($1) AND fold(artist) = fold($2) ORDER BY id LIMIT 1`, title, artist)
	return one(rows, err, scanAlbum)
}

// EachAlbum calls do for batches of a page of albums, in order of creation.
func (s *Store) EachAlbum(ctx context.Context, p catalog.Page, do func([]catalog.Album) error) error {
	batch := func(after catalog.Album, limit, offset int) ([]catalog.Album, error) {
		rows, err := s.db.query(ctx, selectAlbums+`WHERE id > $1 ORDER BY id LIMIT $2 OFFSET $3`, after.ID, limit, offset)
		return collect(rows, err, scanAlbum)
	}
	return inPages(p.Limit, p.Offset, catalog.Album{}, batch, do)
}

// InsertAlbum stores a new album and returns it with its id.
func (s *Store) InsertAlbum(ctx context.Context, v catalog.Album) (catalog.Album, error) {
	id, err := s.db.insert(ctx, `INSERT INTO albums (oid, title, artist, image, release_year, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
		v.OID, v.Title, v.Artist, v.Image, v.ReleaseYear, instant(v.Created), instant(v.Updated))
	v.ID = id
	return v, err
}

// UpdateAlbum stores an album's changed fields. Errors: NotFound.
func (s *Store) UpdateAlbum(ctx context.Context, v catalog.Album) error {
	return s.db.execOne(ctx, `UPDATE albums SET title = $1, artist = $2, image = $3, release_year = $4, updated_at = $5 WHERE id = $6`,
		v.Title, v.Artist, v.Image, v.ReleaseYear, instant(v.Updated), v.ID)
}

// TouchAlbum moves the time of an album's last change. Errors: NotFound.
func (s *Store) TouchAlbum(ctx context.Context, id int64, at time.Time) error {
	return s.db.execOne(ctx, `UPDATE albums SET updated_at = $1 WHERE id = $2`, instant(at), id)
}

// DeleteAlbum removes an album and its songs. Errors: NotFound.
func (s *Store) DeleteAlbum(ctx context.Context, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM albums WHERE id = $1`, id)
}
