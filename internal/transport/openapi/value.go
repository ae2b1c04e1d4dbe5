package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// value is JSON as it was written: the members of an object in their order,
// numbers by their digits.
type value struct {
	kind    kind
	text    string // of text, and of a number as it was written
	truth   bool
	items   []value
	members []valueMember
}

type valueMember struct {
	name  string
	value value
}

// maxDepth is how deep arrays and objects may nest: no answer comes near it,
// and reading is recursive.
const maxDepth = 64

// parse reads exactly one JSON value. A name that an object has twice is an
// error.
func parse(body []byte) (value, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := read(d, maxDepth)
	if errors.Is(err, io.EOF) {
		return value{}, io.ErrUnexpectedEOF
	}
	if err != nil {
		return value{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return value{}, fmt.Errorf("more after the end of the JSON")
	}
	return v, nil
}

func read(d *json.Decoder, depth int) (value, error) {
	token, err := d.Token()
	if err != nil {
		return value{}, err
	}
	switch token := token.(type) {
	case json.Delim:
		if depth == 0 {
			return value{}, fmt.Errorf("nested more than %d deep", maxDepth)
		}
		if token == '[' {
			return readArray(d, depth-1)
		}
		return readObject(d, depth-1)
	case string:
		return value{kind: text, text: token}, nil
	case json.Number:
		if strings.ContainsAny(token.String(), ".eE") {
			return value{kind: number, text: token.String()}, nil
		}
		return value{kind: integer, text: token.String()}, nil
	case bool:
		return value{kind: boolean, truth: token}, nil
	}
	return value{kind: null}, nil
}

func readArray(d *json.Decoder, depth int) (value, error) {
	v := value{kind: array}
	for d.More() {
		item, err := read(d, depth)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, item)
	}
	_, err := d.Token()
	return v, err
}

func readObject(d *json.Decoder, depth int) (value, error) {
	v := value{kind: object}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return value{}, err
		}
		name, _ := token.(string) // the decoder lets nothing else be a name
		if seen[name] {
			return value{}, fmt.Errorf("an object has %q twice", name)
		}
		seen[name] = true
		item, err := read(d, depth)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, valueMember{name, item})
	}
	_, err := d.Token()
	return v, err
}

// any returns the value as something that encode writes the same way.
func (v value) any() any {
	switch v.kind {
	case text:
		return v.text
	case integer, number:
		return json.Number(v.text)
	case boolean:
		return v.truth
	case array:
		list := []any{}
		for _, item := range v.items {
			list = append(list, item.any())
		}
		return list
	case object:
		o := ordered{}
		for _, m := range v.members {
			o = append(o, member{m.name, m.value.any()})
		}
		return o
	}
	return nil
}
