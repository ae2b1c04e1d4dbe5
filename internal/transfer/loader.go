package transfer

import (
	"context"
	"errors"
)

// Loader is a database that takes libraries.
type Loader interface {
	// Load calls do in one transaction, which is committed if do returns nil, and
	// undone if it returns an error.
	Load(ctx context.Context, do func(ctx context.Context, t Target) error) error
}

// ErrTaken is returned by Insert if a record has something in common with
// another one that no two may have in common.
var ErrTaken = errors.New("a record is there already")

// Target is a database within the transaction of a Loader. Its records have
// numbers, ObjectIds and external ids, and refer to each other by number; a song
// may name an album that does not exist by ObjectId. A token has its Hash. It is
// used by one goroutine.
type Target interface {
	// Begin prepares for many records of a kind, and returns how many there are
	// and the greatest number that one has or had. End completes what Begin put
	// off. Single records may be inserted outside of the two.
	Begin(ctx context.Context, kind Kind) (count, last int64, err error)
	End(ctx context.Context, kind Kind) error
	// Each reads all records of a kind, in no order.
	Each(ctx context.Context, kind Kind, do func(record any) error) error
	// Like returns the records that may be the same as one of those given: they
	// have a number, an ObjectId, an external id or a folded e-mail in common, or
	// tokens a hash, or changes their time.
	Like(ctx context.Context, kind Kind, records []any) ([]any, error)
	// Insert stores records, all or none. Errors: ErrTaken.
	Insert(ctx context.Context, kind Kind, records []any) error
	// Renumber gives a user another number; all that is his follows.
	Renumber(ctx context.Context, from, to int64) error
	// Replace stores a user in place of the one with the same number.
	Replace(ctx context.Context, u *User) error
}
