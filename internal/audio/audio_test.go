package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

func probeBytes(b []byte) (Info, error) { return Probe(bytes.NewReader(b), int64(len(b))) }

func samples(n, rate float64) time.Duration { return time.Duration(n / rate * float64(time.Second)) }

func TestProbe(t *testing.T) {
	const mp3Size = 417
	vbr := mp3VBR(300)
	lyrics := []byte("LYRICSBEGIN000011LYRICS200")
	damaged := mp3Frames(100)
	copy(damaged[20_000:], noise(1000))
	headers := mp4Box("mvex", mp4Box("trex", make([]byte, 4), be32(be32(be32(nil, 1), 1), 1024), make([]byte, 8)))
	wavLie := wavFile(wavFormatChunk(), wavChunk("data", make([]byte, 16000)))
	binary.LittleEndian.PutUint32(wavLie[40:], 1<<30)
	wavPipe := bytes.Clone(wavLie)
	binary.LittleEndian.PutUint32(wavPipe[40:], unknownSize)
	mdat := mp4Box("mdat", make([]byte, 5000))

	tests := []struct {
		name   string
		file   []byte
		format Format
		length time.Duration
	}{
		{"mp3 of a constant rate", mp3Frames(100), MP3, samples(100*1152, 44100)},
		{"mp3 of three frames", mp3Frames(3), MP3, samples(3*1152, 44100)},
		{"mp3 of one frame", mp3Frames(1), MP3, samples(1152, 44100)},
		{"mp3 of one frame and a tag", join(id3(3, id3Text(3, "TIT2", "a")), mp3Frames(1)), MP3, samples(1152, 44100)},
		{"mp3 without a header on its changing rate", vbr, MP3, samples(300*1152, 44100)},
		{"mp3 with Xing", withXing(vbr, 300, uint32(len(vbr)+mp3Size)), MP3, samples(300*1152, 44100)},
		{"mp3 with Xing, own frame not counted", withXing(vbr, 300, uint32(len(vbr))), MP3, samples(300*1152, 44100)},
		{"mp3 with VBRI", withVBRI(vbr, 300, uint32(len(vbr)+mp3Size)), MP3, samples(300*1152, 44100)},
		{"mp3 with Xing, cut", withXing(mp3Frames(50), 300, 300*mp3Size), MP3, samples(50*1152, 44100)},
		{"mp3 with Xing, lying", withXing(mp3Frames(50), 1<<30, 51*mp3Size), MP3, samples(50*1152, 44100)},
		{"mp3 of two joined", join(withXing(mp3Frames(50), 50, 51*mp3Size), id3(4), withXing(mp3Frames(50), 50, 51*mp3Size)), MP3, samples(101*1152, 44100)},
		{"mp3 with several tags", join(id3(3, make([]byte, 300_000)), id3(4), apeTag(make([]byte, 50)), mp3Frames(10)), MP3, samples(10*1152, 44100)},
		{"mp3 with padding behind its tag", join(id3(3), make([]byte, 5000), mp3Frames(10)), MP3, samples(10*1152, 44100)},
		{"mp3 with trailing tags", join(mp3Frames(10), apeTag(mp3Frames(3)), lyrics, id3v1("t", 1, 1)), MP3, samples(10*1152, 44100)},
		{"mp3 with damage", damaged, MP3, samples(97*1152, 44100)},
		{"mp3 cut at both ends", mp3Frames(20)[100 : 20*mp3Size-100], MP3, samples(18*1152, 44100)},
		{"adts", adtsFrames(50), ADTS, samples(50*1024, 44100)},
		{"adts behind a tag", join(id3(4), adtsFrames(50)), ADTS, samples(50*1024, 44100)},
		{"flac", flacFile(9*4096+100, 10), FLAC, samples(9*4096+100, 8000) + samples(3996, 8000)},
		{"flac behind a tag", join(id3(3), flacFile(10*4096, 10)), FLAC, samples(10*4096, 8000)},
		{"flac from a pipe", flacFile(0, 10), FLAC, samples(10*4096, 8000)},
		{"flac that was cut", flacFile(100*4096, 10), FLAC, samples(9*4096, 8000)},
		{"vorbis", vorbisFile(1, 500, 80000), Vorbis, 10 * time.Second},
		{"vorbis joined midway", vorbisFile(1, 801024, 880000), Vorbis, 10 * time.Second},
		{"opus", opusFile(1, 48312), Opus, time.Second},
		{"opus of two links", join(opusFile(1, 48312), opusFile(2, 96312)), Opus, 3 * time.Second},
		{"opus of links, the last of them vorbis", join(opusFile(1, 48312), vorbisFile(2, 500, 8000)), Opus, 2 * time.Second},
		{"opus with junk at the end", join(opusFile(1, 48312), noise(100)), Opus, time.Second},
		{"mp4", mp4File(mp4Moov("soun", "mp4a", 100, 0), mdat), AAC, samples(100*1024, 44100)},
		{"mp4 with moov at the end", mp4File(mdat, mp4Moov("soun", "alac", 100, 0)), AAC, samples(100*1024, 44100)},
		{"mp4 with an edit list", mp4File(mp4Moov("soun", "mp4a", 100, 2000), mdat), AAC, 2 * time.Second},
		{"mp4 in fragments", mp4File(mp4Moov("soun", "mp4a", 0, 0, headers), mp4Fragment(40, 0), mp4Fragment(10, 2048), mdat), AAC, samples(60*1024, 44100)},
		{"mp4 that was cut", mp4File(mp4Moov("soun", "mp4a", 100, 0), mdat[:8+2500]), AAC, samples(50*1024, 44100)},
		{"wav", wavFile(wavFormatChunk(), wavChunk("data", make([]byte, 16000))), WAV, time.Second},
		{"wav with a lying size", wavLie, WAV, time.Second},
		{"wav from a pipe", wavPipe, WAV, time.Second},
		{"aiff", aiffFile(8000, 16000), AIFF, time.Second},
		{"aiff with a lying count", aiffFile(1<<30, 16000), AIFF, time.Second},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			info, err := probeBytes(test.file)
			if err != nil {
				t.Fatal(err)
			}
			if info.Format != test.format {
				t.Errorf("format %v, want %v", info.Format, test.format)
			}
			if diff := (info.Duration - test.length).Abs(); diff > 60*time.Millisecond {
				t.Errorf("duration %v, want %v", info.Duration, test.length)
			}
			if info.Channels < 1 || info.SampleRate < 1 || info.Bitrate < 1 {
				t.Errorf("got %+v", info)
			}
		})
	}
}

