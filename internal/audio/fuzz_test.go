package audio

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// counter counts the bytes that are asked of a reader.
type counter struct {
	io.ReaderAt
	n int64
}

func (c *counter) ReadAt(p []byte, off int64) (int, error) {
	c.n += int64(len(p))
	return c.ReaderAt.ReadAt(p, off)
}

// maxReads is how many times over a file may be read, and windowSize beside it.
const maxReads = 16

func addSeeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	vbr := mp3VBR(20)
	for _, b := range [][]byte{
		mp3Frames(4),
		join(id3(3, id3Text(3, "TIT2", "a"), id3Picture(3, 3, []byte(pngMagic))), mp3Frames(1), id3v1("t", 1, 1)),
		join(id3(4, id3Text(4, "TCON", "(1)(2)")), id3(2, id3Text(2, "TT2", "a")), mp3Frames(1), apeTag(noise(20))),
		withXing(vbr, 20, uint32(len(vbr))),
		withVBRI(vbr, 20, uint32(len(vbr))),
		adtsFrames(4),
		flacFile(4096, 2, flacMeta(flacComment, comments("TITLE=a", pictureComment([]byte(pngMagic))))),
		join(opusFile(1, 9600, "TITLE=a"), vorbisFile(2, 500, 8000)),
		mp4File(mp4Moov("soun", "mp4a", 100, 2000, mp4Tags(mp4Item("\xa9nam", 1, []byte("a"))))),
		mp4File(mp4Moov("soun", "mp4a", 0, 0, mp4Box("mvex")), mp4Fragment(2, 1024)),
		wavFile(wavFormatChunk(), wavChunk("data", make([]byte, 64)), wavChunk("LIST", []byte("INFO"))),
		aiffFile(32, 64),
	} {
		f.Add(b)
	}
}

func FuzzProbe(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &counter{ReaderAt: bytes.NewReader(b)}
		info, err := Probe(r, int64(len(b)))
		if r.n > maxReads*int64(len(b))+windowSize {
			t.Errorf("read %d bytes of %d", r.n, len(b))
		}
		if err != nil {
			return
		}
		if info.Format == Unknown || info.Duration <= 0 || info.Duration > maxDuration ||
			info.Channels < 0 || info.SampleRate <= 0 || info.Bitrate < 0 {
			t.Errorf("got %+v", info)
		}
	})
}

func FuzzReadTags(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		for format := MP3; format <= AIFF; format++ {
			r := &counter{ReaderAt: bytes.NewReader(b)}
			tags, err := ReadTags(r, int64(len(b)), format)
			if err != nil {
				t.Fatal(err)
			}
			if r.n > maxReads*int64(len(b))+windowSize {
				t.Errorf("%v: read %d bytes of %d", format, r.n, len(b))
			}
			for _, text := range []string{tags.Title, tags.Artist, tags.Album, tags.AlbumArtist, tags.Genre} {
				if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxText {
					t.Errorf("text %q", text)
				}
			}
			if len(tags.Cover) > maxCover || (tags.Cover == nil) != (tags.CoverType == "") {
				t.Errorf("cover of %d bytes, type %q", len(tags.Cover), tags.CoverType)
			}
			if min(tags.Year, tags.Track, tags.Tracks, tags.Disc) < 0 {
				t.Errorf("numbers %+v", tags)
			}
		}
	})
}

// TestReadsAreBounded gives files that were made to be read over and over:
// their size is many windows, so that every step back costs one.
func TestReadsAreBounded(t *testing.T) {
	const size = 4 << 20
	fill := func(piece []byte) []byte { return bytes.Repeat(piece, size/len(piece)) }
	moov := mp4Moov("soun", "mp4a", 1, 1)
	track := moov[8+8+100:]
	item := mp4Item("covr", 13, []byte(pngMagic))
	copy(item[8:], be32(nil, 1<<20))
	unsynchronised := append([]byte("ID3\x03\x00\x80\x00\x7F\x7F\x7F"), make([]byte, 50)...)
	for name, b := range map[string][]byte{
		"frames that go astray": fill(join(mp3Frames(2), []byte{0, 0})),
		"headers of frames":     append(mp3Frames(3), fill(mp3Frame(9)[:4])...),
		"id3 headers":           fill(id3(4)),
		"id3 genres":            fill(id3(4, id3Item(4, "TCON", append([]byte("\x03\x1B"), bytes.Repeat([]byte("(1)"), 60)...)))),
		"id3 of one name":       id3(3, fill(id3Text(3, "TXXX", "a"))),
		"id3 chunks":            wavFile(fill(wavChunk("id3 ", unsynchronised))),
		"ogg headers":           join(opusFile(1, 960), fill([]byte("OggS"))),
		"ogg first pages":       fill(oggPages(1, 2, 0, []byte("fishead"))),
		"moov in moov":          fill([]byte("\x00\x40\x00\x00moov")),
		"tracks":                mp4File(mp4Box("moov", fill(track))),
		"items that overlap":    mp4File(mp4Box("moov", mp4Tags(fill(item)))),
		"fragments":             mp4File(moov, fill(mp4Fragment(1, 1))),
		"flac blocks":           join(flacFile(1, 0)[:42], fill(flacMeta(flacPicture, flacPictureBlock(4, nil)))),
		"ape tags":              append(mp3Frames(3), fill(apeTag(nil))...),
	} {
		r := &counter{ReaderAt: bytes.NewReader(b)}
		// Whether it is audio or not does not matter here: only what it costs.
		_, err := Probe(r, int64(len(b)))
		if r.n > maxReads*int64(len(b)) {
			t.Errorf("%s: Probe read %d bytes of %d (%v)", name, r.n, len(b), err)
		}
		for format := MP3; format <= AIFF; format++ {
			r.n = 0
			if _, err := ReadTags(r, int64(len(b)), format); err != nil {
				t.Fatal(err)
			}
			if r.n > maxReads*int64(len(b)) {
				t.Errorf("%s: ReadTags as %v read %d bytes of %d", name, format, r.n, len(b))
			}
		}
	}
}
