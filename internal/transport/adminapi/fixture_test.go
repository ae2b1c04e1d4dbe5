package adminapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/demo/cover"
	"github.com/antiphon-music/antiphon/internal/jobs"
	"github.com/antiphon-music/antiphon/internal/panel"
	"github.com/antiphon-music/antiphon/internal/transport/jsonapi"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

const imageLimit, audioLimit = 1 << 20, 4 << 20

// server is the interface over a real store, with one user of each role.
//
// There are the album "Tide" (1999) by Anna with its songs "Low" and "High",
// and the single "Alone" by Bela; the viewer wrote "hello" to the editor.
type server struct {
	*world.World
	api   *jsonapi.API
	docs  *openapi.API // what every answer is checked against
	jobs  *jobs.Service
	log   *lines
	users map[string]account.User // by role
	keys  map[string]string       // likewise
	album catalog.Album
	songs map[string]catalog.Song // by title
	files map[string][]byte
}

func open(t *testing.T) *server {
	t.Helper()
	w := world.New(t, "sqlite")
	s := &server{
		World: w, jobs: newJobs(w), log: &lines{},
		users: map[string]account.User{}, keys: map[string]string{}, songs: map[string]catalog.Song{}, files: world.Fixtures(),
	}
	s.api = New(Config{
		Accounts: w.Accounts, Catalog: w.Catalog, Chat: w.Chat, Listening: w.Listening, Presence: w.Presence,
		Panel: panel.NewService(panel.Config{Store: w.Store, Now: w.Clock.Now}),
		Audit: w.Audit, Files: w.Files, Blobs: w.Blobs, Stage: w.Stage,
		Jobs: s.jobs, LogTail: s.log,
		Cover: func(seed uint64) ([]byte, error) {
			return cover.Draw(cover.Design{Style: cover.Stamp, Seed: seed}, 64)
		},
		FreeSpace:  func() (int64, error) { return 1 << 40, nil },
		AudioLimit: audioLimit, ImageLimit: imageLimit,
		Identifier: kit.Identifier{Accounts: w.Accounts}, Recoverer: kit.Recoverer{Log: w.Log}, Now: w.Clock.Now, Log: w.Log,
	})
	var err error
	s.docs, err = openapi.New(openapi.Config{
		Title: "Antiphon", Version: "1", Operations: s.api.Operations(),
		Errors: map[openapi.Dialect][]any{openapi.Admin: s.api.Errors()},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []account.Role{account.Member, account.Viewer, account.Editor, account.Administrator} {
		s.addUser(t, role)
	}
	s.fill(t)
	return s
}

func (s *server) addUser(t *testing.T, role account.Role) {
	t.Helper()
	ctx, name := context.Background(), role.String()
	u, err := s.Accounts.Create(ctx, account.Operator(), account.NewUser{
		Email: name + "@example.org", FullName: "The " + name, Password: world.Password, Verified: true, Role: role,
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := s.Accounts.IssueToken(ctx, u.ID, "a test")
	if err != nil {
		t.Fatal(err)
	}
	s.users[name], s.keys[name] = u, key
}

func (s *server) fill(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	var err error
	s.album, err = s.Catalog.CreateAlbum(ctx, account.Operator(), catalog.NewAlbum{
		Title: "Tide", Artist: "Anna", ReleaseYear: 1999, Image: s.Upload(t, bytes.NewReader(s.files["cover.png"]), "cover.png"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, in := range []catalog.NewSong{
		{Title: "Low", Artist: "Anna", AlbumID: s.album.ID}, {Title: "High", Artist: "Anna", AlbumID: s.album.ID}, {Title: "Alone", Artist: "Bela"},
	} {
		in.Image = s.Upload(t, bytes.NewReader(s.files["cover.png"]), "cover.png")
		in.Audio = s.Upload(t, bytes.NewReader(bytes.Repeat(s.files["track.mp3"], i+2)), in.Title+".mp3")
		song, err := s.Catalog.CreateSong(ctx, account.Operator(), in)
		if err != nil {
			t.Fatal(err)
		}
		s.songs[song.Title] = song
	}
	writer := account.Actor{User: s.users["viewer"], Via: account.ViaToken}
	if _, err := s.Chat.Send(ctx, writer, s.users["editor"].ID, "hello"); err != nil {
		t.Fatal(err)
	}
}

// answer is what the server said.
type answer struct {
	status int
	body   any
	text   string
}

// at returns a value in the body by a path such as "rows.0.label"; "#" is the
// length of a list. What is not there is "none".
func (a answer) at(path string) string {
	v := a.body
	for part := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = in[part]; !ok {
				return "none"
			}
		case []any:
			if part == "#" {
				v = float64(len(in))
				continue
			}
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(in) {
				return "none"
			}
			v = in[i]
		default:
			return "none"
		}
	}
	if v == nil {
		return "null"
	}
	return fmt.Sprint(v)
}

// fields returns what is wrong with which fields, as "title required".
func (a answer) fields() string {
	var list []string
	for i := 0; a.at(fmt.Sprintf("error.fields.%d.name", i)) != "none"; i++ {
		list = append(list, a.at(fmt.Sprintf("error.fields.%d.name", i))+" "+a.at(fmt.Sprintf("error.fields.%d.code", i)))
	}
	return strings.Join(list, ", ")
}

// part is one of a multipart body; a file if it has a filename.
type part struct{ name, filename, content string }

// do sends a request, and sees to it that nothing is left on the stage.
func (s *server) do(t *testing.T, role, method, path string, body any) answer {
	t.Helper()
	a := s.send(t, role, method, path, body)
	if n := s.Staged(t); n > 4+len(s.songs) { // those of fill, until the test ends
		t.Errorf("%s %s: %d files are left on the stage", method, path, n)
	}
	return a
}

// send sends a request in a role, "" for nobody, with nothing, JSON text, any
// value as JSON, or parts.
func (s *server) send(t *testing.T, role, method, path string, body any) answer {
	t.Helper()
	var r *http.Request
	switch body := body.(type) {
	case nil:
		r = httptest.NewRequest(method, Prefix+path, nil)
	case []part:
		content, kind := multipartOf(t, body)
		r = httptest.NewRequest(method, Prefix+path, content)
		r.Header.Set("Content-Type", kind)
	default:
		text, ok := body.(string)
		if !ok {
			encoded, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			text = string(encoded)
		}
		r = httptest.NewRequest(method, Prefix+path, strings.NewReader(text))
		r.Header.Set("Content-Type", "application/json")
	}
	if role != "" {
		r.Header.Set("Authorization", "Bearer "+s.keys[role])
	}
	w := httptest.NewRecorder()
	s.api.Handler().ServeHTTP(w, r)
	a := answer{status: w.Code, text: w.Body.String()}
	if err := s.docs.Check(method, Prefix+path, w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()); err != nil {
		t.Error(err)
	}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &a.body); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
	return a
}

func multipartOf(t *testing.T, parts []part) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		var to io.Writer
		var err error
		if p.filename == "" {
			to, err = w.CreateFormField(p.name)
		} else {
			to, err = w.CreateFormFile(p.name, p.filename)
		}
		if err == nil {
			_, err = io.WriteString(to, p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

func (s *server) file(name, fixture string) part {
	return part{name, fixture, string(s.files[fixture])}
}

// want checks the status, and values by their paths.
func (a answer) want(t *testing.T, status int, values map[string]string) {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %s", a.status, status, a.text)
	}
	for path, want := range values {
		if got := a.at(path); got != want {
			t.Errorf("%s is %q, want %q in %s", path, got, want, a.text)
		}
	}
}

// lines is a log that ends at once.
type lines struct{ last, next []slog.Record }

func (l *lines) Subscribe() ([]slog.Record, <-chan slog.Record, func()) {
	next := make(chan slog.Record, len(l.next))
	for _, r := range l.next {
		next <- r
	}
	close(next)
	return slices.Clone(l.last), next, func() {}
}

// chatPage is the first message of a conversation.
var chatPage = chat.Page{Limit: 1}
