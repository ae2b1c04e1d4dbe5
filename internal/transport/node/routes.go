package node

import (
	"net/http"

	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// A route is one method of one path.
type route struct {
	method, pattern string
	access          kit.Access
	do              func(d *Dialect, q *request) (answer, error)
	tag, summary    string
	sample          any // what a good answer looks like

	segments []string // of the pattern
}

const (
	get  = http.MethodGet
	post = http.MethodPost
	del  = http.MethodDelete
)

// table lists all routes. HEAD is answered as GET; OPTIONS on any path is a
// preflight; everything under /api/admin asks for an admin, be it here or not.
// public is who may use what anybody may on an instance that is not private.
func table(public kit.Access) []route {
	var (
		songs = []wireSong{}
		cards = []wireSongCard{}
		text  = wireText{}
		known = kit.SignedIn
		admin = kit.Admin
	)
	return []route{
		{get, "/api/albums", public, (*Dialect).albums, "Albums", "List the albums, oldest first", []wireAlbum{}, nil},
		{get, "/api/albums/:albumId", public, (*Dialect).album, "Albums", "Show an album with its songs", wireAlbumWithSongs{}, nil},
		{get, "/api/songs", admin, (*Dialect).songs, "Songs", "List the songs, newest first", songs, nil},
		{get, "/api/songs/featured", public, (*Dialect).featured, "Songs", "Six songs to show first", cards, nil},
		{get, "/api/songs/made-for-you", public, (*Dialect).madeForYou, "Songs", "Four songs for the caller", cards, nil},
		{get, "/api/songs/trending", public, (*Dialect).trending, "Songs", "Four songs heard most at present", cards, nil},
		{get, "/api/users", known, (*Dialect).users, "Users", "List everybody but the caller, in order of joining", []wireUser{}, nil},
		{get, "/api/users/messages/:userId", known, (*Dialect).conversation, "Messages", "List what the caller and a user wrote to each other, oldest first", []wireMessage{}, nil},
		{get, "/api/conversations", known, (*Dialect).conversations, "Messages", "List the caller's conversations with others, that with the newest message first", []wireConversation{}, nil},
		{post, "/api/conversations/:userId/read", known, (*Dialect).markRead, "Messages", "Note how far the caller has read what a user wrote", wireRead{}, nil},
		{get, "/api/stats", admin, (*Dialect).stats, "Stats", "Count what there is", wireStats{}, nil},
		{get, "/api/admin/check", admin, (*Dialect).checkAdmin, "Admin", "Tell an admin that he is one", wireAdmin{}, nil},
		{post, "/api/admin/songs", admin, (*Dialect).createSong, "Admin", "Add a song", wireNewSong{}, nil},
		{del, "/api/admin/songs/:id", admin, (*Dialect).deleteSong, "Admin", "Delete a song", text, nil},
		{post, "/api/admin/albums", admin, (*Dialect).createAlbum, "Admin", "Add an album", wireNewAlbum{}, nil},
		{del, "/api/admin/albums/:id", admin, (*Dialect).deleteAlbum, "Admin", "Delete an album with its songs", text, nil},
		{post, "/api/auth/callback", known, (*Dialect).signUp, "Auth", "Confirm a sign-in", wireSuccess{}, nil},
	}
}
