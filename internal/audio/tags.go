package audio

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxCover  = 10 << 20 // bytes of a cover; a larger one is left out
	maxText   = 1000     // characters of any text; the rest is cut off
	maxFrames = 4096     // frames of a tag that are looked at
	// maxTagSize bounds what of a tag is ever in memory at once: a cover of the
	// largest size, in base64, and its surroundings.
	maxTagSize = 16 << 20
	// maxFrameText bounds the bytes of one text that are read: more than are kept.
	maxFrameText = 8 << 10
	frontCover   = 3 // the kind of picture that is preferred, in ID3v2 and FLAC
)

// Tags is what a file says about the music in it. What it does not say is zero.
// Texts are valid UTF-8 without control characters, 1000 characters at most.
type Tags struct {
	Title, Artist, Album, AlbumArtist, Genre string

	Year, Track, Tracks, Disc int

	Cover     []byte // the front cover, else the first picture; 10 MiB at most
	CoverType string // its media type, told from its bytes: JPEG, PNG, GIF or WebP
}

// ReadTags reads the tags of the file of size bytes in r, whose format f Probe
// has told. A file without tags, or with tags nobody can read, gives zero Tags:
// the one error is a failure of r.
func ReadTags(r io.ReaderAt, size int64, f Format) (Tags, error) {
	s := newSource(r, size)
	t := &tagReader{}
	start := skipID3(s, 0)
	switch f {
	case MP3, ADTS:
		t.readMP3(s)
	case FLAC:
		t.readFLAC(s, start)
	case Vorbis, Opus:
		t.readOgg(s, start)
	case AAC:
		t.readMP4(s)
	case WAV:
		t.readWAV(s, start)
	case AIFF:
		t.readAIFF(s, start)
	}
	if s.err != nil {
		return Tags{}, fmt.Errorf("read audio tags: %w", s.err)
	}
	return t.Tags, nil
}

// tagReader gathers Tags. Of several values for one field the first is kept.
type tagReader struct {
	Tags
	front  bool // Cover is a front cover
	frames int  // ID3v2 frames seen, in all tags of the file
}

// readMP3 reads the ID3v2 tags before the frames, then fills what they leave
// open from the ID3v1 tag behind them.
func (t *tagReader) readMP3(s *source) {
	off := int64(0)
	for t.frames < maxFrames {
		id3, ok := findID3(s, off)
		if !ok {
			break
		}
		t.frames++
		t.readID3(s, id3)
		off = id3.next
	}
	t.readID3v1(s)
}

func (t *tagReader) setTitle(v string)       { setText(&t.Title, v) }
func (t *tagReader) setArtist(v string)      { setText(&t.Artist, v) }
func (t *tagReader) setAlbum(v string)       { setText(&t.Album, v) }
func (t *tagReader) setAlbumArtist(v string) { setText(&t.AlbumArtist, v) }
func (t *tagReader) setGenre(v string)       { setText(&t.Genre, v) }

// setYear takes the year a date begins with.
func (t *tagReader) setYear(v string) {
	year, _ := leadingNumber(v)
	setNumber(&t.Year, year)
}

// setTrack takes "3" or "3/12".
func (t *tagReader) setTrack(v string) {
	track, rest := leadingNumber(v)
	setNumber(&t.Track, track)
	if total, ok := strings.CutPrefix(rest, "/"); ok {
		t.setTracks(total)
	}
}

func (t *tagReader) setTracks(v string) {
	tracks, _ := leadingNumber(v)
	setNumber(&t.Tracks, tracks)
}

// setDisc takes "1" or "1/2".
func (t *tagReader) setDisc(v string) {
	disc, _ := leadingNumber(v)
	setNumber(&t.Disc, disc)
}

// addCover keeps image unless there is a better one already. What it is goes by
// its bytes alone: a type that the file names could be anything.
func (t *tagReader) addCover(image []byte, front bool) {
	if len(image) > maxCover || (t.Cover != nil && (t.front || !front)) {
		return
	}
	if kind := imageType(image); kind != "" {
		t.Cover, t.CoverType, t.front = image, kind, front
	}
}

func imageType(b []byte) string {
	switch {
	case hasAt(b, 0, "\xFF\xD8\xFF"):
		return "image/jpeg"
	case hasAt(b, 0, "\x89PNG\r\n\x1A\n"):
		return "image/png"
	case hasAt(b, 0, "GIF87a"), hasAt(b, 0, "GIF89a"):
		return "image/gif"
	case hasAt(b, 0, "RIFF") && hasAt(b, 8, "WEBP"):
		return "image/webp"
	}
	return ""
}

func setText(field *string, v string) {
	if *field == "" {
		*field = cleanText(v)
	}
}

func setNumber(field *int, n int) {
	if *field == 0 {
		*field = n
	}
}

// cleanText makes v fit to show and to store: valid UTF-8, no control
// characters, no space around it, maxText characters at most. Bytes that are
// not UTF-8 are taken for Latin-1, which old tags are in.
func cleanText(v string) string {
	if len(v) > 4*maxFrameText {
		v = v[:4*maxFrameText]
		for len(v) > 0 && !utf8.RuneStart(v[len(v)-1]) {
			v = v[:len(v)-1]
		}
		v = v[:max(len(v)-1, 0)]
	}
	if !utf8.ValidString(v) {
		latin := make([]rune, len(v))
		for i := range len(v) {
			latin[i] = rune(v[i])
		}
		v = string(latin)
	}
	v = strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\r' || c == '\t':
			return ' '
		case unicode.IsControl(c), c == '\uFEFF', c == utf8.RuneError:
			return -1
		}
		return c
	}, v)
	v = strings.TrimSpace(v)
	n := 0
	for i := range v {
		if n == maxText {
			return strings.TrimSpace(v[:i])
		}
		n++
	}
	return v
}

// leadingNumber returns the number of up to six digits that v begins with, and
// what is behind it.
func leadingNumber(v string) (n int, rest string) {
	v = strings.TrimSpace(v)
	i := 0
	for i < len(v) && i < 6 && v[i] >= '0' && v[i] <= '9' {
		n = n*10 + int(v[i]-'0')
		i++
	}
	return n, strings.TrimSpace(v[i:])
}
