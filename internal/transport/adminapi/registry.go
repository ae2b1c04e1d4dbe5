package adminapi

import (
	"context"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/panel"
)

// models returns every model of the panel, in the order of its menu.
func models(c Config) []*Model {
	return []*Model{songs(c), albums(c), users(c), messages(c), invitations(c), tokens(c), sessions(c), changes()}
}

// Model declares how one kind of object is listed, shown and changed. Names of
// columns, filters, searched fields and fields of forms are those of package
// panel, and what a service's errors call them.
type Model struct {
	Name   string // in paths, and in the log of changes: "songs"
	Label  string // "Song"
	Plural string // "Songs"
	Icon   string // the name of a picture that the web app has

	View account.Role // the least role that sees it
	Edit account.Role // the least role that adds, changes, deletes and acts

	Columns    []Column
	Detail     string   // the column that tells two objects of one label apart
	Order      string   // which the panel itself has for the model: "-created_at"
	Search     []string // the fields that are searched; none for no search
	SearchHint string   // what one may type
	Filters    []Filter
	Fieldsets  []Fieldset
	Actions    []Action

	// Add makes an object of a whole form and returns its id; nil if the panel
	// adds none. Change applies the fields that were sent; nil if it changes
	// none. Both leave the rules to the feature that owns the model.
	Add    func(context.Context, account.Actor, Values) (int64, error)
	Change func(ctx context.Context, actor account.Actor, id int64, v Values) error
}

// Column is one of a list.
type Column struct {
	Name     string
	Label    string
	Kind     ColumnKind
	Model    string // of a Relation: the one it refers to
	Unsorted bool   // the list cannot be sorted by it
	// Of makes the value of what else is known of the object, at a time; nil
	// for a value that the panel reads.
	Of func(values map[string]any, now time.Time) any
}

// ColumnKind says how a column's values look.
type ColumnKind string

// The kinds of columns.
const (
	TextColumn     ColumnKind = "text"
	NumberColumn   ColumnKind = "number"
	DurationColumn ColumnKind = "duration" // seconds
	TimeColumn     ColumnKind = "datetime"
	BoolColumn     ColumnKind = "bool"
	ImageColumn    ColumnKind = "image"    // a path or a URL
	RelationColumn ColumnKind = "relation" // {id, label}
	BadgeColumn    ColumnKind = "badge"    // one of few words
)

// Filter narrows a list.
type Filter struct {
	Name    string
	Label   string
	Kind    FilterKind
	Model   string   // of a Relation
	Choices []Choice // of a Choice, the labels of its values; others stand for themselves
	// Uncounted values have no facets.
	Uncounted bool
}

// FilterKind says what values a filter takes.
type FilterKind string

// The kinds of filters.
const (
	ChoiceFilter   FilterKind = "choice"   // a value that some object has
	BoolFilter     FilterKind = "bool"     // true or false
	DateFilter     FilterKind = "date"     // today, week, month or year
	RelationFilter FilterKind = "relation" // an id, or "-" for none
)

// Fieldset is a part of a form.
type Fieldset struct {
	Label     string
	Collapsed bool
	Fields    []Field
}

// Field is one of a form.
type Field struct {
	Name  string
	Label string
	Kind  FieldKind
	// Required fields must be sent to add an object, and cannot be emptied
	// later. What is left out of a change stays as it is.
	Required bool
	Help     string
	Min, Max float64  // of a number; Max is of a text the greatest length; 0 is no bound
	Choices  []Choice // of a Choice
	Model    string   // of a Relation
	Accept   string   // of a file, as the attribute in HTML
	On       FormKind
	ReadOnly bool // shown and never sent
}

// FieldKind says what a field takes.
type FieldKind string

// The kinds of fields.
const (
	TextField     FieldKind = "text"
	TextareaField FieldKind = "textarea"
	EmailField    FieldKind = "email"
	PasswordField FieldKind = "password" // never shown
	NumberField   FieldKind = "number"
	YearField     FieldKind = "year"     // a number
	DurationField FieldKind = "duration" // a number of seconds
	BoolField     FieldKind = "bool"
	ChoiceField   FieldKind = "choice"
	RelationField FieldKind = "relation" // an id; empty or null for none
	ImageField    FieldKind = "image"    // a file; empty or null removes it
	AudioField    FieldKind = "audio"    // a file
	TimeField     FieldKind = "datetime"
)

// file reports whether the field takes a file.
func (k FieldKind) file() bool { return k == ImageField || k == AudioField }

// FormKind says in which forms a field is.
type FormKind string

// The kinds of forms; "" is both.
const (
	AddForm    FormKind = "add"
	ChangeForm FormKind = "change"
)

// Choice is a value to choose.
type Choice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// Action is something to do to some objects of a list. One that is called
// delete removes them.
type Action struct {
	Name    string
	Label   string
	Confirm string // the question to ask beforehand; "" for none
	Danger  bool
	Cascade bool   // the preview lists what refers to the objects and goes with them
	Value   *Field // what to ask for; nil for nothing

	Run func(ctx context.Context, actor account.Actor, id int64, v Values) error
}

// deletion is the name of the action that removes objects.
const deletion = "delete"

// action returns the one of a name, or nil.
func (m *Model) action(name string) *Action {
	for i := range m.Actions {
		if m.Actions[i].Name == name {
			return &m.Actions[i]
		}
	}
	return nil
}

// fields returns those that a form takes; "" for all that there are.
func (m *Model) fields(form FormKind) []Field {
	var fields []Field
	for _, set := range m.Fieldsets {
		for _, f := range set.Fields {
			if form == "" || !f.ReadOnly && (f.On == "" || f.On == form) {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// isFile reports whether a column or field refers to a file.
func (m *Model) isFile(name string) bool {
	for _, c := range m.Columns {
		if c.Name == name {
			return c.Kind == ImageColumn
		}
	}
	for _, f := range m.fields("") {
		if f.Name == name {
			return f.Kind.file()
		}
	}
	return false
}

// timestamps are what most forms end with.
func timestamps() Fieldset {
	return Fieldset{Label: "Timestamps", Collapsed: true, Fields: []Field{
		{Name: "created_at", Label: "Created at", Kind: TimeField, On: ChangeForm, ReadOnly: true},
		{Name: "updated_at", Label: "Updated at", Kind: TimeField, On: ChangeForm, ReadOnly: true},
	}}
}

// createdAt is the filter that most lists have.
func createdAt() Filter { return Filter{Name: "created_at", Label: "Created at", Kind: DateFilter} }

// model returns the one of a name, or nil.
func (a *api) model(name string) *Model {
	for _, m := range a.models {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// plural names a model of the panel, which may have more than the registry.
func (a *api) plural(name string) string {
	switch m := a.model(name); {
	case m != nil:
		return m.Plural
	case name == panel.Plays:
		return "Plays"
	}
	return name
}
