package adminapi

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/transport/wiretest/world"
)

func TestAdd(t *testing.T) {
	s := open(t)
	album := fmt.Sprint(s.album.ID)
	s.do(t, "editor", "POST", "songs", []part{
		{"title", "", " Slack "}, {"artist", "", "Anna"}, {"album", "", album}, s.file("image", "img.jpg"), s.file("audio", "track.mp3"),
	}).want(t, 201, map[string]string{
		"label": "Slack", "values.title": "Slack", "values.duration": "1", "values.album.label": "Tide",
		"values.audio": "/media/songs/track.mp3", "can.delete": "true",
	})
	s.do(t, "editor", "POST", "albums", []part{
		{"title", "", "Ebb"}, {"artist", "", "Bela"}, {"release_year", "", "2004"}, s.file("image", "cover.png"),
	}).want(t, 201, map[string]string{"values.release_year": "2004", "values.songs": "0", "related.0.count": "0"})
	s.do(t, "admin", "POST", "users",
		`{"email":"new@example.org","full_name":"New","password":"Str0ngPass!42","role":"viewer","verified":true}`).
		want(t, 201, map[string]string{"values.role": "viewer", "values.active": "true", "values.verified": "true", "values.password": "none"})
	s.do(t, "admin", "POST", "users", `{"email":"plain@example.org","full_name":"Plain","password":"Str0ngPass!42"}`).
		want(t, 201, map[string]string{"values.role": "member"})
}

func TestAddNonsense(t *testing.T) {
	s := open(t)
	song := func(parts ...part) []part {
		return append(parts, part{"title", "", "T"}, part{"artist", "", "A"}, s.file("image", "cover.png"), s.file("audio", "track.mp3"))
	}
	many := map[string]int{}
	for i := range 201 {
		many[fmt.Sprint("x", i)] = i
	}
	tests := []struct {
		name, path string
		body       any
		want       string
	}{
		{"nothing", "songs", "{}", "title required, artist required, image required, audio required"},
		{"blanks", "albums", `{"title":" ","artist":null,"release_year":""}`, "title required, artist required, release_year required, image required"},
		{"a field nobody has", "songs", song(part{"likes", "", "1"}), "likes unknown_field"},
		{"one that is only shown", "songs", song(part{"created_at", "", "2026-01-01"}), "created_at unknown_field"},
		{"a long title", "songs", `{"title":"` + strings.Repeat("é", 256) + `"}`, "title too_long, artist required, image required, audio required"},
		{"a title that is a number", "songs", `{"title":5}`, "title malformed, artist required, image required, audio required"},
		{"a title with a null", "songs", `{"title":"a\u0000"}`, "title malformed, artist required, image required, audio required"},
		{"a title that is a list", "songs", `{"title":[]}`, "title malformed"},
		{"a file in JSON", "albums", `{"title":"T","artist":"A","release_year":1,"image":"x"}`, "image malformed"},
		{"a text for a file", "albums", []part{{"title", "", "T"}, {"artist", "", "A"}, {"release_year", "", "1"}, {"image", "", "x"}}, "image malformed"},
		{"files that are none", "songs", []part{{"title", "", "T"}, {"artist", "", "A"}, s.file("image", "trunc.png"), s.file("audio", "lie.mp3")}, "image not_image, audio not_audio"},
		{"a bomb", "songs", []part{{"title", "", "T"}, {"artist", "", "A"}, s.file("image", "bomb.png"), s.file("audio", "track.mp3")}, "image too_many_pixels"},
		{"an album that is none", "songs", song(part{"album", "", "99999"}), "album unknown"},
		{"an album that is a word", "songs", song(part{"album", "", "Tide"}), "album unknown"},
		{"a negative duration", "songs", song(part{"duration", "", "-1"}), "duration malformed"},
		{"no duration", "songs", song(part{"duration", "", "NaN"}), "duration malformed"},
		{"half a year", "albums", `{"title":"T","artist":"A","release_year":1999.5}`, "release_year malformed, image required"},
		{"a late year", "albums", `{"title":"T","artist":"A","release_year":10000}`, "release_year too_big, image required"},
		{"a user of nothing", "users", `{}`, "email required, password required, full_name required"},
		{"a bad user", "users", `{"email":"x","full_name":"X","password":"12345678"}`, "email malformed, password common, password numeric"},
		{"a role nobody has", "users", `{"email":"x@example.org","full_name":"X","password":"Str0ngPass!42","role":"god"}`, "role unknown"},
		{"a bool that is none", "users", `{"email":"x@example.org","full_name":"X","password":"Str0ngPass!42","verified":"maybe"}`, "verified malformed"},
		{"a list", "songs", `[]`, ""},
		{"no JSON", "songs", `{"title`, ""},
		{"two values", "songs", `{} {}`, ""},
		{"too many members", "songs", many, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := s.do(t, "admin", "POST", tt.path, tt.body)
			if got.status != 400 || got.fields() != tt.want {
				t.Errorf("%d %s, want 400 %s: %s", got.status, got.fields(), tt.want, got.text)
			}
		})
	}
	taken := s.do(t, "admin", "POST", "users", `{"email":"Viewer@example.org","full_name":"X","password":"Str0ngPass!42"}`)
	if taken.status != 409 || taken.fields() != "email taken" {
		t.Errorf("an address that is taken: %s", taken.text)
	}
	large := s.do(t, "admin", "POST", "albums", []part{{"image", "x.png", strings.Repeat("x", imageLimit+1)}})
	if large.status != 413 || large.fields() != "image too_big" {
		t.Errorf("a large file: %s", large.text)
	}
	s.do(t, "admin", "GET", "songs", nil).want(t, 200, map[string]string{"total": "3"})
	s.do(t, "admin", "GET", "users", nil).want(t, 200, map[string]string{"total": "4"})
}

