package openapi

import "regexp"

// kind is what a JSON value is; the strings are JSON Schema's.
type kind string

const (
	anything kind = "" // says nothing about the value
	text     kind = "string"
	integer  kind = "integer"
	number   kind = "number"
	boolean  kind = "boolean"
	array    kind = "array"
	object   kind = "object"
	null     kind = "null" // of values only: a schema is nullable instead
)

// schema is the part of JSON Schema (draft 2020-12) that Go structs need.
type schema struct {
	kind     kind
	ref      *component // stands for another schema; kind is anything
	anyOf    []*schema  // alternatives; kind is anything
	nullable bool
	doc      string
	example  any // nil to make one up

	format  string         // of text
	pattern *regexp.Regexp // of text, or nil
	enum    []string       // of text: all that it may be; nil for anything
	file    bool           // of text: the bytes of a file, in a multipart body
	items   *schema        // of an array
	fields  []field        // of an object with known names
	values  *schema        // of an object with any names
}

// field is one property of an object.
type field struct {
	name     string
	required bool
	schema   *schema
}

// component is a schema with a name of its own.
type component struct {
	name    string
	dialect Dialect
	schema  *schema
}

// either returns a schema for what fits one or the other; a is nil for none.
func either(a, b *schema) *schema {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	if a.ref != nil && b.ref == a.ref {
		return a
	}
	if a.anyOf == nil {
		a = &schema{anyOf: []*schema{a}}
	}
	for _, known := range a.anyOf {
		if known.ref != nil && known.ref == b.ref {
			return a
		}
	}
	return &schema{anyOf: append(a.anyOf[:len(a.anyOf):len(a.anyOf)], b)}
}

// resolved returns the schema that s stands for.
func (s *schema) resolved() *schema {
	if s.ref != nil {
		return s.ref.schema
	}
	return s
}

// MarshalJSON writes the schema as OpenAPI 3.1 has it: null is a type among
// others.
func (s *schema) MarshalJSON() ([]byte, error) { return encode(s.json()) }

func (s *schema) json() ordered {
	switch {
	case s.ref != nil && s.nullable:
		return ordered{{"anyOf", []any{s.ref.json(), ordered{{"type", null}}}}}.with("description", s.doc)
	case s.ref != nil:
		return s.ref.json().with("description", s.doc)
	case s.anyOf != nil:
		return ordered{{"anyOf", s.anyOf}}
	}
	var o ordered
	switch {
	case s.kind != anything && s.nullable:
		o = ordered{{"type", []kind{s.kind, null}}}
	case s.kind != anything:
		o = ordered{{"type", s.kind}}
	}
	if s.file {
		o = o.with("contentMediaType", "application/octet-stream")
	}
	if s.enum != nil {
		o = append(o, member{"enum", s.choices()})
	}
	if s.pattern != nil {
		o = o.with("pattern", s.pattern.String())
	}
	o = o.with("format", s.format).with("description", s.doc)
	if s.example != nil {
		o = o.with("examples", []any{s.example})
	}
	switch {
	case s.items != nil:
		o = o.with("items", s.items)
	case s.values != nil:
		o = o.with("additionalProperties", s.values)
	case s.fields != nil:
		o = append(o, s.properties()...)
	}
	return o
}

// choices lists the values of an enum.
func (s *schema) choices() []any {
	var list []any
	for _, choice := range s.enum {
		list = append(list, choice)
	}
	if s.nullable {
		list = append(list, nil)
	}
	return list
}

func (s *schema) properties() ordered {
	properties, required := ordered{}, []string{}
	for _, f := range s.fields {
		properties = append(properties, member{f.name, f.schema})
		if f.required {
			required = append(required, f.name)
		}
	}
	o := ordered{{"properties", properties}}
	if len(required) > 0 {
		o = o.with("required", required)
	}
	return o
}

func (c *component) json() ordered {
	return ordered{{"$ref", "#/components/schemas/" + c.name}}
}
