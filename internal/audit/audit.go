// Package audit remembers who changed what: one entry for each thing that was
// added, changed or deleted on somebody's word, written in the transaction of
// the change itself, so that neither is ever there without the other.
package audit

import (
	"context"
	"time"
	"unicode/utf8"
)

// Action is what was done to an object.
type Action string

// The actions.
const (
	Added   Action = "added"
	Changed Action = "changed"
	Deleted Action = "deleted"
)

// The models that entries are about.
const (
	Songs       = "songs"
	Albums      = "albums"
	Users       = "users"
	Messages    = "messages"
	Tokens      = "tokens"
	Sessions    = "sessions"
	Invitations = "invitations"
)

// Entry says that somebody did something to one object. It outlives both.
type Entry struct {
	ID       int64
	At       time.Time
	ActorID  int64  // 0 for the command line
	Actor    string // his e-mail at the time, or "command line"
	Model    string // Songs, Albums, …
	ObjectID string
	Object   string // what it was called
	Action   Action
	Changes  []Change // in the order of the object's fields
}

// Change is a field that has another value now. From is empty for an object
// that was added, To for one that was deleted, and both for a secret.
type Change struct{ Field, From, To string }

// Value is a field of an object as text.
type Value struct{ Field, Text string }

// Compare returns the fields that differ between two states of one object,
// which list the same fields in the same order; nil is a state in which it does
// not exist.
func Compare(before, after []Value) []Change {
	var changes []Change
	for i := range max(len(before), len(after)) {
		var c Change
		if i < len(before) {
			c.Field, c.From = before[i].Field, before[i].Text
		}
		if i < len(after) {
			c.Field, c.To = after[i].Field, after[i].Text
		}
		if c.From != c.To {
			changes = append(changes, c)
		}
	}
	return changes
}

// How many characters of what an object is called and of a value are kept; a
// longer one ends in "…".
const (
	MaxObject = 100
	MaxValue  = 500
)

// Store is what the log needs of a database. Every method may return an
// Internal error.
type Store interface {
	InsertAudit(ctx context.Context, entries []Entry) error
	AuditOf(ctx context.Context, model, objectID string, limit int) ([]Entry, error) // newest first
	AuditBy(ctx context.Context, actorID int64, limit int) ([]Entry, error)          // newest first
}

// Config are the parts a Log is made of.
type Config struct {
	Store Store
	Now   func() time.Time
}

// Log keeps the entries. It is safe for concurrent use. It asks nobody for his
// rights: who reads it out to somebody does.
type Log struct{ c Config }

// New returns a log over its parts.
func New(c Config) *Log { return &Log{c} }

// Record keeps entries as of now; one that says Changed and lists no change is
// passed over. It joins the transaction in ctx, which must be that of the
// change.
func (l *Log) Record(ctx context.Context, entries ...Entry) error {
	now := l.c.Now()
	kept := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if e.Action == Changed && len(e.Changes) == 0 {
			continue
		}
		e.At = now
		e.Object = shorten(e.Object, MaxObject)
		changes := make([]Change, len(e.Changes))
		for i, c := range e.Changes {
			changes[i] = Change{Field: c.Field, From: shorten(c.From, MaxValue), To: shorten(c.To, MaxValue)}
		}
		e.Changes = changes
		kept = append(kept, e)
	}
	if len(kept) == 0 {
		return nil
	}
	return l.c.Store.InsertAudit(ctx, kept)
}

func shorten(text string, to int) string {
	if utf8.RuneCountInString(text) <= to {
		return text
	}
	return string([]rune(text)[:to-1]) + "…"
}

// Of returns what was done to an object, newest first, at most limit entries.
func (l *Log) Of(ctx context.Context, model, objectID string, limit int) ([]Entry, error) {
	return l.c.Store.AuditOf(ctx, model, objectID, limit)
}

// By returns what a user did, newest first, at most limit entries.
func (l *Log) By(ctx context.Context, actorID int64, limit int) ([]Entry, error) {
	return l.c.Store.AuditBy(ctx, actorID, limit)
}
