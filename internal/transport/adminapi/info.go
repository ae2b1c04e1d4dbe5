package adminapi

import (
	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
)

// indexJSON is all that the web app has to know to draw the panel.
type indexJSON struct {
	Me     meJSON      `json:"me"`
	Models []modelJSON `json:"models" doc:"those that the caller may see, in the order of the menu"`
	Can    canJSON     `json:"can" doc:"what the caller may do besides"`
}

type meJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Image string `json:"image" doc:"empty for none"`
	Role  string `json:"role" doc:"viewer, editor or admin"`
}

type canJSON struct {
	ServerLog bool `json:"serverLog"`
	Upload    bool `json:"upload"`
}

type modelJSON struct {
	Name       string         `json:"name" example:"songs"`
	Label      string         `json:"label" example:"Song"`
	Plural     string         `json:"plural" example:"Songs"`
	Icon       string         `json:"icon" example:"music"`
	Can        rightsJSON     `json:"can"`
	Columns    []columnJSON   `json:"columns"`
	Order      string         `json:"order" doc:"of the list; with a minus for the greatest first" example:"-created_at"`
	Search     bool           `json:"search"`
	SearchHint string         `json:"searchHint"`
	Filters    []filterJSON   `json:"filters"`
	Actions    []actionJSON   `json:"actions" doc:"those that the caller may run"`
	Fieldsets  []fieldsetJSON `json:"fieldsets"`
	Fields     []fieldJSON    `json:"fields"`
}

type rightsJSON struct {
	View   bool `json:"view"`
	Add    bool `json:"add"`
	Change bool `json:"change"`
	Delete bool `json:"delete"`
}

type columnJSON struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Kind     string `json:"kind" doc:"text, number, duration, datetime, bool, image, relation or badge"`
	Sortable bool   `json:"sortable"`
	Model    string `json:"model,omitempty" doc:"that a relation refers to"`
}

type filterJSON struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Kind  string `json:"kind" doc:"choice, bool, date or relation"`
	Model string `json:"model,omitempty" doc:"that a relation refers to"`
}

type actionJSON struct {
	Name    string     `json:"name"`
	Label   string     `json:"label"`
	Danger  bool       `json:"danger"`
	Confirm string     `json:"confirm" doc:"the question to ask beforehand; empty for none"`
	Value   *fieldJSON `json:"value" doc:"what to ask for; null for nothing"`
}

type fieldsetJSON struct {
	Label     string   `json:"label"`
	Collapsed bool     `json:"collapsed"`
	Fields    []string `json:"fields"`
}

type fieldJSON struct {
	Name     string   `json:"name"`
	Label    string   `json:"label"`
	Kind     string   `json:"kind" doc:"text, textarea, email, password, number, year, duration, bool, choice, relation, image, audio or datetime"`
	Required bool     `json:"required" doc:"must be sent to add; what is left out of a change stays as it is"`
	Help     string   `json:"help"`
	Min      float64  `json:"min" doc:"of a number"`
	Max      float64  `json:"max" doc:"of a number; of a text the greatest length; 0 for no bound"`
	Choices  []Choice `json:"choices"`
	Model    string   `json:"model,omitempty" doc:"that a relation refers to"`
	Accept   string   `json:"accept,omitempty" doc:"of a file, as in HTML"`
	On       string   `json:"on" doc:"the form: add, change or both"`
	ReadOnly bool     `json:"readOnly"`
}

// index answers GET /.
func (a *api) index(c *jsonapi.Call) (any, error) {
	u := c.Actor.User
	out := indexJSON{
		Me: meJSON{u.ExternalID, u.FullName, u.Email, a.Media.From("").URL(u.Image), c.Actor.Role().String()},
		Can: canJSON{
			ServerLog: a.LogTail != nil && c.Actor.Admin(),
			Upload:    c.Actor.Role() >= account.Editor,
		},
	}
	for _, m := range a.models {
		if c.Actor.Role() >= m.View {
			out.Models = append(out.Models, m.info(c.Actor))
		}
	}
	return out, nil
}

// rights are what an actor may do to the objects of a model.
func (m *Model) rights(actor account.Actor) rightsJSON {
	edits := actor.Role() >= m.Edit
	return rightsJSON{
		View:   actor.Role() >= m.View,
		Add:    edits && m.Add != nil,
		Change: edits && m.Change != nil,
		Delete: edits && m.action(deletion) != nil,
	}
}

func (m *Model) info(actor account.Actor) modelJSON {
	out := modelJSON{
		Name: m.Name, Label: m.Label, Plural: m.Plural, Icon: m.Icon, Can: m.rights(actor),
		Columns: make([]columnJSON, len(m.Columns)), Order: m.Order,
		Search: len(m.Search) > 0, SearchHint: m.SearchHint,
		Filters: make([]filterJSON, len(m.Filters)), Actions: []actionJSON{},
		Fieldsets: make([]fieldsetJSON, len(m.Fieldsets)), Fields: []fieldJSON{},
	}
	for i, col := range m.Columns {
		out.Columns[i] = columnJSON{col.Name, col.Label, string(col.Kind), !col.Unsorted, col.Model}
	}
	for i, f := range m.Filters {
		out.Filters[i] = filterJSON{f.Name, f.Label, string(f.Kind), f.Model}
	}
	if actor.Role() >= m.Edit {
		for _, act := range m.Actions {
			out.Actions = append(out.Actions, act.info())
		}
	}
	for i, set := range m.Fieldsets {
		names := make([]string, len(set.Fields))
		for j, f := range set.Fields {
			names[j] = f.Name
			out.Fields = append(out.Fields, f.info())
		}
		out.Fieldsets[i] = fieldsetJSON{set.Label, set.Collapsed, names}
	}
	return out
}

func (act Action) info() actionJSON {
	out := actionJSON{Name: act.Name, Label: act.Label, Danger: act.Danger, Confirm: act.Confirm}
	if act.Value != nil {
		out.Value = new(act.Value.info())
	}
	return out
}

func (f Field) info() fieldJSON {
	out := fieldJSON{
		Name: f.Name, Label: f.Label, Kind: string(f.Kind), Required: f.Required, Help: f.Help, Min: f.Min, Max: f.Max,
		Choices: f.Choices, Model: f.Model, Accept: f.Accept, On: string(f.On), ReadOnly: f.ReadOnly,
	}
	if out.On == "" {
		out.On = "both"
	}
	if out.Choices == nil {
		out.Choices = []Choice{}
	}
	return out
}
