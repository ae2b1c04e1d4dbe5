package adminapi

import (
	"context"
	"fmt"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// listJSON is a page of a list.
type listJSON struct {
	Total int       `json:"total" doc:"how many there are on all pages"`
	Rows  []rowJSON `json:"rows"`
}

// listed returns the model that the path names, and what of it the URL asks for.
func (a *api) listed(c *jsonapi.Call) (*Model, panel.Query, error) {
	m, err := a.seen(c)
	if err != nil {
		return nil, panel.Query{}, err
	}
	q, err := a.urlQuery(c, m)
	return m, q, err
}

// list answers GET /{model}.
func (a *api) list(c *jsonapi.Call) (any, error) {
	m, q, err := a.listed(c)
	if err != nil {
		return nil, err
	}
	total, err := a.Panel.Count(c.Context(), c.Actor, q)
	if err != nil {
		return nil, err
	}
	rows, err := a.Panel.Rows(c.Context(), c.Actor, q)
	if err != nil {
		return nil, err
	}
	now := a.Now()
	out := listJSON{Total: total, Rows: make([]rowJSON, len(rows))}
	files := a.Media.From("")
	for i, r := range rows {
		out.Rows[i] = m.row(r, now, files)
	}
	return out, nil
}

// facetJSON is a value that a filter takes, and what it would find.
type facetJSON struct {
	Value string `json:"value" doc:"as the filter takes it"`
	Label string `json:"label"`
	Count int    `json:"count" doc:"how many objects it would find, under the other filters"`
}

// facetsJSON are the facets of each filter.
type facetsJSON map[string][]facetJSON

// maxFacets is how many values of one filter are told.
const maxFacets = 20

// facets answers GET /{model}/facets.
func (a *api) facets(c *jsonapi.Call) (any, error) {
	m, q, err := a.listed(c)
	if err != nil {
		return nil, err
	}
	out := facetsJSON{}
	for _, f := range m.Filters {
		switch {
		case f.Uncounted:
			continue
		case f.Kind == DateFilter:
			out[f.Name], err = a.dateFacets(c.Context(), c.Actor, q, f)
		default:
			out[f.Name], err = a.valueFacets(c.Context(), c.Actor, q, f)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (a *api) valueFacets(ctx context.Context, actor account.Actor, q panel.Query, f Filter) ([]facetJSON, error) {
	found, err := a.Panel.Facets(ctx, actor, q, f.Name, maxFacets)
	if err != nil {
		return nil, err
	}
	facets := make([]facetJSON, len(found))
	for i, v := range found {
		facets[i] = facetJSON{text(v.Value), f.label(v), v.Count}
	}
	return facets, nil
}

// dateFacets counts each period by itself.
func (a *api) dateFacets(ctx context.Context, actor account.Actor, q panel.Query, f Filter) ([]facetJSON, error) {
	var others []panel.Filter
	for _, other := range q.Filters {
		if other.Field != f.Name {
			others = append(others, other)
		}
	}
	facets := []facetJSON{}
	for _, p := range periods(a.Now().UTC()) {
		q.Filters = append(others[:len(others):len(others)], panel.Filter{Field: f.Name, Op: panel.Since, Value: p.since})
		n, err := a.Panel.Count(ctx, actor, q)
		if err != nil {
			return nil, err
		}
		facets = append(facets, facetJSON{p.name, p.label, n})
	}
	return facets, nil
}

// label names a value of the filter.
func (f Filter) label(v panel.Facet) string {
	value := text(v.Value)
	for _, choice := range f.Choices {
		if choice.Value == value {
			return choice.Label
		}
	}
	switch {
	case v.Value == nil:
		return "None"
	case v.Value == true:
		return "Yes"
	case v.Value == false:
		return "No"
	case v.Label != "":
		return v.Label
	}
	return value
}

// text writes a value of the panel as a filter takes it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return noRelation
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case panel.Ref:
		return v.Label
	}
	return fmt.Sprint(v)
}

// optionJSON is an object to pick.
type optionJSON struct {
	ID     int64  `json:"id"`
	Label  string `json:"label"`
	Detail string `json:"detail" doc:"tells it from others of the same label; may be empty"`
	Image  string `json:"image" doc:"empty for none"`
}

// Bounds of a list of options.
const (
	defaultOptions = 20
	maxOptions     = 50
)

// options answers GET /{model}/options.
func (a *api) options(c *jsonapi.Call) (any, error) {
	m, err := a.seen(c)
	if err != nil {
		return nil, err
	}
	search, err := c.Text("q")
	if err != nil {
		return nil, err
	}
	limit, err := c.Int("limit", defaultOptions, 1, maxOptions)
	if err != nil {
		return nil, err
	}
	found, err := a.Panel.Options(c.Context(), c.Actor, m.Name, search, int(limit))
	if err != nil {
		return nil, err
	}
	out, files := make([]optionJSON, len(found)), a.Media.From("")
	for i, o := range found {
		out[i] = optionJSON{o.ID, o.Label, o.Detail, files.URL(o.Image)}
	}
	return out, nil
}
