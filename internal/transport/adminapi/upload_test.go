package adminapi

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/antiphon-music/antiphon/internal/demo/flac"
)

// song is a FLAC file of some silence with tags.
func song(t *testing.T, seconds int, tags ...flac.Tag) part {
	t.Helper()
	const rate = 8000
	b, err := flac.Encode(make([]int16, 2*rate*seconds), rate, tags)
	if err != nil {
		t.Fatal(err)
	}
	return part{"audio", "03_some_song.flac", string(b)}
}

// picture is the tag with a front cover, RFC 9639, section 8.8.
func picture(content []byte) flac.Tag {
	be := binary.BigEndian
	b := be.AppendUint32(nil, 3)
	b = append(be.AppendUint32(b, 9), "image/png"...)
	b = append(be.AppendUint32(b, 0), make([]byte, 16)...)
	b = append(be.AppendUint32(b, uint32(len(content))), content...)
	return flac.Tag{Key: "METADATA_BLOCK_PICTURE", Value: base64.StdEncoding.EncodeToString(b)}
}

func tagged(title, artist, album string) []flac.Tag {
	return []flac.Tag{{Key: "TITLE", Value: title}, {Key: "ARTIST", Value: artist}, {Key: "ALBUM", Value: album}, {Key: "TRACKNUMBER", Value: "3"}}
}

func TestUpload(t *testing.T) {
	s := open(t)
	cover := picture(s.files["cover.png"])
	tests := []struct {
		name  string
		parts []part
		want  map[string]string
	}{
		{"an album that is there", []part{song(t, 1, tagged("One", "ANNA", "tide")...)}, map[string]string{
			"song.values.title": "One", "song.values.artist": "ANNA", "song.values.duration": "1", "album.id": fmt.Sprint(s.album.ID),
			"album.label": "Tide by Anna", "album.created": "false", "duplicateOf": "null", "tags.track": "3", "tags.album": "tide", "tags.year": "0",
		}},
		{"a new album", []part{song(t, 2, append(tagged("Two", "Cleo", "New"), cover, flac.Tag{Key: "DATE", Value: "1987-01-02"})...)}, map[string]string{
			"album.label": "New by Cleo", "album.created": "true", "song.values.album.label": "New", "tags.year": "1987",
		}},
		{"the same album again", []part{song(t, 3, append(tagged("Three", "Cleo and Ben", "New"), flac.Tag{Key: "ALBUMARTIST", Value: "Cleo"})...)}, map[string]string{
			"album.label": "New by Cleo", "album.created": "false", "song.values.artist": "Cleo and Ben",
		}},
		{"no tags", []part{song(t, 4)}, map[string]string{
			"song.values.title": "03 some song", "song.values.artist": "Unknown artist", "album": "null", "song.values.album": "null",
		}},
		{"no album", []part{song(t, 5, tagged("Five", "Anna", "Tide")...), {"album", "", "none"}}, map[string]string{"album": "null"}},
		{"that album", []part{song(t, 6, tagged("Six", "Ben", "Else")...), {"album", "", fmt.Sprint(s.album.ID)}}, map[string]string{"album.label": "Tide by Anna"}},
		{"a cover that is none", []part{song(t, 7, append(tagged("Seven", "Dora", "Last"), picture(s.files["trunc.png"]))...)}, map[string]string{"album.created": "true"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { s.do(t, "editor", "POST", "uploads", tt.parts).want(t, 201, tt.want) })
	}
	s.do(t, "editor", "GET", "albums?order=release_year", nil).want(t, 200, map[string]string{
		"total": "3", "rows.0.label": "New", "rows.0.values.release_year": "1987", "rows.0.values.songs": "2", "rows.2.values.release_year": "2026",
	})
}

func TestUploadDuplicates(t *testing.T) {
	s := open(t)
	first := s.do(t, "editor", "POST", "uploads", []part{song(t, 1, tagged("One", "Anna", "Tide")...)})
	first.want(t, 201, nil)
	again := []part{song(t, 1, tagged("One", "Anna", "Tide")...)}
	s.do(t, "editor", "POST", "uploads", again).want(t, 409, map[string]string{
		"error.kind": "conflict", "error.details.duplicateOf.id": first.at("song.id"), "error.details.duplicateOf.label": "One by Anna",
	})
	s.do(t, "editor", "POST", "uploads", append(again, part{"duplicates", "", "keep"})).want(t, 201, map[string]string{
		"duplicateOf.id": first.at("song.id"),
	})
	s.do(t, "editor", "POST", "songs/actions/delete", `{"all":true}`).want(t, 200, nil)
	s.do(t, "editor", "POST", "uploads", again).want(t, 201, map[string]string{"duplicateOf": "null"})
}

func TestUploadNonsense(t *testing.T) {
	s := open(t)
	good := song(t, 1, tagged("One", "Cleo", "Never made")...)
	for name, tt := range map[string]struct {
		parts []part
		want  string
	}{
		"nothing":            {[]part{}, "audio required"},
		"a text":             {[]part{{"audio", "", "x"}}, "audio unknown_field, audio required"},
		"a page":             {[]part{{"audio", "a.mp3", string(s.files["page.html"])}}, "audio not_audio"},
		"an empty file":      {[]part{{"audio", "a.mp3", ""}}, "audio empty"},
		"a lie":              {[]part{s.file("audio", "lie.mp3")}, "audio not_audio"},
		"an album of words":  {[]part{good, {"album", "", "Tide"}}, "album unknown"},
		"an album of zero":   {[]part{good, {"album", "", "0"}}, "album unknown"},
		"an album not there": {[]part{good, {"album", "", "99999"}}, "album unknown"},
		"other duplicates":   {[]part{good, {"duplicates", "", "eat"}}, "duplicates unknown"},
		"a field nobody has": {[]part{good, {"title", "", "eat"}}, "title unknown_field"},
		"a file too many":    {[]part{good, s.file("image", "cover.png")}, ""},
	} {
		got := s.do(t, "editor", "POST", "uploads", tt.parts)
		if got.status != 400 || got.fields() != tt.want {
			t.Errorf("%s: %d %s, want 400 %s: %s", name, got.status, got.fields(), tt.want, got.text)
		}
	}
	s.do(t, "editor", "GET", "albums", nil).want(t, 200, map[string]string{"total": "1"})
	s.do(t, "editor", "GET", "songs", nil).want(t, 200, map[string]string{"total": "3"})
}

// Files of one album that arrive together make one album.
func TestUploadsAtOnce(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	made := make([]answer, 4)
	for i := range made {
		parts := []part{song(t, i+1, tagged(fmt.Sprint("Song ", i), "Cleo", "Together")...)}
		wg.Go(func() { made[i] = s.send(t, "editor", "POST", "uploads", parts) })
	}
	wg.Wait()
	created := slices.DeleteFunc(made, func(a answer) bool { return a.at("album.created") != "true" })
	if len(created) != 1 {
		t.Errorf("%d albums were made", len(created))
	}
	s.do(t, "editor", "GET", "albums", nil).want(t, 200, map[string]string{"total": "2", "rows.0.values.songs": "4"})
}
