package synth

import (
	"math"
	"math/rand/v2"
)

// A kit is one recorded hit of every drum, mono, at full force.
type kit [drumCount][]float32

// newKit makes the hits; a soft kit has less attack and a rounder kick.
func newKit(rng *rand.Rand, soft bool) kit {
	click := 0.5
	kickDecay := 0.16
	if soft {
		click, kickDecay = 0.12, 0.2
	}
	return kit{
		kick:    kickHit(kickDecay, click),
		snare:   mixHits(noiseHit(rng, 0.11, 1400, 7000, 0.5), toneHit(188, 0.07, 0.4), toneHit(331, 0.04, 0.16)),
		rim:     mixHits(toneHit(820, 0.018, 0.5), toneHit(1730, 0.012, 0.35), noiseHit(rng, 0.01, 2000, 8000, 0.2)),
		clap:    clapHit(rng),
		hat:     noiseHit(rng, 0.028, 6500, 15000, 0.42),
		openHat: noiseHit(rng, 0.16, 6000, 14000, 0.34),
		shaker:  shakerHit(rng),
	}
}

func kickHit(decay, click float64) []float32 {
	y := make([]float32, int(decay*6*SampleRate))
	phase := 0.0
	for i := range y {
		t := float64(i) / SampleRate
		freq := 47 + 95*math.Exp(-t/0.028) + 180*click*math.Exp(-t/0.006)
		phase += freq / SampleRate
		rise := min(1, t/0.002)
		y[i] = float32(rise * math.Sin(2*math.Pi*phase) * math.Exp(-t/decay))
	}
	return fadeEnd(y)
}

func toneHit(freq, decay, gain float64) []float32 {
	y := make([]float32, int(decay*7*SampleRate))
	for i := range y {
		t := float64(i) / SampleRate
		y[i] = float32(gain * min(1, t/0.001) * math.Sin(2*math.Pi*freq*t) * math.Exp(-t/decay))
	}
	return fadeEnd(y)
}

// noiseHit is noise between two frequencies in Hz that dies away.
func noiseHit(rng *rand.Rand, decay, low, high, gain float64) []float32 {
	y := make([]float32, int(decay*7*SampleRate))
	var top, bottom lowpass
	top.set(high, 0.7)
	bottom.set(low, 0.7)
	for i := range y {
		t := float64(i) / SampleRate
		x := top.next(float32(rng.Float64()*2 - 1))
		x -= bottom.next(x)
		y[i] = x * float32(gain*min(1, t/0.0015)*math.Exp(-t/decay))
	}
	return fadeEnd(y)
}

// clapHit is a few hands that do not quite meet.
func clapHit(rng *rand.Rand) []float32 {
	var y []float32
	for _, late := range []float64{0, 0.011, 0.023} {
		hit := noiseHit(rng, 0.012, 900, 5000, 0.5)
		if late > 0.02 {
			hit = noiseHit(rng, 0.085, 900, 5000, 0.5)
		}
		y = mixHits(y, append(make([]float32, int(late*SampleRate)), hit...))
	}
	return y
}

// shakerHit swells before it dies.
func shakerHit(rng *rand.Rand) []float32 {
	y := noiseHit(rng, 0.05, 4800, 13000, 0.5)
	rise := int(0.018 * SampleRate)
	for i := range y[:min(rise, len(y))] {
		y[i] *= float32(i) / float32(rise)
	}
	return y
}

func mixHits(hits ...[]float32) []float32 {
	var sum []float32
	for _, hit := range hits {
		if len(hit) > len(sum) {
			sum = append(sum, make([]float32, len(hit)-len(sum))...)
		}
		for i, v := range hit {
			sum[i] += v
		}
	}
	return sum
}

// fadeEnd takes the last quarter of a hit down to silence.
func fadeEnd(y []float32) []float32 {
	from := len(y) * 3 / 4
	for i := from; i < len(y); i++ {
		y[i] *= 1 - float32(i-from)/float32(len(y)-from)
	}
	return y
}

// drumPan is where the drums stand, from left to right.
var drumPan = [drumCount]float64{hat: 0.25, openHat: 0.25, shaker: -0.35, rim: -0.15, clap: 0.05}

// drumGain balances the drums against each other.
var drumGain = [drumCount]float32{kick: 0.95, snare: 0.75, rim: 0.6, clap: 0.75, hat: 0.62, openHat: 0.5, shaker: 0.5}

// hit adds a drum to the bus.
func (k *kit) hit(drum int, n tone, out bus) {
	n.pan = drumPan[drum]
	l, r := n.sides()
	w := out.window(n.start, len(k[drum]))
	gain := drumGain[drum] * float32(n.velocity)
	for i := range w.l {
		v := gain * k[drum][i]
		w.l[i] += v * l
		w.r[i] += v * r
	}
}
