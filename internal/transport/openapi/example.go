package openapi

import (
	"encoding/json"
	"regexp/syntax"
	"strings"
)

// exampleDepth is how deep an example goes into schemas that refer to
// themselves.
const exampleDepth = 6

// exampleBody returns a value that fits the schema, for encode. What is in it
// comes from example tags, or from the properties' names, or from the types
// alone.
func exampleBody(s *schema, d Dialect) any { return exampleOf(s, d, "", exampleDepth) }

func exampleOf(s *schema, d Dialect, name string, depth int) any {
	switch {
	case s.example != nil:
		return s.example
	case s.ref != nil && (depth > 0 || !s.nullable):
		return exampleOf(s.ref.schema, d, name, depth-1)
	case s.anyOf != nil:
		return exampleOf(s.anyOf[0], d, name, depth)
	}
	switch s.kind {
	case text:
		return textExample(s, d, name)
	case integer, number:
		return numberExample(name)
	case boolean:
		return true
	case array:
		if depth <= 0 {
			return []any{}
		}
		return []any{exampleOf(s.items, d, strings.TrimSuffix(name, "s"), depth-1)}
	case object:
		return objectExample(s, d, depth-1)
	}
	return nil
}

func objectExample(s *schema, d Dialect, depth int) ordered {
	made := ordered{}
	if s.values != nil && depth > 0 {
		return append(made, member{"field", exampleOf(s.values, d, "field", depth)})
	}
	for _, f := range s.fields {
		if depth > 0 || f.required {
			made = append(made, member{f.name, exampleOf(f.schema, d, f.name, depth)})
		}
	}
	return made
}

func textExample(s *schema, d Dialect, name string) string {
	if s.file {
		return fileExample(name)
	}
	if s.enum != nil {
		return s.enum[0]
	}
	made := "text"
	if known, ok := textExamples[plain(name)]; ok {
		made = known
	}
	switch s.format {
	case "date-time":
		made = moment(d)
	case "email":
		made = textExamples["email"]
	case "uri":
		if !strings.Contains(made, "://") {
			made = "https://music.example/media/satie.jpg"
		}
	}
	if s.format == "" && (strings.HasSuffix(name, "At") || strings.HasSuffix(name, "_at") || name == "date_joined") {
		made = moment(d)
	}
	if s.pattern != nil && !s.pattern.MatchString(made) {
		if re, err := syntax.Parse(s.pattern.String(), syntax.Perl); err == nil {
			var b strings.Builder
			spell(&b, re)
			made = b.String()
		}
	}
	return made
}

// fileExample is how curl is told to send a file.
func fileExample(name string) string {
	if strings.Contains(plain(name), "audio") {
		return "@song.mp3"
	}
	return "@cover.jpg"
}

// moment is a time as a dialect writes it: Node with milliseconds, Django with
// microseconds.
func moment(d Dialect) string {
	if d == Node {
		return "2026-05-17T19:30:00.250Z"
	}
	return "2026-05-17T19:30:00.250125Z"
}

// spell writes the shortest text that the expression matches, with the
// characters of a class in turn.
func spell(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(pick(re.Rune, b.Len()))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('x')
	case syntax.OpCapture, syntax.OpPlus:
		spell(b, re.Sub[0])
	case syntax.OpRepeat:
		for range re.Min {
			spell(b, re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			spell(b, sub)
		}
	case syntax.OpAlternate:
		spell(b, re.Sub[0])
	}
}

// pick returns the n-th character of a class of pairs of bounds, and begins
// again after its last.
func pick(pairs []rune, n int) rune {
	size := 0
	for i := 0; i < len(pairs); i += 2 {
		size += int(pairs[i+1]-pairs[i]) + 1
	}
	n %= max(size, 1)
	for i := 0; i < len(pairs); i += 2 {
		width := int(pairs[i+1]-pairs[i]) + 1
		if n < width {
			return pairs[i] + rune(n)
		}
		n -= width
	}
	return 'x'
}

func numberExample(name string) json.Number {
	if known, ok := numberExamples[plain(name)]; ok {
		return known
	}
	return "1"
}

// plain makes image_url and imageUrl one name.
func plain(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", ""))
}

// textExamples and numberExamples are words for properties that say what they
// are by their name, as plain writes it.
var (
	textExamples = map[string]string{
		"id":         "6a0a17e8c2f5b1d94e7a3c06",
		"albumid":    "6a0a17e8c2f5b1d94e7a3c01",
		"album":      "6a0a17e8c2f5b1d94e7a3c01",
		"song":       "6a0a17e8c2f5b1d94e7a3c06",
		"clerkid":    "user_2wK4erikSatie",
		"userid":     "user_2wK4erikSatie",
		"senderid":   "user_2wK4erikSatie",
		"receiverid": "user_2wK7maurice",
		"title":      "Gymnopédie No. 1",
		"albumtitle": "Trois Gymnopédies",
		"artist":     "Erik Satie",
		"imageurl":   "https://music.example/media/satie.jpg",
		"audiourl":   "https://music.example/media/satie.mp3",
		"fullname":   "Maurice Ravel",
		"firstname":  "Maurice",
		"lastname":   "Ravel",
		"email":      "maurice@example.org",
		"password":   "five quiet oboes",
		"password1":  "five quiet oboes",
		"password2":  "five quiet oboes",
		"key":        "c41f0be2975d83a6e0b7194cf25da86310e9b7d4",
		"content":    "Have you heard this one?",
		"next":       "https://music.example/api/songs/?page=3",
		"previous":   "https://music.example/api/songs/?page=1",
		"detail":     "What is wrong, in a sentence.",
		"message":    "What happened, in a sentence",
		"field":      "What is wrong with the field.",
		"name":       "songs/satie.mp3",
	}
	numberExamples = map[string]json.Number{
		"duration":     "187",
		"releaseyear":  "1888",
		"count":        "48",
		"songscount":   "3",
		"totalsongs":   "1204",
		"totalalbums":  "96",
		"totalartists": "71",
		"totalusers":   "12",
		"v":            "0",
		"sender":       "4",
		"receiver":     "7",
	}
)