func TestProbeRejects(t *testing.T) {
	withSync := func(head string, at int) []byte {
		b := append([]byte(head), noise(20_000)...)
		copy(b[at:], mp3Frame(9)[:4])
		return b
	}
	tests := []struct {
		name string
		file []byte
	}{
		{"one byte", []byte{0xFF}},
		{"html", []byte("<!doctype html><html><body>not found</body></html>")},
		{"png", append([]byte(pngMagic), noise(5000)...)},
		{"jpeg with a sync word", withSync("\xFF\xD8\xFF\xE0\x00\x10JFIF", 20)},
		{"zip with a sync word", withSync("PK\x03\x04", 60)},
		{"zip that stores an mp3", join([]byte("PK\x03\x04"), make([]byte, 40), mp3Frames(50))},
		{"tar that stores an mp3", join([]byte("song.mp3"), make([]byte, 504), mp3Frames(50))},
		{"noise", noise(100_000)},
		{"zeros", make([]byte, 100_000)},
		{"ones", bytes.Repeat([]byte{0xFF}, 100_000)},
		{"a sync word and noise", withSync("", 0)},
		{"mp3 header alone", mp3Frame(9)[:4]},
		{"two frames and noise", join(mp3Frames(2), noise(5000))},
		{"id3 and nothing", id3(3, id3Text(3, "TIT2", "a"))},
		{"id3 and noise", join(id3(3), noise(5000))},
		{"id3 that is longer than the file", append([]byte("ID3\x03\x00\x00\x7F\x7F\x7F\x7F"), mp3Frames(5)...)},
		{"id3 and html", join(id3(3), []byte("<html>"))},
		{"flac marker alone", []byte("fLaC")},
		{"flac without frames", flacFile(100, 0)},
		{"flac with a rate of zero", append([]byte("fLaC\x80\x00\x00\x22"), make([]byte, 100)...)},
		{"ogg of something else", oggPages(1, 2, 0, []byte("Speex   1.2"))},
		{"ogg of headers", vorbisFile(1, 0, 0)},
		{"mp4 of video", mp4File(mp4Moov("vide", "avc1", 100, 0))},
		{"mp4 of an unknown codec", mp4File(mp4Moov("soun", "abcd", 100, 0))},
		{"mp4 of no samples", mp4File(mp4Moov("soun", "mp4a", 0, 0))},
		{"mp4 without moov", mp4File(mp4Box("mdat", mp3Frames(10)))},
		{"avi", append([]byte("RIFF\x00\x10\x00\x00AVI LIST"), noise(5000)...)},
		{"wav without sound", wavFile(wavFormatChunk(), wavChunk("data", nil))},
		{"wav without fmt", wavFile(wavChunk("data", make([]byte, 100)))},
		{"aiff without sound", aiffFile(0, 0)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			info, err := probeBytes(test.file)
			var e *errs.Error
			if !errors.As(err, &e) || e.Kind != errs.Invalid || len(e.Fields) != 1 {
				t.Fatalf("got %+v, %v", info, err)
			}
			if f := e.Fields[0]; f.Name != "audio" || f.Code != errs.NotAudio {
				t.Errorf("got field %+v", f)
			}
		})
	}
}

