package synth

import "math"

// saws returns a pad: three detuned saws, spread from left to right.
func saws(attack, release, cents, vibrato float64) func(*tables, tone, bus) {
	env := envelope{attack: attack, decay: 2, release: release, sustain: 0.85}
	return func(t *tables, n tone, out bus) {
		wave := t.sawFor(n.freq)
		var o [3]osc
		var step [3]float64
		for i := range o {
			o[i] = osc{wave, n.rng.Float64()}
			step[i] = n.freq / SampleRate * math.Exp2(float64(i-1)*cents/1200)
		}
		wobble := osc{t.sine, n.rng.Float64()}
		gain := float32(0.3 * n.velocity)
		w := out.window(n.start, env.tail(n.length))
		bend := 1.0
		env.shape(n.length, len(w.l), func(i int, level float32) {
			if vibrato > 0 && i%32 == 0 {
				bend = 1 + vibrato*float64(wobble.next(5.2*32/SampleRate))
			}
			left, mid, right := o[0].next(step[0]*bend), o[1].next(step[1]*bend), o[2].next(step[2]*bend)
			g := gain * level
			w.l[i] += g * (left + 0.7*mid + 0.2*right)
			w.r[i] += g * (right + 0.7*mid + 0.2*left)
		})
	}
}

// glass is a pad of a tone and its octave, whose balance drifts.
func glass(t *tables, n tone, out bus) {
	env := envelope{attack: 1.6, decay: 3, release: 2.2, sustain: 0.8}
	base, octave := osc{t.sine, n.rng.Float64()}, osc{t.sine, n.rng.Float64()}
	third := osc{t.sine, n.rng.Float64()}
	drift := osc{t.sine, n.rng.Float64()}
	rate := 0.11 + 0.12*n.rng.Float64()
	l, r := n.sides()
	step := n.freq / SampleRate
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		d := drift.next(rate / SampleRate)
		y := float32(0.3*n.velocity) * level
		a := base.next(step) * (0.8 + 0.2*d)
		b := octave.next(2.003*step)*(0.22-0.16*d) + third.next(2.997*step)*0.06*(1+d)
		w.l[i] += y * (a*l + b*(1+0.4*d))
		w.r[i] += y * (a*r + b*(1-0.4*d))
	})
}

// electric is a tine piano by frequency modulation: a bark that mellows and a
// tine that glints at the start of the tone (after Chowning, "The Synthesis of
// Complex Audio Spectra by Means of Frequency Modulation", 1973).
func electric(t *tables, n tone, out bus) {
	env := envelope{attack: 0.003, decay: 1.3, release: 0.22, sustain: 0.12}
	var carrier, modulator, tine, body osc
	for _, o := range []*osc{&carrier, &modulator, &tine, &body} {
		o.table = t.sine
	}
	step := n.freq / SampleRate
	bark := 0.22 * n.velocity * n.velocity // cycles of phase
	glint := 0.05 * n.velocity
	barkDecay, glintDecay := math.Exp(-1/(0.55*SampleRate)), math.Exp(-1/(0.09*SampleRate))
	if 14*n.freq > 0.45*SampleRate {
		glint = 0
	}
	l, r := n.sides()
	gain := float32(0.4 * n.velocity)
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		bend := (0.03 + bark) * float64(modulator.next(step))
		phase := carrier.phase + bend
		phase -= math.Floor(phase)
		at := osc{t.sine, phase}
		y := at.next(0) + 0.25*body.next(2*step*1.0007) + float32(glint)*tine.next(14*step)
		carrier.next(step)
		bark *= barkDecay
		glint *= glintDecay
		y *= gain * level
		w.l[i] += y * l
		w.r[i] += y * r
	})
}

// pluck is a pair of saws behind a low-pass that closes quickly.
func pluck(t *tables, n tone, out bus) {
	env := envelope{attack: 0.003, decay: 0.32, release: 0.16, sustain: 0.1}
	filteredSaw(t, n, out, env, 7, 0.22, 350+5200*n.velocity*n.velocity, 500)
}

// synthBass is the pair of saws again, lower and darker.
func synthBass(t *tables, n tone, out bus) {
	env := envelope{attack: 0.004, decay: 0.4, release: 0.05, sustain: 0.6}
	n.pan = 0
	filteredSaw(t, n, out, env, 3, 0.16, 900*n.velocity, 260)
	subBass(t, n, out)
}

