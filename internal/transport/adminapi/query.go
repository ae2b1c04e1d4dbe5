package adminapi

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// maxRows is the greatest limit of a list.
const maxRows = 200

// noRelation is the value of a relation's filter for objects without one.
const noRelation = "-"

// seen returns the model that the path names, if the actor may see it. Errors:
// NotFound, Forbidden.
func (a *api) seen(c *jsonapi.Call) (*Model, error) {
	m := a.model(c.Param("model"))
	if m == nil {
		return nil, &errs.Error{Kind: errs.NotFound}
	}
	return m, c.Actor.Require(m.View)
}

// edited is seen for whoever changes something.
func (a *api) edited(c *jsonapi.Call) (*Model, error) {
	m, err := a.seen(c)
	if err != nil {
		return nil, err
	}
	return m, c.Actor.Require(m.Edit)
}

// page are the query parameters that are no filters.
var page = []string{"q", "order", "limit", "offset"}

// urlQuery reads the query of a list from the URL.
func (a *api) urlQuery(c *jsonapi.Call, m *Model) (panel.Query, error) {
	sent, err := url.ParseQuery(c.R.URL.RawQuery)
	if err != nil { // what it cannot read would count as left out
		return panel.Query{}, &errs.Error{Kind: errs.Invalid, Message: "The query of the address makes no sense.", Err: err}
	}
	given := map[string]string{}
	for name := range sent {
		if slices.Contains(page, name) {
			continue
		}
		text, err := c.Text(name)
		if err != nil {
			return panel.Query{}, err
		}
		given[name] = text
	}
	text, err := c.Text("q")
	if err != nil {
		return panel.Query{}, err
	}
	q, err := a.query(m, text, given)
	if err != nil {
		return q, err
	}
	if text, err = c.Text("order"); err != nil {
		return q, err
	}
	if q.Order, err = m.order(text); err != nil {
		return q, err
	}
	q.Limit, q.Offset, err = c.PageUpTo(maxRows)
	return q, err
}

// query returns what a search and the values of filters select.
func (a *api) query(m *Model, search string, given map[string]string) (panel.Query, error) {
	q := panel.Query{Model: m.Name, SearchFields: m.Search}
	if len(given) > panel.MaxClauses { // each of them would be named in the error
		return q, errs.InvalidFields(errs.Field{Name: "filters", Code: errs.TooMany, Limit: panel.MaxClauses})
	}
	if len(m.Search) > 0 {
		q.Search = panel.ParseSearch(search)
	}
	var wrong []errs.Field
	for _, name := range slices.Sorted(maps.Keys(given)) {
		at := slices.IndexFunc(m.Filters, func(f Filter) bool { return f.Name == name })
		if at < 0 {
			wrong = append(wrong, errs.Field{Name: name, Code: unknownField})
			continue
		}
		if given[name] == "" {
			continue // not chosen
		}
		f, ok := m.Filters[at].condition(given[name], a.Now().UTC())
		if !ok {
			wrong = append(wrong, errs.Field{Name: name, Code: errs.Malformed, Value: given[name]})
			continue
		}
		q.Filters = append(q.Filters, f)
	}
	return q, errs.InvalidFields(wrong...)
}

// condition returns what a value of the filter asks for.
func (f Filter) condition(text string, now time.Time) (panel.Filter, bool) {
	out := panel.Filter{Field: f.Name, Value: text}
	switch f.Kind {
	case BoolFilter:
		out.Value = text == "true"
		return out, text == "true" || text == "false"
	case RelationFilter:
		if text == noRelation {
			return panel.Filter{Field: f.Name, Op: panel.None}, true
		}
	case DateFilter:
		for _, p := range periods(now) {
			if p.name == text {
				return panel.Filter{Field: f.Name, Op: panel.Since, Value: p.since}, true
			}
		}
		return out, false
	}
	return out, true
}

// period is a value of a date's filter.
type period struct {
	name, label string
	since       time.Time
}

// periods are those that end now, in UTC: as the reference's, with a week of
// seven days and the month and year of the calendar.
func periods(now time.Time) []period {
	today := now.Truncate(24 * time.Hour)
	return []period{
		{"today", "Today", today},
		{"week", "Past 7 days", today.AddDate(0, 0, -7)},
		{"month", "This month", today.AddDate(0, 0, 1-today.Day())},
		{"year", "This year", time.Date(today.Year(), time.January, 1, 0, 0, 0, 0, time.UTC)},
	}
}

// order reads columns to sort by, with commas between them and a minus in front
// of those that begin with the greatest. None of them is the model's own order,
// which is the quickest to read.
func (m *Model) order(text string) ([]panel.Order, error) {
	if text == "" || text == m.Order {
		return nil, nil
	}
	var orders []panel.Order
	for part := range strings.SplitSeq(text, ",") {
		name, desc := strings.CutPrefix(part, "-")
		known := slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Name == name && !c.Unsorted })
		if !known || len(orders) == len(m.Columns) {
			return nil, errs.InvalidFields(errs.Field{Name: "order", Code: errs.Unknown, Value: text})
		}
		orders = append(orders, panel.Order{Field: name, Desc: desc})
	}
	return orders, nil
}
