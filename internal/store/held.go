package store

import (
	"context"

	"github.com/antiphon-music/antiphon/internal/account"
)

// heldByHash runs a query up to its list of hashes, with a user's columns behind
// those of a credential, whose fields are where these go.
func heldByHash[T account.Token | account.Session](
	ctx context.Context, s *Store, query string, hashes []string, fields func(*T) []any,
) (list []account.Held[T], err error) {
	scan := func(r row) (h account.Held[T], err error) {
		dest := append([]any{&h.Hash}, fields(&h.Credential)...)
		err = r.Scan(append(dest, userFields(&h.User)...)...)
		return h, err
	}
	err = inBatches(hashes, func(batch []string) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, query+places+`)) AS found JOIN users ON id = user_id`, args...)
		return each(rows, err, scan, func(h account.Held[T]) error {
			list = append(list, h)
			return nil
		})
	})
	return list, err
}
