package audio

import (
	"encoding/binary"
	"math"
	"time"
)

const (
	oggHeaderSize = 27
	// maxOggPage is the most bytes a page takes: its header, 255 lengths, and
	// 255 segments of 255 bytes.
	maxOggPage = oggHeaderSize + 255 + 255*255
	opusRate   = 48000 // granules of Opus count at this rate, whatever was recorded
)

// oggPage is a page of an Ogg file, RFC 3533 section 6.
type oggPage struct {
	flags        byte
	granule      int64 // samples up to the end of the page; -1 where no packet ends in it
	serial       uint32
	segments     []byte // the lengths of its segments; valid until the next peek
	data, next   int64  // where its content begins, and the page behind it
	packetsEnded int
}

func (p oggPage) continued() bool { return p.flags&1 != 0 }
func (p oggPage) begins() bool    { return p.flags&2 != 0 }

// oggPageAt reads the header of the page at off. The page is in the file whole.
func oggPageAt(s *source, off int64) (oggPage, bool) {
	b := s.peek(off, oggHeaderSize+255)
	if len(b) < oggHeaderSize || !hasAt(b, 0, "OggS") || b[4] != 0 {
		return oggPage{}, false
	}
	n := int(b[26])
	if len(b) < oggHeaderSize+n {
		return oggPage{}, false
	}
	p := oggPage{
		flags:    b[5],
		granule:  int64(binary.LittleEndian.Uint64(b[6:])),
		serial:   binary.LittleEndian.Uint32(b[14:]),
		segments: b[oggHeaderSize : oggHeaderSize+n],
		data:     off + oggHeaderSize + int64(n),
	}
	p.next = p.data
	for _, size := range p.segments {
		p.next += int64(size)
		if size < 255 {
			p.packetsEnded++
		}
	}
	return p, p.next <= s.size
}

// nextOggPage returns the first page at off or, where that is damaged, behind.
func nextOggPage(s *source, off int64) (oggPage, bool) {
	for off < s.size {
		if p, ok := oggPageAt(s, off); ok {
			return p, true
		}
		if off = s.index(off+1, s.size, []byte("OggS")); off < 0 {
			break
		}
	}
	return oggPage{}, false
}

// oggStream is one logical stream of audio in an Ogg file.
type oggStream struct {
	format         Format
	serial         uint32
	channels, rate int
	preSkip        int64 // samples at the start that are not played
	packetSamples  int64 // the most that one packet decodes to, if known
	first, last    int64 // granules: where the sound begins, and where it ends
	sound          int64 // the offset in the file of the first page with sound
}

// parseOggStream reads the first packet of a stream: RFC 7845 section 5.1 for
// Opus, section 4.2.2 of the Vorbis I specification for Vorbis.
func parseOggStream(b []byte, serial uint32) (oggStream, bool) {
	st := oggStream{serial: serial, first: -1}
	switch {
	case hasAt(b, 0, "OpusHead") && len(b) >= 19:
		st.format, st.rate = Opus, opusRate
		st.channels = int(b[9])
		st.preSkip = int64(binary.LittleEndian.Uint16(b[10:]))
	case hasAt(b, 0, "\x01vorbis") && len(b) >= 30:
		st.format = Vorbis
		st.channels = int(b[11])
		st.rate = int(binary.LittleEndian.Uint32(b[12:]) & math.MaxInt32)
		st.packetSamples = 1 << (b[28] >> 4) / 2
	}
	return st, st.channels > 0 && st.rate > 0
}

// length returns the samples that are played of the stream.
func (st oggStream) length() float64 {
	return float64(max(st.last-max(st.first, 0)-st.preSkip, 0))
}

// see takes note of a page of the stream.
func (st *oggStream) see(s *source, p oggPage) {
	if p.granule < 0 || p.packetsEnded == 0 {
		return
	}
	if st.first < 0 && p.granule > 0 {
		ended := int64(p.packetsEnded)
		if st.format == Opus {
			st.packetSamples = opusPacketSamples(s.peek(p.data, 2))
		}
		// A recording that was joined midway does not begin at zero. A page
		// whose granule its packets account for does.
		st.first = max(p.granule-ended*st.packetSamples, 0)
		st.sound = p.data
	}
	st.last = max(st.last, p.granule)
}

