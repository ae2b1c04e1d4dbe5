package flac

import "math/bits"

// A frameEncoder encodes blocks; it keeps what every block needs again.
type frameEncoder struct {
	rate     uint64 // the header's code of the sample rate
	crc      *[256]uint16
	predict  *predictor
	channels [4][]int64 // left, right, mid, side
}

func newFrameEncoder(sampleRate int) *frameEncoder {
	return &frameEncoder{rate: rateCodes[sampleRate], crc: crcTable(), predict: newPredictor()}
}

// rateCodes are the rates that a frame's header can name (9.1.2); 0, which
// stands for any other, refers to the head of the stream.
var rateCodes = map[int]uint64{
	88200: 1, 176400: 2, 192000: 3, 8000: 4, 16000: 5, 22050: 6,
	24000: 7, 32000: 8, 44100: 9, 48000: 10, 96000: 11,
}

// The four signals a block can be sent as; any of pairings restores both
// channels.
const (
	left = iota
	right
	mid
	side
)

// pairings are the ways to send two channels, with their codes (9.1.3).
var pairings = [...]struct {
	code          uint64
	first, second int
}{
	{1, left, right}, {8, left, side}, {9, side, right}, {10, mid, side},
}

// frame appends the frame of one block of interleaved samples (9).
func (e *frameEncoder) frame(out []byte, block []int16, number int) []byte {
	n := len(block) / 2
	for c := range e.channels {
		e.channels[c] = e.channels[c][:0]
	}
	for i := range n {
		l, r := int64(block[2*i]), int64(block[2*i+1])
		e.channels[left] = append(e.channels[left], l)
		e.channels[right] = append(e.channels[right], r)
		e.channels[mid] = append(e.channels[mid], (l+r)>>1)
		e.channels[side] = append(e.channels[side], l-r)
	}
	var subs [4]subframe
	for c := range subs {
		depth := uint(16)
		if c == side {
			depth = 17 // a difference needs one bit more
		}
		wasted := wastedBits(e.channels[c])
		subs[c] = e.predict.best(e.channels[c], depth-wasted)
		subs[c].wasted = wasted
	}
	best := pairings[0]
	for _, p := range pairings[1:] {
		if subs[p.first].size+subs[p.second].size < subs[best.first].size+subs[best.second].size {
			best = p
		}
	}

	start := len(out)
	var head bitWriter
	head.write(0xfff8, 16)   // the mark of a frame of fixed-size blocks
	head.write(0b0111, 4)    // the size follows in 16 bits
	head.write(e.rate, 4)    // samples a second
	head.write(best.code, 4) // how the channels are paired
	head.write(0b100<<1, 4)  // 16 bits a sample, and a reserved bit
	out = append(out, head.bytes()...)
	out = appendNumber(out, number)
	out = append(out, byte((n-1)>>8), byte(n-1))
	out = append(out, crc8(out[start:]))

	var body bitWriter
	body.out = out
	subs[best.first].write(&body)
	subs[best.second].write(&body)
	out = body.bytes()
	sum := crc16(e.crc, out[start:])
	return append(out, byte(sum>>8), byte(sum))
}

// wastedBits shifts away the low bits that are zero in every sample, and
// returns how many they were. Silence wastes none.
func wastedBits(samples []int64) uint {
	var used int64
	for _, v := range samples {
		used |= v
	}
	if used == 0 {
		return 0
	}
	wasted := bits.TrailingZeros64(uint64(used))
	for i := range samples {
		samples[i] >>= wasted
	}
	return uint(wasted)
}

// A subframe is one channel of a block, ready to be written.
type subframe struct {
	samples  []int64
	depth    uint // bits a sample, without the wasted ones
	wasted   uint
	kind     subframeKind
	coeffs   []int64 // of the prediction, for the sample before first
	shift    uint
	residual []int64 // what the prediction misses, after the first len(coeffs) samples
	rice     riceCode
	size     int // bits, all told
}

type subframeKind uint8

const (
	verbatim subframeKind = iota
	constant
	linear
)

// write appends the subframe (9.2).
func (s *subframe) write(w *bitWriter) {
	order := len(s.coeffs)
	kinds := [...]uint64{verbatim: 0b000001, constant: 0b000000, linear: 0b100000 + uint64(max(order-1, 0))}
	w.write(kinds[s.kind], 7)
	if s.wasted == 0 {
		w.write(0, 1)
	} else {
		w.write(1, 1)
		w.write(1, s.wasted) // in unary
	}
	switch s.kind {
	case constant:
		w.signed(s.samples[0], s.depth)
	case verbatim:
		for _, v := range s.samples {
			w.signed(v, s.depth)
		}
	case linear:
		for _, v := range s.samples[:order] {
			w.signed(v, s.depth)
		}
		w.write(precision-1, 4)
		w.write(uint64(s.shift), 5)
		for _, c := range s.coeffs {
			w.signed(c, precision)
		}
		s.rice.write(w, s.residual, len(s.samples))
	}
}

// A riceCode says how residuals are coded: in 2^order partitions of equal
// length, each with a parameter of its own (9.2.7).
type riceCode struct {
	order  uint
	params []uint
	size   int // bits
}

// maxPartitionOrder is the subset's limit.
const maxPartitionOrder = 8

// maxRice is the largest parameter that four bits hold beside the escape.
const maxRice = 14

// bestRice returns the cheapest code for the residual of a block of n samples.
func bestRice(residual []int64, n int) riceCode {
	order := uint(min(maxPartitionOrder, bits.TrailingZeros(uint(n))))
	missing := n - len(residual) // the first partition lacks the warm-up samples
	for order > 0 && n>>order <= missing {
		order--
	}
	sums := make([]uint64, 1<<order)
	length := n >> order
	for i, v := range residual {
		sums[(i+missing)/length] += zigzag(v)
	}
	best := riceCode{size: 1 << 62}
	for {
		code := riceCode{order: order, size: 2 + 4 + 4<<order, params: make([]uint, 1<<order)}
		for p := range code.params {
			count := n >> order
			if p == 0 {
				count -= missing
			}
			k, size := riceParam(sums[p], count)
			code.params[p] = k
			code.size += size
		}
		if code.size < best.size {
			best = code
		}
		if order == 0 {
			return best
		}
		order--
		for p := range 1 << order {
			sums[p] = sums[2*p] + sums[2*p+1]
		}
	}
}

// riceParam returns the parameter for count residuals whose zigzags sum up to
// sum, and about how many bits they take.
func riceParam(sum uint64, count int) (k uint, size int) {
	cost := func(k uint) int { return count*int(k+1) + int(sum>>k) }
	for k < maxRice && cost(k+1) < cost(k) {
		k++
	}
	return k, cost(k)
}

// write appends the coded residual of a block of n samples.
func (c riceCode) write(w *bitWriter, residual []int64, n int) {
	w.write(0, 2) // parameters of four bits
	w.write(uint64(c.order), 4)
	missing := n - len(residual)
	for p, k := range c.params {
		w.write(uint64(k), 4)
		from, to := p*(n>>c.order)-missing, (p+1)*(n>>c.order)-missing
		for _, v := range residual[max(from, 0):to] {
			w.rice(v, k)
		}
	}
}
