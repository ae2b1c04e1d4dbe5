package wiretest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// bare marks a variable or placeholder that stands in JSON outside of a string.
// It is a private-use character, which no script has.
const bare = "\ue000"

// matchLoosely compares two JSON texts: numbers and strings must be equal,
// arrays of one length and order, and every member that is expected must be
// there. It returns a sentence for the first difference, or "".
func (s scope) matchLoosely(template, got string) (string, error) {
	quoted, err := quoteBare(template)
	if err != nil {
		return "", err
	}
	want, err := decodeJSON(quoted)
	if err != nil {
		return "", fmt.Errorf("the expected JSON: %w", err)
	}
	have, err := decodeJSON(got)
	if err != nil {
		return fmt.Sprintf("the body is not JSON: %v", err), nil
	}
	return s.compare("$", want, have)
}

func decodeJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// quoteBare turns the variables and placeholders outside of strings into marked
// strings, so that the template becomes JSON.
func quoteBare(template string) (string, error) {
	var b strings.Builder
	inString := false
	for i := 0; i < len(template); {
		c := template[i]
		if !inString && (c == '{' || c == '<') {
			p, ok, err := special(template[i:])
			if err != nil {
				return "", err
			}
			if ok {
				quoted, err := encodeJSON(bare + p.source)
				if err != nil {
					return "", err
				}
				b.WriteString(quoted)
				i += len(p.source)
				continue
			}
		}
		if inString && c == '\\' && i+1 < len(template) {
			b.WriteString(template[i : i+2])
			i += 2
			continue
		}
		if c == '"' {
			inString = !inString
		}
		b.WriteByte(c)
		i++
	}
	return b.String(), nil
}

func encodeJSON(v any) (string, error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return strings.TrimSuffix(buf.String(), "\n"), err
}

// compare compares the values at a path.
func (s scope) compare(path string, want, got any) (string, error) {
	switch want := want.(type) {
	case map[string]any:
		return s.compareObject(path, want, got)
	case []any:
		have, ok := got.([]any)
		if !ok || len(have) != len(want) {
			return unlike(path, fmt.Sprintf("an array of %d", len(want)), got)
		}
		for i := range want {
			if d, err := s.compare(fmt.Sprintf("%s[%d]", path, i), want[i], have[i]); d != "" || err != nil {
				return d, err
			}
		}
		return "", nil
	case string:
		return s.compareString(path, want, got)
	}
	if want != got {
		text, err := encodeJSON(want)
		if err != nil {
			return "", err
		}
		return unlike(path, text, got)
	}
	return "", nil
}

func (s scope) compareObject(path string, want map[string]any, got any) (string, error) {
	have, ok := got.(map[string]any)
	if !ok {
		return unlike(path, "an object", got)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		h, ok := have[name]
		if !ok {
			return fmt.Sprintf("%s has no member %q", path, name), nil
		}
		if d, err := s.compare(path+"."+name, want[name], h); d != "" || err != nil {
			return d, err
		}
	}
	return "", nil
}

// compareString compares a string, or a marked template with a whole value.
func (s scope) compareString(path, want string, got any) (string, error) {
	template, marked := strings.CutPrefix(want, bare)
	text, isString := got.(string)
	if marked {
		var err error
		if text, err = encodeJSON(got); err != nil {
			return "", err
		}
	} else if !isString {
		return unlike(path, fmt.Sprintf("the string %q", want), got)
	}
	p, err := s.compile(template)
	if err != nil {
		return "", err
	}
	if d, err := s.match(p, text); d != nil || err != nil {
		return fmt.Sprintf("%s: want %s, got %s", path, after(p.source()), after(text)), err
	}
	return "", nil
}

func unlike(path, want string, got any) (string, error) {
	text, err := encodeJSON(got)
	return fmt.Sprintf("%s: want %s, got %s", path, after(want), after(text)), err
}
