// Package panel reads the whole of the data in one way, for the admin panel:
// any model can be listed, searched, filtered, sorted and counted, so that a
// list of songs and a list of sessions are one piece of code.
//
// It only reads. What changes the data stays with the features that own it.
package panel

import (
	"context"
	"time"
)

// The models.
const (
	Songs       = "songs"
	Albums      = "albums"
	Users       = "users"
	Messages    = "messages"
	Invitations = "invitations" // for administrators alone
	Tokens      = "tokens"      // for administrators alone
	Sessions    = "sessions"    // for administrators alone
	Plays       = "plays"
	Log         = "log" // who changed what
)

// Limits of what one call reads or takes.
const (
	DefaultPage = 50     // rows, if a query names no limit
	MaxPage     = 1000   // rows
	MaxIDs      = 10_000 // rows that one action is about, and numbers in the lists of a query's filters
	MaxValues   = 100    // in the list of a filter, if they are no numbers
	MaxWords    = 16     // in a search
	MaxWord     = 200    // characters of one
	MaxDays     = 366
	MaxClauses  = 32 // filters of a query, and columns of its order
)

// Kind is the type of a column's values.
type Kind uint8

// The kinds, and what a Row holds of them. An absent value of any is nil.
const (
	Text    Kind = iota // string
	Int                 // int64
	Float               // float64
	Bool                // bool
	Time                // time.Time in UTC
	Rel                 // Ref, a row of another model
	Changes             // []audit.Change; neither sorted nor filtered nor searched
)

// Column describes one column of a model.
type Column struct {
	Name       string
	Kind       Kind
	Model      string // of a Rel: the model that it refers to
	Optional   bool   // the value may be absent
	Searchable bool
	Hidden     bool // only a filter: rows do not hold it
}

// Ref names a row of another model.
type Ref struct {
	ID    int64
	Label string
}

// Row is one row of a model.
type Row struct {
	ID     int64
	Label  string         // what to call it: a title, a name
	Values map[string]any // by column, see Kind
}

// Query says which rows of a model, and in which order.
type Query struct {
	Model        string
	Search       []string // every word has to be in one of SearchFields, in whatever case; see ParseSearch
	SearchFields []string // none are all that are searchable
	Filters      []Filter // all of them hold
	Order        []Order  // none is the model's own, newest first; the id decides what is left open
	Limit        int      // 0 is DefaultPage
	Offset       int
}

// Filter is a condition on one column.
type Filter struct {
	Field string
	Op    Op
	// Value is of the column's kind (an int64 for a Rel), or the text of one
	// as a URL has it: "5", "true", "2026-11-22T12:00:00Z". For In it is a
	// slice of such: []int64, []string or []any. None takes no value.
	Value any
}

// Op is how a Filter compares.
type Op uint8

// The comparisons.
const (
	Equals Op = iota
	In        // one of several; of none, no row matches
	None      // the value is absent, or the text empty
	Since     // a time or a number not below Value
	Until     // a time or a number below Value
)

// Order sorts by one column. Text is sorted whatever its case; what is absent
// comes last.
type Order struct {
	Field string
	Desc  bool
}

// Facet is a value of a column and how many rows have it.
type Facet struct {
	Value any    // see Kind; of a Rel the id as int64; nil for rows without
	Label string // of a Rel: what to call it
	Count int
}

// Option is a row to pick.
type Option struct {
	ID     int64
	Label  string
	Detail string // what tells it from others of the same label, or ""
	Image  string // as the model stores it, or ""
}

// Related counts the rows of another model that refer to a row. They go with
// it when it is deleted.
type Related struct {
	Model string
	Field string // the column by which a Filter finds them
	Count int
}

// Dependents are the rows of one model that a deletion takes along.
type Dependents struct {
	Model string
	Count int
	First []Dependent // newest first
}

// Dependent is one row that goes with another.
type Dependent struct {
	Of    int64 // the row it goes with
	ID    int64
	Label string
}

// Day is how many rows came on one day.
type Day struct {
	Day   time.Time // its beginning, in UTC
	Count int
}

// Totals count everything.
type Totals struct {
	Songs, Albums, Artists, Users, Messages, Plays int
}

// Storage is the room that things take, in bytes.
type Storage struct {
	Files    int   // names in use
	Media    int64 // contents, counted once each
	Database int64
}

// Store is what the panel needs of a database. Every method may return an
// Internal error besides those it lists, and NotFound for a model it does not
// know.
type Store interface {
	PanelColumns(model string) ([]Column, error)                                    // in the order of the rows' fields
	PanelRows(ctx context.Context, q Query) ([]Row, error)                          // Invalid
	PanelIDs(ctx context.Context, q Query) ([]int64, error)                         // Invalid
	PanelCount(ctx context.Context, q Query) (int, error)                           // Invalid; of all pages
	PanelFacets(ctx context.Context, q Query, field string) ([]Facet, error)        // Invalid; greatest first, at most q.Limit
	PanelOptions(ctx context.Context, q Query) ([]Option, error)                    // Invalid
	PanelRelated(ctx context.Context, model string, ids []int64) ([]Related, error) // of all the ids together
	PanelDependents(ctx context.Context, model, related string, ids []int64, limit int) ([]Dependent, error)
	PanelDaily(ctx context.Context, model string, from, to time.Time) (map[time.Time]int, error) // days without a row are left out
	PanelTotals(ctx context.Context) (Totals, error)
	PanelStorage(ctx context.Context) (Storage, error)
}
