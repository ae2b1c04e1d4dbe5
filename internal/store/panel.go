package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// PanelColumns returns a model's columns. Errors: NotFound.
func (s *Store) PanelColumns(model string) ([]panel.Column, error) {
	m, err := panelModelOf(model)
	columns := make([]panel.Column, len(m.columns))
	for i, c := range m.columns {
		columns[i] = c.Column
	}
	return columns, err
}

// PanelIDs returns the ids of a page of rows. Errors: NotFound, Invalid.
func (s *Store) PanelIDs(ctx context.Context, q panel.Query) ([]int64, error) {
	text, args, err := panelIDs(q)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.queryOnce(ctx, text, args...)
	return collect(rows, err, scanID)
}

func panelIDs(q panel.Query) (text string, args []any, err error) {
	m, err := panelModelOf(q.Model)
	if err != nil {
		return "", nil, err
	}
	w, err := m.where(q)
	if err != nil {
		return "", nil, err
	}
	order, err := m.orderBy(q)
	if err != nil {
		return "", nil, err
	}
	text = `SELECT ` + m.id + ` FROM ` + m.from + ` ` + w.String() + order +
		` LIMIT ` + w.place(limit(q.Limit)) + ` OFFSET ` + w.place(q.Offset)
	return text, w.args, nil
}

// PanelRows returns a page of rows. Errors: NotFound, Invalid.
//
// It finds their ids first, so that joins and counts are made for the rows of
// the page alone, whatever the order.
func (s *Store) PanelRows(ctx context.Context, q panel.Query) ([]panel.Row, error) {
	ids, err := s.PanelIDs(ctx, q)
	if err != nil {
		return nil, err
	}
	m := panelModels[q.Model]
	selected := []string{m.id, m.label}
	for _, c := range m.columns {
		if c.Hidden {
			continue
		}
		selected = append(selected, c.value)
		if c.Kind == panel.Rel {
			selected = append(selected, c.label)
		}
	}
	text := `SELECT ` + strings.Join(selected, `, `) + ` FROM ` + m.from + ` WHERE ` + m.id
	byID := make(map[int64]panel.Row, len(ids))
	err = inBatches(ids, func(batch []int64) error {
		places, args := inList(1, batch)
		rows, err := s.db.query(ctx, text+` IN (`+places+`)`, args...)
		return each(rows, err, m.scanRow, func(r panel.Row) error {
			byID[r.ID] = r
			return nil
		})
	})
	list := make([]panel.Row, 0, len(ids))
	for _, id := range ids {
		if r, ok := byID[id]; ok { // or it has gone between the two queries
			list = append(list, r)
		}
	}
	return list, err
}

func (m panelModel) scanRow(r row) (v panel.Row, err error) {
	dest := []any{&v.ID, &v.Label}
	var fields []field
	for _, c := range m.columns {
		if c.Hidden {
			continue
		}
		f := newField(c)
		fields = append(fields, f)
		dest = append(dest, f.dest...)
	}
	if err := r.Scan(dest...); err != nil {
		return v, err
	}
	v.Values = make(map[string]any, len(fields))
	for _, f := range fields {
		if v.Values[f.name], err = f.value(); err != nil {
			return v, err
		}
	}
	return v, nil
}

// field is one value of a row that is being read.
type field struct {
	name  string
	dest  []any
	value func() (any, error)
}

// newField returns where to scan a column to and how to get its value then.
func newField(c panelColumn) field {
	f := field{name: c.Name}
	switch c.Kind {
	case panel.Text:
		f.into(optional[string]())
	case panel.Int:
		f.into(optional[int64]())
	case panel.Float:
		f.into(optional[float64]())
	case panel.Bool:
		f.into(optional[bool]())
	case panel.Time:
		var at instant
		f.into(&at, func() (any, error) {
			if time.Time(at).IsZero() {
				return nil, nil
			}
			return time.Time(at), nil
		})
	case panel.Changes:
		var text string
		f.into(&text, func() (any, error) { return decodeChanges(text) })
	case panel.Rel:
		var id sql.NullInt64
		var label sql.NullString
		f.dest = []any{&id, &label}
		f.value = func() (any, error) {
			if !id.Valid {
				return nil, nil
			}
			return panel.Ref{ID: id.Int64, Label: label.String}, nil
		}
	}
	return f
}

func (f *field) into(dest any, value func() (any, error)) {
	f.dest, f.value = []any{dest}, value
}

// optional returns a place for a value that may be NULL, and how to get it.
func optional[T any]() (dest any, value func() (any, error)) {
	var v sql.Null[T]
	return &v, func() (any, error) {
		if !v.Valid {
			return nil, nil
		}
		return v.V, nil
	}
}

