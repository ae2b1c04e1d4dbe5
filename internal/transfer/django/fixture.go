package django

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transfer"
	"github.com/antiphon-music/antiphon/internal/transfer/dump"
)

// fixture is the origin of a file of dumpdata: objects of JSON in one array, or
// one a line (https://docs.djangoproject.com/en/stable/topics/serialization/). It
// is read through once to begin with, so that each model's objects are found again.
type fixture struct {
	path  string
	spans [models]*objectSpan
	other map[string]int64
	odd   []transfer.Problem
}

// objectSpan is where in the file the objects of a model are, perhaps among others.
type objectSpan struct {
	name     string // of the model, such as "api.song"
	from, to int64  // the offsets of the first and the last
	rows     int64
}

// openFixture reads through a fixture.
func openFixture(ctx context.Context, path string) (*fixture, error) {
	f := &fixture{path: path, other: map[string]int64{}}
	err := f.objects(ctx, 0, func(object []byte, at int64, place transfer.Place) error {
		if !json.Valid(object) {
			f.told(transfer.Problem{Place: place, Rule: "malformed", What: "this is no JSON", Lost: true})
			return nil
		}
		f.note(headOf(object).model, at)
		return nil
	}, f.told)
	return f, err
}

func (f *fixture) told(p transfer.Problem) {
	if len(f.odd) < maxOdd {
		f.odd = append(f.odd, p)
	}
}

// maxModels is how many names of other models are kept.
const maxModels = 1000

// note counts an object.
func (f *fixture) note(name string, at int64) {
	m, ours := modelOf(name)
	if ours && f.spans[m] == nil {
		f.spans[m] = &objectSpan{name: name, from: at}
	}
	if ours && f.spans[m].name == name {
		f.spans[m].to = at
		f.spans[m].rows++
		return
	}
	if _, known := f.other[name]; known || len(f.other) < maxModels {
		f.other[name]++
	}
}

// objects calls do with each object from an offset on.
func (f *fixture) objects(ctx context.Context, from int64, do func(object []byte, at int64, place transfer.Place) error, problem func(transfer.Problem)) error {
	in, err := dump.Open(f.path, f.name())
	if err != nil {
		return err
	}
	defer in.Close()
	objects := dump.Objects{Input: in}
	if from > 0 {
		if err := objects.From(from); err != nil {
			return err
		}
	}
	for n := 0; ; n++ {
		if n%askEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		object, at, err := objects.Next(problem)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = do(object, at, in.Place(at))
		}
		if err != nil {
			return err
		}
	}
}

// head is what every object of a fixture has.
type head struct {
	model      string
	pk, fields []byte // JSON; nil if there is none
}

// headOf reads an object that is known to be JSON.
func headOf(object []byte) (h head) {
	_ = dump.WalkJSON(object, func(key, value []byte) error { // it has no errors of its own
		switch string(key) {
		case "model":
			if value[0] == '"' {
				h.model = strings.ToLower(string(dump.Unquoted(value)))
			}
		case "pk":
			h.pk = value
		case "fields":
			h.fields = value
		}
		return nil
	})
	return h
}

func (f *fixture) name() string { return filepath.Base(f.path) }

func (f *fixture) Close() error { return nil }

func (f *fixture) has(m model) bool { return f.spans[m] != nil }

func (f *fixture) count(_ context.Context, m model) (int64, error) {
	if f.has(m) {
		return f.spans[m].rows, nil
	}
	return 0, nil
}

func (f *fixture) strangers(context.Context) ([]stranger, []transfer.Problem, error) {
	list := make([]stranger, 0, len(f.other))
	for name, n := range f.other {
		list = append(list, stranger{name, n})
	}
	return list, f.odd, nil
}

func (f *fixture) each(ctx context.Context, m model, do func(*row) error, problem func(transfer.Problem)) error {
	span := f.spans[m]
	if span == nil {
		return nil
	}
	r := fixtureRow{row: newRow(nil)}
	err := f.objects(ctx, span.from, func(object []byte, at int64, place transfer.Place) error {
		if at > span.to {
			return errStopped
		}
		if !json.Valid(object) {
			return nil // it was told when the fixture was opened
		}
		h := headOf(object)
		if h.model != span.name {
			return nil
		}
		r.reset(place)
		if len(h.fields) == 0 || h.fields[0] != '{' {
			problem(transfer.Problem{Place: place, Rule: "malformed", What: "the object has no fields", Lost: true})
			return nil
		}
		r.read(h)
		return do(r.row)
	}, func(transfer.Problem) {})
	if err == errStopped { //nolint:errorlint // it is this very one
		err = nil
	}
	return err
}

// fixtureRow makes rows of objects. Most have the fields of the one before.
type fixtureRow struct {
	*row
	keys [][]byte
}

// read takes the fields as columns, and the key as what the models call it.
func (r *fixtureRow) read(h head) {
	n, same := 0, true
	add := func(key, value []byte) error {
		if n < len(r.keys) && same && bytes.Equal(r.keys[n], key) {
			n++
		} else {
			r.keys = append(r.keys[:n], slices.Clone(key))
			same = false
			n++
		}
		r.cells = append(r.cells, jsonCell(value))
		return nil
	}
	if h.pk != nil {
		_ = add([]byte("pk"), h.pk)
	}
	_ = dump.WalkJSON(h.fields, add) // add has no errors
	if same && n == len(r.keys) && r.at != nil {
		return
	}
	r.keys = r.keys[:n]
	r.at = make(map[string]int, n)
	for i, key := range r.keys {
		r.at[string(key)] = i
	}
	if i, ok := r.at["pk"]; ok {
		for _, name := range []string{"id", "key"} {
			if _, taken := r.at[name]; !taken {
				r.at[name] = i
			}
		}
	}
}

// jsonCell is a value: a text without its quotes, anything else as it is written.
func jsonCell(value []byte) cell {
	switch value[0] {
	case 'n':
		return cell{null: true}
	case '"':
		return cell{text: string(dump.Unquoted(value))}
	}
	return cell{text: string(value)}
}
