package app

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/config"
	"github.com/antiphon-music/antiphon/internal/identity/oidc/oidctest"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
)

// document is the whole server's as a client reads it.
func (f *fixture) document(h http.Handler) *openapi3.T {
	f.t.Helper()
	w := f.ask(h, http.MethodGet, "/api/schema/", "")
	doc, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes())
	if err != nil {
		f.t.Fatal(err)
	}
	return doc
}

func TestDocumentIsValid(t *testing.T) {
	f := newFixture(t, func(c *config.Config) { c.PublicURL = "https://antiphon.example.org/" })
	doc := f.document(f.handler())
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if !doc.IsOpenAPI31OrLater() {
		t.Errorf("it is OpenAPI %s", doc.OpenAPI)
	}
	if got := doc.Servers[0].URL; got != "https://antiphon.example.org" {
		t.Errorf("the server is %s", got)
	}
	for _, path := range []string{"/api/songs", "/api/songs/", "/media/{name}", "/healthz", "/readyz", "/metrics", "/api/schema/", "/", "/web/api/session", "/admin/api/dashboard"} {
		if doc.Paths.Value(path) == nil {
			t.Errorf("it lacks %s", path)
		}
	}
	for _, name := range []string{"NodeProblem", "DjangoProblem", "WebProblem", "AdminProblem"} {
		if doc.Components.Responses[name] == nil {
			t.Errorf("it lacks %s", name)
		}
	}
}

// Metrics on a listener of their own are no part of this server.
func TestDocumentWithoutMetrics(t *testing.T) {
	f := newFixture(t, func(c *config.Config) { c.MetricsListen = "127.0.0.1:0" })
	if f.document(f.handler()).Paths.Value("/metrics") != nil {
		t.Error("it has the metrics")
	}
}

// Whatever is documented is there, for an admin who asks for what exists.
func TestDocumentedRoutesExist(t *testing.T) {
	there := oidctest.Start(t, time.Now)
	f := newFixture(t, func(c *config.Config) {
		c.OIDCName, c.OIDCIssuer, c.OIDCClientID = "company", there.URL, oidctest.ClientID
	})
	f.Tail.Close() // or the server's log would have no end
	h := f.handler()
	rows := f.rows(h)
	for path, item := range f.document(h).Paths.Map() {
		for method := range item.Operations() {
			key, err := f.Accounts.IssueToken(context.Background(), rows.admin.ID, "test") // signing out ends one
			if err != nil {
				t.Fatal(err)
			}
			target := rows.target(t, path)
			if w := f.ask(h, method, target, key); w.Code == http.StatusNotFound || w.Code == http.StatusMethodNotAllowed || w.Code >= 500 {
				t.Errorf("%s %s: %d %s", method, target, w.Code, w.Body)
			}
		}
	}
}

// rows makes things to be named in paths, each time anew: a request may remove
// them.
type rows struct {
	f            *fixture
	ids          *oid.Source
	admin, user  account.User
	audio, image string // names of files
}

