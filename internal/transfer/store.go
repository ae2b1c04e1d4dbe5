package transfer

import (
	"context"
	"errors"
	"fmt"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/oid"
)

// writer stores the records of one kind. It is used by one goroutine.
type writer struct {
	*run
	target   Target
	kind     Kind
	hasher   *hasher
	wasEmpty bool // the target had none
	look     bool // records may be there already
}

// store stores a batch: all of it at once, as long as nothing of it is there
// already.
func (w *writer) store(ctx context.Context, b batch) error {
	if err := w.storeExtra(ctx, b.extra); err != nil {
		return err
	}
	if len(b.records) == 0 {
		return nil
	}
	if !w.look {
		err := w.target.Insert(ctx, w.kind, b.records)
		if err == nil {
			w.added(b.records, b.sum, b.numbered)
			return nil
		}
		if !errors.Is(err, ErrTaken) {
			return err
		}
		w.look = true
	}
	return w.storeNew(ctx, b)
}

// storeNew stores those of a batch that are not there already. Of two that are
// the same the second is looked at when the first is stored.
func (w *writer) storeNew(ctx context.Context, b batch) error {
	for rest := b.records; len(rest) > 0; {
		like, err := w.target.Like(ctx, w.kind, rest)
		if err != nil {
			return err
		}
		there := newIndex(w.hasher)
		for _, record := range like {
			there.add(record)
		}
		var fresh, again []any
		now := newIndex(w.hasher)
		for _, record := range rest {
			if has := there.find(record); has != nil {
				w.judge(record, has, b.numbered)
				continue
			}
			if now.find(record) != nil {
				again = append(again, record)
				continue
			}
			now.add(record)
			fresh = append(fresh, record)
		}
		if err := w.insert(ctx, fresh, b.numbered); err != nil {
			return err
		}
		rest = again
	}
	return nil
}

func (w *writer) insert(ctx context.Context, records []any, numbered bool) error {
	if len(records) == 0 {
		return nil
	}
	if err := w.target.Insert(ctx, w.kind, records); err != nil {
		return fmt.Errorf("store %s: %w", w.kind, err)
	}
	var s sum
	for _, record := range records {
		s.add(w.hasher.whole(record))
	}
	w.added(records, s, numbered)
	return nil
}

// storeExtra stores accounts of unknown users.
func (w *writer) storeExtra(ctx context.Context, users []any) error {
	if len(users) == 0 {
		return nil
	}
	if err := w.target.Insert(ctx, Users, users); err != nil {
		return fmt.Errorf("store unknown users: %w", err)
	}
	for _, u := range users {
		w.sums[Users].add(w.hasher.whole(u))
	}
	w.unknown += int64(len(users))
	return nil
}

// added counts records that were stored, and notes by which numbers.
func (w *writer) added(records []any, s sum, numbered bool) {
	w.sums[w.kind] = w.sums[w.kind].plus(s)
	w.found.count(w.kind, func(c *KindReport) { c.Added += int64(len(records)) })
	if w.kind != Users && w.kind != Albums {
		return
	}
	for _, record := range records {
		w.names.stored(record, *numberOf(record), numbered)
	}
}

// judge decides about a record like which there is another already: it is the
// same, or it is lost.
func (w *writer) judge(record, has any, numbered bool) {
	_, place := clone(record)
	number := numberOf(record)
	same := w.hasher.same(record, has)
	if number != nil {
		same = same && (!numbered || *number == *numberOf(has))
		if oidOf(record) == oidOf(has) { // it is this one, even if it has changed since
			w.names.stored(record, *numberOf(has), numbered)
		}
	}
	switch {
	case same && w.wasEmpty:
		w.found.problem(w.kind, Problem{Place: place, Rule: RuleDuplicate, What: nameOf(record) + " comes again, and says the same"})
		fallthrough
	case same:
		w.found.count(w.kind, func(c *KindReport) { c.Same++ })
	case w.wasEmpty:
		w.found.problem(w.kind, Problem{
			Place: place, Rule: RuleDuplicate, What: nameOf(record) + " has its id, or what else must be its own, from one that came before", Lost: true,
		})
	default:
		w.found.problem(w.kind, Problem{
			Place: place, Rule: RuleConflict, What: nameOf(record) + " is there already, and says something else: that was kept", Lost: true,
		})
	}
}

// oidOf returns the ObjectId of a record, "" for a kind that has none.
func oidOf(record any) oid.ID {
	switch v := record.(type) {
	case *User:
		return v.OID
	case *Album:
		return v.OID
	case *Song:
		return v.OID
	case *Message:
		return v.OID
	}
	return ""
}

// nameOf says which record it is.
func nameOf(record any) string {
	if number := numberOf(record); number != nil {
		return fmt.Sprintf("%d, %s", *number, oidOf(record))
	}
	return "it"
}

// index finds records by what no two may have in common.
type index struct {
	hasher *hasher
	by     map[any]any
}

func newIndex(h *hasher) *index { return &index{h, map[any]any{}} }

type (
	numberKey   int64
	externalKey string
	emailKey    string
	hashKey     string
	contentKey  uint64
)

func (x *index) keys(record any) []any {
	keys := make([]any, 0, 4) // the one that tells most first
	if id := oidOf(record); id != "" {
		keys = append(keys, id, numberKey(*numberOf(record)))
	}
	switch v := record.(type) {
	case *User:
		keys = append(keys, externalKey(v.ExternalID))
		if v.Email != "" {
			keys = append(keys, emailKey(account.FoldEmail(v.Email)))
		}
	case *Token:
		keys = append(keys, hashKey(v.Hash))
	case *Change:
		keys = append(keys, contentKey(x.hasher.whole(v)))
	}
	return keys
}

func (x *index) add(record any) {
	for _, key := range x.keys(record) {
		x.by[key] = record
	}
}

func (x *index) find(record any) any {
	for _, key := range x.keys(record) {
		if has, ok := x.by[key]; ok {
			return has
		}
	}
	return nil
}
