package store

import "context"

// MarkNow makes the marks of a list at once.
func (s *Store) MarkNow(ctx context.Context, list string) error { return s.mark(ctx, list) }
