package openapi

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

type stamp struct{ time.Time }

func (s stamp) MarshalJSON() ([]byte, error) { return json.Marshal(s.Format(time.RFC3339)) }

type level int

func (l level) MarshalText() ([]byte, error) { return []byte("low"), nil }

type lost struct{}

func (lost) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

type base struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type derived struct {
	base
	Name int64 `json:"name"`
}

type tree struct {
	Name     string `json:"name"`
	Children []tree `json:"children"`
	Parent   *tree  `json:"parent"`
}

func TestSchemaOfTypes(t *testing.T) {
	tests := []struct {
		name   string
		sample any
		want   string
	}{
		{"a string", "", `{"type":"string"}`},
		{"an integer", int64(0), `{"type":"integer"}`},
		{"a number", 0.0, `{"type":"number"}`},
		{"a boolean", false, `{"type":"boolean"}`},
		{"a list", []string{}, `{"type":"array","items":{"type":"string"}}`},
		{"a map of lists", map[string][]string{}, `{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}}`},
		{"anything", []any{}, `{"type":"array","items":{}}`},
		{"raw JSON", json.RawMessage{}, `{}`},
		{"bytes", []byte{}, `{"type":"string","format":"byte"}`},
		{"a time", time.Time{}, `{"type":"string","format":"date-time"}`},
		{"a type that writes a string", stamp{}, `{"type":"string"}`},
		{"a type that writes text", level(0), `{"type":"string"}`},
		{"a file", kit.FilePart{}, `{"type":"string","contentMediaType":"application/octet-stream"}`},
		{"a pointer", (*string)(nil), `{"type":["string","null"]}`},
		{"a struct", base{}, `{"$ref":"#/components/schemas/DjangoBase"}`},
		{"a pointer to a struct", &base{}, `{"anyOf":[{"$ref":"#/components/schemas/DjangoBase"},{"type":"null"}]}`},
		{"no fields", struct{}{}, `{"type":"object","properties":{}}`},
		{"order, names and tags", struct {
			Z     string  `json:"z" doc:"last <letter>" example:"zed" pattern:"^z"`
			A     *int64  `json:"a"`
			M     *int64  `json:"m,omitempty"`
			None  string  `json:"-"`
			Plain string  `format:"email" nullable:"true"`
			Sure  *string `json:"sure" nullable:"false"`
			Big   int64   `json:"big,string"`
		}{}, `{"type":"object","properties":{` +
			`"z":{"type":"string","pattern":"^z","description":"last <letter>","examples":["zed"]},` +
			`"a":{"type":["integer","null"]},"m":{"type":"integer"},` +
			`"Plain":{"type":["string","null"],"format":"email"},"sure":{"type":"string"},"big":{"type":"string"}},` +
			`"required":["z","a","Plain","sure","big"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := newRegistry().sample(Django, tt.sample)
			if err != nil {
				t.Fatal(err)
			}
			got, err := encode(s)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestEmbeddedFieldsAreHiddenByName(t *testing.T) {
	s, err := newRegistry().sample(Node, derived{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := encode(s.resolved())
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"type":"object","properties":{"id":{"type":"integer"},"name":{"type":"integer"}},"required":["id","name"]}`; string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTypesThatReferToThemselves(t *testing.T) {
	s, err := newRegistry().sample(Node, tree{})
	if err != nil {
		t.Fatal(err)
	}
	written, err := encode(exampleBody(s, Node))
	if err != nil {
		t.Fatal(err)
	}
	v, err := parse(written)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.accepts(v, "example"); err != nil {
		t.Error(err)
	}
}

func TestNamesOfTypes(t *testing.T) {
	r := newRegistry()
	type note struct{ A string }
	first := note{}
	second := func() any {
		type note struct{ B string }
		return note{}
	}()
	for _, sample := range []any{first, second, listing[note]{}, first, nodeSong{}} {
		if _, err := r.sample(Node, sample); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.sample(Django, first); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range r.components {
		names = append(names, c.name)
	}
	if got, want := strings.Join(names, " "), "NodeNote NodeNote2 NodeNoteListing NodeSong DjangoNote"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSchemaRefuses(t *testing.T) {
	tests := []struct {
		name   string
		sample any
		want   string
	}{
		{"nothing", nil, "no sample"},
		{"a function", func() {}, "cannot be written as JSON"},
		{"a map by numbers", map[int]string{}, "only strings name"},
		{"a type that hides its own", lost{}, "use a pointer"},
		{"a format of a number", struct {
			N int64 `format:"date-time"`
		}{}, "for strings only"},
		{"an example that does not fit", struct {
			S string `pattern:"^a" example:"b"`
		}{}, `it is "b"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newRegistry().sample(Node, tt.sample)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
