// Package flac writes FLAC files: lossless, seekable, tagged, and played by
// every browser.
//
// It encodes 16-bit stereo sound the way the format's subset for streaming
// allows: blocks of 4096 samples, linear prediction of up to twelve
// coefficients, Rice-coded residuals, and the best of the four ways to pair the
// channels. The format is that of RFC 9639; section numbers in comments are
// its.
package flac

import (
	"crypto/md5"
	"encoding/binary"
	"slices"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// blockSize is the number of samples a frame holds of each channel.
const blockSize = 4096

// seekFrames is how many frames lie between two seek points: about half a
// second at 32 kHz.
const seekFrames = 4

// Tag is one field of the file's Vorbis comment, such as {"TITLE", "Dawn"}. Keys
// are printable ASCII without '=', and may repeat.
type Tag struct{ Key, Value string }

// Encode returns the FLAC file of interleaved stereo samples (left, right) at
// sampleRate samples per second and channel. It is an errs.Invalid error if pcm
// is empty or not of whole pairs, or if the rate is none that the format's
// header can hold.
func Encode(pcm []int16, sampleRate int, tags []Tag) ([]byte, error) {
	switch {
	case len(pcm) == 0 || len(pcm)%2 != 0:
		return nil, errs.New(errs.Invalid, "%d samples are no stereo sound", len(pcm))
	case sampleRate < 1 || sampleRate >= 1<<20:
		return nil, errs.New(errs.Invalid, "a sample rate of %d is out of range", sampleRate)
	}
	var (
		frames  []byte
		points  []seekPoint
		minimum = 1 << 24
		maximum = 0
		enc     = newFrameEncoder(sampleRate)
	)
	for number := 0; number*2*blockSize < len(pcm); number++ {
		start := number * 2 * blockSize
		block := pcm[start:min(start+2*blockSize, len(pcm))]
		if number%seekFrames == 0 {
			points = append(points, seekPoint{start / 2, len(frames), len(block) / 2})
		}
		before := len(frames)
		frames = enc.frame(frames, block, number)
		minimum = min(minimum, len(frames)-before)
		maximum = max(maximum, len(frames)-before)
	}

	var info bitWriter
	info.write(blockSize, 16) // the last block may be shorter; it does not count
	info.write(blockSize, 16)
	info.write(uint64(minimum), 24)
	info.write(uint64(maximum), 24)
	info.write(uint64(sampleRate), 20)
	info.write(2-1, 3)  // channels
	info.write(16-1, 5) // bits a sample
	info.write(uint64(len(pcm)/2), 36)
	sum := checksum(pcm)

	out := []byte("fLaC")
	out = appendMetadata(out, 0, false, slices.Concat(info.bytes(), sum[:]))
	out = appendMetadata(out, 3, false, seekTable(points))
	out = appendMetadata(out, 4, true, vorbisComment(tags))
	return append(out, frames...), nil
}

// appendMetadata appends one metadata block (8.1).
func appendMetadata(out []byte, kind byte, last bool, body []byte) []byte {
	if last {
		kind |= 0x80
	}
	n := len(body)
	out = append(out, kind, byte(n>>16), byte(n>>8), byte(n))
	return append(out, body...)
}

// A seekPoint says where a frame begins.
type seekPoint struct{ sample, offset, samples int }

// seekTable returns the body of a seek table (8.5).
func seekTable(points []seekPoint) []byte {
	var out []byte
	for _, p := range points {
		out = binary.BigEndian.AppendUint64(out, uint64(p.sample))
		out = binary.BigEndian.AppendUint64(out, uint64(p.offset))
		out = binary.BigEndian.AppendUint16(out, uint16(p.samples))
	}
	return out
}

// vorbisComment returns the body of the tags (8.6), the one place where the
// format counts from the little end.
func vorbisComment(tags []Tag) []byte {
	field := func(out []byte, s string) []byte {
		return append(binary.LittleEndian.AppendUint32(out, uint32(len(s))), s...)
	}
	out := field(nil, "Antiphon")
	out = binary.LittleEndian.AppendUint32(out, uint32(len(tags)))
	for _, t := range tags {
		out = field(out, t.Key+"="+t.Value)
	}
	return out
}

// checksum returns the MD5 of the samples as little-endian bytes (8.2), by
// which a decoder can prove that nothing was lost.
func checksum(pcm []int16) [md5.Size]byte {
	raw := make([]byte, 0, 2*len(pcm))
	for _, v := range pcm {
		raw = append(raw, byte(v), byte(v>>8))
	}
	return md5.Sum(raw)
}
