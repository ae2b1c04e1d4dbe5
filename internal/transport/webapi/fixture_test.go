package webapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/identity/oidc"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/webapi"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// server is the API over a real database, with its own document: every answer
// has to be what that says of it.
type server struct {
	*world.World
	t       *testing.T
	handler http.Handler
	doc     *openapi.API
}

const imageLimit = 100_000

func newServer(t *testing.T, edits ...func(*account.Config)) *server {
	t.Helper()
	return mount(t, world.New(t, "sqlite", edits...))
}

// mount puts the API over a world, with what else people may sign in by.
func mount(t *testing.T, w *world.World, providers ...*oidc.Provider) *server {
	t.Helper()
	api := webapi.New(webapi.Config{
		Accounts: w.Accounts, Catalog: w.Catalog, Listening: w.Listening, Presence: w.Presence, Chat: w.Chat,
		Identifier: kit.Identifier{Accounts: w.Accounts}, Stage: w.Stage, Log: w.Log, ImageLimit: imageLimit, Version: "1.2.3",
		Keys: world.Keys(), Providers: providers, Now: w.Clock.Now,
		Recoverer: kit.Recoverer{Log: w.Log, Panicked: func() { t.Error("a panic") }},
	})
	doc, err := openapi.New(openapi.Config{
		Title: "Antiphon", Operations: api.Operations(), Errors: map[openapi.Dialect][]any{openapi.Web: api.Errors()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Chat.Close)
	return &server{World: w, t: t, handler: api.Handler(), doc: doc}
}

// request is what is sent; who is the key of a token, "" for nobody.
type request struct {
	method, path string
	who          string
	body         string // JSON
	header       map[string]string
	form         func(*multipart.Writer)
}

type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

func (s *server) do(q request) answer {
	s.t.Helper()
	body := &bytes.Buffer{}
	contentType := ""
	switch {
	case q.form != nil:
		w := multipart.NewWriter(body)
		q.form(w)
		if err := w.Close(); err != nil {
			s.t.Fatal(err)
		}
		contentType = w.FormDataContentType()
	case q.body != "":
		body.WriteString(q.body)
		contentType = "application/json"
	}
	r := httptest.NewRequest(q.method, webapi.Prefix+q.path, body)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if q.who != "" {
		r.Header.Set("Authorization", "Bearer "+q.who)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if err := s.doc.Check(q.method, r.URL.EscapedPath(), w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		s.t.Error(err)
	}
	if n := s.Staged(s.t); n > 0 {
		s.t.Errorf("%s %s leaves %d uploads on the stage", q.method, q.path, n)
	}
	return answer{w, s.t}
}

func (s *server) get(path, who string) answer {
	s.t.Helper()
	return s.do(request{method: "GET", path: path, who: who})
}

// is checks the status and reads the body into v, if it is not nil.
func (a answer) is(status int, v any) answer {
	a.t.Helper()
	if a.Code != status {
		a.t.Fatalf("status %d, want %d: %s", a.Code, status, a.Body)
	}
	if v != nil {
		if err := json.Unmarshal(a.Body.Bytes(), v); err != nil {
			a.t.Fatal(err)
		}
	}
	return a
}

// fails checks an error: its kind, and "field code" of its first field.
func (a answer) fails(status int, kind, field string) answer {
	a.t.Helper()
	var f jsonapi.Failure
	a.is(status, &f)
	got := ""
	if len(f.Error.Fields) > 0 {
		got = f.Error.Fields[0].Name + " " + f.Error.Fields[0].Code
	}
	if f.Error.Kind != kind || got != field {
		a.t.Errorf("%s with %q, want %s with %q: %s", f.Error.Kind, got, kind, field, a.Body)
	}
	if f.Error.Message == "" || a.Header().Get("Cache-Control") != "no-store" {
		a.t.Errorf("message %q, Cache-Control %q", f.Error.Message, a.Header().Get("Cache-Control"))
	}
	return a
}

func (s *server) addAlbum(title, artist string) catalog.Album {
	s.t.Helper()
	up := s.Upload(s.t, bytes.NewReader(world.Fixtures()["cover.png"]), "cover.png")
	defer up.Staged.Discard()
	a, err := s.Catalog.CreateAlbum(context.Background(), account.Operator(), catalog.NewAlbum{Title: title, Artist: artist, ReleaseYear: 1999, Image: up})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s *server) addSong(title, artist string, albumID int64) catalog.Song {
	s.t.Helper()
	files := world.Fixtures()
	image := s.Upload(s.t, bytes.NewReader(files["cover.png"]), "cover.png")
	defer image.Staged.Discard()
	audio := s.Upload(s.t, bytes.NewReader(files["track.mp3"]), "track.mp3")
	defer audio.Staged.Discard()
	song, err := s.Catalog.CreateSong(context.Background(), account.Operator(), catalog.NewSong{
		Title: title, Artist: artist, AlbumID: albumID, Image: image, Audio: audio,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return song
}

// The shapes that the tests look at.
type (
	person struct {
		ID, Name string
		Image    *string
	}
	me struct {
		person
		Email, Role, ActivityVisibleTo string
		Verified                       bool
	}
	song struct {
		ID            int64
		Title, Artist string
		AlbumID       *int64
		AlbumTitle    *string
		Image, Audio  string
		Duration      float64
	}
	page[T any] struct {
		Items []T
		Total int
	}
)

func titles(songs []song) string {
	var list []string
	for _, v := range songs {
		list = append(list, v.Title)
	}
	return strings.Join(list, ", ")
}
