package audio

// adtsRates are the sampling frequencies by index, ISO/IEC 14496-3 table 1.18.
var adtsRates = [...]int{
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
}

// parseADTS reads the header of an ADTS frame, ISO/IEC 14496-3 section 1.A.2.2.
// It tells the rate and the channels of the core: HE-AAC doubles them in the
// decoder, which leaves the duration as it is.
func parseADTS(b []byte) (frame, bool) {
	if len(b) < 7 || b[0] != 0xFF || b[1]&0xF6 != 0xF0 {
		return frame{}, false
	}
	rate := int(b[2] >> 2 & 0x0F)
	size := int(b[3]&3)<<11 | int(b[4])<<3 | int(b[5])>>5
	header := 7
	if protected := b[1]&1 == 0; protected {
		header += 2
	}
	if rate >= len(adtsRates) || size <= header {
		return frame{}, false
	}
	channels := int(b[2]&1)<<2 | int(b[3])>>6
	if channels == 7 {
		channels = 8
	}
	return frame{
		format:   ADTS,
		size:     size,
		samples:  1024 * (int(b[6]&3) + 1),
		rate:     adtsRates[rate],
		channels: channels,
		kind:     uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2]&^2)<<8 | uint32(b[3]&0xC0),
	}, true
}
