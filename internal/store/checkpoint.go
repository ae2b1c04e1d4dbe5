package store

import "context"

// longLog is after how many pages of 4 KiB the log begins anew: few enough that
// a busy server stays below journal_size_limit until somebody looks. Beyond that
// the file would be cut off, which takes a commit 6 to 8 ms.
const longLog = 12_000

// Checkpoint copies what was committed from SQLite's write-ahead log into the
// database, beside the writer, as far as no reader needs the log. Called now
// and then, it spares commits from doing that: they would have to wait for it,
// and a page that is written often would be copied more often.
//
// If the log is long, what the writer has added meanwhile is copied in his
// stead. Then all of it is, and the next commit writes at its beginning again:
// a file that does not grow is safe on disk in half the time.
//
// PostgreSQL does all that by itself.
func (s *Store) Checkpoint(ctx context.Context) error {
	if s.db.engine != sqlite {
		return nil
	}
	const passive = `PRAGMA wal_checkpoint(PASSIVE)`
	var busy, inLog, copied int64
	if err := s.db.queryRow(ctx, passive, nil, &busy, &inLog, &copied); err != nil || inLog < longLog {
		return err
	}
	_, err := s.db.exec(ctx, passive)
	return err
}
