package openapi

import (
	"fmt"
	html "html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// What the documentation page shows, ready for its template.

type page struct {
	Title, Version, Summary string
	Docs, Schema, Health    string
	SignIn                  html.HTML // a command, or "" if nothing signs in
	Dialects                []dialectView
}

type dialectView struct {
	ID, Title, Lead string
	Groups          []groupView
	Errors          []html.HTML
	Shapes          []shapeView
}

type groupView struct {
	ID, Title  string
	Operations []operationView
}

type operationView struct {
	ID, Method, Summary string
	Path                []segmentView
	Access              string // "" for everybody
	Tables              []tableView
	Answers             []answerView
	Curl                html.HTML
	Example             html.HTML // of the first answer with a body
	ExampleStatus       string
}

type segmentView struct {
	Text      string
	Parameter bool
}

// tableView is a table of parameters or fields.
type tableView struct {
	Title, Note string
	Rows        []rowView
}

type rowView struct {
	Name     string
	Type     typeView
	Optional bool
	Doc      string
}

// typeView is a type in words: "array of", a shape to link to, a pattern, "or
// null".
type typeView struct {
	Before, Shape, Pattern, After string
}

type answerView struct {
	Status, Name, Class string
	Description         string
	Types               []typeView // none for no body and for the dialect's usual error
}

type shapeView struct {
	Name string
	Rows []rowView
}

func (a *API) page() (page, error) {
	p := page{
		Title: a.config.Title, Version: a.config.Version, Summary: a.config.Summary,
		Docs: docsPath, Schema: schemaPath, Health: a.config.Health,
	}
	for _, d := range dialects {
		view, err := a.dialectView(d)
		if err != nil {
			return page{}, err
		}
		if len(view.Groups) > 0 {
			p.Dialects = append(p.Dialects, view)
		}
	}
	if o := a.find(http.MethodPost, signInPath); o != nil {
		command, err := a.curl(o)
		if err != nil {
			return page{}, err
		}
		p.SignIn = command
	}
	return p, nil
}

func (a *API) dialectView(d Dialect) (dialectView, error) {
	view := dialectView{ID: strings.ToLower(string(d)), Title: d.title(), Lead: d.lead()}
	for _, tag := range a.tagsOf(d) {
		group := groupView{ID: view.ID + "-" + strings.ToLower(camel(tag)), Title: tag}
		for _, o := range a.operations {
			if o.dialect != d || o.Tag != tag {
				continue
			}
			made, err := a.operationView(o)
			if err != nil {
				return dialectView{}, fmt.Errorf("%s %s: %w", o.Method, o.Path, err)
			}
			group.Operations = append(group.Operations, made)
		}
		view.Groups = append(view.Groups, group)
	}
	linked := a.linked()
	for _, c := range a.components {
		if c.dialect == d && linked[c] {
			view.Shapes = append(view.Shapes, shapeView{c.name, rows(c.schema, "")})
		}
	}
	if usual := a.errors[d]; usual != nil {
		for _, s := range usual.alternatives() {
			example, err := indent(exampleBody(s, d))
			if err != nil {
				return dialectView{}, err
			}
			view.Errors = append(view.Errors, colour(example))
		}
	}
	return view, nil
}

// linked returns the components that the page refers to by name: not those of
// bodies, whose fields it lists in place.
func (a *API) linked() map[*component]bool {
	found := map[*component]bool{}
	for _, o := range a.operations {
		for _, b := range o.bodies {
			for _, s := range b.schema.alternatives() {
				s.resolved().link(found)
			}
		}
		for _, answered := range o.answers {
			for _, c := range answered.contents {
				if c.schema == nil {
					continue
				}
				for _, s := range c.schema.alternatives() {
					if answered.status < 400 || !a.usual(o.dialect, s) {
						s.link(found)
					}
				}
			}
		}
	}
	return found
}

// link adds the components that the schema refers to.
func (s *schema) link(found map[*component]bool) {
	switch {
	case s == nil || found[s.ref]:
		return
	case s.ref != nil:
		found[s.ref] = true
		s.ref.schema.link(found)
	}
	for _, f := range s.fields {
		f.schema.link(found)
	}
	for _, inner := range s.anyOf {
		inner.link(found)
	}
	s.items.link(found)
	s.values.link(found)
}

func (a *API) operationView(o *operation) (operationView, error) {
	view := operationView{
		ID: o.id, Method: o.Method, Summary: o.Summary,
		Access: accessWords(o.Access, o.Role),
		Tables: o.tables(),
	}
	for _, s := range o.path {
		view.Path = append(view.Path, segmentView{s.text, s.parameter})
	}
	curl, err := a.curl(o)
	if err != nil {
		return operationView{}, err
	}
	view.Curl = curl
	for _, answered := range o.answers {
		view.Answers = append(view.Answers, a.answerView(o, answered))
		if view.Example != "" || answered.status >= 400 {
			continue
		}
		for _, c := range answered.contents {
			if c.schema == nil || c.contentType != jsonType {
				continue
			}
			example, err := indent(exampleBody(c.schema, o.dialect))
			if err != nil {
				return operationView{}, err
			}
			view.Example, view.ExampleStatus = colour(example), statusWords(answered.status)
		}
	}
	return view, nil
}

func (a *API) answerView(o *operation, answered *answer) answerView {
	view := answerView{
		Status:      fmt.Sprint(answered.status),
		Name:        http.StatusText(answered.status),
		Class:       fmt.Sprintf("s%d", answered.status/100),
		Description: answered.description,
	}
	for _, c := range answered.contents {
		if c.schema == nil {
			view.Types = append(view.Types, typeView{Before: c.contentType})
			continue
		}
		for _, s := range c.schema.alternatives() {
			if answered.status < 400 || !a.usual(o.dialect, s) {
				view.Types = append(view.Types, typeOf(s))
			}
		}
	}
	return view
}

// usual reports whether the page shows the schema as an error of the dialect.
func (a *API) usual(d Dialect, s *schema) bool {
	usual := a.errors[d]
	return usual != nil && slices.ContainsFunc(usual.alternatives(), func(known *schema) bool {
		return known == s || known.ref != nil && known.ref == s.ref
	})
}

// tables lists what a request may bring: parameters, then bodies.
func (o *operation) tables() []tableView {
	var tables []tableView
	var path, query []rowView
	for _, s := range o.path {
		if s.parameter {
			path = append(path, rowView{Name: s.text, Type: typeView{Before: "string"}})
		}
	}
	for _, p := range o.Query {
		t := typeView{Before: "string"}
		if p.Integer {
			t.Before = "integer"
		}
		if p.Choices != nil {
			t.Before = strings.Join(p.Choices, ", ")
		}
		query = append(query, rowView{Name: p.Name, Type: t, Optional: true, Doc: p.Description})
	}
	if path != nil {
		tables = append(tables, tableView{Title: "Path", Rows: path})
	}
	if query != nil {
		tables = append(tables, tableView{Title: "Query", Rows: query})
	}
	return append(tables, bodyTables(o.bodies)...)
}

// bodyTables shows bodies of the same shape once, with all their content
// types.
func bodyTables(bodies []content) []tableView {
	var tables []tableView
	shown := map[*component]int{}
	for _, b := range bodies {
		for _, shape := range b.schema.alternatives() {
			i, known := shown[shape.ref]
			if known && shape.ref != nil {
				tables[i].Note += ", " + b.contentType
				continue
			}
			shown[shape.ref] = len(tables)
			tables = append(tables, tableView{Title: "Body", Note: b.contentType, Rows: rows(shape.resolved(), "")})
		}
	}
	return tables
}

// rows lists the fields of an object, those of objects without a name beneath
// them.
func rows(s *schema, prefix string) []rowView {
	var list []rowView
	for _, f := range s.fields {
		list = append(list, rowView{
			Name: prefix + f.name, Type: typeOf(f.schema),
			Optional: !f.required, Doc: f.schema.doc,
		})
		inner := f.schema
		name := prefix + f.name
		for inner.kind == array {
			inner = inner.items
			name += "[]"
		}
		list = append(list, rows(inner, name+".")...)
	}
	return list
}

// alternatives returns the schemas of which one fits.
func (s *schema) alternatives() []*schema {
	if s.anyOf != nil {
		return s.anyOf
	}
	return []*schema{s}
}

func typeOf(s *schema) typeView {
	var t typeView
	switch {
	case s.ref != nil:
		t.Shape = s.ref.name
	case s.file:
		t.Before = "file"
	case s.kind == array:
		t = typeOf(s.items)
		t.Before = strings.TrimSpace("array of " + t.Before)
	case s.values != nil:
		t = typeOf(s.values)
		t.Before = strings.TrimSpace("object; members: " + t.Before)
	case s.kind == anything:
		t.Before = "any value"
	case s.enum != nil:
		t.Before = strings.Join(s.enum, ", ")
	case s.format == "date-time":
		t.Before = "date and time"
	case s.format != "":
		t.Before = string(s.kind) + " (" + s.format + ")"
	default:
		t.Before = string(s.kind)
	}
	if s.pattern != nil {
		t.Pattern = s.pattern.String()
	}
	if s.nullable {
		t.After = "or null"
	}
	return t
}

func accessWords(a kit.Access, role string) string {
	switch {
	case a == kit.Admin, role == "admin":
		return "Admins"
	case role != "":
		return capital(role) + "s"
	case a == kit.SignedIn:
		return "Signed in"
	}
	return ""
}

func statusWords(status int) string { return fmt.Sprintf("%d %s", status, http.StatusText(status)) }
