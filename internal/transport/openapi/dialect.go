package openapi

import "strings"

// Dialect is one of the wire formats that share the document.
type Dialect string

// The dialects. Under /api/ the trailing slash of a path tells Node from Django;
// the web app and the admin panel have prefixes of their own. Paths elsewhere,
// and those of this documentation, are the server's own and belong to none.
const (
	Node   Dialect = "Node"
	Django Dialect = "Django"
	Web    Dialect = "Web"
	Admin  Dialect = "Admin"
	Server Dialect = "Server"
)

// Where the product's own interfaces live.
const (
	webPath   = "/web/api/"
	adminPath = "/admin/api/"
)

// dialects in the order of the document.
var dialects = [...]Dialect{Node, Django, Web, Admin, Server}

func dialectOf(path string) Dialect {
	switch {
	case strings.HasPrefix(path, webPath):
		return Web
	case strings.HasPrefix(path, adminPath):
		return Admin
	case !strings.HasPrefix(path, "/api/") && path != "/api",
		strings.HasPrefix(path, docsPath), strings.HasPrefix(path, schemaPath):
		return Server
	case strings.HasSuffix(path, "/"):
		return Django
	}
	return Node
}

// title is how the dialect is called in headings and in names of tags.
func (d Dialect) title() string {
	switch d {
	case Web:
		return "Web app"
	case Admin:
		return "Admin panel"
	case Server:
		return "Server"
	}
	return string(d) + " dialect"
}

// scheme is the word before the key in the Authorization header. Every dialect
// takes both words; this one is its own.
func (d Dialect) scheme() string {
	if d == Django {
		return "Token"
	}
	return "Bearer"
}

// lead introduces the dialect in one or two sentences.
func (d Dialect) lead() string {
	switch d {
	case Node:
		return "For clients of a Node.js and MongoDB backend. Paths end without a slash, " +
			"fields are in camelCase, ids are 24 hexadecimal digits and lists are plain arrays."
	case Django:
		return "For clients of a Django REST framework backend. Paths end in a slash, " +
			"fields are in snake_case, ids are integers and most lists come a page at a time. " +
			"In place of the slash most paths take .json, or .api for a page to look at."
	case Web:
		return "What the web app asks for: the player, people, chat and the account. " +
			"Paths end without a slash, fields are in camelCase, songs and albums have integers for ids, and long lists come a page at a time."
	case Admin:
		return "What the admin panel asks for. The models describe themselves: " +
			"their columns, filters, fields and actions, and what the caller may do with them."
	}
	return "What the server answers outside of the dialects."
}
