package audio

import (
	"bytes"
	"strings"
	"testing"
)

func readTagBytes(t *testing.T, b []byte, f Format) Tags {
	t.Helper()
	tags, err := ReadTags(bytes.NewReader(b), int64(len(b)), f)
	if err != nil {
		t.Fatal(err)
	}
	return tags
}

func TestReadTags(t *testing.T) {
	png := pngMagic + "front"
	other := []byte(pngMagic + "back")
	full := Tags{
		Title: "Títle", Artist: "Artist", Album: "Album", AlbumArtist: "Band", Genre: "Rock",
		Year: 2001, Track: 3, Tracks: 12, Disc: 1, Cover: []byte(png), CoverType: "image/png",
	}
	bare := full
	bare.Cover, bare.CoverType = nil, ""
	id3Full := func(version byte, names ...string) []byte {
		values := []string{"Títle", "Artist", "Album", "Band", "(17)", "2001-05", "3/12", "1/2"}
		var frames [][]byte
		for i, name := range names {
			frames = append(frames, id3Text(version, name, values[i]))
		}
		frames = append(frames, id3Picture(version, 4, other), id3Picture(version, frontCover, []byte(png)))
		return join(id3(version, frames...), mp3Frames(3))
	}
	comment := []string{
		"title=Títle", "ARTIST=Artist", "ALBUM=Album", "AlbumArtist=Band", "GENRE=Rock", "no equals sign",
		"DATE=2001-05", "TRACKNUMBER=3/12", "DISCNUMBER=1/2",
	}
	withPicture := append(comment, "METADATA_BLOCK_PICTURE=!", pictureComment([]byte(png)))
	utf16 := []byte("\x01\xFF\xFEA\x00B\x00\x00\x00\xFF\xFEC\x00")

	tests := []struct {
		name   string
		file   []byte
		format Format
		want   Tags
	}{
		{"id3v2.4", id3Full(4, "TIT2", "TPE1", "TALB", "TPE2", "TCON", "TDRC", "TRCK", "TPOS"), MP3, full},
		{"id3v2.3", id3Full(3, "TIT2", "TPE1", "TALB", "TPE2", "TCON", "TYER", "TRCK", "TPOS"), MP3, full},
		{"id3v2.2", id3Full(2, "TT2", "TP1", "TAL", "TP2", "TCO", "TYE", "TRK", "TPA"), MP3, full},
		{"id3v2 on adts", join(id3(4, id3Text(4, "TIT2", "a")), adtsFrames(3)), ADTS, Tags{Title: "a"}},
		{"id3v2 of several values", id3(4, id3Text(4, "TPE1", "A\x00B\x00"), id3Item(4, "TIT2", utf16)), MP3, Tags{Artist: "A; B", Title: "AB; C"}},
		{"id3v2 with a broken frame", id3(3, id3Item(3, "TPE1", []byte{1, 0xFF}), id3Text(3, "TIT2", "a")), MP3, Tags{Title: "a"}},
		{"two id3v2", join(id3(3, id3Text(3, "TIT2", "a")), id3(4, id3Text(4, "TIT2", "b"), id3Text(4, "TALB", "c"))), MP3, Tags{Title: "a", Album: "c"}},
		{"id3v1", join(mp3Frames(3), id3v1("old \xE9", 7, 17)), MP3, Tags{Title: "old é", Year: 1999, Track: 7, Genre: "Rock"}},
		{"id3v1 fills id3v2", join(id3(3, id3Text(3, "TIT2", "new")), mp3Frames(3), id3v1("old", 7, 17)), MP3, Tags{Title: "new", Year: 1999, Track: 7, Genre: "Rock"}},
		{"flac", flacFile(4096, 1, flacMeta(flacComment, comments(comment...)), flacMeta(flacPicture, flacPictureBlock(4, other)), flacMeta(flacPicture, flacPictureBlock(3, []byte(png)))), FLAC, full},
		{"flac with a lying picture", flacFile(4096, 1, flacMeta(flacPicture, be32(make([]byte, 28), 1<<31)), flacMeta(flacComment, comments(comment...))), FLAC, bare},
		{"vorbis", vorbisFile(1, 500, 8000, withPicture...), Vorbis, full},
		{"opus", opusFile(1, 9600, withPicture...), Opus, full},
		{"opus with a large packet", opusFile(1, 9600, append([]string{"X=" + strings.Repeat("x", 200_000)}, comment...)...), Opus, bare},
		{"vorbis of several artists", vorbisFile(1, 500, 8000, "ARTIST=A", "ARTIST=B", "TRACKNUMBER=3", "TRACKTOTAL=9"), Vorbis, Tags{Artist: "A; B", Track: 3, Tracks: 9}},
		{"mp4", mp4File(mp4Moov("soun", "mp4a", 10, 0, mp4Tags(
			mp4Item("\xa9nam", 1, []byte("Títle")), mp4Item("\xa9ART", 1, []byte("Artist")), mp4Item("\xa9alb", 1, []byte("Album")),
			mp4Item("aART", 1, []byte("Band")), mp4Item("gnre", 0, []byte{0, 18}), mp4Item("\xa9day", 1, []byte("2001-05-06T00:00:00Z")),
			mp4Item("trkn", 0, []byte{0, 0, 0, 3, 0, 12, 0, 0}), mp4Item("disk", 0, []byte{0, 0, 0, 1, 0, 2}),
			mp4Item("covr", 13, []byte(png))))), AAC, full},
		{"wav with a list", wavFile(wavFormatChunk(), wavChunk("data", make([]byte, 99)), wavChunk("LIST", join([]byte("INFO"),
			wavChunk("INAM", []byte("Títle\x00")), wavChunk("IART", []byte("Art\xE9")), wavChunk("ITRK", []byte("3/12"))))), WAV,
			Tags{Title: "Títle", Artist: "Arté", Track: 3, Tracks: 12}},
		{"wav with id3", wavFile(wavFormatChunk(), wavChunk("data", make([]byte, 98)), wavChunk("id3 ", id3(3, id3Text(3, "TIT2", "a")))), WAV, Tags{Title: "a"}},
		{"aiff", aiffFile(10, 20, be32([]byte("NAME"), 4), []byte("name"), be32([]byte("AUTH"), 4), []byte("me  ")), AIFF, Tags{Title: "name", Artist: "me"}},
		{"nothing in mp3", mp3Frames(3), MP3, Tags{}},
		{"nothing in flac", flacFile(4096, 1), FLAC, Tags{}},
		{"nothing in mp4", mp4File(mp4Moov("soun", "mp4a", 10, 0)), AAC, Tags{}},
		{"nothing in wav", wavFile(wavFormatChunk()), WAV, Tags{}},
		{"unknown", mp3Frames(3), Unknown, Tags{}},
		{"empty", nil, MP3, Tags{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := readTagBytes(t, test.file, test.format); !equalTags(got, test.want) {
				t.Errorf("\n got %+v\nwant %+v", got, test.want)
			}
		})
	}
}

