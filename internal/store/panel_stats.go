package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/panel"
)

// aDay is in microseconds, as times are stored.
const aDay = `86400000000`

// PanelDaily counts the rows made on each day in UTC, from one time on and
// before another. Errors: NotFound.
func (s *Store) PanelDaily(ctx context.Context, model string, from, to time.Time) (map[time.Time]int, error) {
	m, err := panelModelOf(model)
	if err != nil {
		return nil, err
	}
	tables := m.from
	if m.daily != "" {
		tables = m.daily
	}
	type day struct {
		days int64 // since 1970
		n    int
	}
	scan := func(r row) (d day, err error) { return d, r.Scan(&d.days, &d.n) }
	rows, err := s.db.query(ctx, `SELECT `+m.created+` / `+aDay+`, count(*) FROM `+tables+
		` WHERE `+m.created+` >= $1 AND `+m.created+` < $2 GROUP BY 1`, instant(from), instant(to))
	counts := map[time.Time]int{}
	err = each(rows, err, scan, func(d day) error {
		counts[time.Unix(d.days*24*60*60, 0).UTC()] = d.n
		return nil
	})
	return counts, err
}

// PanelTotals counts everything.
func (s *Store) PanelTotals(ctx context.Context) (t panel.Totals, err error) {
	err = s.db.queryRow(ctx, `SELECT (`+panelModels[panel.Songs].total+`), (`+panelModels[panel.Albums].total+`),
		(SELECT n FROM counters WHERE name = 'artists'), (`+panelModels[panel.Users].total+`),
		(`+panelModels[panel.Messages].total+`), (`+panelModels[panel.Plays].total+`)`, nil,
		&t.Songs, &t.Albums, &t.Artists, &t.Users, &t.Messages, &t.Plays)
	return t, err
}

// PanelStorage returns the room that things take. Contents that several names
// share are counted once.
func (s *Store) PanelStorage(ctx context.Context) (v panel.Storage, err error) {
	size := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if s.db.engine == postgres {
		size = `SELECT pg_database_size(current_database())`
	}
	err = s.db.queryRow(ctx, `SELECT (SELECT count(*) FROM files WHERE removed_at IS NULL),
		(SELECT CAST(COALESCE(sum(size), 0) AS BIGINT) FROM
			(SELECT max(size) AS size FROM files WHERE removed_at IS NULL GROUP BY blob) AS contents),
		(`+size+`)`, nil, &v.Files, &v.Media, &v.Database)
	return v, err
}
