package synth

import "math"

// roomLines is how many echoes feed each other in the room.
const roomLines = 8

// roomLengths are the lengths of the lines in samples: primes, so that their
// echoes do not fall together.
var roomLengths = [roomLines]float64{1009, 1213, 1381, 1571, 1777, 2003, 2243, 2521}

// reverberate replaces the bus by its sound in a room of a size from 0 to 1. It
// is a feedback delay network: lines that are mixed by a Hadamard matrix, lose
// their treble, and feed back (after Jot and Chaigne, 1991). Half of the lines
// breathe a little, which keeps the tail from ringing like metal.
func reverberate(t *tables, b bus, size float64) {
	var (
		lines [roomLines]*delay
		gain  [roomLines]float32
		damp  [roomLines]float32
		sway  [roomLines]osc
	)
	seconds := 0.7 + 3.8*size*size
	for i := range lines {
		n := roomLengths[i] * (0.55 + 0.65*size)
		lines[i] = newDelay(int(n) + 16)
		gain[i] = float32(math.Pow(10, -3*n/(seconds*SampleRate)) / math.Sqrt(roomLines))
		sway[i] = osc{t.sine, float64(i) / roomLines}
	}
	before := [2]*delay{newDelay(int(0.012 * SampleRate)), newDelay(int(0.017 * SampleRate))}
	diffusers := [2][3]diffuser{}
	for side := range diffusers {
		for k, n := range [...]int{142, 379, 277} {
			diffusers[side][k] = diffuser{newDelay(n + 23*side)}
		}
	}
	const treble = 0.42
	for i := range b.l {
		in := [2]float32{b.l[i] + quiet, b.r[i] + quiet}
		for side := range in {
			x := before[side].oldest()
			before[side].push(in[side])
			for k := range diffusers[side] {
				x = diffusers[side][k].next(x)
			}
			in[side] = x
		}
		var v [roomLines]float32
		for k, line := range lines {
			back := float32(len(line.line) - 14)
			if k%2 == 0 {
				back += 6 * sway[k].next((0.21+0.07*float64(k))/SampleRate)
				v[k] = line.at(back)
			} else {
				v[k] = line.at(back)
			}
			damp[k] += (1 - treble) * (v[k] - damp[k])
			v[k] = damp[k]
		}
		b.l[i] = v[0] + v[2] - v[4] + v[6]
		b.r[i] = v[1] - v[3] + v[5] + v[7]
		hadamard(&v)
		for k, line := range lines {
			line.push(v[k]*gain[k] + 0.5*in[k%2])
		}
	}
}

// hadamard mixes every line into every other without changing their energy but
// for a factor of the square root of their number.
func hadamard(v *[roomLines]float32) {
	for step := 1; step < roomLines; step *= 2 {
		for i := 0; i < roomLines; i += 2 * step {
			for j := i; j < i+step; j++ {
				v[j], v[j+step] = v[j]+v[j+step], v[j]-v[j+step]
			}
		}
	}
}

// A diffuser is an all-pass that smears a sound without colouring it.
type diffuser struct{ line *delay }

func (d *diffuser) next(x float32) float32 {
	const g = 0.6
	old := d.line.oldest()
	in := x + g*old
	d.line.push(in)
	return old - g*in
}

// repeat replaces the bus by its echoes, which bounce between left and right
// and grow darker.
func repeat(b bus, seconds float64) {
	n := int(seconds * SampleRate)
	if n == 0 {
		clear(b.l)
		clear(b.r)
		return
	}
	left, right := newDelay(n), newDelay(n)
	var darkL, darkR lowpass
	darkL.set(2600, 0.7)
	darkR.set(2600, 0.7)
	const feedback = 0.48
	for i := range b.l {
		l, r := left.oldest(), right.oldest()
		left.push(darkL.next(0.5*(b.l[i]+b.r[i]) + feedback*r))
		right.push(darkR.next(l))
		b.l[i], b.r[i] = l, feedback*r
	}
}
