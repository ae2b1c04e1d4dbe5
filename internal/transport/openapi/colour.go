package openapi

import (
	html "html/template"
	"regexp"
	"strings"
)

// The parts of JSON text that are coloured: a string with a colon after it is
// a name; numbers and words stand outside of strings.
var jsonParts = regexp.MustCompile(`"(?:[^"\\]|\\.)*"(:?)|-?[0-9][0-9.eE+-]*|\b(?:true|false|null)\b`)

// colour returns indented JSON as HTML with a span around each part.
func colour(json []byte) html.HTML {
	return mark(jsonParts, string(json), func(part string) string {
		switch {
		case strings.HasSuffix(part, `":`):
			return "n"
		case part[0] == '"':
			return "s"
		}
		return "l"
	})
}

// The parts of a curl command that are coloured: quoted words and options.
var shellParts = regexp.MustCompile(`'[^']*'|(?:^|\s)(?:curl|--?[A-Za-z-]+)\b`)

// shell returns a command as HTML with a span around each part.
func shell(command string) html.HTML {
	return mark(shellParts, command, func(part string) string {
		if part[0] == '\'' {
			return "s"
		}
		return "n"
	})
}

// mark escapes the text and puts the parts into spans of the class that
// classOf returns.
func mark(parts *regexp.Regexp, text string, classOf func(part string) string) html.HTML {
	var b strings.Builder
	end := 0
	for _, at := range parts.FindAllStringIndex(text, -1) {
		b.WriteString(html.HTMLEscapeString(text[end:at[0]]))
		part := text[at[0]:at[1]]
		b.WriteString(`<span class="` + classOf(part) + `">` + html.HTMLEscapeString(part) + `</span>`)
		end = at[1]
	}
	b.WriteString(html.HTMLEscapeString(text[end:]))
	return html.HTML(b.String()) // every piece of the text is escaped above
}
