package synth

import (
	"math"
	"math/rand/v2"
	"slices"
)

// The level of a finished piece: how loud it is where it plays, and what no
// sample exceeds.
const (
	targetLoudness = -15.2 // dB RMS
	ceiling        = -1.5  // dB
)

// loudness returns the root mean square of a bus over the louder half of its
// twentieths of a second, so that rests do not count.
func loudness(b bus) float64 {
	const block = SampleRate / 20
	var powers []float64
	for i := 0; i < len(b.l); i += block {
		end := min(i+block, len(b.l))
		sum := 0.0
		for k := i; k < end; k++ {
			l, r := float64(b.l[k]), float64(b.r[k])
			sum += l*l + r*r
		}
		if p := sum / float64(2*(end-i)); p > 1e-9 {
			powers = append(powers, p)
		}
	}
	if len(powers) == 0 {
		return 0
	}
	slices.Sort(powers)
	powers = powers[len(powers)/2:]
	sum := 0.0
	for _, p := range powers {
		sum += p
	}
	return math.Sqrt(sum / float64(len(powers)))
}

// level takes the rumble and the offset out of the bus, opens its top a little,
// and brings it to the target loudness.
func level(b bus) {
	const presence = 0.55
	for _, y := range [][]float32{b.l, b.r} {
		var rumble, body lowpass
		rumble.set(26, 0.7)
		body.set(2400, 0.6)
		for i, x := range y {
			x -= rumble.next(x)
			y[i] = x + presence*(x-body.next(x))
		}
	}
	loud := loudness(b)
	if loud == 0 {
		return
	}
	gain := float32(decibels(targetLoudness) / loud)
	for i := range b.l {
		b.l[i] *= gain
		b.r[i] *= gain
	}
}

// limit turns the bus down around every peak over the ceiling. It looks ahead:
// the gain is the smallest that any peak in a window needs, averaged over the
// same window, so it is always low enough and never jumps.
func limit(b bus) {
	const window = 2 * SampleRate / 100
	top := float32(decibels(ceiling))
	n := len(b.l)
	need := make([]float32, n+window)
	for i := range need {
		need[i] = 1
		if i < n {
			if peak := max(b.l[i], -b.l[i], b.r[i], -b.r[i]); peak > top {
				need[i] = top / peak
			}
		}
	}
	// smallest[i] is the least of need[i : i+window], by a queue of candidates
	// that grow from its front to its back.
	smallest := make([]float32, n)
	var queue []int
	for i, g := range need {
		for len(queue) > 0 && need[queue[len(queue)-1]] >= g {
			queue = queue[:len(queue)-1]
		}
		queue = append(queue, i)
		start := i - window + 1
		if queue[0] < start {
			queue = queue[1:]
		}
		if start >= 0 && start < n {
			smallest[start] = need[queue[0]]
		}
	}
	// The average of the windows that contain sample i.
	sum := 0.0
	for range window {
		sum += float64(smallest[0])
	}
	for i := range n {
		old := smallest[0]
		if i >= window {
			old = smallest[i-window]
		}
		sum += float64(smallest[i]) - float64(old)
		g := float32(sum / window)
		b.l[i] *= g
		b.r[i] *= g
	}
}

// fade opens the bus without a click and closes it over its last seconds.
func fade(b bus, seconds float64) {
	n := len(b.l)
	in := min(n, SampleRate/100)
	for i := range in {
		g := float32(i) / float32(in)
		b.l[i] *= g
		b.r[i] *= g
	}
	out := min(n, int(max(seconds, 0.05)*SampleRate))
	for i := range out {
		x := float64(i) / float64(out)
		g := float32(0.5 + 0.5*math.Cos(math.Pi*x))
		b.l[n-out+i] *= g
		b.r[n-out+i] *= g
	}
}

// tape plays the bus from a worn tape: its speed wavers, its top is dull, loud
// passages are rounded, and dust crackles.
func tape(t *tables, rng *rand.Rand, b bus) {
	const depth = 0.0011 * SampleRate
	for _, y := range [][]float32{b.l, b.r} {
		line := newDelay(SampleRate / 200)
		wow, flutter := osc{table: t.sine}, osc{table: t.sine}
		for i, x := range y {
			back := float32(1.4*depth) + depth*wow.next(0.53/SampleRate) + 0.05*depth*flutter.next(6.1/SampleRate)
			y[i] = line.at(1 + back)
			line.push(x)
		}
	}
	loud := loudness(b)
	if loud == 0 {
		return
	}
	// Full scale of the tape lies 14 dB over the average.
	drive := float32(1 / (5 * loud))
	for _, y := range [][]float32{b.l, b.r} {
		for i, x := range y {
			x *= drive
			y[i] = x / float32(math.Sqrt(float64(1+0.3*x*x))) / drive
		}
	}
	dust := float32(0.22 * loud)
	for i := 0; i < len(b.l); i += 1 + int(rng.ExpFloat64()*SampleRate/9) {
		grain := dust * float32(rng.Float64()*rng.Float64())
		side := float32(rng.Float64())
		for k := 0; k < 24 && i+k < len(b.l); k++ {
			v := grain * float32(math.Exp(-float64(k)/6)*math.Cos(float64(k)*1.1))
			b.l[i+k] += v * side
			b.r[i+k] += v * (1 - side)
		}
	}
	darken(b, 8200, 0)
}
