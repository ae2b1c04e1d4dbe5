package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/jobs"
)

const jobColumns = `id, kind, coalesce(unique_key, ''), scheduled, payload, due_at, attempts, created_at, coalesce(lease, ''), node, started_at, failed_at, last_error`

func scanJob(r row) (j jobs.Job, err error) {
	err = r.Scan(&j.ID, &j.Kind, &j.Unique, &j.Scheduled, &j.Payload, (*instant)(&j.Due), &j.Attempts, (*instant)(&j.Created),
		&j.Lease, &j.Node, (*instant)(&j.Started), (*instant)(&j.Failed), &j.LastError)
	return j, err
}

// InsertJob adds a job, or changes the one of its kind and key that waits. That
// one is locked until the transaction ends, so that nobody takes it before he
// can see what it is about.
func (s *Store) InsertJob(ctx context.Context, j jobs.Job) error {
	_, err := s.db.exec(ctx, `INSERT INTO jobs (kind, unique_key, payload, due_at, created_at) VALUES ($1, nullif($2, ''), $3, $4, $5)
		ON CONFLICT (kind, unique_key) WHERE lease IS NULL AND failed_at IS NULL DO UPDATE SET payload = EXCLUDED.payload,
			due_at = CASE WHEN EXCLUDED.due_at < jobs.due_at THEN EXCLUDED.due_at ELSE jobs.due_at END`,
		j.Kind, j.Unique, notNil(j.Payload), instant(j.Due), instant(j.Created))
	return err
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// ScheduleJob adds the scheduled job of a kind, due at first. If there is one
// that waits beyond latest, that becomes due at latest. It reports whether it
// did either.
func (s *Store) ScheduleJob(ctx context.Context, kind string, now, first, latest time.Time) (bool, error) {
	n, err := s.db.exec(ctx, `INSERT INTO jobs (kind, scheduled, payload, due_at, created_at) VALUES ($1, TRUE, $2, $3, $4)
		ON CONFLICT (kind) WHERE scheduled DO UPDATE SET due_at = $5 WHERE jobs.lease IS NULL AND jobs.due_at > $5`,
		kind, []byte{}, instant(first), instant(now), instant(latest))
	return n > 0, err
}

// NextDue returns when the first job of the kinds is due, or its lease ends. No
// job is NotFound.
func (s *Store) NextDue(ctx context.Context, kinds []string) (due time.Time, err error) {
	places, args := kindList(1, kinds)
	err = s.db.queryRow(ctx, `SELECT due_at FROM jobs WHERE failed_at IS NULL AND kind IN (`+places+`) ORDER BY due_at, id LIMIT 1`,
		args, (*instant)(&due))
	return due, err
}

// kindList returns "$first, …" for the kinds, whose number is that of the
// program's, and the kinds as arguments.
func kindList(first int, kinds []string) (places string, args []any) {
	list := make([]string, len(kinds))
	for i, k := range kinds {
		list[i] = fmt.Sprintf("$%d", first+i)
		args = append(args, k)
	}
	return strings.Join(list, ", "), args
}

// ClaimJob takes a job of the kinds that is due, the longest due first, and
// counts an attempt. No job is NotFound.
func (s *Store) ClaimJob(ctx context.Context, kinds []string, c jobs.Claim) (j jobs.Job, err error) {
	places, args := kindList(5, kinds)
	var skip string
	if s.db.engine == postgres {
		skip = `FOR UPDATE SKIP LOCKED`
	}
	text := `UPDATE jobs SET lease = $1, node = $2, started_at = $3, due_at = $4, attempts = attempts + 1
		WHERE id = (SELECT id FROM jobs WHERE failed_at IS NULL AND due_at <= $3 AND kind IN (` + places + `)
			ORDER BY due_at, id LIMIT 1 ` + skip + `)
		RETURNING ` + jobColumns
	args = append([]any{c.Lease, c.Node, instant(c.Now), instant(c.Until)}, args...)
	err = s.InTx(ctx, func(ctx context.Context) error {
		rows, err := s.db.query(ctx, text, args...)
		j, err = one(rows, err, scanJob)
		return err
	})
	return j, err
}

// RenewJob moves the end of a lease. A lost one is NotFound.
func (s *Store) RenewJob(ctx context.Context, id int64, lease string, until time.Time) error {
	return s.db.execOne(ctx, `UPDATE jobs SET due_at = $3 WHERE id = $1 AND lease = $2`, id, lease, instant(until))
}

// ReturnJob ends j.Lease and stores Due, Attempts, Failed and LastError. A job
// whose like waits already goes, unless it has failed. A lost lease is NotFound.
func (s *Store) ReturnJob(ctx context.Context, j jobs.Job) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		n, err := s.db.exec(ctx, `UPDATE jobs SET lease = NULL, due_at = $3, attempts = $4, failed_at = $5, last_error = $6
			WHERE id = $1 AND lease = $2 AND (CAST($5 AS BIGINT) IS NOT NULL OR NOT EXISTS (SELECT 1 FROM jobs other
				WHERE other.kind = jobs.kind AND other.unique_key = jobs.unique_key AND other.lease IS NULL AND other.failed_at IS NULL))`,
			j.ID, j.Lease, instant(j.Due), j.Attempts, instant(j.Failed), j.LastError)
		if err != nil || n > 0 {
			return err
		}
		return s.DeleteJob(ctx, j.ID, j.Lease)
	})
}

