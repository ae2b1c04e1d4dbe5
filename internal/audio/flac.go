package audio

import "encoding/binary"

// The types of FLAC metadata block that matter here, RFC 9639 section 8.1.
const (
	flacStreamInfo = 0
	flacComment    = 4
	flacPicture    = 6
)

// flacBlock is a metadata block of a FLAC file.
type flacBlock struct {
	kind        byte
	start, size int64
	last        bool
}

func (b flacBlock) next() int64 { return b.start + b.size }

// nextFLACBlock reads the header of the block at off.
func nextFLACBlock(s *source, off int64) (flacBlock, bool) {
	b := s.peek(off, 4)
	if len(b) < 4 || b[0]&0x7F == 127 {
		return flacBlock{}, false
	}
	return flacBlock{
		kind:  b[0] & 0x7F,
		last:  b[0]&0x80 != 0,
		start: off + 4,
		size:  int64(b[1])<<16 | int64(b[2])<<8 | int64(b[3]),
	}, true
}

// flacStream is what STREAMINFO tells, RFC 9639 section 8.2.
type flacStream struct {
	rate, channels int
	blockSize      int   // in samples, the largest
	frameSize      int   // in bytes, the largest; 0 if unknown
	total          int64 // in samples of one channel; 0 if unknown
}

func parseFLACStream(b []byte) (flacStream, bool) {
	if len(b) < 34 {
		return flacStream{}, false
	}
	bits := binary.BigEndian.Uint64(b[10:])
	st := flacStream{
		blockSize: int(binary.BigEndian.Uint16(b[2:])),
		frameSize: int(b[7])<<16 | int(b[8])<<8 | int(b[9]),
		rate:      int(bits >> 44),
		channels:  int(bits>>41&7) + 1,
		total:     int64(bits & (1<<36 - 1)),
	}
	return st, st.rate > 0 && st.blockSize >= 16
}

// probeFLAC reads a FLAC file whose marker is at start. The number of samples
// in STREAMINFO is held against the last frame of the file: it is zero where
// the encoder wrote to a pipe, and too high where the file was cut.
func probeFLAC(s *source, start int64) (Info, error) {
	first, ok := nextFLACBlock(s, start+4)
	if !ok || first.kind != flacStreamInfo {
		return Info{}, notAudio("flac without STREAMINFO")
	}
	st, ok := parseFLACStream(s.peek(first.start, 34))
	if !ok {
		return Info{}, notAudio("flac with a broken STREAMINFO")
	}
	block := first
	for !block.last {
		if block, ok = nextFLACBlock(s, block.next()); !ok {
			return Info{}, notAudio("flac with broken metadata")
		}
	}
	audio := block.next()
	if _, ok := st.parseFrame(s.peek(audio, flacFrameHeader)); !ok {
		return Info{}, notAudio("flac without frames")
	}
	total := st.lastSample(s, audio)
	if total == 0 {
		total = st.total
	}
	info := Info{Format: FLAC, Channels: st.channels, SampleRate: st.rate}
	info.Duration = seconds(float64(total), st.rate)
	info.Bitrate = bitrate(s.size-audio, info.Duration)
	return info, nil
}

// flacFrameHeader is the most bytes a frame header takes.
const flacFrameHeader = 16

// flacFrame is the samples a frame covers.
type flacFrame struct{ start, end int64 }

// parseFrame reads a frame header, RFC 9639 section 9.1. Its checksum is held
// against it.
func (st flacStream) parseFrame(b []byte) (flacFrame, bool) {
	if len(b) < 6 || b[0] != 0xFF || b[1]&0xFE != 0xF8 || b[2]>>4 == 0 || b[3]&1 != 0 {
		return flacFrame{}, false
	}
	number, n := flacNumber(b[4:])
	if n == 0 {
		return flacFrame{}, false
	}
	n += 4
	tail := b[min(n, len(b)):]
	samples := int64(0)
	switch code := b[2] >> 4; {
	case code == 1:
		samples = 192
	case code <= 5:
		samples = 144 << code
	case code == 6 && len(tail) >= 1:
		samples = int64(tail[0]) + 1
		n++
	case code == 7 && len(tail) >= 2:
		samples = int64(binary.BigEndian.Uint16(tail)) + 1
		n += 2
	case code >= 8:
		samples = 1 << code
	}
	switch b[2] & 0x0F { // the rate, where it is spelled out
	case 12:
		n++
	case 13, 14:
		n += 2
	case 15:
		return flacFrame{}, false
	}
	if samples == 0 || n >= len(b) || crc8(b[:n]) != b[n] {
		return flacFrame{}, false
	}
	start := number
	if fixed := b[1]&1 == 0; fixed {
		start *= int64(st.blockSize)
	}
	return flacFrame{start: start, end: start + samples}, true
}

// flacNumber reads a number coded as UTF-8 codes a character, but of up to 36
// bits, and returns how many bytes it takes: none if it is none.
func flacNumber(b []byte) (int64, int) {
	ones := 0
	for mask := byte(0x80); mask != 0 && b[0]&mask != 0; mask >>= 1 {
		ones++
	}
	if ones == 0 {
		return int64(b[0]), 1
	}
	if ones == 1 || ones == 8 || len(b) < ones {
		return 0, 0
	}
	v := int64(b[0] & (1<<(7-ones) - 1))
	for _, c := range b[1:ones] {
		if c&0xC0 != 0x80 {
			return 0, 0
		}
		v = v<<6 | int64(c&0x3F)
	}
	return v, ones
}

// crc8 is the checksum of a frame header: polynomial x⁸+x²+x+1.
func crc8(b []byte) byte {
	crc := byte(0)
	for _, c := range b {
		crc ^= c
		for range 8 {
			high := crc&0x80 != 0
			crc <<= 1
			if high {
				crc ^= 0x07
			}
		}
	}
	return crc
}

// lastSample returns the end, in samples, of the last frame of the file, or 0 if
// none is found near its end. A header found in the middle of sound may be
// there by chance: only one that goes on where another ended counts, or one
// that ends where STREAMINFO says.
func (st flacStream) lastSample(s *source, audio int64) int64 {
	const least, most = 64 << 10, 1 << 20
	reach := int64(min(max(4*st.frameSize, least), most))
	start := max(audio, s.size-reach)
	tail := s.read(start, s.size-start)
	var last flacFrame
	ends := map[int64]bool{}
	if start == audio {
		ends[0] = true
	}
	for i := 0; i+6 <= len(tail); i++ {
		if tail[i] != 0xFF {
			continue
		}
		f, ok := st.parseFrame(tail[i:min(i+flacFrameHeader, len(tail))])
		if !ok {
			continue
		}
		if (ends[f.start] || f.end == st.total) && f.end > last.end {
			last = f
		}
		ends[f.end] = true
	}
	if last.end < st.total { // the file was cut, and this frame with it
		return last.start
	}
	return last.end
}

// readFLAC reads the comments and pictures of the FLAC file at start.
func (t *tagReader) readFLAC(s *source, start int64) {
	off := start + 4
	for {
		block, ok := nextFLACBlock(s, off)
		if !ok {
			return
		}
		switch block.kind {
		case flacComment:
			t.readComments(s.read(block.start, block.size))
		case flacPicture:
			t.addPicture(s.read(block.start, block.size))
		}
		if block.last {
			return
		}
		off = block.next()
	}
}
