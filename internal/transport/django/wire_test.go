package django_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/store/storetest"
	"github.com/antiphon-music/antiphon/internal/transport/django"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
	"github.com/antiphon-music/antiphon/internal/transport/openapi"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// Limits of the tests, low enough to be broken cheaply.
const (
	audioLimit = 2 << 20
	imageLimit = 1 << 20
)

// dialectOf mounts the dialect on a world.
func dialectOf(w *world.World) *django.Dialect {
	return django.New(django.Config{
		Accounts: w.Accounts, Catalog: w.Catalog, Chat: w.Chat, Presence: w.Presence, Files: w.Files, Stage: w.Stage,
		Identifier: kit.Identifier{Accounts: w.Accounts},
		Addresses:  kit.Addresses{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		Origins:    kit.Origins{"http://localhost:3000", "http://127.0.0.1:3000"},
		AudioLimit: audioLimit, ImageLimit: imageLimit,
		Recoverer: kit.Recoverer{Log: w.Log, Panicked: func() {}},
		Answers:   &kit.Answers{Revision: w.Catalog.Revision},
		Log:       w.Log, Now: w.Clock.Now,
	})
}

// TestWire plays the scripts of testdata on each engine: those that begin with
// 0 on an empty server with one admin, the others on the same one after a
// catalogue of known dates was put in.
func TestWire(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := world.New(t, engine)
			admin, key := w.AddUser(t, "admin@example.com", "Admin", true)
			d := dialectOf(w)
			documented := documentation(t, d)
			server := httptest.NewServer(d.Handler())
			defer server.Close()
			opts := wiretest.Options{
				BaseURL: server.URL,
				Scripts: os.DirFS("testdata"),
				Files:   world.Fixtures(),
				Vars:    map[string]string{"admin": key, "admin.id": strconv.FormatInt(admin.ID, 10)},
				Auth: func(name string, vars map[string]string) string {
					if vars[name] == "" {
						return ""
					}
					return "Token " + vars[name]
				},
				Observe: func(method, target string, status int, header http.Header, body []byte) {
					contentType := header.Get("Content-Type")
					if strings.HasPrefix(contentType, "text/html") {
						return // the page for people shows the same JSON
					}
					if err := documented.Check(method, withSlash(target), status, contentType, body); err != nil {
						t.Errorf("the documentation is wrong: %v", err)
					}
				},
			}
			opts.Glob = "0*.txt"
			wiretest.Run(t, opts)
			switchOff(t, w, "dora@example.com")
			maps.Copy(opts.Vars, seed(t, w))
			maps.Copy(opts.Vars, links(t, w))
			opts.Glob = "[1-9]*.txt"
			wiretest.Run(t, opts)
			if n := w.Staged(t); n != 0 {
				t.Errorf("%d uploads were left on the stage", n)
			}
		})
	}
}

