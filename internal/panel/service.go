package panel

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
)

// Config holds what a Service needs.
type Config struct {
	Store Store
	Now   func() time.Time
}

// Service reads for the admin panel. Its methods need an actor who is at least
// a viewer, for tokens, sessions and invitations an administrator, and else return an
// Unauthenticated or Forbidden error. A model that does not exist is NotFound;
// a column that does not, or a value that is none of its kind, is Invalid by
// the column's name.
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns a service.
func NewService(c Config) *Service { return &Service{store: c.Store, now: c.Now} }

// secret are the models that only administrators see.
func secret(model string) bool { return model == Tokens || model == Sessions || model == Invitations }

func allow(a account.Actor, model string) error {
	if secret(model) {
		return a.Require(account.Administrator)
	}
	return a.Require(account.Viewer)
}

// Columns returns a model's columns.
func (s *Service) Columns(model string) ([]Column, error) { return s.store.PanelColumns(model) }

// Rows returns a page of the rows that a query finds, in its order, in two
// queries whatever their number.
func (s *Service) Rows(ctx context.Context, a account.Actor, q Query) ([]Row, error) {
	q, err := s.checked(a, q)
	if err != nil {
		return nil, err
	}
	return s.store.PanelRows(ctx, q)
}

// Count returns how many rows a query finds on all its pages.
func (s *Service) Count(ctx context.Context, a account.Actor, q Query) (int, error) {
	q, err := s.checked(a, q)
	if err != nil {
		return 0, err
	}
	return s.store.PanelCount(ctx, q)
}

// Get returns one row. Errors: NotFound.
func (s *Service) Get(ctx context.Context, a account.Actor, model string, id int64) (Row, error) {
	rows, err := s.Rows(ctx, a, Query{Model: model, Filters: []Filter{{Field: "id", Value: id}}})
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, &errs.Error{Kind: errs.NotFound}
	}
	return rows[0], nil
}

// IDs returns the ids of all rows that a query finds, whatever its page: what
// an action on all that match is about. More than most is an Invalid error,
// and most is never above MaxIDs.
func (s *Service) IDs(ctx context.Context, a account.Actor, q Query, most int) ([]int64, error) {
	most = min(most, MaxIDs)
	q.Limit, q.Offset = 0, 0
	q, err := s.checked(a, q)
	if err != nil {
		return nil, err
	}
	q.Limit = most + 1
	ids, err := s.store.PanelIDs(ctx, q)
	if err == nil && len(ids) > most {
		return nil, tooMany(most)
	}
	return ids, err
}

// Facets returns the values that a column has in the rows a query finds, the
// most frequent first and at most limit of them. Filters on that column itself
// do not count: they are what the facets choose between. The query's order and
// page mean nothing here.
func (s *Service) Facets(ctx context.Context, a account.Actor, q Query, field string, limit int) ([]Facet, error) {
	q.Limit, q.Offset, q.Order = limit, 0, nil
	q, err := s.checked(a, q)
	if err != nil {
		return nil, err
	}
	others := make([]Filter, 0, len(q.Filters))
	for _, f := range q.Filters {
		if f.Field != field {
			others = append(others, f)
		}
	}
	q.Filters = others
	return s.store.PanelFacets(ctx, q, field)
}

// Options returns up to limit rows to pick from: those whose label or detail
// holds every word of text, or the newest.
func (s *Service) Options(ctx context.Context, a account.Actor, model, text string, limit int) ([]Option, error) {
	q, err := s.checked(a, Query{Model: model, Search: ParseSearch(text), Limit: limit})
	if err != nil {
		return nil, err
	}
	return s.store.PanelOptions(ctx, q)
}

// Related counts what refers to a row, leaving out models that the actor may
// not see.
func (s *Service) Related(ctx context.Context, a account.Actor, model string, id int64) ([]Related, error) {
	return s.related(ctx, a, model, []int64{id})
}

func (s *Service) related(ctx context.Context, a account.Actor, model string, ids []int64) ([]Related, error) {
	if err := allow(a, model); err != nil {
		return nil, err
	}
	all, err := s.store.PanelRelated(ctx, model, ids)
	visible := make([]Related, 0, len(all))
	for _, r := range all {
		if allow(a, r.Model) == nil {
			visible = append(visible, r)
		}
	}
	return visible, err
}

// Dependents returns what the deletion of rows takes along: for each model
// that has any, how many rows, and the newest of them, at most limit. There
// are at most MaxIDs ids.
func (s *Service) Dependents(ctx context.Context, a account.Actor, model string, ids []int64, limit int) ([]Dependents, error) {
	if len(ids) > MaxIDs {
		return nil, tooMany(MaxIDs)
	}
	if len(ids) == 0 {
		return []Dependents{}, allow(a, model)
	}
	related, err := s.related(ctx, a, model, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Dependents, 0, len(related))
	for _, r := range related {
		if r.Count == 0 {
			continue
		}
		first, err := s.store.PanelDependents(ctx, model, r.Model, ids, min(max(limit, 0), MaxPage))
		if err != nil {
			return nil, err
		}
		list = append(list, Dependents{Model: r.Model, Count: r.Count, First: first})
	}
	return list, nil
}

// Daily returns how many rows of a model came on each of the last days, today
// in UTC among them, oldest first.
func (s *Service) Daily(ctx context.Context, a account.Actor, model string, days int) ([]Day, error) {
	if err := allow(a, model); err != nil {
		return nil, err
	}
	days = min(max(days, 1), MaxDays)
	to := s.now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	from := to.AddDate(0, 0, -days)
	counts, err := s.store.PanelDaily(ctx, model, from, to)
	if err != nil {
		return nil, err
	}
	list := make([]Day, days)
	for i := range list {
		day := from.AddDate(0, 0, i)
		list[i] = Day{Day: day, Count: counts[day]}
	}
	return list, nil
}

// Totals counts everything.
func (s *Service) Totals(ctx context.Context, a account.Actor) (Totals, error) {
	if err := a.Require(account.Viewer); err != nil {
		return Totals{}, err
	}
	return s.store.PanelTotals(ctx)
}

// Storage returns the room that media and database take.
func (s *Service) Storage(ctx context.Context, a account.Actor) (Storage, error) {
	if err := a.Require(account.Viewer); err != nil {
		return Storage{}, err
	}
	return s.store.PanelStorage(ctx)
}
