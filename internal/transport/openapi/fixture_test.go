package openapi

import (
	"testing"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// The shapes and operations below are a music server in small: every kind of
// field, body and answer occurs.

type nodeSong struct {
	ID        string  `json:"_id" pattern:"^[0-9a-f]{24}$" doc:"Never changes"`
	Title     string  `json:"title"`
	Artist    string  `json:"artist"`
	ImageURL  string  `json:"imageUrl" format:"uri" doc:"Absolute address of the cover"`
	Duration  float64 `json:"duration" doc:"Seconds"`
	AlbumID   *string `json:"albumId" doc:"The album the song is on, if it is on one"`
	CreatedAt string  `json:"createdAt" format:"date-time"`
	V         int64   `json:"__v"`
}

type nodeAlbum struct {
	ID    string     `json:"_id"`
	Title string     `json:"title"`
	Songs []nodeSong `json:"songs"`
}

type nodeMessage struct {
	Message string `json:"message"`
}

type newSong struct {
	Title     string       `json:"title"`
	Artist    string       `json:"artist"`
	AlbumID   string       `json:"albumId,omitempty" doc:"None if left out"`
	Duration  float64      `json:"duration" doc:"Seconds"`
	AudioFile kit.FilePart `json:"audioFile" doc:"MP3, FLAC, Ogg, Opus, M4A, AAC, WAV or AIFF; at most 10 MiB"`
	ImageFile kit.FilePart `json:"imageFile" doc:"JPEG, PNG, GIF or WebP"`
}

type listing[T any] struct {
	Count    int64   `json:"count" doc:"How many there are in all"`
	Next     *string `json:"next" format:"uri" doc:"Address of the next page"`
	Previous *string `json:"previous" format:"uri" doc:"Address of the page before"`
	Results  []T     `json:"results"`
}

type song struct {
	ID         int64   `json:"id"`
	Title      string  `json:"title"`
	Album      *int64  `json:"album" doc:"The album's id"`
	AlbumTitle *string `json:"album_title,omitempty" doc:"Only with an album"`
	ImageURL   *string `json:"image_url" format:"uri"`
	CreatedAt  string  `json:"created_at" format:"date-time" doc:"In UTC, with microseconds unless there are none"`
}

type user struct {
	ID       int64  `json:"id"`
	Email    string `json:"email" format:"email" doc:"Empty unless you have exchanged messages"`
	FullName string `json:"full_name"`
}

type message struct {
	ID       int64  `json:"id"`
	Sender   user   `json:"sender"`
	Content  string `json:"content" doc:"At most 5000 characters"`
	IsRead   bool   `json:"is_read"`
	Original *struct {
		ID      int64  `json:"id"`
		Content string `json:"content"`
	} `json:"original" doc:"What it replies to"`
}

type newMessage struct {
	Receiver int64  `json:"receiver" doc:"A user's id"`
	Content  string `json:"content"`
}

type login struct {
	Email    string `json:"email" format:"email"`
	Password string `json:"password"`
}

type key struct {
	Key string `json:"key" pattern:"^[0-9a-f]{40}$"`
}

type detail struct {
	Detail string `json:"detail"`
}

type fieldErrors map[string][]string

var pageNumber = []kit.Param{{Name: "page", Description: "Which page, beginning with 1", Integer: true}}

func fixture() Config {
	return Config{
		Title: "Antiphon", Version: "1.4.0", Health: "/healthz",
		Summary: "A music server of your own: songs, albums, listening together and messages, for any client that speaks one of its dialects.",
		Errors: map[Dialect][]any{
			Node:   {nodeMessage{}},
			Django: {detail{}, fieldErrors{}},
		},
		Operations: []kit.Operation{
			{Method: "GET", Path: "/api/songs", Summary: "List songs", Tag: "Songs", Access: kit.Admin,
				Answers: []kit.Answer{{Status: 200, Description: "All songs, newest first", Sample: []nodeSong{}}}},
			{Method: "GET", Path: "/api/songs/featured", Summary: "Songs for the front page", Tag: "Songs",
				Answers: []kit.Answer{{Status: 200, Description: "Six songs", Sample: []nodeSong{}}}},
			{Method: "GET", Path: "/api/albums", Summary: "List albums", Tag: "Albums",
				Answers: []kit.Answer{{Status: 200, Description: "All albums", Sample: []nodeAlbum{}}}},
			{Method: "GET", Path: "/api/albums/:albumId", Summary: "Show an album and its songs", Tag: "Albums",
				Answers: []kit.Answer{
					{Status: 200, Sample: nodeAlbum{}},
					{Status: 404, Description: "No album has this id"},
				}},
			{Method: "POST", Path: "/api/admin/songs", Summary: "Add a song", Tag: "Administration", Access: kit.Admin,
				Body: []kit.Body{{ContentType: "multipart/form-data", Sample: newSong{}}},
				Answers: []kit.Answer{
					{Status: 201, Description: "The song as it is kept", Sample: nodeSong{}},
					{Status: 413, Description: "A file is over its limit"},
				}},
			{Method: "DELETE", Path: "/api/admin/songs/:id", Summary: "Remove a song", Tag: "Administration", Access: kit.Admin,
				Answers: []kit.Answer{{Status: 200, Sample: nodeMessage{}}, {Status: 404, Description: "No song has this id"}}},

			{Method: "POST", Path: "/api/auth/login/", Summary: "Sign in with a password", Tag: "Accounts",
				Body: []kit.Body{
					{ContentType: "application/json", Sample: login{}},
					{ContentType: "application/x-www-form-urlencoded", Sample: login{}},
				},
				Answers: []kit.Answer{
					{Status: 200, Description: "The key, and a session cookie", Sample: key{}},
					{Status: 400, Description: "No such account, or another password", Sample: fieldErrors{}},
					{Status: 400, Description: "the body is not JSON", Sample: detail{}},
				}},
			{Method: "GET", Path: "/api/songs/", Summary: "List songs", Tag: "Songs", Query: pageNumber,
				Answers: []kit.Answer{{Status: 200, Description: "Twenty songs, newest first", Sample: listing[song]{}}}},
			{Method: "GET", Path: "/api/songs/featured/", Summary: "Songs for the front page", Tag: "Songs",
				Answers: []kit.Answer{{Status: 200, Description: "Six songs", Sample: []song{}}}},
			{Method: "GET", Path: "/api/songs/{id}/", Summary: "Show a song", Tag: "Songs",
				Answers: []kit.Answer{{Status: 200, Sample: song{}}, {Status: 404, Description: "No song has this id"}}},
			{Method: "DELETE", Path: "/api/songs/{id}/", Summary: "Remove a song and its files", Tag: "Songs", Access: kit.Admin,
				Answers: []kit.Answer{{Status: 204, Description: "It is gone"}}},
			{Method: "GET", Path: "/api/users/{id}/messages/", Summary: "Read the conversation with somebody", Tag: "Messages", Access: kit.SignedIn,
				Answers: []kit.Answer{{Status: 200, Description: "Both sides, oldest first", Sample: []message{}}}},
			{Method: "POST", Path: "/api/messages/", Summary: "Send a message", Tag: "Messages", Access: kit.SignedIn,
				Body:    []kit.Body{{ContentType: "application/json", Sample: newMessage{}}},
				Answers: []kit.Answer{{Status: 201, Sample: message{}}}},

			{Method: "GET", Path: "/media/{name}", Summary: "Fetch a file", Tag: "Files",
				Answers: []kit.Answer{{Status: 200, Description: "The file", ContentType: "audio/*"}}},
		},
	}
}

func newAPI(t *testing.T) *API {
	t.Helper()
	a, err := New(fixture())
	if err != nil {
		t.Fatal(err)
	}
	return a
}
