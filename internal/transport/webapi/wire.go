package webapi

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/chat"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// The shapes that more than one route answers with. Their names are those of
// the schemas in the OpenAPI document.

type song struct {
	ID         int64     `json:"id" example:"17"`
	Title      string    `json:"title"`
	Artist     string    `json:"artist"`
	AlbumID    *int64    `json:"albumId" example:"4"`
	AlbumTitle *string   `json:"albumTitle"`
	Image      string    `json:"image" doc:"a path or, of a CDN, a URL, which takes size=64, 160, 300, 640 or 1200 and may have a query; or a URL of elsewhere" example:"/media/song_images/satie.jpg"`
	Audio      string    `json:"audio" doc:"likewise without sizes" example:"/media/songs/satie.mp3"`
	Duration   float64   `json:"duration" doc:"in seconds"`
	CreatedAt  time.Time `json:"createdAt"`
}

type album struct {
	ID        int64     `json:"id" example:"4"`
	Title     string    `json:"title" example:"Trois Gymnopédies"`
	Artist    string    `json:"artist"`
	Image     string    `json:"image" doc:"as of a song" example:"/media/album_images/satie.jpg"`
	Year      float64   `json:"year" example:"1888"`
	SongCount int       `json:"songCount" example:"3"`
	CreatedAt time.Time `json:"createdAt"`
}

// albumSongs is an album with its songs by position.
type albumSongs struct {
	album
	Songs []song `json:"songs"`
}

// artist is one in a list.
type artist struct {
	Name  string  `json:"name" example:"Erik Satie"`
	Works int     `json:"works" doc:"songs and albums" example:"5"`
	Image *string `json:"image" doc:"of one of the albums or songs" example:"/media/album_images/satie.jpg"`
}

type person struct {
	ID    string  `json:"id" example:"user_2wK7maurice"`
	Name  string  `json:"name" example:"Maurice Ravel"`
	Image *string `json:"image" example:"/media/user_images/maurice.jpg"`
}

// me is the caller himself.
type me struct {
	person
	Email             string    `json:"email"`
	Verified          bool      `json:"verified" doc:"the e-mail is known to be the caller's"`
	Role              string    `json:"role" enum:"member viewer editor admin"`
	ActivityVisibleTo string    `json:"activityVisibleTo" enum:"everyone acquaintances nobody"`
	SecondFactor      bool      `json:"secondFactor" doc:"the caller is asked for one when he signs in"`
	Restricted        bool      `json:"restricted" doc:"the caller has a role, which waits until he has a second factor"`
	JoinedAt          time.Time `json:"joinedAt"`
}

type message struct {
	ID      string    `json:"id"`
	From    string    `json:"from" example:"user_2wK4erikSatie"`
	To      string    `json:"to" example:"user_2wK7maurice"`
	Content string    `json:"content"`
	At      time.Time `json:"at" example:"2026-05-17T19:30:00.250125Z"`
}

// page is a page of a list.
type page[T any] struct {
	Items []T `json:"items"`
	Total int `json:"total" doc:"how many there are on all pages" example:"1"`
}

// each presents a list.
func each[T, W any](list []T, present func(T) W) []W {
	shown := make([]W, len(list))
	for i, v := range list {
		shown[i] = present(v)
	}
	return shown
}

// presenter shows what has files, at their addresses of the moment.
type presenter struct{ media kit.Media }

func (w *web) presenter() presenter { return presenter{w.c.Media.From("")} }

func (p presenter) toSong(s catalog.Song) song {
	shown := song{
		ID: s.ID, Title: s.Title, Artist: s.Artist, Image: p.media.URL(s.Image), Audio: p.media.URL(s.Audio),
		Duration: s.Duration, CreatedAt: s.Created,
	}
	if s.AlbumID != 0 {
		shown.AlbumID, shown.AlbumTitle = &s.AlbumID, &s.AlbumTitle
	}
	return shown
}

func (p presenter) toAlbum(a catalog.Album) album {
	return album{
		ID: a.ID, Title: a.Title, Artist: a.Artist, Image: p.media.URL(a.Image), Year: a.ReleaseYear,
		SongCount: a.SongCount, CreatedAt: a.Created,
	}
}

func (p presenter) toArtist(a catalog.Artist) artist {
	return artist{Name: a.Name, Works: a.Works, Image: p.picture(a.Image)}
}

func (p presenter) toPerson(u account.User) person {
	return person{ID: u.ExternalID, Name: u.FullName, Image: p.picture(u.Image)}
}

func (p presenter) toMe(u account.User) me {
	return me{
		person: p.toPerson(u), Email: u.Email, Verified: u.Verified, Role: u.Role().String(),
		ActivityVisibleTo: audiences[u.Audience], JoinedAt: u.Joined,
		SecondFactor: u.SecondFactor, Restricted: u.Restricted,
	}
}

// toMessage names the parties, whose external ids are given.
func toMessage(m chat.Message, names map[int64]string) message {
	return message{ID: string(m.OID), From: names[m.SenderID], To: names[m.ReceiverID], Content: m.Content, At: m.Created}
}

// picture returns the address of an image, nil for none.
func (p presenter) picture(ref string) *string {
	if ref == "" {
		return nil
	}
	address := p.media.URL(ref)
	return &address
}

// audiences are the wire's words for who sees an activity.
var audiences = map[account.Audience]string{
	account.Everyone: "everyone", account.Acquaintances: "acquaintances", account.Nobody: "nobody",
}
