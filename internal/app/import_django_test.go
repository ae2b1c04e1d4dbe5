package app

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transfer/django"
	"github.com/antiphon-music/antiphon/internal/transfer/django/djangotest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// newDjango returns a project with 20 messages, its database, and its files.
func newDjango(t *testing.T) (project *djangotest.Project, url string) {
	t.Helper()
	url = storetest.URL(t, "postgres")
	project = djangotest.New(t, url)
	project.Seed(20)
	fixtures := world.Fixtures()
	for path, content := range map[string][]byte{
		"users/cover.png": fixtures["cover.png"], "albums/img.jpg": fixtures["img.jpg"], "songs/images/cover.png": fixtures["cover.png"],
		"songs/track.mp3": fixtures["track.mp3"], "songs/notes.mp3": []byte("The reference takes anything."),
	} {
		path = filepath.Join(project.Media(), path)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return project, url
}

// fixtureOf returns the fixture of an export for Django.
func fixtureOf(t *testing.T, a *App) (dir, fixture string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "export")
	if _, err := a.ExportDjango(t.Context(), dir, nil); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, django.FixtureName))
	if err != nil {
		t.Fatal(err)
	}
	return dir, string(text)
}

// A library of the Django reference moves in from its live database, is the same
// in both dialects, lets its people in with their passwords and keys, and moves
// out, through Django, and in again as it was.
func TestImportDjango(t *testing.T) {
	project, url := newDjango(t)
	from := DjangoLibrary{Database: url, AdminEmail: djangotest.AdminEmail}
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			f := newEmpty(t, engine, nil)
			o := ImportOptions{Media: project.Media()}
			counts := map[string][4]int64{
				"users": {10, 10, 0, 0}, "albums": {3, 3, 0, 0}, "songs": {4, 4, 0, 0}, "messages": {20, 20, 0, 0},
				"tokens": {3, 3, 0, 0}, "changes": {4, 4, 0, 0},
			}
			rules := map[string]int64{
				"users: unknown table": 1, "users: role from staff": 1, "users: same e-mail": 1, "songs: file not brought in": 1,
			}
			dry := o
			dry.DryRun = true
			report, err := f.ImportDjango(t.Context(), from, dry)
			if err != nil {
				t.Fatal(err)
			}
			if report.Kinds[0].Added != 10 {
				t.Errorf("a dry run would add %d users", report.Kinds[0].Added)
			}
			report, err = f.ImportDjango(t.Context(), from, o)
			if err != nil {
				t.Fatal(err)
			}
			wantCounts(t, report, counts, rules)
			f.checkDjangoLibrary()
			dir, fixture := fixtureOf(t, f.App)

			report, err = f.ImportDjango(t.Context(), from, o)
			if err != nil {
				t.Fatal(err)
			}
			if report.Kinds[0].Added+report.Kinds[2].Added+report.Kinds[3].Added+report.Kinds[4].Added+report.Kinds[5].Added != 0 {
				t.Errorf("a second run added something: %+v", report.Kinds)
			}
			if _, again := fixtureOf(t, f.App); again != fixture {
				t.Error("a second run changed something")
			}

			other := storetest.URL(t, "postgres")
			djangotest.New(t, other).Manage("loaddata", filepath.Join(dir, django.FixtureName))
			for name, from := range map[string]DjangoLibrary{
				"its own export": {Dump: filepath.Join(dir, django.FixtureName)},
				"by Django":      {Database: other},
			} {
				second := newEmpty(t, engine, nil)
				if _, err := second.ImportDjango(t.Context(), from, ImportOptions{Media: filepath.Join(dir, mediaFolder)}); err != nil {
					t.Fatal(err)
				}
				if _, again := fixtureOf(t, second.App); again != fixture {
					t.Errorf("out and in again, %s, it is\n%s\nand was\n%s", name, again, fixture)
				}
			}
		})
	}
}