// opusPacketSamples returns the samples, at 48 kHz, of the packet that begins
// with b: RFC 6716 section 3.1.
func opusPacketSamples(b []byte) int64 {
	if len(b) == 0 {
		return 0
	}
	config := b[0] >> 3
	var size int64
	switch {
	case config < 12: // SILK
		size = [...]int64{480, 960, 1920, 2880}[config%4]
	case config < 16: // hybrid
		size = [...]int64{480, 960}[config%2]
	default: // CELT
		size = 120 << (config % 4)
	}
	switch code := b[0] & 3; {
	case code == 0:
		return size
	case code < 3:
		return 2 * size
	case len(b) > 1:
		return size * int64(b[1]&0x3F)
	}
	return 0
}

// probeOgg reads an Ogg file that begins at start. The duration is in the last
// page; a file of several links, one behind the other, is walked.
func probeOgg(s *source, start int64) (Info, error) {
	st, off, ok := openOgg(s, start)
	if !ok {
		return Info{}, notAudio("ogg without vorbis or opus")
	}
	short := st
	length := seconds(short.throughLastPage(s, off), st.rate)
	if length == 0 {
		length = st.walk(s, off)
	}
	info := Info{Format: st.format, Channels: st.channels, SampleRate: st.rate, Duration: length}
	info.Bitrate = bitrate(s.size-max(short.sound, off), length)
	return info, nil
}

// openOgg finds the first audio stream of the file, and the offset behind the
// page that begins it. Streams of other kinds may begin before it.
func openOgg(s *source, off int64) (oggStream, int64, bool) {
	for {
		p, ok := oggPageAt(s, off)
		if !ok || !p.begins() {
			return oggStream{}, 0, false
		}
		if st, ok := parseOggStream(s.peek(p.data, 30), p.serial); ok {
			return st, p.next, true
		}
		off = p.next
	}
}

// throughLastPage returns the samples of the stream, by its first page with
// sound and its last, or 0 if the file does not end with a whole page of it.
func (st *oggStream) throughLastPage(s *source, off int64) float64 {
	const headerPages = 512 // those of a cover of some MiB among the comments
	for range headerPages {
		p, ok := oggPageAt(s, off)
		if !ok {
			return 0
		}
		if p.serial == st.serial {
			st.see(s, p)
		}
		if st.first >= 0 {
			break
		}
		off = p.next
	}
	tail := max(off, s.size-2*maxOggPage)
	var last oggPage
	for {
		at := s.index(tail, s.size, []byte("OggS"))
		if at < 0 {
			break
		}
		tail = at + 1
		if p, ok := oggPageAt(s, at); ok {
			last, tail = p, p.next
			if p.serial == st.serial {
				st.see(s, p)
			}
		}
	}
	if last.next != s.size || last.serial != st.serial || st.first < 0 {
		return 0
	}
	return st.length()
}

// walk adds up the streams from off, page by page.
func (st oggStream) walk(s *source, off int64) (total time.Duration) {
	cur := st
	links := false // the pages that begin a link are over
	for {
		p, ok := nextOggPage(s, off)
		if !ok {
			return total + seconds(cur.length(), cur.rate)
		}
		off = p.next
		if !p.begins() {
			links = true
			if p.serial == cur.serial {
				cur.see(s, p)
			}
			continue
		}
		if next, ok := parseOggStream(s.peek(p.data, 30), p.serial); ok && links {
			total += seconds(cur.length(), cur.rate)
			cur, links = next, false
		}
	}
}

// readOgg reads the comments of the first audio stream.
func (t *tagReader) readOgg(s *source, start int64) {
	st, off, ok := openOgg(s, start)
	if !ok {
		return
	}
	packet := st.nextPacket(s, off)
	magic := "\x03vorbis"
	if st.format == Opus {
		magic = "OpusTags"
	}
	if hasAt(packet, 0, magic) {
		t.readComments(packet[len(magic):])
	}
}

// nextPacket puts the packet together that begins on the next page of the
// stream, up to maxTagSize of it.
func (st oggStream) nextPacket(s *source, off int64) []byte {
	var packet []byte
	for len(packet) < maxTagSize {
		p, ok := oggPageAt(s, off)
		if !ok || (p.serial == st.serial && packet != nil && !p.continued()) {
			break
		}
		off = p.next
		if p.serial != st.serial {
			continue
		}
		size := int64(0)
		ended := false
		for _, n := range p.segments {
			size += int64(n)
			if ended = n < 255; ended {
				break
			}
		}
		packet = append(packet, s.read(p.data, size)...)
		if ended {
			break
		}
	}
	return packet
}