func TestChange(t *testing.T) {
	s := open(t)
	song := fmt.Sprint("songs/", s.songs["Low"].ID)
	audio := "/media/" + s.songs["Low"].Audio
	tests := []struct {
		name, path string
		body       any
		want       map[string]string
	}{
		{"one field", song, `{"title":"Lower"}`, map[string]string{"values.title": "Lower", "values.artist": "Anna", "values.audio": audio, "values.duration": "2"}},
		{"nothing", song, `{}`, map[string]string{"values.title": "Lower"}},
		{"out of its album", song, `{"album":null}`, map[string]string{"values.album": "null"}},
		{"into an album", song, fmt.Sprintf(`{"album":%d}`, s.album.ID), map[string]string{"values.album.label": "Tide"}},
		{"an empty file field", song, []part{{"title", "", "Low"}, {"audio", "", ""}}, map[string]string{"values.title": "Low", "values.audio": audio}},
		{"a required file as null", song, `{"audio":null}`, map[string]string{"values.audio": audio}},
		{"a new file", song, []part{s.file("audio", "track.mp3")}, map[string]string{"values.audio": "/media/songs/track.mp3", "values.duration": "1"}},
		{"a length of nothing", song, `{"duration":0}`, map[string]string{"values.duration": "1"}},
		{"a length", song, `{"duration":"61.5"}`, map[string]string{"values.duration": "61.5"}},
		{"a picture", fmt.Sprint("users/", s.users["member"].ID), []part{s.file("image", "cover.png")}, map[string]string{"values.image": "/media/user_images/cover.png"}},
		{"no picture", fmt.Sprint("users/", s.users["member"].ID), `{"image":null,"password":"","active":false}`, map[string]string{"values.image": "", "values.active": "false"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { s.do(t, "admin", "PATCH", tt.path, tt.body).want(t, 200, tt.want) })
	}
	for path, body := range map[string]string{song: `{"title":""}`, fmt.Sprint("albums/", s.album.ID): `{"title":null}`} {
		if got := s.do(t, "admin", "PATCH", path, body); got.status != 400 || got.fields() != "title required" {
			t.Errorf("an emptied title: %s", got.text)
		}
	}
	s.do(t, "admin", "PATCH", "songs/99999", `{"title":"x"}`).want(t, 404, nil)
	s.do(t, "admin", "PATCH", "songs/x", `{"title":"x"}`).want(t, 404, nil)
}

func TestChangePassword(t *testing.T) {
	s := open(t)
	member := s.users["member"]
	s.do(t, "admin", "PATCH", fmt.Sprint("users/", member.ID), `{"password":"An0therPass!"}`).want(t, 200, map[string]string{"values.password": "none"})
	_, _, err := s.Accounts.Login(context.Background(), account.Login{Email: member.Email, Password: "An0therPass!"})
	if err != nil {
		t.Error(err)
	}
	if _, _, err := s.Accounts.Login(context.Background(), account.Login{Email: member.Email, Password: world.Password}); err == nil {
		t.Error("the old password still works")
	}
	history := s.do(t, "admin", "GET", fmt.Sprint("users/", member.ID, "/history"), nil)
	history.want(t, 200, map[string]string{"0.changes.0.field": "password", "0.changes.0.to": ""})
}

func TestLastAdmin(t *testing.T) {
	s := open(t)
	admin := fmt.Sprint("users/", s.users["admin"].ID)
	for body, want := range map[string]string{`{"role":"editor"}`: "role last_admin", `{"active":false}`: "active last_admin"} {
		if got := s.do(t, "admin", "PATCH", admin, body); got.status != 409 || got.fields() != want {
			t.Errorf("%s: %s", body, got.text)
		}
	}
}

func TestHistory(t *testing.T) {
	s := open(t)
	song := fmt.Sprint("songs/", s.songs["Low"].ID)
	s.do(t, "editor", "PATCH", song, `{"title":"Lower","artist":"Bela"}`).want(t, 200, nil)
	s.do(t, "editor", "POST", "songs/actions/delete", fmt.Sprintf(`{"ids":[%d]}`, s.songs["Low"].ID)).want(t, 200, map[string]string{"done": "1"})
	s.do(t, "viewer", "GET", song+"/history", nil).want(t, 200, map[string]string{
		"#": "3", "0.action": "deleted", "0.actor": "editor@example.org", "0.object": "Lower",
		"1.action": "changed", "1.changes.#": "2", "1.changes.0.field": "title", "1.changes.0.from": "Low", "1.changes.0.to": "Lower",
		"2.action": "added", "2.actor": "command line",
	})
	s.do(t, "viewer", "GET", song, nil).want(t, 404, nil)
	s.do(t, "viewer", "GET", "songs/99999/history", nil).want(t, 200, map[string]string{"#": "0"})
	s.do(t, "viewer", "GET", "log?q=editor&action=deleted", nil).want(t, 200, map[string]string{"total": "1", "rows.0.values.action": "deleted"})
}