func (f *fixture) rows(h http.Handler) rows {
	f.t.Helper()
	r := rows{f: f, ids: oid.NewSource(f.now)}
	users, _, err := f.Accounts.Users(context.Background(), account.Operator(), account.UserFilter{})
	if err != nil {
		f.t.Fatal(err)
	}
	for _, u := range users {
		if u.Admin {
			r.admin = u
		} else {
			r.user = u
		}
	}
	body, contentType := songForm(djangoUpload, "Song", uniqueMP3())
	req := httptest.NewRequest(http.MethodPost, djangoUpload.path, strings.NewReader(string(body)))
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Authorization", "Bearer "+f.adminKey)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	var song struct {
		Audio string `json:"audio_url"`
		Image string `json:"image_url"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &song); err != nil || w.Code != http.StatusCreated {
		f.t.Fatalf("%d %s", w.Code, w.Body)
	}
	_, r.audio, _ = strings.Cut(song.Audio, "/media/")
	_, r.image, _ = strings.Cut(song.Image, "/media/")
	return r
}

// target fills the parameters of a path, if it has any.
func (r rows) target(t *testing.T, path string) string {
	t.Helper()
	path = strings.NewReplacer("{kind}", "token", "{model}", "songs", "actions/{name}", "actions/delete",
		"jobs/{name}", "jobs/clean-media", "oidc/{name}", "oidc/company", "email/{key}", "email/abc", "passkeys/{id}", "passkeys/1", "artists/{name}", "artists/Somebody").Replace(path)
	before, rest, ok := strings.Cut(path, "{")
	if !ok {
		return path
	}
	_, after, _ := strings.Cut(rest, "}")
	number, text := r.thing(t, before)
	product := strings.HasSuffix(before, "/api/songs/") || strings.HasSuffix(before, "/api/albums/")
	if strings.HasSuffix(path, "/") || text == "" || product && !strings.HasPrefix(before, "/api/") {
		text = strconv.FormatInt(number, 10)
	}
	return before + url.PathEscape(text) + after
}

// thing returns what the last parameter of a path can be: as a number for the
// Django dialect, and for songs and albums in all but the Node dialect; as a
// text for the rest.
func (r rows) thing(t *testing.T, before string) (int64, string) {
	t.Helper()
	ctx := context.Background()
	switch {
	case before == "/media/":
		return 0, r.audio
	case strings.Contains(before, "/users/"), strings.Contains(before, "/people/"):
		return r.user.ID, r.user.ExternalID
	case strings.Contains(before, "/songs/"):
		s, err := r.f.Store.InsertSong(ctx, catalog.Song{OID: r.ids.New(), Title: "Song", Artist: "Somebody", Created: r.f.now(), Updated: r.f.now()})
		if err != nil {
			t.Fatal(err)
		}
		return s.ID, string(s.OID)
	case strings.Contains(before, "/albums/"):
		a, err := r.f.Store.InsertAlbum(ctx, catalog.Album{OID: r.ids.New(), Title: "Album", Artist: "Somebody", Created: r.f.now(), Updated: r.f.now()})
		if err != nil {
			t.Fatal(err)
		}
		return a.ID, string(a.OID)
	case strings.Contains(before, "/conversations/"):
		r.message(t)
		return r.user.ID, r.user.ExternalID
	case strings.Contains(before, "/messages/"):
		m := r.message(t)
		return m.ID, string(m.OID)
	}
	if strings.Contains(before, "/jobs/failed/") {
		return r.failedJob(t), ""
	}
	if strings.Contains(before, "/identities/") {
		i, err := r.f.Store.InsertIdentity(ctx, account.Identity{UserID: r.admin.ID, Provider: "company", Subject: "admin", Created: r.f.now()})
		if err != nil {
			t.Fatal(err)
		}
		return i.ID, ""
	}
	if strings.Contains(before, "/tokens/") || strings.Contains(before, "/sign-ins/") {
		token, err := r.f.Store.InsertToken(ctx, account.Token{UserID: r.admin.ID, Created: r.f.now()}, string(r.ids.New()))
		if err != nil {
			t.Fatal(err)
		}
		return token.ID, ""
	}
	t.Fatalf("nothing is known to stand after %s", before)
	return 0, ""
}

// message sends one from the admin to the user.
func (r rows) message(t *testing.T) chat.Message {
	t.Helper()
	ctx := context.Background()
	admin, err := r.f.Accounts.AuthenticateToken(ctx, r.f.adminKey)
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.f.Chat.Send(ctx, admin, r.user.ID, "Hello")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The dialects' scripts compare their answers with the documentation; these are
// the others.
func TestOwnAnswersAreAsDocumented(t *testing.T) {
	f := newFixture(t, nil)
	h := f.handler()
	rows := f.rows(h)
	audio, image := "/media/"+url.PathEscape(rows.audio), "/media/"+url.PathEscape(rows.image)
	docs, err := openapi.New(openapi.Config{Operations: ownOperations(true)})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		method, target, key, rng string
		code                     int
	}{
		{"GET", "/", "", "", 200},
		{"GET", "/api/docs/", "", "", 200},
		{"GET", "/api/schema/", "", "", 200},
		{"GET", "/healthz", "", "", 200},
		{"GET", "/readyz", "", "", 200},
		{"GET", "/metrics", "", "", 401},
		{"GET", "/metrics", f.userKey, "", 403},
		{"GET", "/metrics", f.adminKey, "", 200},
		{"GET", audio, "", "", 200},
		{"HEAD", audio, "", "", 200},
		{"GET", audio, "", "bytes=0-9", 206},
		{"GET", audio, "", "bytes=9999999-", 416},
		{"GET", image, "", "", 200},
		{"GET", image + "?size=64", "", "", 200},
		{"GET", image + "?size=large", "", "", 400},
		{"GET", "/media/nothing", "", "", 404},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, tt.target, nil)
		if tt.key != "" {
			r.Header.Set("Authorization", "Bearer "+tt.key)
		}
		if tt.rng != "" {
			r.Header.Set("Range", tt.rng)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.code {
			t.Errorf("%s %s: %d, want %d", tt.method, tt.target, w.Code, tt.code)
		}
		if err := docs.Check(tt.method, tt.target, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
			t.Error(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	w := f.ask(h, http.MethodGet, "/readyz", "")
	if err := docs.Check("GET", "/readyz", w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		t.Error(err)
	}
}

// The pages load nothing from elsewhere, and are sent once as long as they stay
// the same.
func TestPages(t *testing.T) {
	f := newFixture(t, nil)
	h := f.handler()
	for _, target := range []string{"/api/docs/", "/api/docs/style.css", "/api/schema/"} {
		w := f.ask(h, http.MethodGet, target, "")
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Security-Policy"), "default-src 'none'; ") {
			t.Errorf("%s: %d, policy %q", target, w.Code, w.Header().Get("Content-Security-Policy"))
		}
		again := httptest.NewRequest(http.MethodGet, target, nil)
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		second := httptest.NewRecorder()
		if h.ServeHTTP(second, again); second.Code != http.StatusNotModified || second.Body.Len() > 0 {
			t.Errorf("%s for one who has it: %d", target, second.Code)
		}
	}
}

// failedJob makes a job that was given up.
func (r rows) failedJob(t *testing.T) int64 {
	t.Helper()
	ctx, now := context.Background(), r.f.now()
	if err := r.f.Store.InsertJob(ctx, jobs.Job{Kind: "failing", Due: now, Created: now}); err != nil {
		t.Fatal(err)
	}
	j, err := r.f.Store.ClaimJob(ctx, []string{"failing"}, jobs.Claim{Lease: "test", Now: now, Until: now})
	if err != nil {
		t.Fatal(err)
	}
	j.Failed = now
	if err := r.f.Store.ReturnJob(ctx, j); err != nil {
		t.Fatal(err)
	}
	return j.ID
}
