package audio

import (
	"encoding/binary"
	"math"
	"time"
)

// The codecs of a WAVE file that players know, by their format tag.
const (
	wavPCM        = 1
	wavMSADPCM    = 2
	wavFloat      = 3
	wavALaw       = 6
	wavMuLaw      = 7
	wavIMAADPCM   = 0x11
	wavMP3        = 0x55
	wavExtensible = 0xFFFE // the codec is further on
)

// wavFormat is the "fmt " chunk.
type wavFormat struct {
	codec          int
	channels, rate int
	byteRate       int // the mean; 0 where a variable one is not told
	blockAlign     int // bytes of one sample of all channels, or of one block of ADPCM
}

func parseWAVFormat(b []byte) (wavFormat, bool) {
	if len(b) < 16 {
		return wavFormat{}, false
	}
	le := binary.LittleEndian
	f := wavFormat{
		codec:      int(le.Uint16(b)),
		channels:   int(le.Uint16(b[2:])),
		rate:       int(le.Uint32(b[4:]) & math.MaxInt32),
		byteRate:   int(le.Uint32(b[8:]) & math.MaxInt32),
		blockAlign: int(le.Uint16(b[12:])),
	}
	if f.codec == wavExtensible && len(b) >= 26 {
		f.codec = int(le.Uint16(b[24:]))
	}
	bits := int(le.Uint16(b[14:]))
	switch f.codec {
	case wavPCM, wavFloat, wavALaw, wavMuLaw:
		if f.blockAlign == 0 {
			f.blockAlign = f.channels * ((bits + 7) / 8)
		}
		f.byteRate = f.blockAlign * f.rate
	case wavMSADPCM, wavIMAADPCM, wavMP3:
	default:
		return wavFormat{}, false
	}
	return f, f.channels > 0 && f.rate > 0 && (f.byteRate > 0 || f.compressed())
}

// compressed reports whether bytes do not tell the samples.
func (f wavFormat) compressed() bool {
	return f.codec == wavMSADPCM || f.codec == wavIMAADPCM || f.codec == wavMP3
}

// probeWAV reads a RIFF, RF64 or BW64 file at start. The size of the sound is
// what the file has of it, whatever the header claims; for the 64-bit forms see
// EBU Tech 3306 and ITU-R BS.2088.
func probeWAV(s *source, start int64) (Info, error) {
	if !hasAt(s.peek(start, 12), 8, "WAVE") {
		return Info{}, notAudio("riff that is no wave")
	}
	var format wavFormat
	var known, found bool
	var data chunk
	var long int64     // the size of the sound in a 64-bit form
	var samples uint64 // of one channel, in a "fact" chunk
	chunks(s, start+12, s.size, binary.LittleEndian, func(c chunk) bool {
		switch c.name {
		case "ds64":
			if b := s.peek(c.start, 16); len(b) == 16 {
				long = int64(binary.LittleEndian.Uint64(b[8:]) & math.MaxInt64)
			}
		case "fmt ":
			format, known = parseWAVFormat(s.peek(c.start, int(min(c.size, 40))))
		case "fact":
			if b := s.peek(c.start, 4); c.size >= 4 && len(b) == 4 {
				samples = uint64(binary.LittleEndian.Uint32(b))
			}
		case "data":
			data, found = c, true
		}
		return !found
	})
	if !known || !found {
		return Info{}, notAudio("wave without a known fmt chunk and a data chunk")
	}
	switch {
	case data.size == unknownSize && long > 0:
		data.size = long
	case data.size == unknownSize, data.size == 0:
		data.size = s.size - data.start
	}
	info := Info{Format: WAV, Channels: format.channels, SampleRate: format.rate}
	info.Duration = format.length(data, data.available(s), samples)
	info.Bitrate = bitrate(data.available(s), info.Duration)
	return info, nil
}

// length returns how long the bytes of the data chunk last that the file has.
func (f wavFormat) length(data chunk, available int64, samples uint64) time.Duration {
	whole := available == data.size
	if f.compressed() && whole && samples > 0 && samples < math.MaxUint32 {
		return seconds(float64(samples), f.rate)
	}
	return seconds(float64(available), f.byteRate)
}

// readWAV reads the tags of a WAVE file: an ID3v2 tag in a chunk, and the INFO
// list for what that leaves open.
func (t *tagReader) readWAV(s *source, start int64) {
	var info []chunk
	chunks(s, start+12, s.size, binary.LittleEndian, func(c chunk) bool {
		switch c.name {
		case "id3 ", "ID3 ":
			t.readID3Chunk(s, c)
		case "LIST":
			if hasAt(s.peek(c.start, 4), 0, "INFO") && len(info) == 0 {
				info = append(info, c)
			}
		}
		return t.frames < maxFrames
	})
	for _, list := range info {
		end := list.start + list.available(s)
		chunks(s, list.start+4, end, binary.LittleEndian, func(c chunk) bool {
			t.setInfo(s, c)
			return true
		})
	}
}

func (t *tagReader) setInfo(s *source, c chunk) {
	switch c.name {
	case "INAM":
		t.setTitle(c.text(s))
	case "IART":
		t.setArtist(c.text(s))
	case "IPRD":
		t.setAlbum(c.text(s))
	case "IGNR":
		t.setGenre(c.text(s))
	case "ICRD":
		t.setYear(c.text(s))
	case "ITRK", "IPRT":
		t.setTrack(c.text(s))
	}
}
