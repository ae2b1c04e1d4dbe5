package synth

import (
	"math"
	"math/rand/v2"
)

// An Instrument names how a part sounds.
type Instrument string

// The instruments.
const (
	Pad       Instrument = "pad"       // slow, warm, detuned strings of an analogue synthesiser
	Glass     Instrument = "glass"     // a pad of pure tones that come and go
	Strings   Instrument = "strings"   // a brighter pad with vibrato
	Piano     Instrument = "piano"     // a felted upright
	EPiano    Instrument = "epiano"    // an electric piano with a turning tremolo
	Vibes     Instrument = "vibes"     // a vibraphone
	Kalimba   Instrument = "kalimba"   // a thumb piano
	Bell      Instrument = "bell"      // small bells, far away
	Harp      Instrument = "harp"      // a concert harp
	Guitar    Instrument = "guitar"    // a nylon guitar
	Pluck     Instrument = "pluck"     // a short synthesiser tone
	Lead      Instrument = "lead"      // a singing synthesiser tone
	Flute     Instrument = "flute"     // a breathy flute
	RoundBass Instrument = "roundbass" // a soft electric bass
	SynthBass Instrument = "synthbass" // a synthesiser bass
	SubBass   Instrument = "subbass"   // hardly more than a sine
	Drums     Instrument = "drums"     // a dry, punchy kit
	SoftDrums Instrument = "softdrums" // a kit under a blanket
	Sea       Instrument = "sea"       // waves on a beach; it ignores its pitches
)

// A sound is what the mixer needs to know of an instrument.
type sound struct {
	voice   func(*tables, tone, bus)
	level   float64 // decibels RMS in the mix before mastering
	room    float64 // how much goes to the room, 0 to 1
	echo    float64 // how much goes to the echo, 0 to 1
	top     float64 // cut-off of a low-pass over the whole part in Hz; 0 is none
	sway    float64 // how far the cut-off wanders, 0 to 1
	chorus  bool
	tremolo float64 // depth of a slow left-right tremolo
	pumped  bool    // ducks under the kick drum when the piece asks for it
}

var sounds = map[Instrument]sound{
	Pad:       {voice: saws(1.1, 1.6, 9, 0), level: -23, room: 0.55, echo: 0, top: 1900, sway: 0.4, chorus: true, pumped: true},
	Strings:   {voice: saws(0.5, 0.9, 6, 0.004), level: -24, room: 0.5, echo: 0, top: 3200, sway: 0.2, chorus: true, pumped: true},
	Glass:     {voice: glass, level: -24, room: 0.7, echo: 0.2, chorus: true, pumped: true},
	Piano:     {voice: modal(pianoModes, 0.003, 0.25), level: -18.5, room: 0.3, echo: 0.05, top: 8000},
	EPiano:    {voice: electric, level: -20, room: 0.28, echo: 0.12, top: 6500, tremolo: 0.22},
	Vibes:     {voice: modal(vibesModes, 0.002, 0.6), level: -21, room: 0.4, echo: 0.2, tremolo: 0.15},
	Kalimba:   {voice: modal(kalimbaModes, 0.002, 0.4), level: -21, room: 0.35, echo: 0.25},
	Bell:      {voice: modal(bellModes, 0.003, 1.5), level: -25, room: 0.7, echo: 0.4},
	Harp:      {voice: plucked(0.9985, 0.45), level: -19, room: 0.42, echo: 0.1, top: 7000},
	Guitar:    {voice: plucked(0.996, 0.3), level: -19.5, room: 0.28, echo: 0.08, top: 5000},
	Pluck:     {voice: pluck, level: -21.5, room: 0.3, echo: 0.4, chorus: true, pumped: true},
	Lead:      {voice: lead, level: -21, room: 0.35, echo: 0.3, top: 4500},
	Flute:     {voice: flute, level: -22, room: 0.45, echo: 0.2, top: 6000},
	RoundBass: {voice: roundBass, level: -18.5, room: 0.04, top: 1400},
	SynthBass: {voice: synthBass, level: -19, room: 0.02, pumped: true},
	SubBass:   {voice: subBass, level: -20, room: 0.05},
	Drums:     {level: -18.5, room: 0.08, top: 12000},
	SoftDrums: {level: -20, room: 0.12, top: 9000},
	Sea:       {voice: sea, level: -31, room: 0.3},
}

