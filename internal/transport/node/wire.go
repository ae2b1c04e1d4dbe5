package node

import "github.com/antiphon-music/antiphon/internal/transport/kit"

// The shapes of this dialect, for the documentation. encode.go and form.go
// hold the same by hand; a test compares them.

type wireDocument struct {
	CreatedAt string `json:"createdAt" doc:"RFC 3339 in UTC, with milliseconds"`
	UpdatedAt string `json:"updatedAt" doc:"likewise"`
	V         int    `json:"__v" doc:"always 0"`
}

type wireSongCard struct {
	ID       string `json:"_id" doc:"24 lower-case hexadecimal digits"`
	Title    string `json:"title"`
	Artist   string `json:"artist"`
	ImageURL string `json:"imageUrl" doc:"absolute"`
	AudioURL string `json:"audioUrl" doc:"absolute"`
}

type wireSong struct {
	wireSongCard
	Duration float64 `json:"duration" doc:"seconds"`
	AlbumID  *string `json:"albumId" doc:"null for a song without an album"`
	wireDocument
}

type wireNewSong struct {
	Title    string  `json:"title"`
	Artist   string  `json:"artist"`
	ImageURL string  `json:"imageUrl"`
	AudioURL string  `json:"audioUrl"`
	Duration float64 `json:"duration"`
	AlbumID  *string `json:"albumId"`
	ID       string  `json:"_id"`
	wireDocument
}

type wireAlbum struct {
	ID          string   `json:"_id"`
	Title       string   `json:"title"`
	Artist      string   `json:"artist"`
	ImageURL    string   `json:"imageUrl"`
	ReleaseYear float64  `json:"releaseYear"`
	Songs       []string `json:"songs" doc:"ids, in the order in which the songs were added"`
	wireDocument
}

type wireAlbumWithSongs struct {
	ID          string     `json:"_id"`
	Title       string     `json:"title"`
	Artist      string     `json:"artist"`
	ImageURL    string     `json:"imageUrl"`
	ReleaseYear float64    `json:"releaseYear"`
	Songs       []wireSong `json:"songs" doc:"in the order in which they were added"`
	wireDocument
}

type wireNewAlbum struct {
	Title       string   `json:"title"`
	Artist      string   `json:"artist"`
	ImageURL    string   `json:"imageUrl"`
	ReleaseYear float64  `json:"releaseYear"`
	Songs       []string `json:"songs" doc:"always empty"`
	ID          string   `json:"_id"`
	wireDocument
}

type wireUser struct {
	ID       string `json:"_id"`
	FullName string `json:"fullName"`
	ImageURL string `json:"imageUrl" doc:"absolute, or empty"`
	ClerkID  string `json:"clerkId" doc:"the id by which messages name a user"`
	wireDocument
}

type wireMessage struct {
	ID         string `json:"_id"`
	SenderID   string `json:"senderId" doc:"a user's clerkId"`
	ReceiverID string `json:"receiverId" doc:"likewise"`
	Content    string `json:"content"`
	wireDocument
}

type wireConversation struct {
	User        wireUser    `json:"user" doc:"the other"`
	LastMessage wireMessage `json:"lastMessage"`
	Unread      int         `json:"unread" doc:"how many messages of the other the caller has not read"`
	ReadUpTo    *string     `json:"readUpTo" doc:"the _id of the last message that the other has read, or null"`
}

type wireRead struct {
	Unread   int     `json:"unread" doc:"how many messages of the other the caller has still not read"`
	ReadUpTo *string `json:"readUpTo" doc:"the _id of the last message that the caller has read, or null"`
}

type wireReadForm struct {
	MessageID string `json:"messageId,omitempty" doc:"the _id of the last message that was read; all if it is left out"`
}

type wireStats struct {
	TotalAlbums  int `json:"totalAlbums"`
	TotalSongs   int `json:"totalSongs"`
	TotalUsers   int `json:"totalUsers"`
	TotalArtists int `json:"totalArtists" doc:"distinct names over songs and albums"`
}

type wireAdmin struct {
	Admin bool `json:"admin"`
}

type wireSuccess struct {
	Success bool `json:"success"`
}

type wireText struct {
	Message string `json:"message"`
}

type wireSongForm struct {
	Title     string       `json:"title"`
	Artist    string       `json:"artist"`
	Duration  float64      `json:"duration" doc:"seconds; 0 takes the file's own"`
	AlbumID   string       `json:"albumId,omitempty"`
	AudioFile kit.FilePart `json:"audioFile"`
	ImageFile kit.FilePart `json:"imageFile"`
}

type wireAlbumForm struct {
	Title       string       `json:"title"`
	Artist      string       `json:"artist"`
	ReleaseYear float64      `json:"releaseYear"`
	ImageFile   kit.FilePart `json:"imageFile"`
}

type wireSignUp struct {
	ID        string `json:"id" doc:"the caller's own clerkId"`
	FirstName string `json:"firstName,omitempty"`
	LastName  string `json:"lastName,omitempty"`
	ImageURL  string `json:"imageUrl,omitempty"`
}
