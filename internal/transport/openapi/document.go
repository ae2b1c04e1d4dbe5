package openapi

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// The names of the security schemes.
const (
	bearerScheme  = "bearer"
	tokenScheme   = "token"
	sessionScheme = "session"
)

// render returns the document.
func (a *API) render() ([]byte, error) {
	server := ordered{{"url", a.config.Server}}
	if a.config.Server == defaultServer {
		server = ordered{{"url", "/"}}
	}
	info := ordered{{"title", a.config.Title}, {"version", a.config.Version}}.
		with("summary", a.config.Summary).
		with("description", a.description())
	tags, groups := a.tags()
	return indent(ordered{
		{"openapi", "3.1.1"},
		{"info", info},
		{"servers", []any{server}},
		{"tags", tags},
		{"x-tagGroups", groups},
		{"paths", a.paths()},
		{"components", a.componentsJSON()},
	})
}

// description introduces the dialects that are in the document.
func (a *API) description() string {
	var parts []string
	for _, d := range dialects {
		if len(a.tagsOf(d)) > 0 {
			parts = append(parts, "**"+d.title()+".** "+d.lead())
		}
	}
	return strings.Join(parts, "\n\n")
}

// tagsOf returns the tags of a dialect's operations in the order of their
// first use.
func (a *API) tagsOf(d Dialect) []string {
	var tags []string
	seen := map[string]bool{}
	for _, o := range a.operations {
		if o.dialect == d && !seen[o.Tag] {
			seen[o.Tag] = true
			tags = append(tags, o.Tag)
		}
	}
	return tags
}

// tagName makes a dialect's tag one of the whole document.
func tagName(d Dialect, tag string) string { return d.title() + ": " + tag }

func (a *API) tags() (tags, groups []any) {
	tags, groups = []any{}, []any{}
	for _, d := range dialects {
		var names []string
		for _, tag := range a.tagsOf(d) {
			name := tagName(d, tag)
			names = append(names, name)
			tags = append(tags, ordered{{"name", name}, {"x-displayName", tag}})
		}
		if len(names) > 0 {
			groups = append(groups, ordered{{"name", d.title()}, {"tags", names}})
		}
	}
	return tags, groups
}

func (a *API) paths() ordered {
	paths := ordered{}
	at := map[string]int{}
	for _, o := range a.operations {
		path := o.path.String()
		i, ok := at[path]
		if !ok {
			i = len(paths)
			at[path] = i
			item := ordered{}
			if parameters := o.pathParameters(); len(parameters) > 0 {
				item = ordered{{"parameters", parameters}}
			}
			paths = append(paths, member{path, item})
		}
		item, _ := paths[i].value.(ordered)
		paths[i].value = append(item, member{strings.ToLower(o.Method), a.operationJSON(o)})
	}
	return paths
}

func (o *operation) pathParameters() []any {
	var list []any
	for _, s := range o.path {
		if s.parameter {
			list = append(list, ordered{
				{"name", s.text}, {"in", "path"}, {"required", true},
				{"schema", ordered{{"type", text}}},
			})
		}
	}
	return list
}

func (a *API) operationJSON(o *operation) ordered {
	made := ordered{
		{"operationId", o.id},
		{"summary", o.Summary},
		{"tags", []string{tagName(o.dialect, o.Tag)}},
	}
	if len(o.Query) > 0 {
		made = append(made, member{"parameters", o.queryParameters()})
	}
	if len(o.bodies) > 0 {
		made = append(made, member{"requestBody", ordered{{"required", true}, {"content", contentJSON(o.bodies)}}})
	}
	return append(made,
		member{"responses", a.responses(o)},
		member{"security", security(o)})
}

func (o *operation) queryParameters() []any {
	var list []any
	for _, p := range o.Query {
		k := text
		if p.Integer {
			k = integer
		}
		list = append(list, ordered{{"name", p.Name}, {"in", "query"}}.
			with("description", p.Description).
			with("schema", ordered{{"type", k}}.with("enum", choices(p))))
	}
	return list
}

// choices lists what a parameter may be, nil for anything.
func choices(p kit.Param) any {
	if p.Choices == nil {
		return nil
	}
	return p.Choices
}

func (a *API) responses(o *operation) ordered {
	responses := ordered{}
	for _, answer := range o.answers {
		description := answer.description
		if description == "" {
			description = http.StatusText(answer.status)
		}
		r := ordered{{"description", description}}
		if len(answer.contents) > 0 {
			r = append(r, member{"content", contentJSON(answer.contents)})
		}
		responses = append(responses, member{strconv.Itoa(answer.status), r})
	}
	if a.errors[o.dialect] != nil {
		responses = append(responses, member{"default", ordered{{"$ref", "#/components/responses/" + errorName(o.dialect)}}})
	}
	return responses
}

// errorName names the usual error answer of a dialect.
func errorName(d Dialect) string { return string(d) + "Problem" }

func contentJSON(contents []content) ordered {
	made := ordered{}
	for _, c := range contents {
		body := ordered{}
		if c.schema != nil {
			body = ordered{{"schema", c.schema}}
		}
		made = append(made, member{c.contentType, body})
	}
	return made
}

// security returns the schemes of which one is needed, with the role that it
// must bring.
func security(o *operation) []any {
	roles := []string{}
	switch {
	case o.Access == kit.Public:
		return []any{}
	case o.Access == kit.Admin:
		roles = []string{"admin"}
	case o.Role != "":
		roles = []string{o.Role}
	}
	return []any{
		ordered{{bearerScheme, roles}},
		ordered{{tokenScheme, roles}},
		ordered{{sessionScheme, roles}},
	}
}

func (a *API) componentsJSON() ordered {
	schemas, responses := ordered{}, ordered{}
	for _, c := range a.components {
		schemas = append(schemas, member{c.name, c.schema})
	}
	for _, d := range dialects {
		if usual := a.errors[d]; usual != nil {
			responses = append(responses, member{errorName(d), ordered{
				{"description", "Any other error, as the " + d.title() + " words it"},
				{"content", contentJSON([]content{{jsonType, usual}})},
			}})
		}
	}
	return ordered{
		{"schemas", schemas},
		{"responses", responses},
		{"securitySchemes", ordered{
			{bearerScheme, ordered{
				{"type", "http"}, {"scheme", "bearer"},
				{"description", "`Authorization: Bearer KEY`, in any dialect"},
			}},
			{tokenScheme, ordered{
				{"type", "apiKey"}, {"in", "header"}, {"name", "Authorization"},
				{"description", "`Authorization: Token KEY`, in any dialect"},
			}},
			{sessionScheme, ordered{
				{"type", "apiKey"}, {"in", "cookie"}, {"name", kit.SessionCookie},
				{"description", "The cookie that signing in sets. A request that changes something has to come from the server's own pages, and brings the CSRF token too in the Django dialect"},
			}},
		}},
	}
}
