package adminapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// selectionJSON says which objects an action is about: those named, or all that
// a list shows.
type selectionJSON struct {
	IDs     []int64           `json:"ids,omitempty"`
	All     bool              `json:"all,omitempty" doc:"all that the list of q and filters has, on all its pages"`
	Q       string            `json:"q,omitempty"`
	Filters map[string]string `json:"filters,omitempty" doc:"values by the filters' names, as in the list"`
	Value   json.RawMessage   `json:"value,omitempty" doc:"what the action asks for, if it does"`
}

// previewJSON tells what an action would do.
type previewJSON struct {
	Count   int           `json:"count" doc:"how many objects were chosen"`
	Items   []previewItem `json:"items" doc:"the first 100 of them"`
	Summary []summaryJSON `json:"summary" doc:"how many of each model, with what goes along"`
}

type previewItem struct {
	Label  string        `json:"label"`
	Detail string        `json:"detail"`
	Items  []previewItem `json:"items" doc:"what goes with it"`
}

type summaryJSON struct {
	Label string `json:"label" example:"Songs"`
	Count int    `json:"count"`
}

// doneJSON tells what an action did. It is also the details of the error that
// ended one early.
type doneJSON struct {
	Done int `json:"done" doc:"to how many objects it was done"`
}

const (
	// maxPreview is how many objects a preview names, and how many of each model
	// that go with them.
	maxPreview = 100
	// longAction is how long an action on many objects may take.
	longAction = 10 * time.Minute
)

// act answers POST /{model}/actions/{name}.
func (a *api) act(c *jsonapi.Call) (any, error) {
	m, err := a.edited(c)
	if err != nil {
		return nil, err
	}
	act := m.action(c.Param("name"))
	if act == nil {
		return nil, &errs.Error{Kind: errs.NotFound}
	}
	preview, err := c.Choice("preview", "0", "1")
	if err != nil {
		return nil, err
	}
	var in selectionJSON
	if err := c.JSON(&in); err != nil {
		return nil, err
	}
	ids, err := a.chosen(c.Context(), c.Actor, m, in)
	if err != nil {
		return nil, err
	}
	if preview == "1" {
		return a.preview(c.Context(), c.Actor, m, act, ids)
	}
	v, err := act.values(in.Value)
	if err != nil {
		return nil, err
	}
	// Not every writer has a deadline (those of tests do not).
	_ = http.NewResponseController(c.W).SetWriteDeadline(time.Now().Add(longAction))
	return act.run(c.Context(), c.Actor, ids, v)
}

// chosen returns the ids of the objects that were chosen, each once.
func (a *api) chosen(ctx context.Context, actor account.Actor, m *Model, in selectionJSON) ([]int64, error) {
	ids := errs.Field{Name: "ids", Code: errs.Required}
	switch {
	case in.All && len(in.IDs) > 0:
		ids.Code = errs.Malformed
	case in.All:
		q, err := a.query(m, in.Q, in.Filters)
		if err != nil {
			return nil, err
		}
		return a.Panel.IDs(ctx, actor, q, panel.MaxIDs)
	case len(in.IDs) > panel.MaxIDs:
		ids.Code, ids.Limit = errs.TooMany, panel.MaxIDs
	case len(in.IDs) > 0:
		slices.Sort(in.IDs)
		return slices.Compact(in.IDs), nil
	}
	return nil, errs.InvalidFields(ids)
}

// preview tells what the action would do to objects, and what would go with
// them.
func (a *api) preview(ctx context.Context, actor account.Actor, m *Model, act *Action, ids []int64) (any, error) {
	out := previewJSON{Items: []previewItem{}, Summary: []summaryJSON{}}
	q := panel.Query{Model: m.Name, Filters: []panel.Filter{{Field: "id", Op: panel.In, Value: ids}}, Limit: maxPreview}
	var err error
	if out.Count, err = a.Panel.Count(ctx, actor, q); err != nil {
		return nil, err
	}
	rows, err := a.Panel.Rows(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	out.Summary = append(out.Summary, summaryJSON{m.Plural, out.Count})
	along := map[int64][]previewItem{}
	if act.Cascade {
		dependents, err := a.Panel.Dependents(ctx, actor, m.Name, ids, maxPreview)
		if err != nil {
			return nil, err
		}
		for _, d := range dependents {
			label := a.plural(d.Model)
			out.Summary = append(out.Summary, summaryJSON{label, d.Count})
			for _, one := range d.First {
				along[one.Of] = append(along[one.Of], previewItem{one.Label, label, []previewItem{}})
			}
		}
	}
	for _, r := range rows {
		items := along[r.ID]
		if items == nil {
			items = []previewItem{}
		}
		out.Items = append(out.Items, previewItem{r.Label, m.detail(r), items})
	}
	return out, nil
}

// detail tells an object from others of the same label.
func (m *Model) detail(r panel.Row) string {
	if v := r.Values[m.Detail]; v != nil {
		return text(v)
	}
	return ""
}

// values reads what the action asks for. Errors: Invalid with the field value.
func (act *Action) values(raw json.RawMessage) (Values, error) {
	if act.Value == nil {
		if len(raw) > 0 {
			return nil, errs.InvalidFields(errs.Field{Name: "value", Code: unknownField})
		}
		return nil, nil
	}
	f := *act.Value
	f.Name = "value"
	in, ok := scalar(raw)
	if len(raw) == 0 || !ok {
		return nil, errs.InvalidFields(errs.Field{Name: f.Name, Code: errs.Required})
	}
	v, wrong := f.parse(in)
	if wrong != nil {
		return nil, errs.InvalidFields(*wrong)
	}
	return Values{act.Value.Name: v}, nil
}

// run does the action to one object after the other, each in a transaction of
// its own. What is gone already is passed over; any other error ends it, and
// tells how much was done.
func (act *Action) run(ctx context.Context, actor account.Actor, ids []int64, v Values) (any, error) {
	var out doneJSON
	for _, id := range ids {
		err := act.Run(ctx, actor, id, v)
		if errs.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, &jsonapi.Detailed{Err: act.named(err), Details: out}
		}
		out.Done++
	}
	return out, nil
}

// named calls the field that the action asks for what the body calls it.
func (act *Action) named(err error) error {
	var e *errs.Error
	if act.Value == nil || !errors.As(err, &e) {
		return err
	}
	renamed := *e
	renamed.Fields = slices.Clone(e.Fields)
	for i, f := range renamed.Fields {
		if f.Name == act.Value.Name {
			renamed.Fields[i].Name = "value"
		}
	}
	return &renamed
}
