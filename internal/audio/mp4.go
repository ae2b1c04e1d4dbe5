package audio

import (
	"bytes"
	"encoding/binary"
)

// box is one piece of an MP4 file, ISO/IEC 14496-12 section 4.2.
type box struct {
	kind       string
	start, end int64 // of its content, as far as its parent goes
	missing    int64 // bytes that its size claims behind that
}

// boxes visits the boxes in [off, end), until visit answers false.
func boxes(s *source, off, end int64, visit func(box) bool) {
	for off+8 <= end {
		b := s.peek(off, 16)
		if len(b) < 8 {
			return
		}
		header, size := int64(8), int64(binary.BigEndian.Uint32(b))
		switch {
		case size == 0: // the rest
			size = end - off
		case size == 1 && len(b) == 16:
			header, size = 16, int64(binary.BigEndian.Uint64(b[8:]))
		}
		if size < header || size > 1<<60 {
			return
		}
		next := min(off+size, end)
		if !visit(box{kind: string(b[4:8]), start: off + header, end: next, missing: off + size - next}) {
			return
		}
		off += size
	}
}

// child returns the first box within b that the path leads to.
func (b box) child(s *source, path ...string) (box, bool) {
	for _, kind := range path {
		var found box
		boxes(s, b.start, b.end, func(c box) bool {
			if c.kind == kind {
				found = c
			}
			return found.kind == ""
		})
		if found.kind == "" {
			return box{}, false
		}
		b = found
	}
	return b, true
}

// peek returns the first n bytes of the content of b, or as many as it has.
func (b box) peek(s *source, n int) []byte {
	return s.peek(b.start, int(max(min(int64(n), b.end-b.start), 0)))
}

// mp4Top is what the top level of an MP4 file tells.
type mp4Top struct {
	moov           box
	found          bool
	media, missing int64 // bytes of media data in the file, and cut off its end
}

func openMP4(s *source) mp4Top {
	var f mp4Top
	boxes(s, 0, s.size, func(b box) bool {
		switch {
		case b.kind == "moov" && !f.found:
			f.moov, f.found = b, true
		case b.kind == "mdat":
			f.media += max(b.end-b.start, 0)
			f.missing += b.missing
		}
		return true
	})
	return f
}

// mp4Codecs are the codecs of sound, by their sample entry, that players know.
var mp4Codecs = map[string]bool{
	"mp4a": true, "alac": true, "fLaC": true, "Opus": true, ".mp3": true, "ac-3": true, "ec-3": true,
}

// mp4Track is the first track of sound in an MP4 file.
type mp4Track struct {
	id             uint32
	channels, rate int
	timescale      int
	units          float64 // the length of the media, in timescale
	skip           float64 // how much of that an edit list passes over at the start
	edited         float64 // the length an edit list leaves, in seconds; 0 if it does not say
}

// probeMP4 reads an MP4 file, fragmented or not. The duration is that of the
// samples of the first track of sound, less what its edit list takes off: the
// priming of the encoder.
func probeMP4(s *source) (Info, error) {
	f := openMP4(s)
	if !f.found {
		return Info{}, notAudio("mp4 without moov")
	}
	var tr mp4Track
	var ok bool
	boxes(s, f.moov.start, f.moov.end, func(b box) bool {
		if b.kind == "trak" {
			tr, ok = readMP4Track(s, b, f.moov)
		}
		return !ok
	})
	if !ok {
		return Info{}, notAudio("mp4 without a track of sound that is known")
	}
	_, fragmented := f.moov.child(s, "mvex")
	if fragmented {
		tr.units += tr.fragments(s, f.moov)
	}
	info := Info{Format: AAC, Channels: tr.channels, SampleRate: tr.rate}
	info.Duration = seconds(max(tr.units-tr.skip, 0), tr.timescale)
	if edited := seconds(tr.edited, 1); edited > 0 {
		info.Duration = min(info.Duration, edited)
	}
	if f.missing > 0 && !fragmented { // the file was cut: what is left is in proportion
		info.Duration = seconds(info.Duration.Seconds()*float64(f.media)/float64(f.media+f.missing), 1)
	}
	info.Bitrate = bitrate(f.media, info.Duration)
	return info, nil
}

