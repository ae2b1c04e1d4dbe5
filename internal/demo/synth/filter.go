package synth

import "math"

// quiet is added where a filter listens to silence: far below hearing, it keeps
// decaying numbers from becoming denormal, which processors handle slowly.
const quiet = 1e-20

// A lowpass is a state-variable filter of two poles, integrated by the
// trapezoidal rule so that its cut-off may change at every sample (after
// Zavalishin, "The Art of VA Filter Design"). The zero value passes nothing
// until it is set.
type lowpass struct {
	a1, a2, a3 float32
	s1, s2     float32
}

// set changes the cut-off in Hz and the resonance; 0.7 has no peak.
func (f *lowpass) set(cutoff, q float64) {
	g := math.Tan(math.Pi * min(cutoff, 0.46*SampleRate) / SampleRate)
	a1 := 1 / (1 + g*(g+1/q))
	f.a1, f.a2, f.a3 = float32(a1), float32(g*a1), float32(g*g*a1)
}

func (f *lowpass) next(x float32) float32 {
	v3 := x + quiet - f.s2
	v1 := f.a1*f.s1 + f.a2*v3
	v2 := f.s2 + f.a2*f.s1 + f.a3*v3
	f.s1 = 2*v1 - f.s1
	f.s2 = 2*v2 - f.s2
	return v2
}

// darken runs a low-pass over the bus whose cut-off wanders by sway, as if a
// hand rested on the knob.
func darken(b bus, cutoff, sway float64) {
	var left, right lowpass
	left.set(cutoff, 0.7)
	right.set(cutoff, 0.7)
	drift := func(t float64) float64 {
		return cutoff * math.Exp2(sway*(math.Sin(2*math.Pi*0.047*t)+0.5*math.Sin(2*math.Pi*0.113*t+1.9)))
	}
	for i := range b.l {
		if sway > 0 && i%64 == 0 {
			t := float64(i) / SampleRate
			left.set(drift(t), 0.7)
			right.set(drift(t+2), 0.7)
		}
		b.l[i] = left.next(b.l[i])
		b.r[i] = right.next(b.r[i])
	}
}

// chorus thickens the bus with two wandering copies of it.
func chorus(t *tables, b bus) {
	const (
		centre = 0.014 * SampleRate
		depth  = 0.0032 * SampleRate
	)
	for side, y := range [][]float32{b.l, b.r} {
		line := newDelay(SampleRate / 40)
		slow := osc{t.sine, 0.25 * float64(side)}
		quick := osc{t.sine, 0.5 + 0.3*float64(side)}
		for i, x := range y {
			a := line.at(centre + depth*slow.next(0.31/SampleRate))
			c := line.at(centre + 0.6*depth*quick.next(0.83/SampleRate))
			line.push(x)
			y[i] = 0.7*x + 0.4*a + 0.3*c
		}
	}
}

// tremolo moves the bus gently between left and right.
func tremolo(t *tables, b bus, depth float64) {
	o := osc{table: t.sine}
	d := float32(depth)
	for i := range b.l {
		m := d * o.next(4.3/SampleRate)
		b.l[i] *= 1 + m
		b.r[i] *= 1 - m
	}
}

// A delay is a line of past samples.
type delay struct {
	line []float32
	head int // where the next sample goes
}

func newDelay(size int) *delay { return &delay{line: make([]float32, max(size, 4))} }

func (d *delay) push(x float32) {
	d.line[d.head] = x
	if d.head++; d.head == len(d.line) {
		d.head = 0
	}
}

// oldest returns the sample that the next push overwrites.
func (d *delay) oldest() float32 { return d.line[d.head] }

// at returns the sample that was pushed back samples ago, at least 1 and less
// than the size, between two samples if need be.
func (d *delay) at(back float32) float32 {
	whole := int(back)
	frac := back - float32(whole)
	i := d.head - whole
	if i < 0 {
		i += len(d.line)
	}
	j := i - 1
	if j < 0 {
		j += len(d.line)
	}
	return d.line[i] + frac*(d.line[j]-d.line[i])
}
