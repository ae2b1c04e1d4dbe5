package store

import (
	"context"
	"slices"
	"time"
)

// LiveTokens returns which of the ids are tokens of active users.
func (s *Store) LiveTokens(ctx context.Context, ids []int64) (map[int64]bool, error) {
	return s.live(ctx, ids, `SELECT t.id FROM tokens t JOIN users u ON u.id = t.user_id WHERE u.active AND t.id IN `)
}

// LiveSessions returns which of the ids are sessions of active users that have
// not expired by now.
func (s *Store) LiveSessions(ctx context.Context, ids []int64, now time.Time) (map[int64]bool, error) {
	return s.live(ctx, ids, `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.active AND s.expires_at > $1 AND s.id IN `, instant(now))
}

// live runs a query that ends with a list of ids, after its other arguments.
func (s *Store) live(ctx context.Context, ids []int64, text string, args ...any) (map[int64]bool, error) {
	live := make(map[int64]bool, len(ids))
	err := inBatches(ids, func(batch []int64) error {
		places, listed := inList(len(args)+1, batch)
		rows, err := s.db.query(ctx, text+`(`+places+`)`, slices.Concat(args, listed)...)
		return each(rows, err, scanID, func(id int64) error {
			live[id] = true
			return nil
		})
	})
	return live, err
}
