package openapi

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

func TestDocumentIsValidOpenAPI(t *testing.T) {
	for _, c := range []Config{fixture(), {Title: "Nothing to describe", Version: "1"}} {
		t.Run(c.Title, func(t *testing.T) {
			a, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := openapi3.NewLoader().LoadFromData(a.Document())
			if err != nil {
				t.Fatal(err)
			}
			if !doc.IsOpenAPI31OrLater() {
				t.Errorf("it is OpenAPI %s, want 3.1", doc.OpenAPI)
			}
			if err := doc.Validate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// What a validator of JSON Schema says of the examples is what ours says.
func TestDocumentDescribesTheExamples(t *testing.T) {
	a := newAPI(t)
	doc, err := openapi3.NewLoader().LoadFromData(a.Document())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range a.components {
		written, err := encode(exampleBody(c.schema, c.dialect))
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parse(written)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.schema.accepts(parsed, "example"); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		var loose any
		if err := json.Unmarshal(written, &loose); err != nil {
			t.Fatal(err)
		}
		if err := doc.Components.Schemas[c.name].Value.VisitJSON(loose, openapi3.EnableJSONSchema2020()); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestDocumentText(t *testing.T) {
	document := string(newAPI(t).Document())
	compact := regexp.MustCompile(`\n\s*`).ReplaceAllString(document, "")
	for _, want := range []string{
		`"operationId": "djangoGetUsersByIdMessages"`,
		`"operationId": "nodeGetAlbumsByAlbumId"`,
		`"tags": ["Node dialect: Administration"]`,
		`"security": [{"bearer": ["admin"]},{"token": ["admin"]},{"session": ["admin"]}]`,
		`"/api/albums/{albumId}": {"parameters": [{"name": "albumId","in": "path","required": true,"schema": {"type": "string"}}]`,
		`"parameters": [{"name": "page","in": "query","description": "Which page, beginning with 1","schema": {"type": "integer"}}]`,
		`"audioFile": {"type": "string","contentMediaType": "application/octet-stream"`,
		`"200": {"description": "The file","content": {"audio/*": {}}}`,
		`"204": {"description": "It is gone"}`,
		`"400": {"description": "No such account, or another password; or the body is not JSON","content": {"application/json": {"schema": {"anyOf": [`,
		`"default": {"$ref": "#/components/responses/DjangoProblem"}`,
		`"required": ["id","title","album","image_url","created_at"]`,
	} {
		if !strings.Contains(compact, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	inOrder(t, document, `"/api/songs"`, `"/api/admin/songs"`, `"/api/songs/"`, `"/media/{name}"`)
	inOrder(t, document, `"NodeSong": {`, `"_id": {`, `"title": {`, `"artist": {`, `"imageUrl": {`, `"__v": {`)
}

func inOrder(t *testing.T, s string, parts ...string) {
	t.Helper()
	at := 0
	for _, part := range parts {
		i := strings.Index(s[at:], part)
		if i < 0 {
			t.Errorf("%s is not there, or too early", part)
			return
		}
		at += i + len(part)
	}
}

func TestDocumentIsTheSameEachTime(t *testing.T) {
	one, other := newAPI(t), newAPI(t)
	if !bytes.Equal(one.Document(), other.Document()) {
		t.Error("two documents of the same operations differ")
	}
}

func TestNewRefuses(t *testing.T) {
	ok := []kit.Answer{{Status: 204}}
	type nameless struct{ Stop chan int }
	type wrongPattern struct {
		Name string `pattern:"("`
	}
	type wrongExample struct {
		Age int64 `example:"old"`
	}
	tests := []struct {
		name string
		ops  []kit.Operation
		want string
	}{
		{"a path without a slash", []kit.Operation{{Method: "GET", Path: "api/songs", Answers: ok}}, "does not begin with a slash"},
		{"a wildcard", []kit.Operation{{Method: "GET", Path: "/media/*", Answers: ok}}, `"*" is neither a literal nor one parameter`},
		{"a parameter twice", []kit.Operation{{Method: "GET", Path: "/api/{id}/{id}", Answers: ok}}, `two parameters "id"`},
		{"an operation twice", []kit.Operation{{Method: "GET", Path: "/api/x", Answers: ok}, {Method: "GET", Path: "/api/x", Answers: ok}}, "documented twice"},
		{"two names of one parameter", []kit.Operation{{Method: "GET", Path: "/api/x/:a", Answers: ok}, {Method: "PUT", Path: "/api/x/:b", Answers: ok}}, "its parameters have other names in /api/x/:a"},
		{"no answer", []kit.Operation{{Method: "GET", Path: "/api/x"}}, "GET /api/x: no answer is documented"},
		{"no status", []kit.Operation{{Method: "GET", Path: "/api/x", Answers: []kit.Answer{{Status: 20}}}}, "answer 20: no such status"},
		{"a body of nothing", []kit.Operation{{Method: "PUT", Path: "/api/x", Body: []kit.Body{{ContentType: "application/json"}}, Answers: ok}}, "application/json body: no sample"},
		{"a channel", []kit.Operation{{Method: "GET", Path: "/api/x", Answers: []kit.Answer{{Status: 200, Sample: nameless{}}}}}, "openapi.nameless.Stop: chan int cannot be written as JSON"},
		{"a broken pattern", []kit.Operation{{Method: "GET", Path: "/api/x", Answers: []kit.Answer{{Status: 200, Sample: wrongPattern{}}}}}, "its pattern"},
		{"a broken example", []kit.Operation{{Method: "GET", Path: "/api/x", Answers: []kit.Answer{{Status: 200, Sample: wrongExample{}}}}}, "its example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := New(Config{Operations: tt.ops})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestOperationIDs(t *testing.T) {
	tests := map[string]string{
		"/api/songs/made-for-you":    "nodeGetSongsMadeForYou",
		"/api/songs/made-for-you/":   "djangoGetSongsMadeForYou",
		"/api/users/:userId":         "nodeGetUsersByUserId",
		"/api/songs/{id:[0-9]+}/":    "djangoGetSongsById",
		"/api/":                      "djangoGet",
		"/healthz":                   "serverGetHealthz",
		"/web/api/songs/{id}":        "webGetSongsById",
		"/admin/api/":                "adminGet",
		"/api/auth/password/change/": "djangoGetAuthPasswordChange",
	}
	for path, want := range tests {
		parsed, err := parseTemplate(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := operationID(dialectOf(path), "GET", parsed); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
