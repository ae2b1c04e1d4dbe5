package catalog

import (
	"fmt"
	"strconv"

	"github.com/antiphon-music/antiphon/internal/account"
	"github.com/antiphon-music/antiphon/internal/audit"
)

// songEntry is what the log tells of a song; nil is one that does not exist.
func songEntry(actor account.Actor, before, after *Song) audit.Entry {
	named := after
	if after == nil {
		named = before
	}
	return actor.Entry(audit.Songs, named.ID, named.Title, before.values(), after.values())
}

// albumEntry is songEntry for an album.
func albumEntry(actor account.Actor, before, after *Album) audit.Entry {
	named := after
	if after == nil {
		named = before
	}
	return actor.Entry(audit.Albums, named.ID, named.Title, before.values(), after.values())
}

func (s *Song) values() []audit.Value {
	if s == nil {
		return nil
	}
	return []audit.Value{
		{Field: "title", Text: s.Title},
		{Field: "artist", Text: s.Artist},
		{Field: "album", Text: s.albumText()},
		{Field: "duration", Text: numberText(s.Duration)},
		{Field: "image", Text: s.Image},
		{Field: "audio", Text: s.Audio},
	}
}

// albumText names the song's album by title and id.
func (s *Song) albumText() string {
	if s.AlbumID == 0 {
		return string(s.AlbumOID)
	}
	return fmt.Sprintf("%s (%d)", s.AlbumTitle, s.AlbumID)
}

func (a *Album) values() []audit.Value {
	if a == nil {
		return nil
	}
	return []audit.Value{
		{Field: "title", Text: a.Title},
		{Field: "artist", Text: a.Artist},
		{Field: "release_year", Text: numberText(a.ReleaseYear)},
		{Field: "image", Text: a.Image},
	}
}

func numberText(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