// filteredSaw plays two saws through a two-pole low-pass that falls from floor
// plus sweep to floor Hz.
func filteredSaw(t *tables, n tone, out bus, env envelope, cents, fall, sweep, floor float64) {
	wave := t.sawFor(n.freq)
	a, b := osc{wave, 0}, osc{wave, 0.37}
	step := n.freq / SampleRate
	up, down := math.Exp2(cents/1200)*step, math.Exp2(-cents/1200)*step
	decay := math.Exp(-16 / (fall * SampleRate))
	l, r := n.sides()
	gain := float32(0.4 * n.velocity)
	var low lowpass
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		if i%16 == 0 {
			low.set(floor+sweep, 0.9)
			sweep *= decay
		}
		y := gain * level * low.next(a.next(up)+b.next(down))
		w.l[i] += y * l
		w.r[i] += y * r
	})
}

// lead is a soft saw that begins to sing after a moment.
func lead(t *tables, n tone, out bus) {
	env := envelope{attack: 0.03, decay: 0.6, release: 0.18, sustain: 0.7}
	singing(t, n, out, env, t.sawFor(n.freq*4), 0.006, 0)
}

// flute is a nearly pure tone with breath.
func flute(t *tables, n tone, out bus) {
	env := envelope{attack: 0.07, decay: 0.8, release: 0.14, sustain: 0.85}
	singing(t, n, out, env, t.saw[1], 0.004, 0.05)
}

func singing(t *tables, n tone, out bus, env envelope, wave []float32, vibrato, breath float64) {
	o, wobble := osc{wave, 0}, osc{t.sine, 0}
	step := n.freq / SampleRate
	l, r := n.sides()
	gain := float32(0.45 * n.velocity)
	var air lowpass
	air.set(min(2.5*n.freq, 5000), 0.8)
	bend := 1.0
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		if i%32 == 0 {
			depth := vibrato * min(1, max(0, float64(i)/SampleRate-0.15)*3)
			bend = 1 + depth*float64(wobble.next(5*32.0/SampleRate))
		}
		y := o.next(step * bend)
		if breath > 0 {
			y += float32(breath) * air.next(float32(n.rng.Float64()*2-1))
		}
		y *= gain * level
		w.l[i] += y * l
		w.r[i] += y * r
	})
}

// roundBass is a sine with two overtones that die before it.
func roundBass(t *tables, n tone, out bus) {
	env := envelope{attack: 0.008, decay: 0.9, release: 0.09, sustain: 0.45}
	one, two, three := osc{table: t.sine}, osc{table: t.sine}, osc{table: t.sine}
	step := n.freq / SampleRate
	colour := 0.55
	fade := math.Exp(-1 / (0.35 * SampleRate))
	gain := float32(0.6 * n.velocity)
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		c := float32(colour)
		y := gain * level * (one.next(step) + (0.16+c)*0.6*two.next(2*step) + c*0.3*three.next(3*step))
		colour *= fade
		w.l[i] += y
		w.r[i] += y
	})
}

// subBass is a sine with a trace of its octave, so that small speakers show it.
func subBass(t *tables, n tone, out bus) {
	env := envelope{attack: 0.015, decay: 1.5, release: 0.08, sustain: 0.8}
	one, two := osc{table: t.sine}, osc{table: t.sine}
	step := n.freq / SampleRate
	gain := float32(0.55 * n.velocity)
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		y := gain * level * (one.next(step) + 0.2*two.next(2*step))
		w.l[i] += y
		w.r[i] += y
	})
}

// sea is one wave that comes in over the length of the tone and runs out.
func sea(_ *tables, n tone, out bus) {
	env := envelope{attack: float64(n.length) / SampleRate * 0.55, decay: 2, release: 2.5, sustain: 0.2}
	var left, right lowpass
	gain := float32(n.velocity)
	w := out.window(n.start, env.tail(n.length))
	env.shape(n.length, len(w.l), func(i int, level float32) {
		if i%64 == 0 {
			left.set(250+900*float64(level), 0.6)
			right.set(230+980*float64(level), 0.6)
		}
		g := gain * level
		w.l[i] += g * left.next(float32(n.rng.Float64()*2-1))
		w.r[i] += g * right.next(float32(n.rng.Float64()*2-1))
	})
}
