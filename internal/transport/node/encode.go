package node

import (
	"time"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/catalog"
	"github.com/antiphon-music/antiphon/internal/oid"
	"github.com/antiphon-music/antiphon/internal/transport/kit"
)

// Rows are written by hand, field by field in the reference's order: they make
// up the longest and the most frequent answers. The structs of wire.go show
// the same for the documentation.

// appendField appends a member's name, with a comma in front, and a string.
func appendField(dst []byte, name, s string) []byte {
	dst = append(append(append(dst, ',', '"'), name...), '"', ':')
	return kit.AppendString(dst, s, false)
}

func appendID(dst []byte, id oid.ID) []byte {
	dst = append(append(dst, `"_id":"`...), id...)
	return append(dst, '"')
}

// appendTimes appends the three members that end every document.
func appendTimes(dst []byte, created, updated time.Time) []byte {
	dst = appendMillis(append(dst, `,"createdAt":"`...), created)
	dst = appendMillis(append(dst, `","updatedAt":"`...), updated)
	return append(dst, `","__v":0}`...)
}

// appendMillis appends a time in UTC, cut to milliseconds.
func appendMillis(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000Z")
}

// appendSongFields appends what a song's own form has, in both orders.
func appendSongFields(dst []byte, s catalog.Song, m kit.Media) []byte {
	dst = appendField(dst, "artist", s.Artist)
	dst = appendMedia(dst, "imageUrl", m, s.Image)
	return appendMedia(dst, "audioUrl", m, s.Audio)
}

// appendMedia appends the absolute URL of a file.
func appendMedia(dst []byte, name string, m kit.Media, ref string) []byte {
	return appendField(dst, name, m.URL(ref))
}

func appendDuration(dst []byte, s catalog.Song) []byte {
	dst = kit.AppendNumber(append(dst, `,"duration":`...), s.Duration)
	if s.AlbumOID == "" {
		return append(dst, `,"albumId":null`...)
	}
	dst = append(append(dst, `,"albumId":"`...), s.AlbumOID...)
	return append(dst, '"')
}

// appendSong appends a song as lists and albums show it.
func appendSong(dst []byte, s catalog.Song, m kit.Media) []byte {
	dst = appendDuration(appendSongCard(dst, s, m), s)
	return appendTimes(dst, s.Created, s.Updated)
}

// appendSongCard appends the members of a song up to its files, and no brace
// to close them.
func appendSongCard(dst []byte, s catalog.Song, m kit.Media) []byte {
	dst = appendID(append(dst, '{'), s.OID)
	dst = appendField(dst, "title", s.Title)
	return appendSongFields(dst, s, m)
}

// appendNewSong appends a song as the answer to its creation shows it: the id
// behind the fields of its own.
func appendNewSong(dst []byte, s catalog.Song, m kit.Media) []byte {
	dst = kit.AppendString(append(dst, `{"title":`...), s.Title, false)
	dst = appendDuration(appendSongFields(dst, s, m), s)
	dst = appendID(append(dst, ','), s.OID)
	return appendTimes(dst, s.Created, s.Updated)
}

// appendAlbumFields appends what an album's own form has, in both orders.
func appendAlbumFields(dst []byte, a catalog.Album, m kit.Media) []byte {
	dst = appendField(dst, "artist", a.Artist)
	dst = appendMedia(dst, "imageUrl", m, a.Image)
	return kit.AppendNumber(append(dst, `,"releaseYear":`...), a.ReleaseYear)
}

// appendAlbum appends an album as it is read, with what songs appends in the
// place of its songs.
func appendAlbum(dst []byte, a catalog.Album, m kit.Media, songs func(dst []byte) []byte) []byte {
	dst = appendID(append(dst, '{'), a.OID)
	dst = appendField(dst, "title", a.Title)
	dst = appendAlbumFields(dst, a, m)
	dst = append(songs(append(dst, `,"songs":[`...)), ']')
	return appendTimes(dst, a.Created, a.Updated)
}

// appendNewAlbum appends an album as the answer to its creation shows it.
func appendNewAlbum(dst []byte, a catalog.Album, m kit.Media) []byte {
	dst = kit.AppendString(append(dst, `{"title":`...), a.Title, false)
	dst = appendAlbumFields(dst, a, m)
	dst = appendID(append(dst, `,"songs":[],`...), a.OID)
	return appendTimes(dst, a.Created, a.Updated)
}

func appendUser(dst []byte, u account.User, m kit.Media) []byte {
	dst = appendID(append(dst, '{'), u.OID)
	dst = appendField(dst, "fullName", u.FullName)
	dst = appendMedia(dst, "imageUrl", m, u.Image)
	dst = appendField(dst, "clerkId", u.ExternalID)
	return appendTimes(dst, u.Joined, u.Updated)
}
