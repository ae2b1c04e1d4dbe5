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

// RemoveFiles takes names out of use. Those that an import brought in may be
// shared: they are marked, for RemoveReleased.
func (s *Store) RemoveFiles(ctx context.Context, names []string, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		return inBatches(names, func(batch []string) error {
			places, args := inList(1, batch)
			if _, err := s.db.exec(ctx, `UPDATE transfer_media SET released = TRUE WHERE name IN (`+places+`)`, args...); err != nil {
				return err
			}
			places, args = inList(2, batch)
			_, err := s.db.exec(ctx, `UPDATE files SET removed_at = $1 WHERE removed_at IS NULL AND name IN (`+places+`)
				AND NOT EXISTS (SELECT 1 FROM transfer_media WHERE transfer_media.name = files.name)`,
				append([]any{instant(at)}, args...)...)
			return err
		})
	})
}

// RemoveReleased takes the names out of use that an import brought in and a record
// has let go of, unless another record has them.
func (s *Store) RemoveReleased(ctx context.Context, at time.Time) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		var some bool
		if err := s.db.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM transfer_media WHERE released)`, nil, &some); err != nil || !some {
			return err
		}
		const released = `SELECT name FROM transfer_media WHERE released`
		_, err := s.db.exec(ctx, `UPDATE files SET removed_at = $1 WHERE removed_at IS NULL AND name IN (`+released+`)
			AND name NOT IN (SELECT image FROM songs WHERE image IN (`+released+`) UNION SELECT audio FROM songs WHERE audio IN (`+released+`)
				UNION SELECT image FROM albums WHERE image IN (`+released+`) UNION SELECT image FROM users WHERE image IN (`+released+`))`, instant(at))
		if err != nil {
			return err
		}
		if _, err := s.db.exec(ctx, `DELETE FROM transfer_media WHERE released AND name IN (SELECT name FROM files WHERE removed_at IS NOT NULL)`); err != nil {
			return err
		}
		_, err = s.db.exec(ctx, `UPDATE transfer_media SET released = FALSE WHERE released`)
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

// heldUntil is the counter of the time until which contents are held, in
// microseconds since 1970.
const heldUntil = "contents_held_until"

// HoldContents has contents held at least until a time.
func (s *Store) HoldContents(ctx context.Context, until time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO counters (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE
		SET n = CASE WHEN counters.n > EXCLUDED.n THEN counters.n ELSE EXCLUDED.n END`, heldUntil, instant(until))
	return err
}

// ContentsHeld reports whether contents are held at a time.
func (s *Store) ContentsHeld(ctx context.Context, at time.Time) (bool, error) {
	var n int64
	err := s.db.queryRow(ctx, `SELECT count(*) FROM counters WHERE name = $1 AND n > $2`, []any{heldUntil, instant(at)}, &n)
	return n > 0, err
}
