package audio

import "encoding/binary"

// The tables of the MPEG audio header, ISO/IEC 11172-3 section 2.4.2.3 and
// ISO/IEC 13818-3 section 2.4.2.3.
var (
	// mp3Bitrates are in kbit/s. The first index is 0 for MPEG-1 and 1 for
	// MPEG-2 and 2.5, the second the layer less one. Bit rate 0 is the free
	// format, whose frames do not tell their size: no player of note plays it.
	mp3Bitrates = [2][3][15]int{
		{
			{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
			{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
			{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
		},
		{
			{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
			{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
			{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
		},
	}
	mp3Rates = [3]int{44100, 48000, 32000} // of MPEG-1; halved by MPEG-2, and again by 2.5
)

// parseMP3 reads an MPEG audio frame header.
func parseMP3(b []byte) (frame, bool) {
	if len(b) < 4 || b[0] != 0xFF || b[1]&0xE0 != 0xE0 {
		return frame{}, false
	}
	version := b[1] >> 3 & 3 // 0 is MPEG-2.5, 2 is MPEG-2, 3 is MPEG-1
	layer := 4 - int(b[1]>>1&3)
	bitrateIndex, rateIndex := b[2]>>4, b[2]>>2&3
	if version == 1 || layer == 4 || bitrateIndex == 0 || bitrateIndex == 15 || rateIndex == 3 {
		return frame{}, false
	}
	if emphasis := b[3] & 3; emphasis == 2 {
		return frame{}, false
	}

	low, shift := 1, 1
	switch version {
	case 3:
		low, shift = 0, 0
	case 0:
		shift = 2
	}
	f := frame{
		format:   MP3,
		rate:     mp3Rates[rateIndex] >> shift,
		samples:  1152,
		channels: 2,
		kind:     binary.BigEndian.Uint32(b) & 0xFFFE0C00, // sync, version, layer, rate
	}
	if mode := b[3] >> 6; mode == 3 {
		f.channels = 1
	}
	slot := 1 // the unit, in bytes, that padding adds
	switch {
	case layer == 1:
		f.samples, slot = 384, 4
	case layer == 3 && low == 1:
		f.samples = 576
	}
	bits := mp3Bitrates[low][layer-1][bitrateIndex] * 1000
	f.size = (f.samples / 8 / slot) * bits / f.rate * slot
	if padded := b[2]>>1&1 == 1; padded {
		f.size += slot
	}
	return f, true
}

// readVBRHeader reads the Xing, Info or VBRI header that an encoder may have
// put in place of the sound of the first frame, f at off. It answers true if
// the header gives the number of frames and fits the file: one that was cut or
// joined has to be walked, from the offset rest, which is behind the header.
//
// The headers are described by "MP3 Info Tag revision 1 specification" of the
// LAME project, and by Fraunhofer's VBR header SDK.
func readVBRHeader(fs frames, off int64, f frame) (info Info, rest int64, ok bool) {
	b := fs.s.peek(off, f.size)
	side := 4 + mp3SideInfo(b, f)
	var count, size uint32
	var gap uint64 // samples that encoder and decoder add, and a player takes off
	switch {
	case hasAt(b, side, "Xing"), hasAt(b, side, "Info"):
		count, size, gap = parseXing(b[side:])
	case hasAt(b, 4+32, "VBRI") && len(b) >= 4+32+18:
		size = binary.BigEndian.Uint32(b[4+32+10:])
		count = binary.BigEndian.Uint32(b[4+32+14:])
	default:
		return Info{}, off, false
	}
	rest = off + int64(f.size)

	// Some writers count the bytes of the header's own frame and some do not; any
	// other difference means that this is not the file that was encoded.
	if count == 0 || size == 0 {
		return Info{}, rest, false
	}
	payload := fs.end - off
	mean := int64(size/count) + 1
	if diff := payload - int64(size); diff < -mean || diff > int64(f.size)+mean {
		return Info{}, rest, false
	}
	total := uint64(count) * uint64(f.samples)
	if gap < total {
		total -= gap
	}
	info = Info{Format: MP3, Channels: f.channels, SampleRate: f.rate, Duration: seconds(float64(total), f.rate)}
	info.Bitrate = bitrate(payload, info.Duration)
	return info, rest, fs.plausible(count, rest, f)
}

// plausible reports whether count frames like f fit between rest and the end,
// at the lowest and at the highest bit rate there is.
func (fs frames) plausible(count uint32, rest int64, f frame) bool {
	least, most := int64(f.samples)*8_000/8/int64(f.rate), int64(f.samples)*448_000/8/int64(f.rate)+4
	n := int64(count)
	return n*least <= fs.end-rest && n*most >= fs.end-rest
}

// mp3SideInfo returns the size of the side information between the header of a
// layer III frame and its sound, which is where Xing headers are.
func mp3SideInfo(b []byte, f frame) int {
	mpeg1 := len(b) > 1 && b[1]>>3&3 == 3
	switch {
	case mpeg1 && f.channels == 2:
		return 32
	case mpeg1 || f.channels == 2:
		return 17
	}
	return 9
}

// parseXing returns the number of frames and bytes that a Xing header gives, 0
// where it does not, and the encoder's delay and padding, in samples.
func parseXing(b []byte) (count, size uint32, gap uint64) {
	if len(b) < 8 {
		return 0, 0, 0
	}
	flags := binary.BigEndian.Uint32(b[4:])
	b = b[8:]
	for bit, length := range [...]int{4, 4, 100, 4} { // frames, bytes, contents, quality
		if flags>>bit&1 == 0 {
			continue
		}
		if len(b) < length {
			return count, size, 0
		}
		switch bit {
		case 0:
			count = binary.BigEndian.Uint32(b)
		case 1:
			size = binary.BigEndian.Uint32(b)
		}
		b = b[length:]
	}
	// LAME's part: nine bytes that name the encoder, and at 21 two numbers of
	// twelve bits each.
	if (hasAt(b, 0, "LAME") || hasAt(b, 0, "Lav")) && len(b) >= 24 {
		gap = uint64(b[21])<<4 + uint64(b[22])>>4 + uint64(b[22]&0x0F)<<8 + uint64(b[23])
	}
	return count, size, gap
}
