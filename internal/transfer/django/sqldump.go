package django

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transfer"
)

// sqlDump is the origin of a plain-format dump of pg_dump. It is read through
// once to begin with, so that each table's rows are found again.
type sqlDump struct {
	path   string
	tables map[string]*tableSpan
	odd    []transfer.Problem
}

// tableSpan is where in the file the rows of a table are.
type tableSpan struct {
	schema   string
	columns  []string // as it was created; nil if the dump does not say
	from, to int64    // from the first statement about its rows to the end of the last
	rows     int64
}

// openSQLDump reads through a dump.
func openSQLDump(ctx context.Context, path string) (_ *sqlDump, err error) {
	d := &sqlDump{path: path, tables: map[string]*tableSpan{}}
	s, err := openScript(path, d.name())
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		statement, at, err := s.next(d.told)
		if err == io.EOF {
			return d, nil
		}
		if err == nil {
			err = d.index(ctx, s, string(statement), at)
		}
		if err != nil {
			return nil, err
		}
	}
}

// maxOdd is how many oddities of a dump itself are kept to be told.
const maxOdd = 100

func (d *sqlDump) told(p transfer.Problem) {
	if len(d.odd) < maxOdd {
		d.odd = append(d.odd, p)
	}
}

// index notes what a statement says.
func (d *sqlDump) index(ctx context.Context, s *script, statement string, at int64) error {
	t := lexer{text: statement}
	switch word := t.next(); {
	case word.is("SET") && t.next().is("client_encoding") && t.next().sort == '=':
		if encoding := t.next().text; !strings.EqualFold(encoding, "UTF8") && !strings.EqualFold(encoding, "SQL_ASCII") {
			return s.Broken(at, "the dump is in the encoding %s: write it again with --encoding=UTF8", encoding)
		}
	case word.is("CREATE"):
		if head, ok := parseCreate(statement); ok {
			span, err := d.span(s, at, head)
			if err != nil {
				return err
			}
			span.columns = head.columns
		}
	case word.is("INSERT"):
		i, ok := parseInsert(statement)
		if !ok {
			return s.Broken(at, "this INSERT is none of pg_dump's")
		}
		span, err := d.span(s, at, i.copyHead)
		if err != nil {
			return err
		}
		for {
			_, more, ok := i.row(nil)
			if !ok {
				return s.Broken(at, "this INSERT is none of pg_dump's")
			}
			if !more {
				break
			}
			span.rows++
		}
		span.extend(at, s.At())
	case word.is("COPY"):
		head, ok := parseCopy(statement)
		if !ok {
			return s.Broken(at, "this COPY is none of pg_dump's")
		}
		span, err := d.span(s, at, head)
		if err != nil {
			return err
		}
		rows, err := d.rowsOf(s).skip(ctx, func(transfer.Problem) {}) // told when they are read
		if err != nil {
			return err
		}
		span.rows += rows
		span.extend(at, s.At())
	}
	return nil
}

// span returns the span of a table. There may be one table of a name.
func (d *sqlDump) span(s *script, at int64, head copyHead) (*tableSpan, error) {
	span, ok := d.tables[head.table]
	if !ok {
		span = &tableSpan{schema: head.schema, from: -1}
		d.tables[head.table] = span
	}
	if _, ours := modelOfTable(head.table); ours && span.schema != head.schema {
		return nil, s.Broken(at, "there are tables %s in the schemas %s and %s: write the dump again with --schema", head.table, span.schema, head.schema)
	}
	return span, nil
}

func (t *tableSpan) extend(from, to int64) {
	if t.from < 0 {
		t.from = from
	}
	t.to = to
}

// rowsOf are the rows after a COPY, whose line ends here.
func (d *sqlDump) rowsOf(s *script) copied {
	// What is left of the line of the statement; a file that ends here says so then.
	_, _, _ = s.Line(func(transfer.Problem) {})
	return copied{Input: s.Input, marked: true, place: func(_, at int64) transfer.Place { return s.Place(at) }}
}

func (d *sqlDump) name() string { return filepath.Base(d.path) }

func (d *sqlDump) Close() error { return nil }

func (d *sqlDump) has(m model) bool { return d.tables[tableNames[m]] != nil }

func (d *sqlDump) count(_ context.Context, m model) (int64, error) {
	if span := d.tables[tableNames[m]]; span != nil {
		return span.rows, nil
	}
	return 0, nil
}

func (d *sqlDump) strangers(context.Context) ([]stranger, []transfer.Problem, error) {
	var list []stranger
	for name, span := range d.tables {
		if _, ours := modelOfTable(name); !ours {
			list = append(list, stranger{name, span.rows})
		}
	}
	return list, d.odd, nil
}

func (d *sqlDump) each(ctx context.Context, m model, do func(*row) error, problem func(transfer.Problem)) error {
	table := tableNames[m]
	span := d.tables[table]
	if span == nil || span.from < 0 {
		return nil
	}
	s, err := openScript(d.path, d.name())
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.GoTo(span.from); err != nil {
		return err
	}
	unheard := func(transfer.Problem) {} // it was told when the dump was opened
	for s.At() < span.to {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		statement, at, err := s.next(unheard)
		if err == io.EOF {
			return errs.New(errs.Invalid, "%s has become shorter since it was opened", d.name())
		}
		if err != nil {
			return err
		}
		text := string(statement)
		if head, ok := parseCopy(text); ok {
			if head.table != table {
				_, err = d.rowsOf(s).skip(ctx, unheard)
			} else {
				err = d.rowsOf(s).each(ctx, head.columns, do, problem)
			}
			if err != nil {
				return err
			}
			continue
		}
		if i, ok := parseInsert(text); ok && i.table == table {
			if i.columns == nil {
				i.columns = span.columns
			}
			if err := i.each(s.Place(at), do, problem); err != nil {
				return err
			}
		}
	}
	return nil
}

// each calls do with each row of the INSERT at a place.
func (i *insertion) each(at transfer.Place, do func(*row) error, problem func(transfer.Problem)) error {
	r := newRow(i.columns)
	for {
		r.reset(at)
		cells, more, ok := i.row(r.cells)
		if !ok {
			return errors.New(at.String() + ": this INSERT is none of pg_dump's")
		}
		if !more {
			return nil
		}
		r.cells = cells
		if len(r.cells) != len(i.columns) {
			problem(transfer.Problem{Place: at, Rule: "malformed", Lost: true, What: "there are more or fewer values than columns"})
			continue
		}
		if err := do(r); err != nil {
			return err
		}
	}
}
