package webapi_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestSongs(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	satie := s.addAlbum("Trois Gymnopédies", "Erik Satie")
	lent := s.addSong("Lent et douloureux", "Erik Satie", satie.ID)
	s.addSong("Boléro", "Maurice Ravel", 0)
	s.addSong("adagio", "Samuel Barber", 0)

	for query, want := range map[string]string{
		"":                                  "adagio, Boléro, Lent et douloureux",
		"limit=1&offset=1":                  "Boléro",
		"q=BOL%C3%89":                       "Boléro",
		"q=gymnop%C3%89dies+satie":          "Lent et douloureux",
		"q=nothing":                         "",
		"title=Bol%C3%A9ro":                 "Boléro",
		"title=adagio&artist=Maurice+Ravel": "",
		"sort=title":                        "adagio, Boléro, Lent et douloureux",
		"sort=artist":                       "Lent et douloureux, Boléro, adagio",
		fmt.Sprint("album=", satie.ID):      "Lent et douloureux",
	} {
		var p page[song]
		s.get("songs?"+query, "").is(200, &p)
		if got := titles(p.Items); got != want {
			t.Errorf("songs?%s: %s, want %s", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"limit=0":                            "limit malformed",
		"limit=501":                          "limit too_big",
		"limit=x":                            "limit malformed",
		"offset=-1":                          "offset malformed",
		"sort=plays":                         "sort unknown",
		"album=x":                            "album malformed",
		"q=%00":                              "q malformed",
		"q=%FF":                              "q malformed",
		"q=" + strings.Repeat("x", 1001):     "q too_long",
		"q=" + strings.Repeat("x+", 11):      "q too_many",
		"title=" + strings.Repeat("x", 1001): "title too_long",
	} {
		s.get("songs?"+query, "").fails(400, "invalid", want)
	}

	one := fmt.Sprint("songs/", lent.ID)
	var v song
	a := s.get(one, "").is(200, &v)
	if v.AlbumID == nil || *v.AlbumID != satie.ID || *v.AlbumTitle != satie.Title || v.Duration != 1 || !strings.HasPrefix(v.Audio, "/media/songs/") {
		t.Errorf("%+v", v)
	}
	tag := a.Header().Get("ETag")
	if a.Header().Get("Cache-Control") != "private, no-cache" || tag == "" || a.Header().Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", a.Header())
	}
	s.do(request{method: "GET", path: one, header: map[string]string{"If-None-Match": tag}}).is(304, nil)
	s.do(request{method: "HEAD", path: one}).is(200, nil)
	for _, id := range []string{"0", "999", "x", "-1", "99999999999999999999"} {
		s.get("songs/"+id, "").fails(404, "not_found", "")
	}
	s.get("songs/1/", "").fails(404, "not_found", "")
	s.do(request{method: "DELETE", path: one}).fails(405, "invalid", "")

	s.do(request{method: "POST", path: one + "/plays"}).fails(401, "unauthenticated", "")
	s.do(request{method: "POST", path: one + "/plays", who: key}).is(204, nil)
	s.do(request{method: "POST", path: "songs/999/plays", who: key}).fails(404, "not_found", "")
}

func TestHome(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada", false)
	type home struct {
		Featured, MadeForYou, Trending, Recent []song
		Albums                                 []struct{ Title string }
	}
	var h home
	s.get("home", "").is(200, &h)
	for i := range 9 {
		s.addSong(fmt.Sprint("Song ", i), "Artist", s.addAlbum(fmt.Sprint("Album ", i), "Artist").ID)
	}
	play := func(id int64) {
		t.Helper()
		s.do(request{method: "POST", path: fmt.Sprintf("songs/%d/plays", id), who: key}).is(204, nil)
	}
	play(1)
	play(2)
	play(1) // too soon to count
	s.get("home", key).is(200, &h)
	if len(h.Featured) != 6 || len(h.MadeForYou) != 4 || len(h.Trending) != 4 || len(h.Albums) != 8 || h.Albums[0].Title != "Album 8" {
		t.Errorf("%+v", h)
	}
	if got := titles(h.Recent); got != "Song 1, Song 0" {
		t.Errorf("recent: %s", got)
	}
	s.Clock.Set(s.Clock.Now().Add(time.Minute))
	play(1)
	s.get("home", key).is(200, &h)
	if got := titles(h.Recent); got != "Song 0, Song 1" {
		t.Errorf("recent later: %s", got)
	}
	s.get("home", "").is(200, &h)
	if len(h.Recent) != 0 || h.Recent == nil {
		t.Errorf("recent of nobody: %v", h.Recent)
	}
}

func TestAlbumsAndArtists(t *testing.T) {
	s := newServer(t)
	first := s.addAlbum("First", "AC/DC")
	s.addAlbum("Second", "Zoë")
	s.addSong("One", "AC/DC", first.ID)
	s.addSong("Two", "AC/DC", first.ID)
	type album struct {
		Title     string
		SongCount int
		Songs     []song
	}
	var albums page[album]
	s.get("albums?limit=1", "").is(200, &albums)
	if albums.Total != 2 || len(albums.Items) != 1 || albums.Items[0].Title != "Second" {
		t.Errorf("%+v", albums)
	}
	s.get("albums?q=ac%2F&artist=AC%2FDC", "").is(200, &albums)
	if albums.Total != 1 || albums.Items[0].Title != "First" || albums.Items[0].SongCount != 2 {
		t.Errorf("%+v", albums)
	}
	s.get("albums?limit=9999", "").fails(400, "invalid", "limit too_big")
	var one album
	s.get(fmt.Sprint("albums/", first.ID), "").is(200, &one)
	if titles(one.Songs) != "One, Two" {
		t.Errorf("%+v", one)
	}
	s.get("albums/77", "").fails(404, "not_found", "")

	type artist struct {
		Name      string
		Works     int
		Image     *string
		Albums    []album
		Songs     []song
		SongTotal int
	}
	var artists page[artist]
	s.get("artists", "").is(200, &artists)
	if artists.Total != 2 || artists.Items[0].Name != "AC/DC" || artists.Items[0].Works != 3 || artists.Items[0].Image == nil {
		t.Errorf("%+v", artists)
	}
	s.get("artists?q=ZO%C3%8B", "").is(200, &artists)
	if artists.Total != 1 {
		t.Errorf("%+v", artists)
	}
	s.get("artists?offset=x", "").fails(400, "invalid", "offset malformed")
	var works artist
	s.get("artists/"+url.PathEscape("AC/DC"), "").is(200, &works)
	if works.Name != "AC/DC" || len(works.Albums) != 1 || titles(works.Songs) != "Two, One" || works.SongTotal != 2 {
		t.Errorf("%+v", works)
	}
	s.get("artists/Nobody", "").fails(404, "not_found", "")
	s.get("artists/%00", "").fails(400, "invalid", "")
}

func TestSearch(t *testing.T) {
	s := newServer(t)
	_, key := s.AddUser(t, "ada@example.com", "Ada Satie", false)
	s.addSong("Gnossienne", "Erik Satie", s.addAlbum("Gnossiennes", "Erik Satie").ID)
	type found struct {
		Songs           []song
		Albums, Artists []struct{ Title, Name string }
		People          []person
	}
	var f found
	s.get("search?q=satie", key).is(200, &f)
	if len(f.Songs) != 1 || len(f.Albums) != 1 || len(f.Artists) != 1 || len(f.People) != 1 {
		t.Errorf("%+v", f)
	}
	s.get("search?q=satie", "").is(200, &f)
	if len(f.Songs) != 1 || len(f.People) != 0 {
		t.Errorf("anonymous: %+v", f)
	}
	s.get("search", key).is(200, &f)
	if len(f.Songs)+len(f.Albums)+len(f.Artists)+len(f.People) != 0 {
		t.Errorf("for nothing: %+v", f)
	}
	s.get("search?q="+strings.Repeat("x+", 11), "").fails(400, "invalid", "q too_many")
}