// TestUnsynchronisedID3 covers both forms: of the whole tag, in which sizes are
// those before, and of one frame, in which they are those after.
func TestUnsynchronisedID3(t *testing.T) {
	image := []byte("\xFF\xD8\xFF\xE0cover")
	whole := id3(3, id3Text(3, "TIT2", "a"), id3Picture(3, 3, image))
	body := bytes.ReplaceAll(whole[10:], []byte{0xFF}, []byte{0xFF, 0})
	whole = join([]byte("ID3\x03\x00\x80"), synchsafeBytes(len(body)), body)

	stuffed := bytes.ReplaceAll(image, []byte{0xFF}, []byte{0xFF, 0})
	frame := id3Picture(4, 3, stuffed)
	frame[9] = 0x02

	for name, file := range map[string][]byte{"tag": whole, "frame": id3(4, frame, id3Text(4, "TIT2", "a"))} {
		tags := readTagBytes(t, file, MP3)
		if tags.Title != "a" || !bytes.Equal(tags.Cover, image) || tags.CoverType != "image/jpeg" {
			t.Errorf("%s: %+v", name, tags)
		}
	}
}

func TestTagsAreBounded(t *testing.T) {
	huge := append([]byte(pngMagic), make([]byte, maxCover)...)
	file := id3(3, id3Picture(3, 3, huge), id3Text(3, "TIT2", repeatText(3000)), id3Text(3, "TALB", "a\x1B[1m\nb"))
	tags := readTagBytes(t, file, MP3)
	if tags.Cover != nil || tags.CoverType != "" {
		t.Errorf("kept a cover of %d bytes", len(tags.Cover))
	}
	if tags.Title != repeatText(maxText) {
		t.Errorf("title of %d bytes", len(tags.Title))
	}
	if tags.Album != "a[1m b" {
		t.Errorf("album %q", tags.Album)
	}
	largest := huge[:maxCover]
	for name, tags := range map[string]Tags{
		"id3":  readTagBytes(t, id3(4, id3Picture(4, 3, largest)), MP3),
		"opus": readTagBytes(t, opusFile(1, 9600, pictureComment(largest)), Opus),
		"flac": readTagBytes(t, flacFile(0, 1, flacMeta(flacPicture, flacPictureBlock(3, largest))), FLAC),
	} {
		if len(tags.Cover) != maxCover {
			t.Errorf("%s: the largest cover came as %d bytes", name, len(tags.Cover))
		}
	}
}

func TestCoverTypeGoesByBytes(t *testing.T) {
	for image, want := range map[string]string{
		"\xFF\xD8\xFF\xE0":              "image/jpeg",
		pngMagic:                        "image/png",
		"GIF89a":                        "image/gif",
		"RIFF\x00\x00\x00\x00WEBPVP8 ":  "image/webp",
		"<script>alert(1)</script>":     "",
		"http://example.com/cover.jpeg": "",
	} {
		tags := readTagBytes(t, id3(3, id3Picture(3, 3, []byte(image))), MP3)
		if tags.CoverType != want || (tags.Cover != nil) != (want != "") {
			t.Errorf("%q: %q", image, tags.CoverType)
		}
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"":                                 "",
		"  a \x00":                         "a",
		"a\r\nb":                           "a  b",
		"caf\xE9":                          "café",
		"\uFEFFbom":                        "bom",
		strings.Repeat("é", 50_000):        repeatText(maxText),
		strings.Repeat("a", 999) + "    b": strings.Repeat("a", 999),
	} {
		if got := cleanText(in); got != want {
			t.Errorf("%.20q: got %.20q of %d bytes", in, got, len(got))
		}
	}
}