// documentation describes the dialect alone.
func documentation(t *testing.T, d *django.Dialect) *openapi.API {
	t.Helper()
	docs, err := openapi.New(openapi.Config{
		Title: "Django", Operations: d.Operations(), Errors: map[openapi.Dialect][]any{openapi.Django: d.Errors()},
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// withSlash returns a target as it is documented: without a suffix for the
// format, in place of which it has a slash.
func withSlash(target string) string {
	path, query, _ := strings.Cut(target, "?")
	if bare, ok := strings.CutSuffix(path, ".json"); ok {
		path = strings.TrimSuffix(bare, "/") + "/"
	}
	return path + "?" + query
}

func switchOff(t testing.TB, w *world.World, email string) {
	t.Helper()
	ctx := context.Background()
	u, err := w.Accounts.UserByEmail(ctx, account.Operator(), email)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Accounts.SetActive(ctx, account.Operator(), u.ID, false); err != nil {
		t.Fatal(err)
	}
}

// seed replaces the catalogue by 45 songs and 24
// albums of known dates; it returns their ids as variables: {song.0} is that
// of "Song 00".
func seed(t testing.TB, w *world.World) map[string]string {
	t.Helper()
	ctx := context.Background()
	vars := map[string]string{}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	old, _, err := w.Catalog.Songs(ctx, catalog.Page{})
	must(err)
	for _, s := range old {
		must(w.Catalog.DeleteSong(ctx, account.Operator(), s.ID))
	}
	albums, _, err := w.Catalog.Albums(ctx, catalog.Page{})
	must(err)
	for _, a := range albums {
		must(w.Catalog.DeleteAlbum(ctx, account.Operator(), a.ID))
	}

	start := time.Date(2024, 1, 15, 10, 0, 0, 0, time.UTC)
	var first, second int64
	for i := range 24 {
		a, err := w.Store.InsertAlbum(ctx, catalog.Album{
			OID: oid.ID(fmt.Sprintf("%012x%012x", 1, i)), Title: fmt.Sprintf("Album %02d", i), Artist: fmt.Sprintf("Artist %d", i%5),
			Image: fmt.Sprintf("album_images/%d.png", i), ReleaseYear: float64(1980 + i),
			Created: start.Add(time.Duration(i) * time.Second), Updated: start.Add(time.Hour),
		})
		must(err)
		vars["album."+strconv.Itoa(i)] = strconv.FormatInt(a.ID, 10)
		switch i {
		case 0:
			first = a.ID
		case 1:
			second = a.ID
		}
	}
	micros := []time.Duration{0, 123456 * time.Microsecond, 246912 * time.Microsecond}
	for i := range 45 {
		s := catalog.Song{
			OID: oid.ID(fmt.Sprintf("%012x%012x", 2, i)), Title: fmt.Sprintf("Song %02d", i), Artist: fmt.Sprintf("Artist %d", i%7),
			Image: fmt.Sprintf("song_images/%d.png", i), Audio: fmt.Sprintf("songs/%d.mp3", i),
			Duration: float64(100 + i),
			Created:  start.Add(time.Duration(i)*time.Second + micros[i%3]), Updated: start.Add(time.Hour),
		}
		switch {
		case i < 3:
			s.AlbumID = first
		case i < 5:
			s.AlbumID = second
		}
		s, err := w.Store.InsertSong(ctx, s)
		must(err)
		vars["song."+strconv.Itoa(i)] = strconv.FormatInt(s.ID, 10)
	}
	w.Catalog.Changed()
	return vars
}

// links are what two users would find in their mails: {verify.key} of Alice, who
// has not proved her address, and {reset.uid} and {reset.key} of Bob.
func links(t testing.TB, w *world.World) map[string]string {
	t.Helper()
	letter := func(kind account.MailKind, email string) account.Letter {
		l, ok, err := w.Accounts.Letter(context.Background(), account.MailJob{Kind: kind, Email: email})
		if err != nil || !ok {
			t.Fatalf("no mail to %s: %v", email, err)
		}
		return l
	}
	reset := letter(account.MailReset, "bob@example.com")
	return map[string]string{
		"verify.key": letter(account.MailVerify, "alice@example.com").Key,
		"reset.key":  reset.Key, "reset.uid": strconv.FormatInt(reset.UserID, 36),
	}
}

// TestUnreadBodies asks for the answer to come without the body being read.
func TestUnreadBodies(t *testing.T) {
	w := world.New(t, "sqlite")
	_, admin := w.AddUser(t, "admin@example.com", "Admin", true)
	_, alice := w.AddUser(t, "alice@example.com", "Alice", false)
	h := dialectOf(w).Handler()
	const huge = 100 << 20
	tests := []struct {
		name, method, path, key, contentType string
		status                               int
	}{
		{"JSON over the limit", "POST", "/api/auth/login/", "", "application/json", 413},
		{"a form over the limit", "POST", "/api/auth/login/", "", "application/x-www-form-urlencoded", 413},
		{"nobody uploads", "POST", "/api/songs/", "", "multipart/form-data; boundary=x", 401},
		{"nobody's own account", "PATCH", "/api/auth/user/", "", "multipart/form-data; boundary=x", 401},
		{"a bad key", "POST", "/api/songs/", "deadbeef", "multipart/form-data; boundary=x", 401},
		{"not an admin", "POST", "/api/albums/", alice, "multipart/form-data; boundary=x", 403},
		{"no such song", "PUT", "/api/songs/99/", admin, "multipart/form-data; boundary=x", 404},
		{"no such method", "POST", "/api/stats/", admin, "multipart/form-data; boundary=x", 405},
		{"no boundary", "POST", "/api/albums/", admin, "multipart/form-data", 400},
		{"no such type", "POST", "/api/albums/", admin, "video/mp4", 415},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, unreadable{t})
			r.ContentLength = huge
			r.Header.Set("Content-Type", tt.contentType)
			if tt.key != "" {
				r.Header.Set("Authorization", "Token "+tt.key)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != tt.status {
				t.Errorf("status %d, want %d: %s", rec.Code, tt.status, rec.Body)
			}
		})
	}
}

// unreadable is a body that must not be looked at.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, http.ErrBodyReadAfterClose
}

// TestCutOff sends less than was announced: what came whole counts, and nothing
// stays.
func TestCutOff(t *testing.T) {
	w := world.New(t, "sqlite")
	_, admin := w.AddUser(t, "admin@example.com", "Admin", true)
	h := dialectOf(w).Handler()
	body := "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nNight\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"image_url\"; filename=\"a.png\"\r\n\r\n" +
		string(world.Fixtures()["cover.png"])
	r := httptest.NewRequest("POST", "/api/albums/", bytes.NewReader([]byte(body)))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Authorization", "Token "+admin)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	want := `{"artist":["This field is required."],"image_url":["No file was submitted."],"release_year":["This field is required."]}`
	if rec.Code != 400 || rec.Body.String() != want {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if n := w.Staged(t); n != 0 {
		t.Errorf("%d uploads were left on the stage", n)
	}
}