// signIn signs in by the Django dialect.
func (f *fixture) signIn(h http.Handler, email, password string) (key string, ok bool) {
	f.t.Helper()
	body, err := json.Marshal(map[string]string{"email": email, "password": password})
	if err != nil {
		f.t.Fatal(err)
	}
	var answer struct{ Key string }
	w := f.post(h, "/api/auth/login/", string(body))
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		f.t.Fatal(err)
	}
	return answer.Key, w.Code == http.StatusOK && answer.Key != ""
}

// checkDjangoLibrary reads what djangotest has seeded by both dialects.
func (f *fixture) checkDjangoLibrary() {
	t, h := f.t, f.handler()
	t.Helper()
	get := func(path, key string, into any) {
		t.Helper()
		f.get(h, path, key, into)
	}
	for email, password := range map[string]string{
		"alice@example.com": "Str0ngPass!42", "bob@example.com": "Str0ngPass!42", "owner@example.com": "pässword",
		"root@example.com": "pässword", "editor@example.com": "pässword",
	} {
		for range 2 { // the second time by the hash that the first has stored
			if _, ok := f.signIn(h, email, password); !ok {
				t.Errorf("%s cannot sign in", email)
			}
		}
		if _, ok := f.signIn(h, email, password+"x"); ok {
			t.Errorf("%s can sign in with another password", email)
		}
	}
	for email, password := range map[string]string{"carol@example.com": "Str0ngPass!42", "viewer@example.com": ""} {
		if _, ok := f.signIn(h, email, password); ok {
			t.Errorf("%s can sign in", email)
		}
	}
	key := strings.Repeat("0", 40)
	var user struct {
		ID     int64
		Image  string    `json:"image_url"`
		Joined time.Time `json:"date_joined"`
	}
	get("/api/auth/user/", key, &user)
	begun := time.Date(2024, 1, 15, 10, 0, 0, 0, time.UTC)
	if user.ID != 1 || !user.Joined.Equal(begun) || !strings.HasSuffix(user.Image, "/media/users/cover.png") {
		t.Errorf("the user is %+v", user)
	}
	owner, _ := f.signIn(h, "owner@example.com", "pässword")
	get("/api/admin/check/", owner, &struct{}{})

	var songs struct {
		Results []struct {
			ID      int64
			Album   *int64
			Audio   string    `json:"audio_url"`
			Created time.Time `json:"created_at"`
		}
	}
	get("/api/songs/", "", &songs)
	if n := len(songs.Results); n != 4 || songs.Results[0].ID != 4 || songs.Results[3].ID != 1 || *songs.Results[3].Album != 1 || songs.Results[2].Album != nil || !songs.Results[3].Created.Equal(begun) {
		t.Fatalf("the songs are %+v", songs)
	}
	for path, want := range map[string]int{"/media/songs/track.mp3": http.StatusOK, "/media/albums/img.jpg": http.StatusOK, "/media/songs/notes.mp3": http.StatusNotFound} {
		if got := f.ask(h, "GET", path, ""); got.Code != want {
			t.Errorf("%s: %d, want %d", path, got.Code, want)
		}
	}
	var album struct {
		Songs []struct{ ID int64 }
	}
	get("/api/albums/1/", "", &album)
	if want := []struct{ ID int64 }{{4}, {1}}; !reflect.DeepEqual(album.Songs, want) {
		t.Errorf("the album's songs are %+v", album.Songs)
	}
	var messages []struct {
		ID               int64
		Sender, Receiver int64
		Created          time.Time `json:"created_at"`
	}
	get("/api/users/2/messages/", key, &messages)
	if len(messages) != 7 || messages[0].ID != 1 || messages[0].Sender != 1 || messages[0].Receiver != 2 || !messages[1].Created.Equal(begun.Add(3*time.Second+3*time.Microsecond)) {
		t.Errorf("the messages are %+v", messages)
	}

	var albums []struct {
		ID    string `json:"_id"`
		Title string
		Songs []string
	}
	get("/api/albums", "", &albums)
	if len(albums) != 3 || len(albums[0].ID) != 24 || albums[0].Title != "Backwards" || len(albums[0].Songs) != 2 {
		t.Errorf("the albums are %+v", albums)
	}
}
