package jsonapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

type thing struct {
	Name string `json:"name"`
}

// serve answers one request with an API of the routes, and returns its log.
func serve(t *testing.T, w *world.World, routes []jsonapi.Route, r *http.Request, public ...string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	c := jsonapi.Config{
		Prefix: "/x/api/", Routes: routes, Identifier: kit.Identifier{Accounts: w.Accounts}, Stage: w.Stage, Log: logger,
		Recoverer: kit.Recoverer{Log: logger, Panicked: func() {}},
	}
	if len(public) > 0 {
		var err error
		if c.Addresses.Public, err = url.Parse(public[0]); err != nil {
			t.Fatal(err)
		}
	}
	got := httptest.NewRecorder()
	got.Header().Set("X-Request-Id", "test-1")
	jsonapi.New(c).Handler().ServeHTTP(got, r)
	return got, log.String()
}

func failing(err error) []jsonapi.Route {
	return []jsonapi.Route{{Method: "GET", Path: "it", Fields: map[string]string{"full_name": "name"},
		Handle: func(*jsonapi.Call) (any, error) { return nil, err }}}
}

func TestErrors(t *testing.T) {
	w := world.New(t, "sqlite")
	secret := errors.New("the secret cause")
	tests := []struct {
		name   string
		err    error
		status int
		want   string // of the error, as JSON
	}{
		{"unknown", secret, 500, `{"kind":"internal","message":"Something went wrong on the server.","fields":[],"requestId":"test-1"}`},
		{"internal with a message", &errs.Error{Message: "of ours", Err: secret}, 500, `{"kind":"internal","message":"Something went wrong on the server.","fields":[],"requestId":"test-1"}`},
		{"a field", errs.InvalidFields(errs.Field{Name: "full_name", Code: errs.TooLong, Limit: 9}), 400,
			`{"kind":"invalid","message":"The name may have at most 9 characters.","fields":[{"name":"name","code":"too_long","limit":9,"message":"The name may have at most 9 characters."}],"requestId":"test-1"}`},
		{"camel case", errs.InvalidFields(errs.Field{Name: "release_year", Code: errs.Required}), 400,
			`{"kind":"invalid","message":"The release year is missing.","fields":[{"name":"releaseYear","code":"required","limit":0,"message":"The release year is missing."}],"requestId":"test-1"}`},
		{"details", &jsonapi.Detailed{Err: errs.New(errs.Conflict, "Twice."), Details: map[string]int{"duplicateOf": 4}}, 409,
			`{"kind":"conflict","message":"Twice.","fields":[],"requestId":"test-1","details":{"duplicateOf":4}}`},
		{"too often", &errs.Error{Kind: errs.RateLimited, RetryAfter: 1500 * time.Millisecond}, 429,
			`{"kind":"rate_limited","message":"Too many tries. Come back in 2 seconds.","fields":[],"requestId":"test-1"}`},
		{"unavailable", &errs.Error{Kind: errs.Unavailable}, 503, `{"kind":"unavailable","message":"A part of the server does not answer at the moment.","fields":[],"requestId":"test-1"}`},
	}
	for _, tt := range tests {
		got, log := serve(t, w, failing(tt.err), httptest.NewRequest("GET", "/x/api/it", nil))
		if want := `{"error":` + tt.want + `}`; got.Code != tt.status || got.Body.String() != want {
			t.Errorf("%s: %d %s, want %d %s", tt.name, got.Code, got.Body, tt.status, want)
		}
		if logged := strings.Contains(log, "a request failed"); logged != (tt.status >= 500) {
			t.Errorf("%s: the log is %q", tt.name, log)
		}
	}
	got, _ := serve(t, w, failing(&errs.Error{Kind: errs.RateLimited, RetryAfter: 1500 * time.Millisecond}), httptest.NewRequest("GET", "/x/api/it", nil))
	if after := got.Header().Get("Retry-After"); after != "2" {
		t.Errorf("Retry-After %q", after)
	}
}

