package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/file"
	"github.com/antiphon-music/antiphon/internal/media"
)

// FileByName returns the file that a name in use stands for. Errors: NotFound.
func (s *Store) FileByName(ctx context.Context, name string) (f file.File, err error) {
	err = s.db.queryRow(ctx, `SELECT name, blob, size, content_type, created_at FROM files WHERE name = $1 AND removed_at IS NULL`,
		[]any{name}, &f.Name, &f.Key, &f.Size, &f.ContentType, (*instant)(&f.Created))
	return f, err
}

// InsertFile stores a new name. Errors: Conflict if it was ever given.
func (s *Store) InsertFile(ctx context.Context, f file.File) error {
	// DO NOTHING keeps the transaction alive on PostgreSQL, where an error
	// would end it.
	n, err := s.db.exec(ctx, `INSERT INTO files (name, blob, size, content_type, created_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO NOTHING`, f.Name, f.Key, f.Size, f.ContentType, instant(f.Created))
	if err == nil && n == 0 {
		err = nameTaken()
	}
	return err
}

// RemoveFiles marks names as no longer in use.
func (s *Store) RemoveFiles(ctx context.Context, names []string, at time.Time) error {
	return inBatches(names, func(batch []string) error {
		places, args := inList(2, batch)
		_, err := s.db.exec(ctx, `UPDATE files SET removed_at = $1 WHERE removed_at IS NULL AND name IN (`+places+`)`,
			append([]any{instant(at)}, args...)...)
		return err
	})
}

// ReferencedKeys returns those of the keys that a name in use stands for.
func (s *Store) ReferencedKeys(ctx context.Context, keys []media.Key) (map[media.Key]bool, error) {
	used := map[media.Key]bool{}
	scan := func(r row) (k media.Key, err error) { return k, r.Scan(&k) }
	err := inBatches(keys, func(batch []media.Key) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, `SELECT DISTINCT blob FROM files WHERE removed_at IS NULL AND blob IN (`+places+`)`, args...)
		return each(rows, err, scan, func(k media.Key) error {
			used[k] = true
			return nil
		})
	})
	return used, err
}

// Contents returns up to limit contents that names in use stand for, those whose
// keys come after the given one, in the order of the keys.
func (s *Store) Contents(ctx context.Context, after media.Key, limit int) ([]file.Content, error) {
	var list []file.Content
	rows, err := s.db.query(ctx, `SELECT blob, MAX(size) FROM files WHERE removed_at IS NULL AND blob > $1
		GROUP BY blob ORDER BY blob LIMIT $2`, after, limit)
	scan := func(r row) (c file.Content, err error) { return c, r.Scan(&c.Key, &c.Size) }
	err = each(rows, err, scan, func(c file.Content) error {
		list = append(list, c)
		return nil
	})
	return list, err
}
