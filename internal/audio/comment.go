package audio

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// readComments reads a Vorbis comment block, which FLAC, Vorbis and Opus share:
// the writer's name, a count, and so many texts of the form NAME=value. It
// takes what is there of a block that was cut.
// See https://www.xiph.org/vorbis/doc/v-comment.html.
func (t *tagReader) readComments(b []byte) {
	_, b, ok := cutSized(b)
	if !ok || len(b) < 4 {
		return
	}
	count := binary.LittleEndian.Uint32(b)
	b = b[4:]
	var artists, genres []string
	for range count {
		var text []byte
		if text, b, ok = cutSized(b); !ok {
			break
		}
		name, value, _ := strings.Cut(string(text), "=")
		switch strings.ToUpper(name) {
		case "ARTIST":
			artists = appendSome(artists, value)
		case "GENRE":
			genres = appendSome(genres, value)
		default:
			t.setComment(strings.ToUpper(name), value)
		}
	}
	t.setArtist(strings.Join(artists, "; "))
	t.setGenre(strings.Join(genres, "; "))
}

// appendSome appends v to a list of values that is going to be shown, and so is
// of no use when it is long.
func appendSome(values []string, v string) []string {
	const most = 16
	if v == "" || len(values) == most {
		return values
	}
	return append(values, v)
}

func (t *tagReader) setComment(name, value string) {
	switch name {
	case "TITLE":
		t.setTitle(value)
	case "ALBUM":
		t.setAlbum(value)
	case "ALBUMARTIST", "ALBUM ARTIST", "ALBUM_ARTIST":
		t.setAlbumArtist(value)
	case "DATE", "YEAR":
		t.setYear(value)
	case "TRACKNUMBER":
		t.setTrack(value)
	case "TRACKTOTAL", "TOTALTRACKS":
		t.setTracks(value)
	case "DISCNUMBER":
		t.setDisc(value)
	case "METADATA_BLOCK_PICTURE":
		if b, err := base64.StdEncoding.DecodeString(value); err == nil {
			t.addPicture(b)
		}
	case "COVERART": // older than the one above, and the image alone
		if b, err := base64.StdEncoding.DecodeString(value); err == nil {
			t.addCover(b, false)
		}
	}
}

// cutSized cuts the bytes off b that its first four, little-endian, count.
func cutSized(b []byte) (item, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := uint64(binary.LittleEndian.Uint32(b))
	b = b[4:]
	if n > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// addPicture keeps the cover in a FLAC picture block: kind of picture, media
// type, description, four numbers about the image, image.
// See RFC 9639, section 8.8.
func (t *tagReader) addPicture(b []byte) {
	if len(b) < 8 {
		return
	}
	kind := binary.BigEndian.Uint32(b)
	b = b[4:]
	for _, skip := range [...]uint64{0, 16} { // behind the type, and behind the description
		n := 4 + uint64(binary.BigEndian.Uint32(b)) + skip
		if n+4 > uint64(len(b)) {
			return
		}
		b = b[n:]
	}
	n := uint64(binary.BigEndian.Uint32(b))
	b = b[4:]
	if n <= uint64(len(b)) {
		t.addCover(b[:n], kind == frontCover)
	}
}