// PanelCount returns how many rows a query finds on all pages. Errors:
// NotFound, Invalid.
func (s *Store) PanelCount(ctx context.Context, q panel.Query) (int, error) {
	m, err := panelModelOf(q.Model)
	if err != nil {
		return 0, err
	}
	w, err := m.where(q)
	if err != nil {
		return 0, err
	}
	if len(w.conditions) == 0 {
		return s.db.numberOnce(ctx, m.total)
	}
	return s.db.numberOnce(ctx, `SELECT count(*) FROM `+m.from+` `+w.String(), w.args...)
}

// PanelFacets returns the most frequent values of a column. Errors: NotFound,
// Invalid.
func (s *Store) PanelFacets(ctx context.Context, q panel.Query, name string) ([]panel.Facet, error) {
	m, err := panelModelOf(q.Model)
	if err != nil {
		return nil, err
	}
	c, err := m.column(name)
	if err != nil {
		return nil, err
	}
	if c.Hidden || c.Kind == panel.Time || c.Kind == panel.Changes {
		return nil, unknownColumn(name)
	}
	w, err := m.where(q)
	if err != nil {
		return nil, err
	}
	label := emptyText
	if c.Kind == panel.Rel {
		label = c.label
	}
	text := `SELECT ` + c.value + `, ` + label + `, count(*) FROM ` + m.from + ` ` + w.String() +
		` GROUP BY 1, 2 ORDER BY 3 DESC, 2, 1 LIMIT ` + w.place(limit(q.Limit))
	rows, err := s.db.queryOnce(ctx, text, w.args...)
	return collect(rows, err, c.scanFacet)
}

func (c panelColumn) scanFacet(r row) (v panel.Facet, err error) {
	if c.Kind == panel.Rel {
		var id sql.NullInt64
		var label sql.NullString
		err = r.Scan(&id, &label, &v.Count)
		if id.Valid {
			v.Value, v.Label = id.Int64, label.String
		}
		return v, err
	}
	f := newField(c)
	var label string
	if err := r.Scan(f.dest[0], &label, &v.Count); err != nil {
		return v, err
	}
	v.Value, err = f.value()
	return v, err
}

// PanelOptions returns rows to pick from: those whose label or detail holds
// every word of a query, in its order. Errors: NotFound, Invalid.
func (s *Store) PanelOptions(ctx context.Context, q panel.Query) ([]panel.Option, error) {
	m, err := panelModelOf(q.Model)
	if err != nil {
		return nil, err
	}
	var w where
	w.words(q.Search, m.label, m.detail)
	order, err := m.orderBy(q)
	if err != nil {
		return nil, err
	}
	text := `SELECT ` + m.id + `, ` + m.label + `, ` + m.detail + `, ` + m.image + ` FROM ` + m.from + ` ` + w.String() +
		order + ` LIMIT ` + w.place(limit(q.Limit))
	rows, err := s.db.queryOnce(ctx, text, w.args...)
	return collect(rows, err, func(r row) (v panel.Option, err error) {
		return v, r.Scan(&v.ID, &v.Label, &v.Detail, &v.Image)
	})
}

// PanelRelated counts what refers to any of the rows. Errors: NotFound.
func (s *Store) PanelRelated(ctx context.Context, model string, ids []int64) ([]panel.Related, error) {
	m, err := panelModelOf(model)
	if err != nil {
		return nil, err
	}
	list := make([]panel.Related, len(m.related))
	for i, r := range m.related {
		list[i] = panel.Related{Model: r.model, Field: r.field}
		q := panel.Query{Model: r.model, Filters: []panel.Filter{{Field: r.field, Op: panel.In, Value: ids}}}
		if list[i].Count, err = s.PanelCount(ctx, q); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// PanelDependents returns the newest rows of another model that go with the
// rows. Errors: NotFound.
func (s *Store) PanelDependents(ctx context.Context, model, related string, ids []int64, n int) ([]panel.Dependent, error) {
	m, err := panelModelOf(model)
	if err != nil {
		return nil, err
	}
	for _, r := range m.related {
		if r.model == related {
			return s.dependents(ctx, r, ids, n)
		}
	}
	return nil, errs.New(errs.NotFound, "No %s go with %s.", related, model)
}

func (s *Store) dependents(ctx context.Context, r panelRelation, ids []int64, n int) ([]panel.Dependent, error) {
	m := panelModels[r.model]
	c, err := m.column(r.field)
	if err != nil {
		return nil, err
	}
	items, err := c.Items(ids)
	if err != nil {
		return nil, err
	}
	var w where
	list, of := w.among(c, items), c.value
	if r.of != "" {
		of = fmt.Sprintf(r.of, list)
	}
	text := `SELECT ` + m.id + `, ` + of + `, ` + m.label + ` FROM ` + m.from + ` ` + w.String() +
		` ORDER BY ` + m.id + ` DESC LIMIT ` + w.place(n)
	rows, err := s.db.queryOnce(ctx, text, w.args...)
	return collect(rows, err, func(r row) (v panel.Dependent, err error) {
		return v, r.Scan(&v.ID, &v.Of, &v.Label)
	})
}
