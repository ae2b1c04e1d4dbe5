package kit

// Access is who may use an operation.
type Access uint8

// The degrees of access.
const (
	Public   Access = iota // anybody
	SignedIn               // whoever is known
	Admin                  // admins
)

// Operation documents one method of one route, for the OpenAPI document. The
// samples are zero values of the structs that go over the wire: their fields,
// json tags and doc tags describe the schema, in order.
type Operation struct {
	Method  string // "GET"
	Path    string // "/api/users/{id}/messages/"
	Summary string // one sentence without a full stop
	Tag     string // the group in the documentation: "Songs"
	Access  Access
	Role    string // the least role of those signed in: "viewer"; "" for any
	// Examples are values of the path's parameters, where their names do not
	// tell what they look like.
	Examples map[string]string
	Query    []Param
	Body     []Body // one for each content type that is read; none for no body
	Answers  []Answer
}

// Param documents a query parameter. Path parameters come from the path, as
// strings.
type Param struct {
	Name        string
	Description string
	Integer     bool     // a string otherwise
	Choices     []string // all that a string may be; nil for anything
}

// Body documents a request body of one content type. In the sample of a
// multipart body, a field of type FilePart is a file.
type Body struct {
	ContentType string
	Sample      any
}

// FilePart marks a file in the sample of a multipart body.
type FilePart struct{}

// Answer documents one status and, unless Sample is nil, its JSON body.
type Answer struct {
	Status      int
	Description string
	Sample      any
	ContentType string // application/json if empty
}
