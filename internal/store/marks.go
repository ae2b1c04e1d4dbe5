package store

import (
	"context"
	"fmt"
	"sync"
)

// marks remember the keys of every so-manieth row of a long list, so that a
// page deep inside it is a seek and a short walk instead of a walk from one
// end. They hold for one revision of the catalogue; a page of another revision
// is read by walking, and has the marks made anew in the background. So they
// are never wrong and never waited for.
type marks struct {
	mu     sync.RWMutex
	byList map[string]markedList
	wanted chan string
}

// markedList are the marks of one list: keys[i] is the row at place
// (i+1)*markStep, counted from 1, newest first.
type markedList struct {
	revision int64
	keys     []mark
}

type mark struct {
	created instant
	id      int64
}

const (
	markStep = 200
	// markFrom is how deep a page has to be, from the nearer end, for marks to
	// be worth their making.
	markFrom = 1000
)

func newMarks() *marks {
	return &marks{byList: map[string]markedList{}, wanted: make(chan string, 1)}
}

// before returns the last mark that lies before a place of the list, and how
// many rows behind it the place is.
func (m *marks) before(list string, revision, offset int64) (at mark, skip int64, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	l := m.byList[list]
	i := offset/markStep - 1
	if l.revision != revision || i < 0 || i >= int64(len(l.keys)) {
		return mark{}, 0, false
	}
	return l.keys[i], offset - (i+1)*markStep, true
}

// want asks for marks of a list, unless others are asked for already.
func (m *marks) want(list string) {
	select {
	case m.wanted <- list:
	default:
	}
}

// RunMarks marks the long lists, and then whatever deep pages ask for, until
// ctx ends. What fails is reported and left: the next deep page asks again.
func (s *Store) RunMarks(ctx context.Context, report func(error)) error {
	mark := func(list string) {
		if err := s.mark(ctx, list); err != nil && ctx.Err() == nil {
			report(fmt.Errorf("mark the pages of %s: %w", list, err))
		}
	}
	n, err := s.counters(ctx)
	if err != nil && ctx.Err() == nil {
		report(err)
	}
	for _, list := range []string{"songs", "albums", "users"} {
		if n[list] > 2*markFrom { // in a shorter one, no page is deep
			mark(list)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case list := <-s.marks.wanted:
			mark(list)
		}
	}
}

// mark reads the keys of a list; list is the name of a table.
func (s *Store) mark(ctx context.Context, list string) error {
	n, err := s.counters(ctx) // before the keys: marks may be newer than they say, and then match nothing
	if err != nil {
		return err
	}
	scan := func(r row) (k mark, err error) { return k, r.Scan(&k.created, &k.id) }
	rows, err := s.db.query(ctx, `SELECT created_at, id FROM (
			SELECT created_at, id, row_number() OVER (ORDER BY created_at DESC, id DESC) AS place FROM `+list+`
		) AS places WHERE place % $1 = 0 ORDER BY place`, markStep)
	keys, err := collect(rows, err, scan)
	if err != nil {
		return err
	}
	after, err := s.counters(ctx)
	if err != nil || after["catalog"] != n["catalog"] {
		return err // somebody wrote meanwhile; the next deep page asks again
	}
	s.marks.mu.Lock()
	s.marks.byList[list] = markedList{revision: n["catalog"], keys: keys}
	s.marks.mu.Unlock()
	return nil
}

// page returns a SELECT of the ids of a page of songs, albums or users, newest
// first, with its arguments; list is the name of the table.
func (s *Store) page(ctx context.Context, list string, limit, offset int) (ids string, args []any, err error) {
	n, err := s.counters(ctx)
	if err != nil {
		return "", nil, err
	}
	w := windowOf(int(n[list]), limit, offset)
	if w.offset >= markFrom {
		if at, skip, ok := s.marks.before(list, n["catalog"], int64(offset)); ok {
			return `SELECT id FROM ` + list + ` WHERE (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $1 OFFSET $2`,
				[]any{w.limit, skip, at.created, at.id}, nil
		}
		s.marks.want(list)
	}
	return `SELECT id FROM ` + list + ` ORDER BY ` + w.order() + ` LIMIT $1 OFFSET $2`, []any{w.limit, w.offset}, nil
}