func TestProbeEmpty(t *testing.T) {
	_, err := probeBytes(nil)
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid || e.Fields[0].Code != errs.Empty {
		t.Errorf("got %v", err)
	}
}

// failing is a reader that breaks behind its first bytes.
type failing struct{ ok int64 }

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.ok {
		return 0, io.ErrClosedPipe
	}
	return copy(p, mp3Frames(400)[off:]), nil
}

func TestReaderFailureIsNotBadAudio(t *testing.T) {
	for _, ok := range []int64{0, windowSize} {
		if _, err := Probe(failing{ok}, 400*417); !errors.Is(err, io.ErrClosedPipe) || errs.Is(err, errs.Invalid) {
			t.Errorf("Probe with %d good bytes: %v", ok, err)
		}
	}
	if _, err := ReadTags(failing{0}, 400*417, MP3); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("ReadTags: %v", err)
	}
}

func TestFileShorterThanItsSize(t *testing.T) {
	b := mp3Frames(100)
	info, err := Probe(bytes.NewReader(b), int64(len(b))+10_000)
	if err != nil || info.Format != MP3 {
		t.Errorf("got %+v, %v", info, err)
	}
}

func TestFormat(t *testing.T) {
	tests := []struct {
		format                       Format
		name, contentType, extension string
	}{
		{Unknown, "unknown", "application/octet-stream", ""},
		{MP3, "mp3", "audio/mpeg", ".mp3"},
		{FLAC, "flac", "audio/flac", ".flac"},
		{Vorbis, "vorbis", "audio/ogg", ".ogg"},
		{Opus, "opus", "audio/ogg", ".opus"},
		{AAC, "aac", "audio/mp4", ".m4a"},
		{ADTS, "adts", "audio/aac", ".aac"},
		{WAV, "wav", "audio/wav", ".wav"},
		{AIFF, "aiff", "audio/aiff", ".aiff"},
		{200, "unknown", "application/octet-stream", ""},
	}
	for _, test := range tests {
		f := test.format
		if f.String() != test.name || f.ContentType() != test.contentType || f.Extension() != test.extension {
			t.Errorf("%d: %s %s %s", test.format, f, f.ContentType(), f.Extension())
		}
	}
}