// readMP4Track reads the track in trak, if it is one of sound.
func readMP4Track(s *source, trak, moov box) (mp4Track, bool) {
	be := binary.BigEndian
	hdlr, _ := trak.child(s, "mdia", "hdlr")
	if !hasAt(hdlr.peek(s, 12), 8, "soun") {
		return mp4Track{}, false
	}
	var tr mp4Track
	stsd, _ := trak.child(s, "mdia", "minf", "stbl", "stsd")
	entry := stsd.peek(s, 512)
	if len(entry) < 44 || !mp4Codecs[string(entry[12:16])] {
		return mp4Track{}, false
	}
	tr.channels = int(be.Uint16(entry[32:]))
	if n := aacChannels(entry); n > 0 {
		tr.channels = n // the field above is 2 in many a file of one channel
	}
	tr.rate = int(be.Uint16(entry[40:]))
	if tr.channels == 0 {
		return mp4Track{}, false
	}

	tkhd, _ := trak.child(s, "tkhd")
	if b := tkhd.peek(s, 24); len(b) == 24 {
		tr.id = be.Uint32(b[wide(b, 12, 20):])
	}
	mdhd, _ := trak.child(s, "mdia", "mdhd")
	var ok bool
	if tr.timescale, tr.units, ok = mp4Times(mdhd.peek(s, 32)); !ok {
		return mp4Track{}, false
	}
	if tr.rate == 0 { // it does not fit above 65,535 Hz
		tr.rate = tr.timescale
	}
	if stts, ok := trak.child(s, "mdia", "minf", "stbl", "stts"); ok {
		if units := sumSTTS(s, stts); units > 0 {
			tr.units = units
		}
	}
	mvhd, _ := moov.child(s, "mvhd")
	scale, _, ok := mp4Times(mvhd.peek(s, 32))
	elst, edits := trak.child(s, "edts", "elst")
	if ok && edits {
		tr.readEdits(s, elst, scale)
	}
	return tr, true
}

// aacChannels returns the channels that the AAC configuration in a sample entry
// tells, or 0. It is a descriptor in a descriptor in a descriptor, of tags 3, 4
// and 5 and some bytes of their own: ISO/IEC 14496-1 section 7.2.6.
func aacChannels(entry []byte) int {
	_, b, ok := bytes.Cut(entry, []byte("esds"))
	if !ok || len(b) < 4 {
		return 0
	}
	b = b[4:]
	for _, d := range [...]struct{ tag, own int }{{3, 3}, {4, 13}, {5, 0}} {
		if len(b) == 0 || int(b[0]) != d.tag {
			return 0
		}
		n := 1
		for n < len(b) && b[n]&0x80 != 0 { // the length goes on
			n++
		}
		n += 1 + d.own
		if n >= len(b) {
			return 0
		}
		b = b[n:]
	}
	if len(b) < 2 || b[0]>>3 == 31 {
		return 0
	}
	channels := int(b[1] >> 3 & 0x0F)
	if escaped := b[0]&7 == 7 && b[1]&0x80 != 0; escaped || channels > 7 {
		return 0
	}
	if channels == 7 {
		channels = 8
	}
	return channels
}

// wide returns which of two offsets holds in a box whose content is b: that of
// version 0, or that of version 1, where times have 64 bits.
func wide(b []byte, v0, v1 int) int {
	if b[0] == 1 {
		return v1
	}
	return v0
}

// mp4Times reads the timescale, in units a second, and the duration, in such
// units, of an mvhd or mdhd box.
func mp4Times(b []byte) (timescale int, units float64, ok bool) {
	be := binary.BigEndian
	switch {
	case len(b) >= 20 && b[0] == 0:
		timescale = int(be.Uint32(b[12:]) &^ (1 << 31))
		if n := be.Uint32(b[16:]); n != 1<<32-1 {
			units = float64(n)
		}
	case len(b) >= 32 && b[0] == 1:
		timescale = int(be.Uint32(b[20:]) &^ (1 << 31))
		if n := be.Uint64(b[24:]); n != 1<<64-1 {
			units = float64(n)
		}
	}
	return timescale, units, timescale > 0
}

// sumSTTS adds up the durations of all samples.
func sumSTTS(s *source, stts box) float64 {
	b := stts.peek(s, 8)
	if len(b) < 8 {
		return 0
	}
	units := 0.0
	count := int64(binary.BigEndian.Uint32(b[4:]))
	for i := range min(count, (stts.end-stts.start-8)/8) {
		e := s.peek(stts.start+8+8*i, 8)
		if len(e) < 8 {
			break
		}
		units += float64(binary.BigEndian.Uint32(e)) * float64(binary.BigEndian.Uint32(e[4:]))
	}
	return units
}

// readEdits reads an edit list, whose lengths are in units of the movie. An
// empty edit, of media time -1, is silence: it adds no sound.
func (tr *mp4Track) readEdits(s *source, elst box, scale int) {
	be := binary.BigEndian
	const maxEdits = 1024
	b := elst.peek(s, 8)
	if len(b) < 8 {
		return
	}
	size := int64(wide(b, 12, 20))
	count := min(int64(be.Uint32(b[4:])), maxEdits)
	version1 := b[0] == 1
	for i := range count {
		e := s.peek(elst.start+8+i*size, int(size))
		if int64(len(e)) < size {
			return
		}
		length, at := float64(be.Uint32(e)), int64(int32(be.Uint32(e[4:])))
		if version1 {
			length, at = float64(be.Uint64(e)), int64(be.Uint64(e[8:]))
		}
		if at < 0 {
			continue
		}
		tr.edited += length / float64(scale)
		if i == 0 || tr.skip == 0 {
			tr.skip = float64(at)
		}
	}
}
