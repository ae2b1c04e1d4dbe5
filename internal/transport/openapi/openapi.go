// Package openapi describes the whole HTTP interface from the route tables of
// its dialects: as an OpenAPI 3.1 document, as a documentation page that needs
// neither scripts nor the network, and as a check that answers are what the
// document promises (https://spec.openapis.org/oas/v3.1.1.html).
//
// Schemas are read off the Go structs that go over the wire. A field's order,
// json tag and type say most; these tags add to it:
//
//	doc:"…"          what the field means, one sentence
//	format:"…"       "date-time", "email", "uri", … of a string
//	enum:"…"         all that a string may be, with spaces between
//	pattern:"…"      a regular expression of a string, in the syntax of package regexp
//	example:"…"      a value for the examples; JSON, or the text of a string
//	nullable:"true"  may be null although it is no pointer; "false": never null
//
// A pointer may be null unless it is omitted when it is nil. A field with
// omitempty or omitzero is not required.
//
// An answer of status 400 or more without a sample has the usual error body of
// its dialect. Several answers with the same status are alternatives.
package openapi

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Config is what there is to describe.
type Config struct {
	Title   string // the product's name
	Version string // the product's version
	Summary string // what the product is, in one sentence
	Server  string // scheme and host in examples; https://music.example if empty
	Health  string // the path that answers probes, for the landing page; none if empty

	Operations []kit.Operation
	// Errors are samples of the error bodies of each dialect. They describe the
	// answers of status 400 or more that an operation does not list, and those
	// to paths and methods that do not exist.
	Errors map[Dialect][]any
}

// API is the described interface. It does not change and is safe for
// concurrent use.
type API struct {
	config     Config
	operations []*operation // in the order given, dialect by dialect
	components []*component // in the order of their first use
	errors     map[Dialect]*schema
	document   []byte
	schema     http.Handler
	docs       http.Handler
	landing    http.Handler
}

// operation is a kit.Operation with its schemas.
type operation struct {
	kit.Operation
	id      string // unique, such as nodeGetSongs
	dialect Dialect
	path    template
	bodies  []content
	answers []*answer
}

// answer is what may come with one status.
type answer struct {
	status      int
	description string
	contents    []content // none for no body
}

// content is a body of one content type. Its schema is nil if nothing is said
// about it.
type content struct {
	contentType string
	schema      *schema
}

const (
	jsonType      = "application/json"
	defaultServer = "https://music.example"
)

// New reads the operations and builds the document. The error says which
// operation cannot be described, and why.
func New(c Config) (*API, error) {
	if c.Server == "" {
		c.Server = defaultServer
	}
	a := &API{config: c, errors: map[Dialect]*schema{}}
	r := newRegistry()
	for _, d := range dialects {
		if err := a.addErrors(r, d); err != nil {
			return nil, err
		}
		for _, o := range c.Operations {
			if dialectOf(o.Path) != d {
				continue
			}
			if err := a.add(r, d, o); err != nil {
				return nil, fmt.Errorf("%s %s: %w", o.Method, o.Path, err)
			}
		}
	}
	a.components = r.components
	document, err := a.render()
	if err != nil {
		return nil, err
	}
	a.document = document
	return a, a.draw()
}

// Document returns the OpenAPI document as indented JSON. It must not be
// changed.
func (a *API) Document() []byte { return a.document }

func (a *API) addErrors(r *registry, d Dialect) error {
	for _, sample := range a.config.Errors[d] {
		s, err := r.sample(d, sample)
		if err != nil {
			return fmt.Errorf("errors of the %s dialect: %w", d, err)
		}
		a.errors[d] = either(a.errors[d], s)
	}
	return nil
}

func (a *API) add(r *registry, d Dialect, given kit.Operation) error {
	path, err := parseTemplate(given.Path)
	if err != nil {
		return err
	}
	o := &operation{Operation: given, dialect: d, path: path, id: operationID(d, given.Method, path)}
	for _, other := range a.operations {
		if other.dialect != d {
			continue
		}
		if other.path.same(path) && other.path.String() != path.String() {
			return fmt.Errorf("its parameters have other names in %s", other.Path)
		}
		if other.id == o.id {
			return fmt.Errorf("documented twice, also as %s %s", other.Method, other.Path)
		}
	}
	for _, b := range given.Body {
		s, err := r.sample(d, b.Sample)
		if err != nil {
			return fmt.Errorf("%s body: %w", b.ContentType, err)
		}
		o.bodies = addContent(o.bodies, content{b.ContentType, s})
	}
	if len(given.Answers) == 0 {
		return fmt.Errorf("no answer is documented")
	}
	for _, given := range given.Answers {
		if err := a.addAnswer(r, o, given); err != nil {
			return fmt.Errorf("answer %d: %w", given.Status, err)
		}
	}
	a.operations = append(a.operations, o)
	return nil
}

func (a *API) addAnswer(r *registry, o *operation, given kit.Answer) error {
	if given.Status < 100 || given.Status > 599 {
		return fmt.Errorf("no such status")
	}
	i := slices.IndexFunc(o.answers, func(known *answer) bool { return known.status == given.Status })
	if i < 0 {
		i = len(o.answers)
		o.answers = append(o.answers, &answer{status: given.Status})
	}
	to := o.answers[i]
	switch {
	case given.Description == "":
	case to.description == "":
		to.description = given.Description
	case to.description != given.Description:
		to.description += "; or " + given.Description
	}
	switch {
	case given.Sample != nil:
		s, err := r.sample(o.dialect, given.Sample)
		if err != nil {
			return err
		}
		contentType := given.ContentType
		if contentType == "" {
			contentType = jsonType
		}
		to.contents = addContent(to.contents, content{contentType, s})
	case given.ContentType != "":
		to.contents = addContent(to.contents, content{given.ContentType, nil})
	case given.Status >= 400 && a.errors[o.dialect] != nil:
		to.contents = addContent(to.contents, content{jsonType, a.errors[o.dialect]})
	}
	return nil
}

// addContent adds a body, as an alternative if there is one of its type.
func addContent(list []content, c content) []content {
	for i := range list {
		if list[i].contentType == c.contentType {
			list[i].schema = either(list[i].schema, c.schema)
			return list
		}
	}
	return append(list, c)
}

// answer returns what is documented for a status, or nil.
func (o *operation) answer(status int) *answer {
	for _, a := range o.answers {
		if a.status == status {
			return a
		}
	}
	return nil
}