func TestEveryFieldCodeHasItsSentence(t *testing.T) {
	w := world.New(t, "sqlite")
	seen := map[string]errs.Code{}
	for _, code := range []errs.Code{
		errs.Required, errs.TooShort, errs.TooLong, errs.TooBig, errs.TooMany, errs.Malformed, errs.Taken, errs.Unknown, errs.Empty,
		errs.NotImage, errs.NotAudio, errs.Common, errs.Numeric, errs.Similar, errs.Pixels, errs.Wrong, errs.LastAdmin, "another",
	} {
		got, _ := serve(t, w, failing(errs.InvalidFields(errs.Field{Name: "f", Code: code, Limit: 3})), httptest.NewRequest("GET", "/x/api/it", nil))
		var f jsonapi.Failure
		if err := json.Unmarshal(got.Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		if other, twice := seen[f.Error.Message]; twice {
			t.Errorf("%s says what %s says: %s", code, other, f.Error.Message)
		}
		seen[f.Error.Message] = code
	}
}

func TestAPanicIsAnswered(t *testing.T) {
	w := world.New(t, "sqlite")
	routes := []jsonapi.Route{{Method: "GET", Path: "it", Handle: func(*jsonapi.Call) (any, error) { panic("oops") }}}
	got, log := serve(t, w, routes, httptest.NewRequest("GET", "/x/api/it", nil))
	if got.Code != 500 || !strings.Contains(got.Body.String(), `"kind":"internal"`) || !strings.Contains(log, "oops") {
		t.Errorf("%d %s, log %s", got.Code, got.Body, log)
	}
}

func TestRoutes(t *testing.T) {
	w := world.New(t, "sqlite")
	said := func(name string) func(*jsonapi.Call) (any, error) {
		return func(c *jsonapi.Call) (any, error) { return thing{name + " " + c.Param("a") + c.Param("b")}, nil }
	}
	routes := []jsonapi.Route{
		{Method: "GET", Path: "", Out: thing{}, Handle: said("root")},
		{Method: "GET", Path: "{a}/{b}", Out: thing{}, Handle: said("two")},
		{Method: "POST", Path: "{a}/{b}", Status: 202, Handle: func(*jsonapi.Call) (any, error) { return nil, nil }},
		{Method: "GET", Path: "{a}/fixed", Out: thing{}, Handle: said("fixed")},
		{Method: "GET", Path: "jobs/{b}", Out: thing{}, Handle: said("jobs")},
		{Method: "GET", Path: "stream", Handle: func(c *jsonapi.Call) (any, error) {
			c.W.Header().Set("Content-Type", "text/event-stream")
			_, err := c.W.Write([]byte("data: 1\n\n"))
			return jsonapi.Sent{}, err
		}},
	}
	for target, want := range map[string]string{
		"GET /x/api/":               `200 {"name":"root "}`,
		"GET /x/api/1/2":            `200 {"name":"two 12"}`,
		"GET /x/api/AC%2FDC/%C3%A9": `200 {"name":"two AC/DCé"}`,
		"GET /x/api/1/fixed":        `200 {"name":"fixed 1"}`,
		"GET /x/api/jobs/2":         `200 {"name":"jobs 2"}`,
		"GET /x/api/jobs/fixed":     `200 {"name":"jobs fixed"}`,
		"HEAD /x/api/1/2":           `200 `,
		"POST /x/api/1/2":           `202 `,
		"GET /x/api/stream":         "200 data: 1\n\n",
		"GET /x/api/1/":             `404 {"error":{"kind":"not_found","message":"There is no such path.","fields":[],"requestId":"test-1"}}`,
		"GET /x/api/1/2/3":          `404 {"error":{"kind":"not_found","message":"There is no such path.","fields":[],"requestId":"test-1"}}`,
		"DELETE /x/api/1/2":         `405 {"error":{"kind":"invalid","message":"This path takes only GET, HEAD, POST.","fields":[],"requestId":"test-1"}}`,
		"OPTIONS /x/api/stream":     `405 {"error":{"kind":"invalid","message":"This path takes only GET, HEAD.","fields":[],"requestId":"test-1"}}`,
	} {
		method, path, _ := strings.Cut(target, " ")
		got, _ := serve(t, w, routes, httptest.NewRequest(method, path, nil))
		if said := fmt.Sprint(got.Code, " ", got.Body); said != want {
			t.Errorf("%s: %d %s, want %s", target, got.Code, got.Body, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a route may be there twice")
		}
	}()
	jsonapi.New(jsonapi.Config{Routes: []jsonapi.Route{{Method: "GET", Path: "a"}, {Method: "GET", Path: "a"}}})
}

func TestRights(t *testing.T) {
	w := world.New(t, "sqlite")
	_, admin := w.AddUser(t, "admin@example.com", "Admin", true)
	member, key := w.AddUser(t, "member@example.com", "Member", false)
	_, session, err := w.Accounts.OpenSession(t.Context(), member.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	handle := func(*jsonapi.Call) (any, error) { return nil, nil }
	routes := []jsonapi.Route{
		{Method: "POST", Path: "public", Access: kit.Public, Handle: handle},
		{Method: "POST", Path: "known", Access: kit.SignedIn, Handle: handle},
		{Method: "POST", Path: "viewer", Access: kit.SignedIn, Role: account.Viewer, Handle: handle},
		{Method: "POST", Path: "admin", Access: kit.Admin, Handle: handle},
	}
	post := func(path, name, value string, more ...string) int {
		t.Helper()
		r := httptest.NewRequest("POST", "/x/api/"+path, strings.NewReader("never read"))
		r.Host = "music.example"
		if name != "" {
			r.Header.Set(name, value)
		}
		for i := 0; i < len(more); i += 2 {
			r.Header.Set(more[i], more[i+1])
		}
		got, _ := serve(t, w, routes, r, "https://music.example")
		return got.Code
	}
	const bearer, cookie = "Authorization", "Cookie"
	session = kit.SessionCookie + "=" + session
	for _, tt := range []struct {
		path, name, value string
		more              []string
		want              int
	}{
		{"public", "", "", nil, 204},
		{"public", bearer, "Bearer unknown", nil, 204},
		{"known", "", "", nil, 401},
		{"known", bearer, "Bearer unknown", nil, 401},
		{"known", bearer, "Token " + key, nil, 204},
		{"viewer", bearer, "Bearer " + key, nil, 403},
		{"viewer", bearer, "Bearer " + admin, nil, 204},
		{"admin", "", "", nil, 401},
		{"admin", bearer, "Bearer " + key, nil, 403},
		{"admin", bearer, "Bearer " + admin, nil, 204},
		{"known", cookie, session, nil, 204},
		{"known", cookie, session, []string{"Origin", "https://music.example"}, 204},
		{"known", cookie, session, []string{"Origin", "https://music.example", "Host", "127.0.0.1:8000"}, 204},
		{"known", cookie, session, []string{"Origin", "https://elsewhere.example"}, 403},
		{"known", cookie, session, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"known", cookie, session, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"public", "", "", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		// No page can have a browser send this header without asking.
		{"known", bearer, "Bearer " + key, []string{"Origin", "https://elsewhere.example"}, 204},
	} {
		if got := post(tt.path, tt.name, tt.value, tt.more...); got != tt.want {
			t.Errorf("%s with %s %v: %d, want %d", tt.path, tt.name, tt.more, got, tt.want)
		}
	}
}
