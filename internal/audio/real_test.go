package audio

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestRealFiles holds the prober against files of real encoders; the durations
// are those of a full decode.
func TestRealFiles(t *testing.T) {
	full := Tags{
		Title: "Sine", Artist: "Antiphon", Album: "Tones", AlbumArtist: "Various", Genre: "Ambient",
		Year: 2024, Track: 3, Tracks: 12, Disc: 1,
	}
	withCover := full
	withCover.CoverType = "image/png"
	ogg := full
	ogg.AlbumArtist, ogg.Disc = "", 0
	opus := ogg
	opus.CoverType = "image/png"
	riff := full
	riff.AlbumArtist, riff.Disc = "", 0

	tests := []struct {
		file    string
		format  Format
		seconds float64
		rate    int
		tags    Tags
	}{
		{"mpeg2-cover.mp3", MP3, 1.5, 22050, withCover},
		{"vbr-xing.mp3", MP3, 1.5, 44100, full},
		{"vbr-bare.mp3", MP3, 1.5673, 0, Tags{}},
		{"sine.flac", FLAC, 1.5, 8000, withCover},
		{"sine.ogg", Vorbis, 1.4942, 44100, ogg},
		{"sine.opus", Opus, 1.5, 48000, opus},
		{"sine.m4a", AAC, 1.5093, 44100, withCover},
		{"fragmented.m4a", AAC, 1.5325, 44100, full},
		{"alac.m4a", AAC, 1.5, 8000, full},
		{"sine.aac", ADTS, 1.5325, 44100, Tags{}},
		{"adpcm.wav", WAV, 1.5307, 8000, riff},
		{"rf64.wav", WAV, 1.5, 4000, riff},
		{"sine.aiff", AIFF, 1.5, 4000, full},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", test.file))
			if err != nil {
				t.Fatal(err)
			}
			r := bytes.NewReader(b)
			info, err := Probe(r, r.Size())
			if err != nil {
				t.Fatal(err)
			}
			want := time.Duration(test.seconds * float64(time.Second))
			if diff := (info.Duration - want).Abs(); diff > 60*time.Millisecond {
				t.Errorf("duration %v, want %v", info.Duration, want)
			}
			if info.Format != test.format || info.Channels != 1 || info.Bitrate <= 0 {
				t.Errorf("got %+v", info)
			}
			if test.rate != 0 && info.SampleRate != test.rate {
				t.Errorf("sample rate %d, want %d", info.SampleRate, test.rate)
			}
			tags, err := ReadTags(r, r.Size(), info.Format)
			if err != nil {
				t.Fatal(err)
			}
			if (tags.CoverType == "") != (len(tags.Cover) == 0) {
				t.Errorf("cover of %d bytes, type %q", len(tags.Cover), tags.CoverType)
			}
			tags.Cover = nil
			if !equalTags(tags, test.tags) {
				t.Errorf("tags\n got %+v\nwant %+v", tags, test.tags)
			}
		})
	}
}
