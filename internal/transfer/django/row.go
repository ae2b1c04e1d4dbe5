package django

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/transfer"
)

// row is one row of a table as text, as PostgreSQL's COPY has it.
type row struct {
	place transfer.Place
	at    map[string]int // of each column
	cells []cell
	wrong *fault // the first that its readers found
}

func newRow(columns []string) *row {
	r := &row{at: make(map[string]int, len(columns))}
	for i, name := range columns {
		r.at[name] = i
	}
	return r
}

// reset makes the row ready for the values at another place.
func (r *row) reset(at transfer.Place) {
	r.place, r.cells, r.wrong = at, r.cells[:0], nil
}

// cell is a value.
type cell struct {
	text string
	null bool
}

// fault is why a row is left out.
type fault struct{ rule, what string }

func (r *row) fail(rule, format string, args ...any) {
	if r.wrong == nil {
		r.wrong = &fault{rule, fmt.Sprintf(format, args...)}
	}
}

// has reports whether there is a value, and one that is not null.
func (r *row) has(name string) bool {
	i, ok := r.at[name]
	return ok && !r.cells[i].null
}

// optional returns a text, "" if there is none.
func (r *row) optional(name string) string {
	if i, ok := r.at[name]; ok && !r.cells[i].null {
		return r.cells[i].text
	}
	return ""
}

// text returns a text that has to be there.
func (r *row) text(name string) string {
	if !r.has(name) {
		r.fail("missing field", "%s is missing", name)
	}
	return r.optional(name)
}

// number returns a whole number that has to be there.
func (r *row) number(name string) int64 {
	text := r.text(name)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		r.fail("wrong type", "%s is %q, not a whole number", name, shorten(text))
	}
	return n
}

// whole returns the whole number of the first of the columns that has a value, 0
// if none has: the "_id" of a column is not in a fixture.
func (r *row) whole(names ...string) int64 {
	for _, name := range names {
		if r.has(name) {
			return r.number(name)
		}
	}
	return 0
}

// decimal returns a number that has to be there.
func (r *row) decimal(name string) float64 {
	text := r.text(name)
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		r.fail("wrong type", "%s is %q, not a number", name, shorten(text))
	}
	return n
}

// flag returns a truth value, or what is given if there is none.
func (r *row) flag(name string, otherwise bool) bool {
	if !r.has(name) {
		return otherwise
	}
	switch text := strings.ToLower(r.optional(name)); text {
	case "t", "true", "1":
		return true
	case "f", "false", "0":
		return false
	default:
		r.fail("wrong type", "%s is %q, neither true nor false", name, shorten(text))
		return false
	}
}

// timeLayouts are those of PostgreSQL and of dumpdata.
var timeLayouts = []string{"2006-01-02 15:04:05.999999999Z07", time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999"}

// instant returns a time that has to be there; one without a zone is in UTC.
func (r *row) instant(name string) time.Time {
	text := r.text(name)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Microsecond)
		}
	}
	r.fail("wrong type", "%s is %q, not a time", name, shorten(text))
	return time.Time{}
}

// since returns a time, zero if there is none.
func (r *row) since(name string) time.Time {
	if !r.has(name) {
		return time.Time{}
	}
	return r.instant(name)
}

const maxShown = 100 // bytes of a value in a report

func shorten(text string) string {
	if len(text) > maxShown {
		return strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return text
}
