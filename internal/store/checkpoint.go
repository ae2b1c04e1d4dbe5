package store

import (
	"context"
	"fmt"
	"time"
)

// checkpointEvery is how often SQLite's write-ahead log is copied into the
// database.
const checkpointEvery = time.Second

// RunCheckpoints copies what was committed from SQLite's write-ahead log into
// the database now and then, beside the writer, until ctx ends. The writer
// would do it by itself, but then a commit waits for it, and a page that is
// written often is copied more often. What fails is reported, and left to the
// next time or to the writer.
func (s *Store) RunCheckpoints(ctx context.Context, report func(error)) error {
	if s.db.engine != sqlite {
		return nil
	}
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := s.checkpoint(ctx); err != nil && ctx.Err() == nil {
			report(fmt.Errorf("copy the write-ahead log: %w", err))
		}
	}
}

// checkpoint copies what no reader needs in the log. It waits for nobody.
func (s *Store) checkpoint(ctx context.Context) error {
	var busy, inLog, copied int64
	return s.db.queryRow(ctx, `PRAGMA wal_checkpoint(PASSIVE)`, nil, &busy, &inLog, &copied)
}
