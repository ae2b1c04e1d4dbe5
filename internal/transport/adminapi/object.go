package adminapi

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// rowJSON is an object in a list.
type rowJSON struct {
	ID     int64          `json:"id"`
	Label  string         `json:"label" doc:"what to call it"`
	Values map[string]any `json:"values" doc:"by column or field; a relation is {id, label}, what is absent is null"`
}

// refJSON names an object of another model.
type refJSON struct {
	ID    int64  `json:"id"`
	Label string `json:"label"`
}

// objectJSON is one object with what its page shows.
type objectJSON struct {
	rowJSON
	Can       objectRights  `json:"can"`
	Related   []relatedJSON `json:"related" doc:"what refers to it"`
	CreatedAt *time.Time    `json:"createdAt,omitempty"`
}

type objectRights struct {
	Change bool `json:"change"`
	Delete bool `json:"delete"`
}

type relatedJSON struct {
	Label  string         `json:"label" example:"Songs"`
	Model  string         `json:"model" example:"songs"`
	Filter relationFilter `json:"filter" doc:"finds them in the list of the model"`
	Count  int            `json:"count"`
}

type relationFilter struct {
	Name  string `json:"name" example:"album"`
	Value int64  `json:"value"`
}

// row presents a row with the columns and fields that the model declares.
func (m *Model) row(r panel.Row, now time.Time, files kit.Media) rowJSON {
	out := rowJSON{ID: r.ID, Label: r.Label, Values: map[string]any{}}
	put := func(name string) {
		v, ok := r.Values[name]
		switch ref := v.(type) {
		case panel.Ref:
			v = refJSON{ref.ID, ref.Label}
		case string:
			if m.isFile(name) {
				v = files.URL(ref)
			}
		case []audit.Change:
			v = changesOf(ref)
		}
		if ok {
			out.Values[name] = v
		}
	}
	for _, c := range m.Columns {
		if c.Of != nil {
			out.Values[c.Name] = c.Of(r.Values, now)
		} else {
			put(c.Name)
		}
	}
	for _, f := range m.fields("") {
		if f.Kind != PasswordField {
			put(f.Name)
		}
	}
	return out
}

// get answers GET /{model}/{id}.
func (a *api) get(c *jsonapi.Call) (any, error) {
	m, err := a.seen(c)
	if err != nil {
		return nil, err
	}
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	return a.object(c.Context(), c.Actor, m, id)
}

func (a *api) object(ctx context.Context, actor account.Actor, m *Model, id int64) (any, error) {
	r, err := a.Panel.Get(ctx, actor, m.Name, id)
	if err != nil {
		return nil, err
	}
	rights := m.rights(actor)
	out := objectJSON{rowJSON: m.row(r, a.Now(), a.Media.From("")), Can: objectRights{rights.Change, rights.Delete}, Related: []relatedJSON{}}
	if at, ok := r.Values["created_at"].(time.Time); ok {
		out.CreatedAt = &at
	}
	related, err := a.Panel.Related(ctx, actor, m.Name, id)
	if err != nil {
		return nil, err
	}
	for _, rel := range related {
		if a.model(rel.Model) != nil { // others have no list
			out.Related = append(out.Related, relatedJSON{a.plural(rel.Model), rel.Model, relationFilter{rel.Field, id}, rel.Count})
		}
	}
	return out, nil
}

// add answers POST /{model}.
func (a *api) add(c *jsonapi.Call) (any, error) {
	m, err := a.edited(c)
	if err != nil {
		return nil, err
	}
	if m.Add == nil {
		return nil, errs.New(errs.Forbidden, "The panel adds no %s.", m.Name)
	}
	v, err := a.form(c, m, AddForm)
	if err != nil {
		return nil, err
	}
	id, err := m.Add(c.Context(), c.Actor, v)
	if err != nil {
		return nil, err
	}
	return a.object(c.Context(), c.Actor, m, id)
}

// change answers PATCH /{model}/{id}.
func (a *api) change(c *jsonapi.Call) (any, error) {
	m, err := a.edited(c)
	if err != nil {
		return nil, err
	}
	if m.Change == nil {
		return nil, errs.New(errs.Forbidden, "The panel changes no %s.", m.Name)
	}
	id, err := c.ID("id")
	if err != nil {
		return nil, err
	}
	if _, err := a.Panel.Get(c.Context(), c.Actor, m.Name, id); err != nil {
		return nil, err // before a file is sent for nothing
	}
	v, err := a.form(c, m, ChangeForm)
	if err != nil {
		return nil, err
	}
	if err := m.Change(c.Context(), c.Actor, id, v); err != nil {
		return nil, err
	}
	return a.object(c.Context(), c.Actor, m, id)
}

// entryJSON says who did what to which object.
type entryJSON struct {
	At      time.Time    `json:"at"`
	Actor   string       `json:"actor" doc:"the e-mail address at the time, or \"command line\""`
	Action  string       `json:"action" doc:"added, changed or deleted"`
	Model   string       `json:"model" example:"songs"`
	ID      string       `json:"id" doc:"of the object"`
	Object  string       `json:"object" doc:"what it was called"`
	Changes []changeJSON `json:"changes"`
}

type changeJSON struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

func entries(list []audit.Entry) []entryJSON {
	out := make([]entryJSON, len(list))
	for i, e := range list {
		out[i] = entryJSON{e.At.UTC(), e.Actor, string(e.Action), e.Model, e.ObjectID, e.Object, changesOf(e.Changes)}
	}
	return out
}

func changesOf(list []audit.Change) []changeJSON {
	out := make([]changeJSON, len(list))
	for i, ch := range list {
		out[i] = changeJSON{ch.Field, ch.From, ch.To}
	}
	return out
}

// maxHistory is how many entries of one object are told.
const maxHistory = 200

// history answers GET /{model}/{id}/history, also for what is gone.
func (a *api) history(c *jsonapi.Call) (any, error) {
	m, err := a.seen(c)
	if err != nil {
		return nil, err
	}
	if _, err := c.ID("id"); err != nil {
		return nil, err
	}
	list, err := a.Audit.Of(c.Context(), m.Name, c.Param("id"), maxHistory)
	if err != nil {
		return nil, err
	}
	return entries(list), nil
}