// DeleteJob removes a job under its lease. A lost one is NotFound.
func (s *Store) DeleteJob(ctx context.Context, id int64, lease string) error {
	return s.db.execOne(ctx, `DELETE FROM jobs WHERE id = $1 AND lease = $2`, id, lease)
}

// ScheduledJobs returns the jobs of the kinds that come again by themselves.
func (s *Store) ScheduledJobs(ctx context.Context) ([]jobs.Job, error) {
	rows, err := s.db.query(ctx, `SELECT `+jobColumns+` FROM jobs WHERE scheduled`)
	return collect(rows, err, scanJob)
}

// CountJobs counts the others, a kind at a time.
func (s *Store) CountJobs(ctx context.Context, now time.Time) ([]jobs.Count, error) {
	rows, err := s.db.query(ctx, `SELECT kind, count(*) FILTER (WHERE failed_at IS NULL AND (lease IS NULL OR due_at <= $1)),
			count(*) FILTER (WHERE failed_at IS NULL AND lease IS NOT NULL AND due_at > $1), count(failed_at)
		FROM jobs WHERE NOT scheduled GROUP BY kind`, instant(now))
	return collect(rows, err, func(r row) (c jobs.Count, err error) {
		err = r.Scan(&c.Kind, &c.Waiting, &c.Running, &c.Failed)
		return c, err
	})
}

// FailedJobs returns a page of the failed jobs, the latest to fail first, and
// how many there are.
func (s *Store) FailedJobs(ctx context.Context, pageLimit, offset int) (list []jobs.Job, total int, err error) {
	if err := s.db.queryRow(ctx, `SELECT count(*) FROM jobs WHERE failed_at IS NOT NULL`, nil, &total); err != nil {
		return nil, 0, err
	}
	rows, err := s.db.query(ctx, `SELECT `+jobColumns+` FROM jobs WHERE failed_at IS NOT NULL ORDER BY failed_at DESC, id DESC LIMIT $1 OFFSET $2`,
		limit(pageLimit), offset)
	list, err = collect(rows, err, scanJob)
	return list, total, err
}

// RetryJob has a failed job wait again, as if it had never run. One that is not
// there is NotFound, one whose like waits Conflict.
func (s *Store) RetryJob(ctx context.Context, id int64, due time.Time) error {
	return s.db.execOne(ctx, `UPDATE jobs SET failed_at = NULL, attempts = 0, due_at = $2 WHERE id = $1 AND failed_at IS NOT NULL`, id, instant(due))
}

// DeleteFailedJob removes a failed job. One that is not there is NotFound.
func (s *Store) DeleteFailedJob(ctx context.Context, id int64) error {
	return s.db.execOne(ctx, `DELETE FROM jobs WHERE id = $1 AND failed_at IS NOT NULL`, id)
}
