// Package backup carries a whole server: its database as it was at one moment, and
// the media that it names; into an archive and out of it, or from one database to
// another, of whichever engine.
//
// The database is told by rows of its tables, which both engines have in common.
// An archive is a tar file packed with zstd, of documents that other programs can
// read: archive.go has its form.
package backup

import (
	"context"
	"fmt"

	"github.com/antiphon-music/antiphon/internal/media"
)

// Sort is what the values of a column are.
type Sort uint8

// The sorts, and what a value of each is in a row; that may always be nil.
const (
	Whole Sort = iota // int64
	Real              // float64
	Text              // string
	Bytes             // []byte
	Flag              // bool
)

var sortNames = [...]string{"whole", "real", "text", "bytes", "flag"}

// String returns the sort in one lower-case word.
func (s Sort) String() string {
	if int(s) < len(sortNames) {
		return sortNames[s]
	}
	return "unknown"
}

// MarshalText implements encoding.TextMarshaler.
func (s Sort) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Sort) UnmarshalText(text []byte) error {
	for i, name := range sortNames {
		if name == string(text) {
			*s = Sort(i)
			return nil
		}
	}
	return fmt.Errorf("%q is no sort of values", text)
}

// Column is a column of a table.
type Column struct {
	Name string `json:"name"`
	Sort Sort   `json:"sort"`
}

// Table is a table. A row of it has a value of each column, in their order.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	// Last is the greatest number that a row has or had; nil for a table that
	// gives its rows none.
	Last *int64 `json:"last,omitempty"`
}

// Content is a content that media in use stand for.
type Content struct {
	Key  media.Key
	Size int64 // bytes
}

// Snapshot is a database as it is at one moment. It is used by one goroutine.
type Snapshot interface {
	// Migrations are the names of those that made its schema, in their order.
	Migrations() []string
	// Tables returns those that are carried, each after those it refers to.
	Tables() []Table
	// Count returns how many rows a table has.
	Count(ctx context.Context, t Table) (int64, error)
	// Each calls do with each row of a table, which is do's until it returns.
	Each(ctx context.Context, t Table, do func(row []any) error) error
	// Contents calls do with each content that a name in use stands for, by key.
	Contents(ctx context.Context, do func(Content) error) error
}

// Source is a database that can be read at one moment.
type Source interface {
	Dump(ctx context.Context, do func(context.Context, Snapshot) error) error
}

// Target is a database within the transaction that replaces all that it has. Its
// schema is that of the source, and its tables are empty. It is used by one
// goroutine.
type Target interface {
	// Tables returns its tables, as Snapshot's does.
	Tables() []Table
	// Put stores rows, and has the table go on behind the number Last.
	Put(ctx context.Context, t Table, rows [][]any) error
	// Each reads a table back.
	Each(ctx context.Context, t Table, do func(row []any) error) error
}

// Replacement says what a database is replaced by.
type Replacement struct {
	// Migrations are those of the source.
	Migrations []string
	// Force also replaces a database in which there is something.
	Force bool
	// Past says that the source is a database of the past, and not this very one
	// elsewhere: revisions that clients have seen since must not come again.
	Past bool
}

// Sink is a database that can be replaced.
type Sink interface {
	// Replace calls do with the database in one transaction, and afterwards brings
	// its schema up to date. Nothing has happened if it returns an error. Errors:
	// do's own; Conflict if there is something, or a server runs; Invalid if the
	// source is of a newer version.
	Replace(ctx context.Context, r Replacement, do func(context.Context, Target) error) error
}

// Progress says how far something is: of What, such as "messages", so many are
// done of Total.
type Progress struct {
	What        string
	Done, Total int64
}

// telling tells the progress of one thing, now and then; nil tells nobody.
type telling struct {
	tell func(Progress)
	Progress
}

// toldEvery is after how much more of something the progress is told.
const toldEvery = 1000

func (t *telling) more() {
	if t.Done++; t.tell != nil && t.Done%toldEvery == 0 {
		t.tell(t.Progress)
	}
}

func (t *telling) end() {
	if t.tell != nil {
		t.tell(t.Progress)
	}
}
