package mongo

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// need says what becomes of a record without a field, or with a value there that
// cannot be cast.
type need uint8

const (
	optional  need = iota // nothing: it may be absent
	expected              // it is told, and the field stays empty
	essential             // it is told, and the record is left out
)

// field is one field of the documents of a collection.
type field[R any] struct {
	name string
	need need
	want form // for the words of a problem
	set  func(d *decoder[R], v value) bool
}

// shape is how the documents of a collection become records.
type shape[R any] struct {
	kind   transfer.Kind
	fields []field[R] // in the order in which they are stored
	begin  func(r *R, at transfer.Place)
	times  func(r *R) (id oid.ID, created, updated *time.Time)
}

// decoder makes records of documents, one after another in the same memory.
type decoder[R any] struct {
	shape   shape[R]
	problem func(transfer.Problem)
	place   transfer.Place
	record  R
	seen    uint64 // fields, by their bits
	turn    int    // the field that should come next
	lost    bool
	unknown map[string]string // the words for unknown fields, by name
}

// maxUnknown is how many names of unknown fields are remembered.
const maxUnknown = 100

// each reads all documents of a collection.
func each[R any](docs documents, s shape[R], do func(record any) error, problem func(transfer.Problem)) error {
	d := &decoder[R]{shape: s, problem: problem, unknown: map[string]string{}}
	visit := d.visit
	for {
		document, at, err := docs.next(problem)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		d.start(docs.Place(at))
		var bad malformed
		if err := docs.walk(document, visit); errors.As(err, &bad) {
			d.tell("malformed", true, "a document of %s: %s", s.kind, bad)
			continue
		} else if err != nil {
			return err
		}
		if d.finish(); d.lost {
			continue
		}
		if err := do(&d.record); err != nil {
			return err
		}
	}
}

func (d *decoder[R]) start(at transfer.Place) {
	d.place, d.seen, d.turn, d.lost = at, 0, 0, false
	d.shape.begin(&d.record, at)
}

// visit takes one field of the document.
func (d *decoder[R]) visit(key []byte, v value) error {
	i := d.find(key)
	if i < 0 {
		d.tellUnknown(key)
		return nil
	}
	f := &d.shape.fields[i]
	if v.form == null {
		return nil
	}
	d.seen |= 1 << i
	if f.set != nil && !f.set(d, v) {
		d.lost = d.lost || f.need == essential
		d.tell("wrong type", f.need == essential, "%s of %s is %s where %s belongs", f.name, d.shape.kind, v.form, f.want)
	}
	return nil
}

// find returns which field of the shape is called so, or -1. Documents are
// nearly always in one order.
func (d *decoder[R]) find(key []byte) int {
	n := len(d.shape.fields)
	for range n {
		i := d.turn
		if d.turn++; d.turn == n {
			d.turn = 0
		}
		if string(key) == d.shape.fields[i].name {
			return i
		}
	}
	return -1
}

// finish tells which fields are missing, and completes the times: a document is
// as old as its ObjectId says, and was changed no earlier.
func (d *decoder[R]) finish() {
	for i, f := range d.shape.fields {
		if f.need != optional && d.seen&(1<<i) == 0 {
			d.lost = d.lost || f.need == essential
			d.tell("missing field", f.need == essential, "%s of %s is missing", f.name, d.shape.kind)
		}
	}
	id, created, updated := d.shape.times(&d.record)
	if created.IsZero() {
		*created = bornAt(id)
	}
	if updated.IsZero() {
		*updated = *created
	}
}

func (d *decoder[R]) tell(rule string, lost bool, format string, args ...any) {
	d.problem(transfer.Problem{Place: d.place, Rule: rule, What: fmt.Sprintf(format, args...), Lost: lost})
}

// tellUnknown tells of a field that no record has. Every document of a
// collection may have it.
func (d *decoder[R]) tellUnknown(key []byte) {
	what, ok := d.unknown[string(key)]
	if !ok {
		what = fmt.Sprintf("the field %q of %s is not known, and not kept", shortened(key), d.shape.kind)
		if len(d.unknown) < maxUnknown && len(key) <= maxShown {
			d.unknown[string(key)] = what
		}
	}
	d.problem(transfer.Problem{Place: d.place, Rule: "unknown field", What: what})
}

// maxShown is how much is shown of what may be of any length, in bytes.
const maxShown = 100

// shortened returns text for a report.
func shortened(b []byte) string {
	if len(b) > maxShown {
		return strings.ToValidUTF8(string(b[:maxShown]), "") + "…"
	}
	return strings.ToValidUTF8(string(b), "\ufffd")
}

// textField is a field of text.
func textField[R any](name string, n need, of func(r *R) *string) field[R] {
	return field[R]{name, n, text, func(d *decoder[R], v value) bool {
		s, ok := v.asText()
		if clean := cleaned(s); clean != s {
			d.tell(transfer.RuleBadText, false, "%s of %s has bytes that are no text; they are replaced", name, d.shape.kind)
			s = clean
		}
		*of(&d.record) = s
		return ok
	}}
}

// cleaned returns s with what no database can store as text replaced: bytes
// that are not UTF-8, and zeros.
func cleaned(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// numberField is a field of a number.
func numberField[R any](name string, n need, of func(r *R) *float64) field[R] {
	return field[R]{name, n, double, func(d *decoder[R], v value) bool {
		number, ok := v.asNumber()
		*of(&d.record) = number
		return ok
	}}
}

// timeField is a field of a date.
func timeField[R any](name string, of func(r *R) *time.Time) field[R] {
	return field[R]{name, expected, date, func(d *decoder[R], v value) bool {
		at, ok := v.asTime()
		*of(&d.record) = at
		return ok
	}}
}

// idField is a field of an ObjectId.
func idField[R any](name string, n need, of func(r *R) *oid.ID) field[R] {
	return field[R]{name, n, id, func(d *decoder[R], v value) bool {
		parsed, ok := v.asID()
		*of(&d.record) = parsed
		return ok
	}}
}

// revisionField is Mongoose's count of an array's changes, which nobody needs.
func revisionField[R any]() field[R] { return field[R]{name: "__v"} }
