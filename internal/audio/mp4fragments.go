package audio

import "encoding/binary"

// fragments returns the length, in units of the track, of the samples that the
// movie fragments of the file hold: ISO/IEC 14496-12 section 8.8.
func (tr *mp4Track) fragments(s *source, moov box) float64 {
	normal := tr.defaultDuration(s, moov)
	units := 0.0
	boxes(s, 0, s.size, func(moof box) bool {
		if moof.kind == "moof" {
			boxes(s, moof.start, moof.end, func(traf box) bool {
				if traf.kind == "traf" {
					units += tr.fragment(s, traf, normal)
				}
				return true
			})
		}
		return true
	})
	return units
}

// defaultDuration returns how long a sample of the track lasts where nothing
// else says so.
func (tr *mp4Track) defaultDuration(s *source, moov box) uint32 {
	mvex, _ := moov.child(s, "mvex")
	duration := uint32(0)
	boxes(s, mvex.start, mvex.end, func(trex box) bool {
		b := trex.peek(s, 16)
		if trex.kind == "trex" && len(b) == 16 && binary.BigEndian.Uint32(b[4:]) == tr.id {
			duration = binary.BigEndian.Uint32(b[12:])
		}
		return true
	})
	return duration
}

// fragment returns the length of the samples in one traf box, if it is of the
// track.
func (tr *mp4Track) fragment(s *source, traf box, duration uint32) float64 {
	be := binary.BigEndian
	tfhd, _ := traf.child(s, "tfhd")
	b := tfhd.peek(s, 24)
	if len(b) < 8 || be.Uint32(b[4:]) != tr.id {
		return 0
	}
	flags := be.Uint32(b)
	b = b[8:]
	for _, field := range [...]struct {
		flag uint32
		size int
	}{{0x1, 8}, {0x2, 4}} {
		if flags&field.flag != 0 {
			b = b[min(field.size, len(b)):]
		}
	}
	if flags&0x8 != 0 && len(b) >= 4 {
		duration = be.Uint32(b)
	}
	units := 0.0
	boxes(s, traf.start, traf.end, func(trun box) bool {
		if trun.kind == "trun" {
			units += sumRun(s, trun, duration)
		}
		return true
	})
	return units
}

// sumRun adds up the durations of the samples in a trun box. A run whose
// samples have no durations of their own is a product.
func sumRun(s *source, trun box, duration uint32) float64 {
	be := binary.BigEndian
	b := trun.peek(s, 8)
	if len(b) < 8 {
		return 0
	}
	flags, count := be.Uint32(b), int64(be.Uint32(b[4:]))
	off := trun.start + 8
	for _, flag := range [...]uint32{0x1, 0x4} { // data offset, flags of the first sample
		if flags&flag != 0 {
			off += 4
		}
	}
	if flags&0x100 == 0 {
		return float64(count) * float64(duration)
	}
	size := int64(0)
	for _, flag := range [...]uint32{0x100, 0x200, 0x400, 0x800} { // duration first, then three more
		if flags&flag != 0 {
			size += 4
		}
	}
	units := 0.0
	for i := range min(count, (trun.end-off)/size) {
		e := s.peek(off+i*size, 4)
		if len(e) < 4 {
			break
		}
		units += float64(be.Uint32(e))
	}
	return units
}
