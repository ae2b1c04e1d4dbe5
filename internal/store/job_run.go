package store

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/jobs"
)

const selectJobRun = `SELECT id, kind, node, started_at, took, result, error FROM job_runs `

func scanJobRun(r row) (v jobs.Run, err error) {
	var micros int64
	err = r.Scan(&v.ID, &v.Kind, &v.Node, (*instant)(&v.Started), &micros, &v.Result, &v.Err)
	v.Took = time.Duration(micros) * time.Microsecond
	return v, err
}

// InsertJobRun adds a run and forgets those of its kind before the last keep.
// Two that are added at once may leave one more, until the next.
func (s *Store) InsertJobRun(ctx context.Context, r jobs.Run, keep int) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		_, err := s.db.exec(ctx, `INSERT INTO job_runs (kind, node, started_at, took, result, error) VALUES ($1, $2, $3, $4, $5, $6)`,
			r.Kind, r.Node, instant(r.Started), r.Took.Microseconds(), r.Result, r.Err)
		if err != nil {
			return err
		}
		_, err = s.db.exec(ctx, `DELETE FROM job_runs WHERE kind = $1 AND id <=
			(SELECT id FROM job_runs WHERE kind = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)`, r.Kind, keep)
		return err
	})
}

// JobRuns returns a page of the runs of a kind, or of all for "", newest first.
func (s *Store) JobRuns(ctx context.Context, kind string, pageLimit, offset int) ([]jobs.Run, error) {
	where, args := ``, []any{limit(pageLimit), offset}
	if kind != "" {
		where, args = `WHERE kind = $3 `, append(args, kind)
	}
	rows, err := s.db.query(ctx, selectJobRun+where+`ORDER BY id DESC LIMIT $1 OFFSET $2`, args...)
	return collect(rows, err, scanJobRun)
}

// LastJobRuns returns the newest run of each kind.
func (s *Store) LastJobRuns(ctx context.Context) ([]jobs.Run, error) {
	rows, err := s.db.query(ctx, selectJobRun+`WHERE id IN (SELECT max(id) FROM job_runs GROUP BY kind)`)
	return collect(rows, err, scanJobRun)
}
