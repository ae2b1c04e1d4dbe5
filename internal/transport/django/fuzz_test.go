package django_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

// FuzzAlbumForm sends an admin's multipart bodies of any kind: whatever is in
// them, they are answered, not with an error of ours, and leave nothing on the
// stage.
func FuzzAlbumForm(f *testing.F) {
	part := func(disposition, content string) string {
		return "--x\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n"
	}
	fixtures := world.Fixtures()
	good := part(`name="title"`, "Night") + part(`name="artist"`, "The Band") + part(`name="release_year"`, "1999")
	for _, name := range []string{"cover.png", "img.gif", "bomb.png", "page.html", "empty"} {
		f.Add([]byte(good + part(`name="image_url"; filename="`+name+`"`, string(fixtures[name])) + "--x--\r\n"))
	}
	f.Add([]byte(good))
	f.Add([]byte("garbage"))
	f.Add([]byte(strings.Repeat(part(`name="title"`, "\x00"), 3) + "--x--"))
	f.Add([]byte(part(`name="image_url"; filename="../../etc/passwd"`, "x")))
	f.Add([]byte("--x\r\nContent-Disposition: form-data; name=\"title\"; filename*=utf-8''%ff\r\n\r\n\r\n--x--"))

	w := world.New(f, "sqlite")
	_, admin := w.AddUser(f, "admin@example.com", "Admin", true)
	h := dialectOf(w).Handler()
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", "/api/albums/", strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.Header.Set("Authorization", "Token "+admin)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code >= 500 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if n := w.Staged(t); n != 0 {
			t.Errorf("%d uploads were left on the stage", n)
		}
	})
}

// FuzzPath asks for any path with any method and any Accept header.
func FuzzPath(f *testing.F) {
	for _, path := range []string{"/api/", "/api/.json", "/api/songs/1/", "/api/songs/%D9%A1/?page=x", "/api//", "/api/a.b.c/"} {
		f.Add("GET", path, "*/*")
	}
	f.Add("PATCH", "/api/auth/user/", "text/html;q=\"x")
	w := world.New(f, "sqlite")
	_, admin := w.AddUser(f, "admin@example.com", "Admin", true)
	h := dialectOf(w).Handler()
	f.Fuzz(func(t *testing.T, method, path, accept string) {
		if strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || method == "" || !strings.HasPrefix(path, "/") ||
			strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
			return // net/http lets nothing else through
		}
		r, err := requestOf(method, path)
		if err != nil {
			return
		}
		r.Header.Set("Accept", accept)
		r.Header.Set("Authorization", "Token "+admin)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code >= 500 {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}

// requestOf makes a request without httptest's panic at a bad target.
func requestOf(method, path string) (*http.Request, error) {
	r, err := http.NewRequest(method, path, http.NoBody)
	if err == nil {
		r.Host, r.RemoteAddr = "example.com", "192.0.2.1:1234"
	}
	return r, err
}

func BenchmarkReads(b *testing.B) {
	w := world.New(b, "sqlite")
	_, admin := w.AddUser(b, "admin@example.com", "Admin", true)
	for i := range 30 {
		w.AddUser(b, fmt.Sprintf("user%d@example.com", i), "User", false)
	}
	vars := seed(b, w)
	h := dialectOf(w).Handler()
	for _, path := range []string{
		"albums/", "albums/" + vars["album.0"] + "/", "songs/", "songs/" + vars["song.0"] + "/", "songs/featured/", "stats/", "users/",
	} {
		b.Run(path, func(b *testing.B) {
			r := httptest.NewRequest("GET", "/api/"+path, nil)
			r.Header.Set("Authorization", "Token "+admin)
			b.ReportAllocs()
			for b.Loop() {
				rec := httptest.NewRecorder()
				h.ServeHTTP(rec, r)
				if rec.Code != 200 {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}
