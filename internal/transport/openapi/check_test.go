package openapi

import (
	"slices"
	"strings"
	"testing"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

const (
	goodNodeSong = `{"_id":"6a0a17e8c2f5b1d94e7a3c06","title":"T","artist":"A","imageUrl":"u","duration":1.5,"albumId":null,"createdAt":"2026-05-17T19:30:00.250Z","__v":0}`
	goodSong     = `{"id":1,"title":"T","album":null,"image_url":null,"created_at":"2026-05-17T19:30:00Z"}`
	jsonUTF8     = "application/json; charset=utf-8"
)

func TestCheckAccepts(t *testing.T) {
	a := newAPI(t)
	tests := []struct {
		name           string
		method, target string
		status         int
		contentType    string
		body           string
	}{
		{"a list", "GET", "/api/songs", 200, jsonUTF8, "[" + goodNodeSong + "]"},
		{"an empty list", "GET", "/api/songs", 200, jsonUTF8, "[]"},
		{"a query", "GET", "/api/songs/?page=2", 200, jsonType, `{"count":1,"next":null,"previous":"p","results":[` + goodSong + `]}`},
		{"an optional field", "GET", "/api/songs/7/", 200, jsonType, `{"id":1,"title":"T","album":2,"album_title":"B","image_url":null,"created_at":"2026-05-17T19:30:00Z"}`},
		{"a literal before a parameter", "GET", "/api/songs/featured/", 200, jsonType, "[" + goodSong + "]"},
		{"a parameter with an escaped slash", "GET", "/api/songs/a%2Fb/", 404, jsonType, `{"detail":"no"}`},
		{"letters of either case, for Node", "GET", "/API/Songs", 200, jsonUTF8, "[]"},
		{"a slash twice, for Node", "GET", "/api//songs", 200, jsonUTF8, "[]"},
		{"no body", "DELETE", "/api/songs/7/", 204, "", ""},
		{"HEAD", "HEAD", "/api/songs", 200, jsonUTF8, ""},
		{"not modified", "GET", "/api/songs", 304, "", ""},
		{"an error of the dialect", "GET", "/api/songs", 401, jsonUTF8, `{"message":"who?"}`},
		{"the other error of the dialect", "GET", "/api/songs/", 400, jsonType, `{"page":["no"]}`},
		{"a documented error without a sample", "GET", "/api/albums/x", 404, jsonUTF8, `{"message":"no"}`},
		{"one of two answers", "POST", "/api/auth/login/", 400, jsonType, `{"detail":"not JSON"}`},
		{"the other", "POST", "/api/auth/login/", 400, jsonType, `{"email":["no"],"non_field_errors":["no","no"]}`},
		{"a path that does not exist", "GET", "/api/nothing/", 404, jsonType, `{"detail":"no"}`},
		{"a method that does not exist", "PATCH", "/api/songs", 405, jsonUTF8, `{"message":"no"}`},
		{"a preflight", "OPTIONS", "/api/songs", 204, "", ""},
		{"a file", "GET", "/media/a.mp3", 200, "audio/mpeg", "ID3"},
		{"what is not described", "GET", "/metrics", 200, "text/plain", "up 1"},
		{"an object without a name", "POST", "/api/messages/", 201, jsonType, `{"id":1,"sender":{"id":1,"email":"","full_name":"M"},"content":"c","is_read":false,"original":{"id":1,"content":"o"}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := a.Check(tt.method, tt.target, tt.status, tt.contentType, []byte(tt.body)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	a := newAPI(t)
	song := func(from, to string) string { return strings.Replace(goodSong, from, to, 1) }
	tests := []struct {
		name           string
		method, target string
		status         int
		contentType    string
		body           string
		want           string
	}{
		{"another status", "GET", "/api/songs", 201, jsonType, "[]", "GET /api/songs answers 201: the status is not documented"},
		{"a path that is not documented", "GET", "/api/secret", 200, jsonType, "[]", "the operation is not documented"},
		{"a slash too many", "GET", "/api/albums/", 200, jsonType, "[]", "the operation is not documented"},
		{"letters of the other case, for Django", "GET", "/api/Songs/", 200, jsonType, "[]", "the operation is not documented"},
		{"an empty parameter", "GET", "/api/songs//", 200, jsonType, goodSong, "the operation is not documented"},
		{"a body where none is", "DELETE", "/api/songs/7/", 204, jsonType, "{}", "a body of 2 bytes"},
		{"a body with not modified", "GET", "/api/songs", 304, jsonType, "{}", "a body of 2 bytes"},
		{"a body for HEAD", "HEAD", "/api/songs", 200, jsonType, "[]", "a body of 2 bytes"},
		{"another content type", "GET", "/api/songs", 200, "text/html", "[]", "content type text/html, want application/json"},
		{"another kind of file", "GET", "/media/a.mp3", 200, "image/png", "PNG", "content type image/png, want audio/*"},
		{"no content type", "GET", "/api/songs", 200, "", "[]", "content type"},
		{"no body", "GET", "/api/songs", 200, jsonType, "", "unexpected EOF"},
		{"half a body", "GET", "/api/songs", 200, jsonType, "[", "unexpected EOF"},
		{"two bodies", "GET", "/api/songs", 200, jsonType, "[][]", "more after the end"},
		{"no JSON", "GET", "/api/songs", 200, jsonType, "<html>", "invalid character"},
		{"deep nesting", "GET", "/api/songs", 200, jsonType, strings.Repeat("[", 100_000), "nested more than"},
		{"null for a list", "GET", "/api/songs", 200, jsonType, "null", "body is of type null, want array"},
		{"an error of the other dialect", "GET", "/api/songs", 400, jsonType, `{"detail":"no"}`, "has detail, which is not documented"},
		{"no error of the dialect", "GET", "/api/songs/", 400, jsonType, `{"page":"no"}`, "body fits no alternative"},
		{"a field that is not documented", "GET", "/api/songs/7/", 200, jsonType, song(`"title"`, `"secret":1,"title"`), "body has secret, which is not documented"},
		{"a field that is missing", "GET", "/api/songs/7/", 200, jsonType, song(`"title":"T",`, ""), "body has album where title should be"},
		{"the last field missing", "GET", "/api/songs/7/", 200, jsonType, song(`,"created_at":"2026-05-17T19:30:00Z"`, ""), "body has no created_at"},
		{"fields in another order", "GET", "/api/songs/7/", 200, jsonType, song(`"id":1,"title":"T"`, `"title":"T","id":1`), "body has title where id should be"},
		{"an optional field too late", "GET", "/api/songs/7/", 200, jsonType, song(`"image_url":null`, `"image_url":null,"album_title":"B"`), "body has album_title too late"},
		{"a field twice", "GET", "/api/songs/7/", 200, jsonType, song(`"title":"T"`, `"title":"T","title":"T"`), `an object has "title" twice`},
		{"a string for an integer", "GET", "/api/songs/7/", 200, jsonType, song(`"id":1`, `"id":"1"`), "body.id is of type string, want integer"},
		{"a fraction for an integer", "GET", "/api/songs/7/", 200, jsonType, song(`"id":1`, `"id":1.0`), "body.id is of type number, want integer"},
		{"null for a string", "GET", "/api/songs/7/", 200, jsonType, song(`"title":"T"`, `"title":null`), "body.title is of type null, want string"},
		{"null where it is left out", "GET", "/api/songs/7/", 200, jsonType, song(`"image_url"`, `"album_title":null,"image_url"`), "body.album_title is of type null"},
		{"no date", "GET", "/api/songs/7/", 200, jsonType, song("2026-05-17T", "yesterday "), "body.created_at is"},
		{"no match of a pattern", "GET", "/api/songs", 200, jsonType, "[" + strings.Replace(goodNodeSong, "6a0a", "6A0A", 1) + "]", "body[0]._id is"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := a.Check(tt.method, tt.target, tt.status, tt.contentType, []byte(tt.body))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// A server may speak one dialect alone, which then answers the paths of both.
func TestCheckOfOneDialect(t *testing.T) {
	c := fixture()
	c.Operations = slices.DeleteFunc(c.Operations, func(o kit.Operation) bool { return dialectOf(o.Path) == Django })
	a, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Check("GET", "/api/songs/", 200, jsonUTF8, []byte("["+goodNodeSong+"]")); err != nil {
		t.Error(err)
	}
	if err := a.Check("GET", "/api/nothing/", 404, jsonUTF8, []byte(`{"message":"no"}`)); err != nil {
		t.Error(err)
	}
}

func FuzzCheck(f *testing.F) {
	a, err := New(fixture())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("/api/songs", []byte("["+goodNodeSong+"]"))
	f.Add("/api/songs/%zz/", []byte(goodSong))
	f.Add("//", []byte(`{"a":[1e9,true,null]}`))
	f.Fuzz(func(t *testing.T, target string, body []byte) {
		_ = a.Check("GET", target, 200, jsonType, body) // it must not panic
		v, err := parse(body)
		if err != nil {
			return
		}
		written, err := encode(v.any())
		if err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if _, err := parse(written); err != nil {
			t.Fatalf("%q came back as %q: %v", body, written, err)
		}
	})
}
