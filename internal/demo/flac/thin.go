package flac

import "math"

// hidden is how far below the sound of a block its rounding stays: 66 dB, which
// nobody hears under the sound itself.
const hidden = 0.0005

// Thin rounds the interleaved stereo samples in place, as coarsely as the
// loudness of each block hides, so that Encode needs fewer bits for them:
// FLAC does not store low bits that are zero all through a block. A loud block
// loses about three bits, a quiet one none.
func Thin(pcm []int16) {
	for start := 0; start < len(pcm); start += 2 * blockSize {
		block := pcm[start:min(start+2*blockSize, len(pcm))]
		power := 0.0
		for _, v := range block {
			power += float64(v) * float64(v)
		}
		noise := hidden * math.Sqrt(power/float64(len(block)))
		// Rounding to a step makes a noise of the step over the root of 12.
		bits := 0
		for bits < 8 && float64(int(2)<<bits)/math.Sqrt(12) <= noise {
			bits++
		}
		step := 1 << bits
		for i, v := range block {
			rounded := (int(v) + step/2) &^ (step - 1)
			block[i] = int16(min(rounded, math.MaxInt16&^(step-1)))
		}
	}
}
