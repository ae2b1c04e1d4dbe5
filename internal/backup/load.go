package backup

import (
	"context"
	"fmt"
	"reflect"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Rows are put into a target so many at once, or so many bytes of their lines.
const (
	batchRows  = 1000
	batchBytes = 1 << 20
)

// loader puts rows into a target, and makes sure that they are there.
type loader struct {
	to    Target
	table Table
	lines *lines
	sum   sum
	rows  [][]any
	size  int
}

// newLoader returns a loader of a table. Errors: Invalid if the target has no such
// table.
func newLoader(to Target, t Table) (*loader, error) {
	for _, has := range to.Tables() {
		if has.Name == t.Name && reflect.DeepEqual(has.Columns, t.Columns) {
			return &loader{to: to, table: t, lines: newLines()}, nil
		}
	}
	return nil, errs.New(errs.Invalid, "the table %s is none of this version's, or has other columns", t.Name)
}

// add takes a row, which is its own from now on.
func (l *loader) add(ctx context.Context, row []any) error {
	line, err := l.lines.line(row)
	if err != nil {
		return err
	}
	l.sum.add(line)
	l.rows = append(l.rows, row)
	if l.size += len(line); l.size < batchBytes && len(l.rows) < batchRows {
		return nil
	}
	return l.put(ctx)
}

func (l *loader) put(ctx context.Context) error {
	if err := l.to.Put(ctx, l.table, l.rows); err != nil {
		return fmt.Errorf("table %s, rows %d to %d: %w", l.table.Name, l.sum.rows-int64(len(l.rows))+1, l.sum.rows, err)
	}
	l.rows, l.size = nil, 0
	return nil
}

// end stores what is left, reads the table back and compares.
func (l *loader) end(ctx context.Context) error {
	if err := l.put(ctx); err != nil {
		return err
	}
	var there sum
	err := l.to.Each(ctx, l.table, func(row []any) error {
		line, err := l.lines.line(row)
		there.add(line)
		return err
	})
	if err != nil {
		return err
	}
	if there != l.sum {
		return fmt.Errorf("table %s: %d rows with the checksum %s are stored, and there should be %d with %s",
			l.table.Name, there.rows, &there, l.sum.rows, &l.sum)
	}
	return nil
}

// Copy replaces a database by another. The two may be of different engines; media
// stay where they are. It returns how many rows there were.
func Copy(ctx context.Context, from Source, to Sink, force bool, tell func(Progress)) (rows int64, err error) {
	err = from.Dump(ctx, func(reading context.Context, s Snapshot) error {
		return to.Replace(ctx, Replacement{Migrations: s.Migrations(), Force: force}, func(writing context.Context, t Target) error {
			for _, table := range s.Tables() {
				n, err := copyTable(reading, writing, s, t, table, tell)
				if err != nil {
					return err
				}
				rows += n
			}
			return nil
		})
	})
	return rows, err
}

func copyTable(reading, writing context.Context, from Snapshot, to Target, t Table, tell func(Progress)) (rows int64, err error) {
	total, err := from.Count(reading, t)
	if err != nil {
		return 0, err
	}
	l, err := newLoader(to, t)
	if err != nil {
		return 0, err
	}
	told := &telling{tell: tell, Progress: Progress{What: t.Name, Total: total}}
	defer told.end()
	err = from.Each(reading, t, func(row []any) error {
		told.more()
		return l.add(writing, append([]any(nil), row...))
	})
	if err != nil {
		return 0, err
	}
	return l.sum.rows, l.end(writing)
}
