package store

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// TransferredMedia returns the name under /media/ of what an import has fetched
// from an address; ok is false if none has.
func (s *Store) TransferredMedia(ctx context.Context, url string) (name string, ok bool, err error) {
	err = s.db.queryRow(ctx, `SELECT name FROM transfer_media WHERE url = $1`, []any{url}, &name)
	if errs.Is(err, errs.NotFound) {
		return "", false, nil
	}
	return name, err == nil, err
}

// PutTransferredMedia remembers the name of what was fetched from an address,
// in place of an earlier one.
func (s *Store) PutTransferredMedia(ctx context.Context, url, name string) error {
	_, err := s.db.exec(ctx, `INSERT INTO transfer_media (url, name) VALUES ($1, $2)
		ON CONFLICT (url) DO UPDATE SET name = EXCLUDED.name`, url, name)
	return err
}
