package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/antiphon-music/antiphon/internal/audit"
)

const selectAudit = `SELECT id, created_at, actor_id, actor, model, object_id, object, action, changes FROM audit `

func scanAudit(r row) (e audit.Entry, err error) {
	var changes string
	err = r.Scan(&e.ID, (*instant)(&e.At), &e.ActorID, &e.Actor, &e.Model, &e.ObjectID, &e.Object, &e.Action, &changes)
	if err != nil {
		return e, err
	}
	e.Changes, err = decodeChanges(changes)
	return e, err
}

// encodeChanges returns changes as a JSON list of [field, from, to].
func encodeChanges(changes []audit.Change) (string, error) {
	list := make([][3]string, len(changes))
	for i, c := range changes {
		list[i] = [3]string{c.Field, c.From, c.To}
	}
	text, err := json.Marshal(list)
	return string(text), err
}

func decodeChanges(text string) ([]audit.Change, error) {
	var list [][3]string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("the changes of an audit entry: %w", err)
	}
	changes := make([]audit.Change, len(list))
	for i, c := range list {
		changes[i] = audit.Change{Field: c[0], From: c[1], To: c[2]}
	}
	return changes, nil
}

// InsertAudit stores entries in one transaction.
func (s *Store) InsertAudit(ctx context.Context, entries []audit.Entry) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		for _, e := range entries {
			changes, err := encodeChanges(e.Changes)
			if err != nil {
				return err
			}
			_, err = s.db.exec(ctx, `INSERT INTO audit (created_at, actor_id, actor, model, object_id, object, action, changes)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
				instant(e.At), e.ActorID, e.Actor, e.Model, e.ObjectID, e.Object, string(e.Action), changes)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// AuditOf returns the newest entries about an object, newest first.
func (s *Store) AuditOf(ctx context.Context, model, objectID string, n int) ([]audit.Entry, error) {
	rows, err := s.db.query(ctx, selectAudit+`WHERE model = $1 AND object_id = $2 ORDER BY id DESC LIMIT $3`, model, objectID, limit(n))
	return collect(rows, err, scanAudit)
}

// AuditBy returns the newest entries of what a user did, newest first.
func (s *Store) AuditBy(ctx context.Context, actorID int64, n int) ([]audit.Entry, error) {
	rows, err := s.db.query(ctx, selectAudit+`WHERE actor_id = $1 ORDER BY id DESC LIMIT $2`, actorID, limit(n))
	return collect(rows, err, scanAudit)
}
