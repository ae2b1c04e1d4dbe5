package synth

import "math"

// A mode is one partial of a struck body.
type mode struct {
	ratio float64 // of the fundamental
	gain  float64
	decay float64 // seconds to a third, at A4
}

// A piano string is slightly stiff, so its partials are sharp.
func pianoModes(freq, velocity float64) []mode {
	modes := make([]mode, 0, 14)
	for k := 1; k <= 14; k++ {
		n := float64(k)
		gain := math.Pow(n, -1.15) * math.Exp(-n*(0.3-0.2*velocity)*math.Sqrt(freq/260))
		modes = append(modes, mode{n * math.Sqrt(1+0.0004*n*n), gain, 1.5 / (1 + 0.3*(n-1))})
	}
	return modes
}

func vibesModes(_, velocity float64) []mode {
	return []mode{{1, 0.8, 2.2}, {3.98, 0.3 * velocity, 0.6}, {9.9, 0.1 * velocity, 0.14}}
}

func kalimbaModes(_, velocity float64) []mode {
	return []mode{{1, 0.85, 0.9}, {2, 0.1, 0.4}, {5.9, 0.24 * velocity, 0.1}, {11.3, 0.08 * velocity, 0.05}}
}

func bellModes(_, velocity float64) []mode {
	return []mode{{1, 0.6, 3}, {2.01, 0.26, 2}, {2.76, 0.2 * velocity, 1.2}, {4.07, 0.1 * velocity, 0.8}, {5.4, 0.06 * velocity, 0.5}}
}

// modal returns an instrument that is struck and rings in modes. Every mode is
// a decaying sinusoid, made by turning and shrinking a complex number by the
// same factor at every sample.
func modal(modes func(freq, velocity float64) []mode, attack, release float64) func(*tables, tone, bus) {
	return func(_ *tables, n tone, out bus) {
		w := out.window(n.start, n.length+ringing(release))
		y := make([]float32, len(w.l))
		pitchDecay := math.Pow(440/n.freq, 0.45)
		for _, m := range modes(n.freq, n.velocity) {
			freq := n.freq * m.ratio
			if freq > 0.42*SampleRate {
				continue
			}
			shrink := math.Exp(-1 / (m.decay * pitchDecay * SampleRate))
			sin, cos := math.Sincos(2 * math.Pi * freq / SampleRate)
			sin, cos = sin*shrink, cos*shrink
			re, im := m.gain*n.velocity*0.5, 0.0
			// A mode is dropped once nobody can hear it.
			audible := min(len(y), int(math.Log(3e4)*m.decay*pitchDecay*SampleRate))
			for i := range y[:audible] {
				re, im = re*cos-im*sin, re*sin+im*cos
				y[i] += float32(im)
			}
		}
		damp(y, n.length, attack, release)
		l, r := n.sides()
		for i, v := range y {
			w.l[i] += v * l
			w.r[i] += v * r
		}
	}
}

// damp softens the start of a ringing sound and lets it die after the gate.
func damp(y []float32, gate int, attack, release float64) {
	rise := int(attack * SampleRate)
	for i := range y[:min(rise, len(y))] {
		x := float32(i) / float32(rise)
		y[i] *= x * x * (3 - 2*x)
	}
	dying := newDecay(release)
	for i := min(gate, len(y)); i < len(y); i++ {
		y[i] *= float32(dying.next())
	}
}

// plucked returns a plucked string: noise that runs round a delay line as long
// as the string's period and loses its edge on the way (Karplus and Strong,
// "Digital Synthesis of Plucked-String and Drum Timbres", 1983; tuned by the
// all-pass of Jaffe and Smith's extension).
func plucked(loss, brightness float64) func(*tables, tone, bus) {
	return func(_ *tables, n tone, out bus) {
		const blend = 0.5 // of neighbouring samples in the loop; it delays by half a sample
		period := SampleRate/n.freq - blend
		size := max(2, int(period-0.1))
		frac := period - float64(size)
		allpass := float32((1 - frac) / (1 + frac))

		line := make([]float32, size)
		var low float32
		soft := float32(brightness * (0.4 + 0.6*n.velocity))
		mean := float32(0)
		for i := range line {
			low += soft * (float32(n.rng.Float64()*2-1) - low)
			line[i] = low
			mean += low / float32(size)
		}
		// A fixed energy, whatever the noise, and no offset.
		power := 0.0
		for i := range line {
			line[i] -= mean
			power += float64(line[i] * line[i])
		}
		norm := float32(n.velocity * 0.32 / math.Sqrt(power/float64(size)+1e-9))

		gate := n.length + int(0.35*SampleRate)
		w := out.window(n.start, gate+ringing(0.5))
		y := make([]float32, len(w.l))
		keep := float32(math.Pow(loss, 220/n.freq+0.15))
		var last, apIn, apOut float32
		at := 0
		for i := range y {
			x := line[at]
			mixed := keep * (blend*x + (1-blend)*last)
			last = x
			apOut, apIn = allpass*(mixed-apOut)+apIn, mixed
			line[at] = apOut
			if at++; at == size {
				at = 0
			}
			y[i] = x * norm
		}
		damp(y, gate, 0.002, 0.5)
		l, r := n.sides()
		for i, v := range y {
			w.l[i] += v * l
			w.r[i] += v * r
		}
	}
}
