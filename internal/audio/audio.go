// Package audio recognises an audio file by its bytes and reads its duration,
// its tags and its embedded cover, without decoding any sound.
//
// Nothing in a file is believed further than its bytes bear out: a length that
// a header gives is checked against the file, and where it fails, or where no
// header gives one, the frames are counted. Every read is bounded, so that a
// file made to do harm costs no more than an honest one of its size.
package audio

import (
	"fmt"
	"io"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Format is the format of an audio file: its container and codec together, as
// far as a player has to tell them apart.
type Format uint8

// The formats. The zero Format is Unknown.
const (
	Unknown Format = iota
	MP3            // MPEG-1, -2 and -2.5 audio, in any layer
	FLAC           // native FLAC, not FLAC in Ogg
	Vorbis         // Vorbis in Ogg
	Opus           // Opus in Ogg
	AAC            // MP4 or M4A, with AAC, ALAC or another audio codec
	ADTS           // raw AAC in ADTS frames
	WAV            // RIFF or RF64 WAVE
	AIFF           // AIFF and AIFF-C
)

var formats = [...]struct{ name, contentType, extension string }{
	Unknown: {"unknown", "application/octet-stream", ""},
	MP3:     {"mp3", "audio/mpeg", ".mp3"},
	FLAC:    {"flac", "audio/flac", ".flac"},
	Vorbis:  {"vorbis", "audio/ogg", ".ogg"},
	Opus:    {"opus", "audio/ogg", ".opus"},
	AAC:     {"aac", "audio/mp4", ".m4a"},
	ADTS:    {"adts", "audio/aac", ".aac"},
	WAV:     {"wav", "audio/wav", ".wav"},
	AIFF:    {"aiff", "audio/aiff", ".aiff"},
}

func (f Format) row() Format {
	if int(f) < len(formats) {
		return f
	}
	return Unknown
}

// String returns the format in one lower-case word: "mp3", "flac".
func (f Format) String() string { return formats[f.row()].name }

// ContentType returns the media type to serve the file with, without
// parameters: "audio/mpeg".
func (f Format) ContentType() string { return formats[f.row()].contentType }

// Extension returns the usual ending of a file name, with its dot: ".mp3". It
// is empty for Unknown.
func (f Format) Extension() string { return formats[f.row()].extension }

// Info is what Probe learns about a file.
type Info struct {
	Format     Format
	Duration   time.Duration // of the sound a player would play; more than zero
	Channels   int
	SampleRate int // in Hz
	Bitrate    int // in bit/s, the mean over the sound; tags and covers are not counted
}

// maxDuration is the longest sound that is believed. A header that claims more
// is lying: over a year fits no file that anybody uploads.
const maxDuration = 10_000 * time.Hour

// Probe reads the format and the duration of the file of size bytes in r. It
// reads headers alone where the container tells the duration and the size of
// the file agrees; otherwise it walks the file through a window of fixed size.
//
// Bytes that are no audio it can read, or that hold no sound at all, give an
// *errs.Error of kind Invalid for the field "audio" with code errs.NotAudio;
// no bytes give code errs.Empty. A failure of r itself is returned as it is,
// wrapped, and so is internal.
func Probe(r io.ReaderAt, size int64) (Info, error) {
	if size <= 0 {
		return Info{}, errs.InvalidFields(errs.Field{Name: "audio", Code: errs.Empty})
	}
	s := newSource(r, size)
	info, err := probe(s)
	switch {
	case s.err != nil:
		return Info{}, fmt.Errorf("read audio: %w", s.err)
	case err != nil:
		return Info{}, err
	case info.Duration <= 0:
		return Info{}, notAudio("%v without sound", info.Format)
	case info.Duration > maxDuration:
		return Info{}, notAudio("%v claims to last %v", info.Format, info.Duration)
	}
	return info, nil
}

// probe tells the formats apart by their first bytes. MP3 and ADTS have none
// worth the name, so they come last, and a file that is known to be something
// else never reaches them.
func probe(s *source) (Info, error) {
	start := skipID3(s, 0)
	head := s.peek(start, 12)
	switch {
	case hasAt(head, 0, "fLaC"):
		return probeFLAC(s, start)
	case hasAt(head, 0, "OggS"):
		return probeOgg(s, start)
	case hasAt(head, 4, "ftyp"), hasAt(head, 4, "moov"):
		return probeMP4(s)
	case hasAt(head, 0, "RIFF"), hasAt(head, 0, "RF64"), hasAt(head, 0, "BW64"):
		return probeWAV(s, start)
	case hasAt(head, 0, "FORM"):
		return probeAIFF(s, start)
	}
	return probeFrames(s, start)
}

// hasAt reports whether b has the bytes of magic at off.
func hasAt(b []byte, off int, magic string) bool {
	return len(b) >= off+len(magic) && string(b[off:off+len(magic)]) == magic
}

// notAudio returns the error for bytes that are no audio; the text says why,
// for the log.
func notAudio(format string, args ...any) error {
	return &errs.Error{
		Kind:   errs.Invalid,
		Fields: []errs.Field{{Name: "audio", Code: errs.NotAudio}},
		Err:    fmt.Errorf(format, args...),
	}
}

// seconds returns n samples at rate samples a second as a duration. It stops
// at twice maxDuration, so that a lying count cannot overflow.
func seconds(n float64, rate int) time.Duration {
	if rate <= 0 {
		return 0
	}
	s := n / float64(rate)
	return time.Duration(min(s, 2*maxDuration.Seconds()) * float64(time.Second))
}

// bitrate returns the mean bit rate, in bit/s, of bytes that last for d.
func bitrate(bytes int64, d time.Duration) int {
	if d <= 0 || bytes <= 0 {
		return 0
	}
	return int(float64(bytes) * 8 / d.Seconds())
}
