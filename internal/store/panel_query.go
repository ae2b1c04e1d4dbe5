package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// panelModelOf returns a model. Errors: NotFound.
func panelModelOf(name string) (panelModel, error) {
	m, ok := panelModels[name]
	if !ok {
		return m, errs.New(errs.NotFound, "There is no model %.100q.", name)
	}
	return m, nil
}

// column returns a column by the name that somebody outside gave it, which
// never gets into SQL. Errors: Invalid.
func (m panelModel) column(name string) (panelColumn, error) {
	for _, c := range m.columns {
		if c.Name == name {
			return c, nil
		}
	}
	return panelColumn{}, unknownColumn(name)
}

func unknownColumn(name string) error {
	return errs.InvalidFields(errs.Field{Name: fmt.Sprintf("%.100s", name), Code: errs.Unknown})
}

// where returns the conditions of a query.
func (m panelModel) where(q panel.Query) (w where, err error) {
	if len(q.Search) > 0 {
		texts, err := m.searched(q.SearchFields)
		if err != nil {
			return w, err
		}
		w.words(q.Search, texts...)
	}
	listed := 0
	for _, f := range q.Filters {
		c, err := m.column(f.Field)
		if err != nil {
			return w, err
		}
		if f.Op != panel.In {
			if err := w.filter(c, f); err != nil {
				return w, err
			}
			continue
		}
		items, err := c.Items(f.Value)
		if err != nil {
			return w, err
		}
		if listed += len(items); listed > panel.MaxIDs {
			return w, errs.InvalidFields(errs.Field{Name: c.Name, Code: errs.TooMany, Limit: panel.MaxIDs})
		}
		w.among(c, items)
	}
	return w, nil
}

// searched returns the texts that a search in the fields looks in.
func (m panelModel) searched(fields []string) (texts []string, err error) {
	if len(fields) == 0 {
		for _, c := range m.columns {
			if c.Searchable {
				fields = append(fields, c.Name)
			}
		}
	}
	for _, name := range fields {
		c, err := m.column(name)
		if err != nil {
			return nil, err
		}
		if !c.Searchable {
			return nil, unknownColumn(name)
		}
		texts = append(texts, `COALESCE(`+c.search+`, '')`)
	}
	return texts, nil
}

// filter adds the condition of a filter on one value, or on none.
func (w *where) filter(c panelColumn, f panel.Filter) error {
	if f.Op == panel.None && c.Kind != panel.Changes {
		if c.Kind == panel.Text {
			w.add(`COALESCE(` + c.value + `, '') = ''`)
		} else {
			w.add(c.value + ` IS NULL`)
		}
		return nil
	}
	v, err := c.Value(f.Value)
	if err != nil {
		return err
	}
	ordered := c.Kind == panel.Time || c.Kind == panel.Int || c.Kind == panel.Float
	switch {
	case f.Op == panel.Equals:
		w.among(c, []any{v})
	case f.Op == panel.Since && ordered:
		w.add(c.value + ` >= ` + w.place(arg(v)))
	case f.Op == panel.Until && ordered:
		w.add(c.value + ` < ` + w.place(arg(v)))
	default:
		return errs.InvalidFields(errs.Field{Name: c.Name, Code: errs.Malformed})
	}
	return nil
}

// among adds that the column has one of the values, as Items returns them, and
// returns the list of them.
func (w *where) among(c panelColumn, values []any) (list string) {
	if len(values) == 0 {
		w.add(`1 = 0`)
		return `NULL`
	}
	items := make([]string, len(values))
	for i, v := range values {
		if n, ok := v.(int64); ok && len(values) > 1 {
			// SQLite takes seconds to find the places of ten thousand arguments.
			items[i] = strconv.FormatInt(n, 10)
		} else {
			items[i] = w.place(arg(v))
		}
	}
	list = strings.Join(items, `, `)
	in := c.value + ` IN (%[1]s)`
	if c.in != "" {
		in = c.in
	}
	w.add(fmt.Sprintf(in, list))
	return list
}

// arg returns a value as the database has it.
func arg(v any) any {
	if at, ok := v.(time.Time); ok {
		return instant(at)
	}
	return v
}

// orderBy returns the ORDER BY of a query. The id decides what the columns
// leave open, in the direction of the last of them, as the indexes have it.
func (m panelModel) orderBy(q panel.Query) (string, error) {
	orders := q.Order
	if len(orders) == 0 {
		orders = []panel.Order{m.order}
	}
	var terms []string
	for _, o := range orders {
		c, err := m.column(o.Field)
		if err != nil {
			return "", err
		}
		if c.Hidden || c.Kind == panel.Changes {
			return "", unknownColumn(o.Field)
		}
		terms = append(terms, c.sorted()+direction(o.Desc)+c.absentLast())
	}
	terms = append(terms, m.id+direction(orders[len(orders)-1].Desc))
	return ` ORDER BY ` + strings.Join(terms, `, `), nil
}

// sorted returns what rows are sorted by.
func (c panelColumn) sorted() string {
	switch c.Kind {
	case panel.Text:
		return `fold(` + c.value + `)`
	case panel.Rel:
		return `fold(` + c.label + `)`
	}
	return c.value
}

// absentLast is only for columns that may be absent: PostgreSQL has no index
// for it.
func (c panelColumn) absentLast() string {
	if c.Optional {
		return ` NULLS LAST`
	}
	return ""
}

func direction(desc bool) string {
	if desc {
		return ` DESC`
	}
	return ""
}

// queryOnce runs a SELECT whose text is one of very many, so that SQLite's
// statement for it is not worth keeping.
func (d *db) queryOnce(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	if err := checkArgs(args); err != nil {
		return nil, err
	}
	run := d.read.QueryContext
	if tx := d.txOf(ctx); tx != nil {
		run = tx.QueryContext
	}
	rows, err := run(ctx, text, args...)
	return rows, translate(err)
}

// numberOnce runs a SELECT of one number.
func (d *db) numberOnce(ctx context.Context, text string, args ...any) (int, error) {
	rows, err := d.queryOnce(ctx, text, args...)
	n, err := one(rows, err, scanID)
	return int(n), err
}
