package store

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/panel"
)

// PanelPlan returns the steps in which SQLite would find the ids of a query.
func (s *Store) PanelPlan(ctx context.Context, q panel.Query) ([]string, error) {
	text, args, err := panelIDs(q)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.query(ctx, `EXPLAIN QUERY PLAN `+text, args...)
	return collect(rows, err, func(r row) (step string, err error) {
		var id, parent, unused int
		return step, r.Scan(&id, &parent, &unused, &step)
	})
}
