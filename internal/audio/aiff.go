package audio

import (
	"encoding/binary"
	"math"
)

// aiffFormat is the COMM chunk of an AIFF file.
type aiffFormat struct {
	channels, rate int
	samples        uint64 // of one channel
	frameSize      int64  // bytes of one sample of all channels; 0 if compressed
}

// parseAIFFFormat reads a COMM chunk, Apple's AIFF 1.3 and AIFF-C of 1991.
func parseAIFFFormat(b []byte) (aiffFormat, bool) {
	if len(b) < 18 {
		return aiffFormat{}, false
	}
	be := binary.BigEndian
	f := aiffFormat{
		channels: int(be.Uint16(b)),
		samples:  uint64(be.Uint32(b[2:])),
		rate:     extendedInt(b[8:18]),
	}
	bits := int64(be.Uint16(b[6:]))
	compression := "NONE"
	if len(b) >= 22 {
		compression = string(b[18:22])
	}
	switch compression {
	case "NONE", "twos", "sowt", "in24", "in32", "fl32", "FL32", "fl64", "FL64", "raw ":
		f.frameSize = int64(f.channels) * ((bits + 7) / 8)
	}
	return f, f.channels > 0 && f.rate > 0
}

// extendedInt reads a positive number of ten bytes in IEEE 754 extended
// precision as an integer, or 0 if it is none that a rate could be.
func extendedInt(b []byte) int {
	shift := 16383 + 63 - int(binary.BigEndian.Uint16(b))
	if shift < 33 || shift > 63 {
		return 0
	}
	return int(binary.BigEndian.Uint64(b[2:]) >> shift & math.MaxInt32)
}

// probeAIFF reads an AIFF or AIFF-C file at start.
func probeAIFF(s *source, start int64) (Info, error) {
	if head := s.peek(start, 12); !hasAt(head, 8, "AIFF") && !hasAt(head, 8, "AIFC") {
		return Info{}, notAudio("iff that is no aiff")
	}
	var format aiffFormat
	var known, found bool
	var sound chunk
	chunks(s, start+12, s.size, binary.BigEndian, func(c chunk) bool {
		switch c.name {
		case "COMM":
			format, known = parseAIFFFormat(s.peek(c.start, int(min(c.size, 22))))
		case "SSND":
			sound, found = c, true
		}
		return !known || !found
	})
	if !known || !found {
		return Info{}, notAudio("aiff without a COMM and an SSND chunk")
	}
	const soundHeader = 8 // offset and block size
	payload := max(sound.available(s)-soundHeader, 0)
	samples := format.samples
	if format.frameSize > 0 {
		samples = min(samples, uint64(payload/format.frameSize))
	} else if payload == 0 {
		samples = 0
	}
	info := Info{Format: AIFF, Channels: format.channels, SampleRate: format.rate}
	info.Duration = seconds(float64(samples), format.rate)
	info.Bitrate = bitrate(payload, info.Duration)
	return info, nil
}

// readAIFF reads the tags of an AIFF file: an ID3v2 tag in a chunk, then the
// texts that AIFF itself has.
func (t *tagReader) readAIFF(s *source, start int64) {
	var name, author string
	chunks(s, start+12, s.size, binary.BigEndian, func(c chunk) bool {
		switch c.name {
		case "ID3 ", "id3 ":
			t.readID3Chunk(s, c)
		case "NAME":
			name = c.text(s)
		case "AUTH":
			author = c.text(s)
		}
		return t.frames < maxFrames
	})
	t.setTitle(name)
	t.setArtist(author)
}
