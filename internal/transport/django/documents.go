package django

import (
	"fmt"
	"strings"

	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// The shapes on the wire, for the documentation. Answers are appended by hand
// in these shapes; bodies are read field by field.

type rootJSON struct {
	Users    string `json:"users"`
	Songs    string `json:"songs"`
	Albums   string `json:"albums"`
	Messages string `json:"messages"`
}

type keyJSON struct {
	Key string `json:"key" doc:"40 hexadecimal digits, for the header Authorization: Token KEY"`
}

type detailJSON struct {
	Detail string `json:"detail"`
}

// errorJSON is the refusal of admin/check/ alone.
type errorJSON struct {
	Error string `json:"error"`
}

type tokenJSON struct {
	ID         int64   `json:"id"`
	Label      string  `json:"label" doc:"what signed in, as it called itself"`
	CreatedAt  string  `json:"created_at"`
	LastUsedAt *string `json:"last_used_at" doc:"to the minute; null if never"`
	Current    bool    `json:"current" doc:"whether the request came with this key"`
}

type adminJSON struct {
	Admin bool `json:"admin"`
}

type userJSON struct {
	ID         int64   `json:"id"`
	Email      string  `json:"email" doc:"empty unless it is one's own, one is an admin, or the two have exchanged messages"`
	FullName   string  `json:"full_name"`
	ImageURL   *string `json:"image_url"`
	DateJoined string  `json:"date_joined"`
}

type songJSON struct {
	ID         int64  `json:"id"`
	Title      string `json:"title"`
	Artist     string `json:"artist"`
	ImageURL   string `json:"image_url"`
	AudioURL   string `json:"audio_url"`
	Duration   int64  `json:"duration" doc:"seconds"`
	Album      *int64 `json:"album"`
	AlbumTitle string `json:"album_title,omitempty" doc:"only if the song has an album"`
	CreatedAt  string `json:"created_at"`
	UpdatedAt  string `json:"updated_at"`
}

// shelfJSON is a song in short.
type shelfJSON struct {
	ID       int64  `json:"id"`
	Title    string `json:"title"`
	Artist   string `json:"artist"`
	ImageURL string `json:"image_url" doc:"a path without scheme and host"`
	Duration int64  `json:"duration" doc:"seconds"`
}

type albumJSON struct {
	ID          int64  `json:"id"`
	Title       string `json:"title"`
	Artist      string `json:"artist"`
	ImageURL    string `json:"image_url"`
	ReleaseYear int64  `json:"release_year"`
	SongsCount  int64  `json:"songs_count"`
	CreatedAt   string `json:"created_at"`
	UpdatedAt   string `json:"updated_at"`
}

type albumSongsJSON struct {
	ID          int64      `json:"id"`
	Title       string     `json:"title"`
	Artist      string     `json:"artist"`
	ImageURL    string     `json:"image_url"`
	ReleaseYear int64      `json:"release_year"`
	Songs       []songJSON `json:"songs" doc:"the newest first"`
	CreatedAt   string     `json:"created_at"`
	UpdatedAt   string     `json:"updated_at"`
}

type messageJSON struct {
	ID            int64  `json:"id"`
	Sender        int64  `json:"sender"`
	SenderEmail   string `json:"sender_email"`
	SenderName    string `json:"sender_name"`
	Receiver      int64  `json:"receiver"`
	ReceiverEmail string `json:"receiver_email"`
	ReceiverName  string `json:"receiver_name"`
	Content       string `json:"content"`
	CreatedAt     string `json:"created_at"`
	UpdatedAt     string `json:"updated_at"`
}

// entryJSON is what is seen of somebody who is online.
type entryJSON struct {
	User     int64   `json:"user"`
	ClerkID  string  `json:"clerk_id"`
	FullName string  `json:"full_name"`
	ImageURL *string `json:"image_url"`
	Activity string  `json:"activity" doc:"Idle for none, or if one may not see it" example:"Playing Gnossienne No. 1 by Erik Satie"`
	Since    string  `json:"since" doc:"when the activity began" example:"2026-11-22T14:08:32.515170Z"`
}

type settingsJSON struct {
	ActivityVisibleTo string `json:"activity_visible_to" doc:"everyone, acquaintances (who have exchanged messages with one), or nobody" example:"acquaintances"`
}

type conversationJSON struct {
	User        userJSON    `json:"user" doc:"the other"`
	LastMessage messageJSON `json:"last_message"`
	Unread      int64       `json:"unread" doc:"how many messages of the other one has not read"`
	ReadUpTo    *int64      `json:"read_up_to" doc:"the id of the last message that the other has read; null if he has read none"`
}

type readMarkJSON struct {
	Unread   int64  `json:"unread" doc:"how many messages of the other one has still not read"`
	ReadUpTo *int64 `json:"read_up_to" doc:"the id of the last message that one has read; null if there is none"`
}

type statsJSON struct {
	TotalSongs   int64 `json:"total_songs"`
	TotalAlbums  int64 `json:"total_albums"`
	TotalUsers   int64 `json:"total_users"`
	TotalArtists int64 `json:"total_artists"`
}

type pageJSON[T any] struct {
	Count    int64   `json:"count" doc:"of all pages"`
	Next     *string `json:"next"`
	Previous *string `json:"previous"`
	Results  []T     `json:"results"`
}

type registerForm struct {
	Email     string `json:"email"`
	Password1 string `json:"password1"`
	Password2 string `json:"password2" doc:"the same again"`
	FullName  string `json:"full_name"`
}

type loginForm struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

type passwordForm struct {
	NewPassword1 string `json:"new_password1"`
	NewPassword2 string `json:"new_password2" doc:"the same again"`
}

type emailForm struct {
	Email string `json:"email"`
}

type resetForm struct {
	NewPassword1 string `json:"new_password1"`
	NewPassword2 string `json:"new_password2" doc:"the same again"`
	UID          string `json:"uid" doc:"of the link in the mail" example:"1b"`
	Token        string `json:"token" doc:"the key of the link in the mail" example:"4nq8t0v7w1xk2m9c3b5z6r8d1f0g7h2j4l6p8s0y"`
}

type userForm struct {
	Email    string       `json:"email"`
	FullName string       `json:"full_name"`
	ImageURL kit.FilePart `json:"image_url,omitempty" doc:"null, or empty in a form, removes it"`
}

// userChanges, like the changes to other things, leave as it is what they
// leave out.
type userChanges struct {
	Email    string       `json:"email,omitempty"`
	FullName string       `json:"full_name,omitempty"`
	ImageURL kit.FilePart `json:"image_url,omitempty" doc:"null, or empty in a form, removes it"`
}

type songForm struct {
	Title    string       `json:"title"`
	Artist   string       `json:"artist"`
	ImageURL kit.FilePart `json:"image_url"`
	AudioURL kit.FilePart `json:"audio_url"`
	Duration int64        `json:"duration" doc:"seconds; 0 takes the file's own"`
	Album    int64        `json:"album,omitempty" doc:"the id of an album; null or empty for none"`
}

type songChanges struct {
	Title    string       `json:"title,omitempty"`
	Artist   string       `json:"artist,omitempty"`
	ImageURL kit.FilePart `json:"image_url,omitempty" doc:"in multipart/form-data alone"`
	AudioURL kit.FilePart `json:"audio_url,omitempty" doc:"in multipart/form-data alone"`
	Duration int64        `json:"duration,omitempty" doc:"seconds; 0 takes the file's own"`
	Album    int64        `json:"album,omitempty" doc:"the id of an album; null or empty for none"`
}

type albumForm struct {
	Title       string       `json:"title"`
	Artist      string       `json:"artist"`
	ImageURL    kit.FilePart `json:"image_url"`
	ReleaseYear int64        `json:"release_year"`
}

type albumChanges struct {
	Title       string       `json:"title,omitempty"`
	Artist      string       `json:"artist,omitempty"`
	ImageURL    kit.FilePart `json:"image_url,omitempty" doc:"in multipart/form-data alone"`
	ReleaseYear int64        `json:"release_year,omitempty"`
}

type messageForm struct {
	Sender   int64  `json:"sender,omitempty" doc:"passed over: the sender is whoever asks"`
	Receiver int64  `json:"receiver" doc:"the id of a user"`
	Content  string `json:"content"`
}

type messageChanges struct {
	Sender   int64  `json:"sender,omitempty" doc:"passed over: the sender is whoever asks"`
	Receiver int64  `json:"receiver,omitempty" doc:"the id of a user"`
	Content  string `json:"content,omitempty"`
}

type activityForm struct {
	Activity string `json:"activity" doc:"at most 200 characters; empty for none" example:"Playing Gnossienne No. 1 by Erik Satie"`
}

type readForm struct {
	Message int64 `json:"message,omitempty" doc:"the id of the last message that was read; null, or none, for all there are"`
}

// historyParams ask for a part of a conversation.
var historyParams = []kit.Param{
	{Name: "before", Description: "the id of a message of the conversation: only those before it", Integer: true},
	{Name: "limit", Description: fmt.Sprintf("at most how many, the newest: 1 to %d. Without either parameter, all; with before alone, %d", chat.MaxHistory, chat.DefaultHistory), Integer: true},
}

// doc describes a method of a view in the table of routes.
type doc struct {
	summary string
	in      any // the body; nil for none
	query   []kit.Param
	paged   bool
	out     any // nil for no content
	status  int // on success; 0 is 200
	// refusals are those that only this method has.
	refusals []refusalDoc
}

type refusalDoc struct {
	status int
	text   string
}

// tooManyMails is a refusal of what sends mails.
var tooManyMails = []refusalDoc{{429, "Too many mails; Retry-After says when to come back"}}

// Operations describes every method of every route.
func (d *Dialect) Operations() []kit.Operation {
	var all []kit.Operation
	for _, v := range d.router.all {
		for _, m := range v.methods {
			if m.doc.summary != "" {
				all = append(all, v.operation(m))
			}
		}
	}
	return all
}

// Errors samples the bodies of answers with a status of 400 or more.
func (d *Dialect) Errors() []any { return []any{detailJSON{}, map[string][]string{}} }

func (v *view) operation(m method) kit.Operation {
	o := kit.Operation{
		Method: m.name, Path: v.path(), Summary: m.doc.summary, Tag: v.tag, Access: m.access.kitAccess(), Query: m.doc.query,
	}
	if m.doc.paged {
		o.Query = []kit.Param{{Name: "page", Description: `from 1, or "last"`}}
	}
	status := m.doc.status
	if status == 0 {
		status = 200
	}
	o.Answers = append(o.Answers, kit.Answer{Status: status, Description: "Done", Sample: m.doc.out})
	refused := func(status int, why string) {
		o.Answers = append(o.Answers, kit.Answer{Status: status, Description: why, Sample: detailJSON{}})
	}
	for _, t := range readAs(m.doc.in) {
		o.Body = append(o.Body, kit.Body{ContentType: t, Sample: m.doc.in})
	}
	if m.doc.query != nil {
		o.Answers = append(o.Answers, kit.Answer{Status: 400, Description: "Wrong parameters, each with its messages"})
	}
	if m.doc.in != nil {
		o.Answers = append(o.Answers, kit.Answer{Status: 400, Description: "Wrong fields, each with its messages; or a body that cannot be read"})
	}
	if m.access >= known {
		refused(401, "Nobody knows who asks")
	}
	switch {
	case v.pattern == "admin/check/":
		o.Answers = append(o.Answers, kit.Answer{Status: 403, Description: "Whoever asks is no admin", Sample: errorJSON{}})
	case m.access == admins, m.name != "GET" && v.pattern == "messages/{id}/":
		refused(403, "Whoever asks may not")
	}
	if strings.Contains(v.pattern, "{id}") || m.doc.paged {
		refused(404, "There is no such thing")
	}
	for _, why := range m.doc.refusals {
		refused(why.status, why.text)
	}
	if m.doc.in != nil {
		o.Answers = append(o.Answers, kit.Answer{Status: 413, Description: "A file or the body is over its limit"})
		refused(415, "The body is of a type that is not read")
	}
	return o
}

// readAs returns the types of the bodies that can carry a form, the best one
// first.
func readAs(form any) []string {
	const (
		asJSON       = "application/json"
		asURLEncoded = "application/x-www-form-urlencoded"
		asMultipart  = "multipart/form-data"
	)
	switch form.(type) {
	case nil:
		return nil
	case songForm, albumForm:
		return []string{asMultipart} // nothing else carries their files
	case userForm, userChanges, songChanges, albumChanges:
		return []string{asMultipart, asJSON, asURLEncoded}
	}
	return []string{asJSON, asURLEncoded, asMultipart}
}
