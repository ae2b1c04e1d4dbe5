package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/cluster"
)

// BeatNode counts a sign of life of a node.
func (s *Store) BeatNode(ctx context.Context, m cluster.Member, at time.Time) error {
	_, err := s.db.exec(ctx, `INSERT INTO nodes (id, name, address, started_at, seen_at, beats) VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at, beats = nodes.beats + 1`,
		m.ID, m.Name, m.Address, instant(m.Started), instant(at))
	return err
}

// Nodes returns the nodes and how often each has said that it lives, by their
// ids.
func (s *Store) Nodes(ctx context.Context) ([]cluster.Beat, error) {
	rows, err := s.db.query(ctx, `SELECT id, name, address, started_at, beats FROM nodes ORDER BY id`)
	return collect(rows, err, func(r row) (b cluster.Beat, err error) {
		err = r.Scan(&b.ID, &b.Name, &b.Address, (*instant)(&b.Started), &b.Count)
		return b, err
	})
}

// DeleteNode removes a node; one that is not there is no error.
func (s *Store) DeleteNode(ctx context.Context, id string) error {
	_, err := s.db.exec(ctx, `DELETE FROM nodes WHERE id = $1`, id)
	return err
}

// DeleteNodesBefore removes the nodes whose last sign of life came before a
// time.
func (s *Store) DeleteNodesBefore(ctx context.Context, at time.Time) error {
	_, err := s.db.exec(ctx, `DELETE FROM nodes WHERE seen_at < $1`, instant(at))
	return err
}