// A tone is one note as an instrument meets it.
type tone struct {
	start    int     // samples from the beginning of the piece
	length   int     // samples until the key is let go
	freq     float64 // Hz
	velocity float64 // 0 to 1
	pan      float64 // -1 to 1
	rng      *rand.Rand
}

// sides returns the gains of a tone's pan for left and right, at equal power.
func (t tone) sides() (l, r float32) {
	angle := (t.pan + 1) * math.Pi / 4
	return float32(math.Cos(angle) * math.Sqrt2), float32(math.Sin(angle) * math.Sqrt2)
}

// A bus is a stereo signal; both sides are of one length.
type bus struct{ l, r []float32 }

func newBus(n int) bus { return bus{make([]float32, n), make([]float32, n)} }

// window returns the part of the bus a tone writes to: from its start, at most
// n samples.
func (b bus) window(start, n int) bus {
	start = min(max(start, 0), len(b.l))
	end := min(start+n, len(b.l))
	return bus{b.l[start:end], b.r[start:end]}
}

const tableSize = 2048

// tables are the waves that oscillators read, one cycle each and one sample
// more, so that interpolation needs no wrap.
type tables struct {
	sine []float32
	saw  [8][]float32 // saw[k] has 2^k harmonics
}

func newTables() *tables {
	t := &tables{sine: make([]float32, tableSize+1)}
	for i := range t.sine {
		t.sine[i] = float32(math.Sin(2 * math.Pi * float64(i) / tableSize))
	}
	for k := range t.saw {
		wave := make([]float32, tableSize+1)
		for n := 1; n <= 1<<k; n++ {
			gain := float32(0.6 / float64(n))
			for i := range wave {
				wave[i] += gain * t.sine[i*n%tableSize]
			}
		}
		t.saw[k] = wave
	}
	return t
}

// sawFor returns the richest saw whose harmonics stay below the Nyquist rate.
func (t *tables) sawFor(freq float64) []float32 {
	k := 0
	for k+1 < len(t.saw) && float64(int(2)<<k)*freq < 0.47*SampleRate {
		k++
	}
	return t.saw[k]
}

// An osc reads a table at a steady or slowly changing rate.
type osc struct {
	table []float32
	phase float64 // 0 to 1
}

// next returns the sample at the current phase and moves on by step cycles.
func (o *osc) next(step float64) float32 {
	x := o.phase * tableSize
	i := int(x)
	frac := float32(x - float64(i))
	y := o.table[i] + frac*(o.table[i+1]-o.table[i])
	o.phase += step
	if o.phase >= 1 {
		o.phase -= math.Floor(o.phase)
	}
	return y
}

// An envelope rises, sinks to a sustained level and dies away after the gate.
// Its corners are smooth enough not to click.
type envelope struct {
	attack, decay, release float64 // seconds
	sustain                float64 // 0 to 1
}

// ringing is how many samples a tone goes on after its gate.
func ringing(release float64) int { return int(release * 3 * SampleRate) }

// tail returns the samples a tone of this envelope sounds in all.
func (e envelope) tail(gate int) int { return gate + ringing(e.release) }

// shape calls f for every sample with the level there.
func (e envelope) shape(gate, n int, f func(i int, level float32)) {
	rise := 1 / (e.attack*SampleRate + 1)
	sink := 1 - math.Exp(-1/(e.decay*SampleRate+1))
	level, ramp, held := 0.0, 0.0, 0.0
	body := 1.0
	dying := newDecay(e.release)
	for i := range n {
		switch {
		case i >= gate:
			if i == gate {
				held = level
			}
			level = held * dying.next()
		case ramp < 1:
			ramp = min(1, ramp+rise)
			level = ramp * ramp * (3 - 2*ramp)
		default:
			body += (e.sustain - body) * sink
			level = body
		}
		f(i, float32(level))
	}
}

// A decay falls exponentially, and reaches zero at the end of its ringing.
type decay struct {
	level, shrink   float64
	remaining, step float64
}

func newDecay(release float64) decay {
	return decay{
		level: 1, shrink: math.Exp(-1.4 / (release*SampleRate + 1)),
		remaining: 1, step: 1 / float64(ringing(release)+1),
	}
}

func (d *decay) next() float64 {
	d.level *= d.shrink
	d.remaining = max(0, d.remaining-d.step)
	return d.level * d.remaining
}
