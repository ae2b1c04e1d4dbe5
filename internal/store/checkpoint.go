package store

import "context"

// Checkpoint copies what was committed from SQLite's write-ahead log into the
// database, beside the writer, as far as no reader needs the log. Called now
// and then, it spares commits from doing that: they would have to wait for it,
// and a page that is written often would be copied more often. PostgreSQL does
// that by itself.
func (s *Store) Checkpoint(ctx context.Context) error {
	if s.db.engine != sqlite {
		return nil
	}
	var busy, inLog, copied int64
	return s.db.queryRow(ctx, `PRAGMA wal_checkpoint(PASSIVE)`, nil, &busy, &inLog, &copied)
}
