package synth

import (
	"math"
	"math/rand/v2"
	"slices"
)

// melodyLow and melodyHigh are the bounds of a tune: C4 to A5.
const (
	melodyLow    = 60
	melodyHigh   = 81
	melodyCentre = 70
)

// A motif is a bar of a tune without its pitches: lengths in beats and steps
// along the scale. A negative length is a rest.
type motif struct {
	lengths []float64
	steps   []int
}

// rhythms are the bars a tune is made of, by beats a bar.
var rhythms = map[int][][]float64{
	3: {
		{2, 1}, {1, 1, 1}, {1.5, 0.5, 1}, {1, 2}, {0.5, 0.5, 2}, {-1, 1, 1},
	},
	4: {
		{1.5, 0.5, 2}, {1, 1, 2}, {0.5, 0.5, 1, 2}, {1.5, 1.5, 1}, {-1, 1, 1, 1},
		{-0.5, 0.5, 1, 0.5, 1.5}, {2, 1, 1}, {1, 0.5, 0.5, 2}, {3, 0.5, 0.5},
	},
}

func newMotif(rng *rand.Rand, beats int) motif {
	choices := rhythms[beats]
	if choices == nil {
		return motif{lengths: []float64{float64(beats)}, steps: []int{0}}
	}
	m := motif{lengths: choices[rng.IntN(len(choices))]}
	// Steps outweigh leaps, and a leap turns back.
	steps := [...]int{1, 1, -1, -1, 2, -2, 0, 3, -3, 1, -1}
	leapt := 0
	for range m.lengths {
		step := steps[rng.IntN(len(steps))]
		if leapt != 0 {
			step = -leapt / max(leapt, -leapt)
		}
		leapt = 0
		if step > 2 || step < -2 {
			leapt = step
		}
		m.steps = append(m.steps, step)
	}
	return m
}

// melody writes a tune in phrases of four bars: an idea, an answer, the idea
// again, a close. The same few ideas serve the whole piece, which is what makes
// a tune of them.
func (s *score) melody(rng *rand.Rand, part Part) []note {
	idea, answer := newMotif(rng, s.piece.Beats), newMotif(rng, s.piece.Beats)
	contrast := newMotif(rng, s.piece.Beats)
	bar := float64(s.piece.Beats)

	var notes []note
	pitch := snap(melodyCentre, s.scale)
	for k := 0; k < len(s.slots); k++ {
		sl := s.slots[k]
		if !s.plays(part, sl) || !sl.first {
			continue
		}
		if sl.section < 0 {
			home := snap(pitch, []int{sl.root, (sl.root + sl.tones[1]) % 12})
			notes = append(notes, note{sl.at, bar + 2, home, 0.55})
			break
		}
		m := idea
		switch sl.bar % 4 {
		case 1:
			m = answer
		case 2:
			if sl.bar%8 == 6 {
				m = contrast
			}
		case 3:
			// The close: a tone that leans on the chord from above and gives way
			// to it, then breath.
			target := snap(pitch, s.chordAt(sl.at+1).classes())
			notes = append(notes,
				note{sl.at, 1, climb(target, 1, s.scale), 0.6},
				note{sl.at + 1, bar - 1.5, target, 0.68})
			pitch = target
			continue
		}
		at := sl.at
		for i, length := range m.lengths {
			if length < 0 {
				at -= length
				continue
			}
			pitch = s.step(pitch, m.steps[i], at)
			velocity := 0.62
			if at == sl.at {
				velocity = 0.75
			}
			notes = append(notes, note{at, length * 0.96, pitch, velocity})
			at += length
		}
	}
	return notes
}

// step moves from pitch along the scale and settles on the chord if the beat at
// which it arrives is a strong one.
func (s *score) step(pitch, steps int, at float64) int {
	// A tune that strays is pulled back to the middle of its range.
	if pitch > melodyCentre+6 && steps > 0 || pitch < melodyCentre-6 && steps < 0 {
		steps = -steps
	}
	from, by := pitch, 1
	if steps < 0 {
		by = -1
	}
	for range steps * by {
		pitch = climb(pitch, by, s.scale)
	}
	if beat := math.Mod(at, float64(s.piece.Beats)); beat == 0 || beat == 2 {
		chord := s.chordAt(at).classes()
		pitch = snap(pitch, chord)
		if pitch == from && steps != 0 {
			pitch = climb(pitch, by, chord) // a tune that should move, moves
		}
	}
	for pitch > melodyHigh {
		pitch -= 12
	}
	for pitch < melodyLow {
		pitch += 12
	}
	return pitch
}

// climb returns the next pitch above (by is 1) or below (by is -1) pitch whose
// class is in classes.
func climb(pitch, by int, classes []int) int {
	for range 12 {
		pitch += by
		if slices.Contains(classes, pitch%12) {
			break
		}
	}
	return pitch
}

// chordAt returns the chord that sounds at a beat.
func (s *score) chordAt(beat float64) chord {
	for i := len(s.slots) - 1; i >= 0; i-- {
		if s.slots[i].at <= beat {
			return s.slots[i].chord
		}
	}
	return s.slots[0].chord
}
