package openapi

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// registry turns Go types into schemas and names those of structs.
type registry struct {
	components []*component
	byType     map[typeKey]*component
	names      map[string]bool
}

// typeKey has the dialect because a type's name in the document has it too.
type typeKey struct {
	dialect Dialect
	t       reflect.Type
}

func newRegistry() *registry {
	return &registry{byType: map[typeKey]*component{}, names: map[string]bool{}}
}

// sample returns the schema of a sample's type, whatever its value.
func (r *registry) sample(d Dialect, sample any) (*schema, error) {
	if sample == nil {
		return nil, fmt.Errorf("no sample")
	}
	return r.of(d, reflect.TypeOf(sample))
}

// of returns the schema of a type, a reference for a struct with a name.
func (r *registry) of(d Dialect, t reflect.Type) (*schema, error) {
	if t.Kind() == reflect.Pointer {
		s, err := r.of(d, t.Elem())
		if err != nil {
			return nil, err
		}
		s.nullable = true
		return s, nil
	}
	if s, err := special(t); s != nil || err != nil {
		return s, err
	}
	switch t.Kind() {
	case reflect.String:
		return &schema{kind: text}, nil
	case reflect.Bool:
		return &schema{kind: boolean}, nil
	case reflect.Float32, reflect.Float64:
		return &schema{kind: number}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &schema{kind: integer}, nil
	case reflect.Interface:
		return &schema{}, nil
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return &schema{kind: text, format: "byte"}, nil
		}
		items, err := r.of(d, t.Elem())
		return &schema{kind: array, items: items}, err
	case reflect.Map:
		if t.Key().Kind() != reflect.String {
			return nil, fmt.Errorf("%s: only strings name the members of an object", t)
		}
		values, err := r.of(d, t.Elem())
		return &schema{kind: object, values: values}, err
	case reflect.Struct:
		if t.Name() == "" {
			return r.structure(d, t)
		}
		return r.component(d, t)
	}
	return nil, fmt.Errorf("%s cannot be written as JSON", t)
}

// special returns the schema of a type that writes itself, or nil.
func special(t reflect.Type) (*schema, error) {
	switch t {
	case reflect.TypeFor[kit.FilePart]():
		return &schema{kind: text, file: true}, nil
	case reflect.TypeFor[time.Time]():
		return &schema{kind: text, format: "date-time"}, nil
	case reflect.TypeFor[json.Number]():
		return &schema{kind: number}, nil
	case reflect.TypeFor[json.RawMessage]():
		return &schema{}, nil
	}
	if t.Kind() == reflect.Interface {
		return nil, nil
	}
	switch zero := reflect.New(t).Interface().(type) {
	case json.Marshaler:
		written, err := zero.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("%s: its zero value: %w", t, err)
		}
		v, err := parse(written)
		switch {
		case err != nil:
			return nil, fmt.Errorf("%s: its zero value: %w", t, err)
		case v.kind == null:
			return nil, fmt.Errorf("%s: its zero value is null, which does not tell its type: use a pointer", t)
		case v.kind != object && v.kind != array:
			return &schema{kind: v.kind}, nil
		}
	case encoding.TextMarshaler:
		return &schema{kind: text}, nil
	}
	return nil, nil
}

// component returns a reference to the schema of a struct with a name.
func (r *registry) component(d Dialect, t reflect.Type) (*schema, error) {
	key := typeKey{d, t}
	if c, ok := r.byType[key]; ok {
		return &schema{ref: c}, nil
	}
	c := &component{dialect: d, name: r.free(string(d) + strings.TrimPrefix(typeName(t.Name()), string(d)))}
	r.byType[key] = c // before its fields, which may refer to it
	r.components = append(r.components, c)
	s, err := r.structure(d, t)
	c.schema = s
	return &schema{ref: c}, err
}

// free returns the name, with a number if another type has it.
func (r *registry) free(name string) string {
	unique := name
	for n := 2; r.names[unique]; n++ {
		unique = fmt.Sprint(name, n)
	}
	r.names[unique] = true
	return unique
}

// typeName returns a type's name in the document: "songJSON" and "wireSong"
// are Song, "page[example.org/x/django.song]" is SongPage.
func typeName(name string) string {
	base, args, generic := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	if !generic {
		return shapeName(base)
	}
	named := ""
	for arg := range strings.SplitSeq(args, ",") {
		arg, _, _ = strings.Cut(arg[strings.LastIndexAny(arg, "./")+1:], "·") // what follows numbers a type within a function
		named += shapeName(arg)
	}
	return named + shapeName(base)
}

// shapeName leaves out what only tells a type of the wire from one of the
// domain.
func shapeName(name string) string {
	name = strings.TrimPrefix(strings.TrimSuffix(name, "JSON"), "wire")
	return camel(name)
}

// structure returns the schema of a struct with its fields in place.
func (r *registry) structure(d Dialect, t reflect.Type) (*schema, error) {
	s := &schema{kind: object, fields: []field{}}
	direct := map[string]bool{} // the names that hide those of embedded structs
	for i := range t.NumField() {
		if f := t.Field(i); !embedded(f) {
			direct[jsonName(f)] = true
		}
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if embedded(f) {
			inner, err := r.structure(d, indirect(f.Type))
			if err != nil {
				return nil, err
			}
			for _, promoted := range inner.fields {
				if !direct[promoted.name] {
					s.fields = append(s.fields, promoted)
				}
			}
			continue
		}
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		made, err := r.field(d, f)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t, f.Name, err)
		}
		s.fields = append(s.fields, made)
	}
	return s, nil
}

// embedded reports whether a struct's fields appear as those of the struct
// around it.
func embedded(f reflect.StructField) bool {
	return f.Anonymous && f.Tag.Get("json") == "" && indirect(f.Type).Kind() == reflect.Struct
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func jsonName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return f.Name
}

// field reads a field's type and tags.
func (r *registry) field(d Dialect, f reflect.StructField) (field, error) {
	s, err := r.of(d, f.Type)
	if err != nil {
		return field{}, err
	}
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	made := field{name: jsonName(f), required: true, schema: s}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty", "omitzero":
			made.required = false
			s.nullable = false // a nil pointer is left out
		case "string":
			s.kind = text
		}
	}
	return made, s.tags(f.Tag)
}

// tags reads what the tags say about a field's values.
func (s *schema) tags(tag reflect.StructTag) error {
	s.doc = tag.Get("doc")
	if format := tag.Get("format"); format != "" {
		s.format = format
	}
	if nullable, ok := tag.Lookup("nullable"); ok {
		s.nullable = nullable == "true"
	}
	if pattern := tag.Get("pattern"); pattern != "" {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return fmt.Errorf("its pattern: %w", err)
		}
		s.pattern = re
	}
	if enum := tag.Get("enum"); enum != "" {
		s.enum = strings.Fields(enum)
	}
	if (s.format != "" || s.pattern != nil || s.enum != nil) && s.kind != text {
		return fmt.Errorf("a format, a pattern or an enum is for strings only")
	}
	if example, ok := tag.Lookup("example"); ok {
		return s.setExample(example)
	}
	return nil
}

// setExample reads an example: a string's as it stands, any other as JSON.
func (s *schema) setExample(example string) error {
	written := []byte(example)
	if s.kind == text && example != "null" {
		quoted, err := encode(example)
		if err != nil {
			return err
		}
		written = quoted
	}
	v, err := parse(written)
	if err != nil {
		return fmt.Errorf("its example: %w", err)
	}
	if err := s.accepts(v, "it"); err != nil {
		return fmt.Errorf("its example: %w", err)
	}
	s.example = v.any()
	return nil
}
