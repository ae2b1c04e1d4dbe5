package synth

import "math/rand/v2"

// Where the patterns place their lowest tone.
const (
	bassLow = 33 // A1
	padLow  = 53 // F3
	keysLow = 55 // G3
	arpLow  = 60 // C4
)

// A figure is what one part plays over one chord.
type figure struct {
	rng   *rand.Rand
	slot  slot
	next  slot // the chord after; the same one at the end
	notes []note
}

// figures maps the patterns that go chord by chord to how they are played.
var figures = map[Pattern]func(*figure){
	Held:   (*figure).held,
	Comp:   (*figure).comp,
	Stabs:  (*figure).stabs,
	Arp8:   func(f *figure) { f.arpeggio(0.5) },
	Arp16:  func(f *figure) { f.arpeggio(0.25) },
	Broken: (*figure).broken,
	Rolled: (*figure).rolled,
	Sparse: (*figure).sparse,
	Roots:  (*figure).roots,
	Pulse:  (*figure).pulse,
	Walk:   (*figure).walk,
}

// play adds a note; at is in beats from the start of the chord.
func (f *figure) play(at, length float64, pitch int, velocity float64) {
	f.notes = append(f.notes, note{f.slot.at + at, length, pitch, velocity})
}

// strum adds a chord whose tones follow each other by spread beats.
func (f *figure) strum(at, length float64, pitches []int, velocity, spread float64) {
	for i, p := range pitches {
		late := float64(i) * spread
		f.play(at+late, length-late, p, velocity)
	}
}

// rest plays the last chord and lets it ring for tail beats more.
func (f *figure) rest(p Pattern, tail float64) {
	length := f.slot.length + tail*0.8
	switch p {
	case Roots, Pulse, Walk:
		f.play(0, length*0.7, near(f.slot.bass, bassLow), 0.75)
	case Held:
		f.strum(0, length, f.slot.open(padLow), 0.7, 0)
	case Broken, Rolled:
		f.play(0, length, near(f.slot.bass, bassLow+7), 0.6)
		f.strum(0.12, length, f.slot.open(keysLow), 0.55, 0.14)
	case Sparse:
		f.play(1, length, f.slot.ladder(arpLow+12, 3)[2], 0.5)
	case Arp8, Arp16:
		f.strum(0, length, f.slot.ladder(arpLow, 5), 0.55, 0.25)
	default:
		f.strum(0, length, f.slot.close(keysLow), 0.6, 0.03)
	}
}

func (f *figure) held() {
	f.strum(0, f.slot.length, f.slot.open(padLow), 0.7, 0)
}

// comp answers itself: a strong chord on the beat, then one or two ahead of it.
func (f *figure) comp() {
	chord := f.slot.close(keysLow)
	f.strum(0, f.slot.length*0.55, chord, 0.8, 0.02)
	if f.slot.length < 3 {
		return
	}
	switch f.rng.IntN(4) {
	case 0:
		f.strum(1.5, 0.4, chord[len(chord)/2:], 0.5, 0.02)
		f.strum(2.5, f.slot.length-2.5, chord, 0.65, 0.02)
	case 1:
		f.strum(2.5, f.slot.length-2.6, chord, 0.6, 0.02)
	case 2:
		f.strum(1.5, 1.2, chord, 0.55, 0.02)
		f.play(f.slot.length-1, 0.9, chord[len(chord)-1]+12, 0.45)
	default:
		f.strum(2, 0.45, chord, 0.55, 0.02)
		f.strum(2.5, f.slot.length-2.6, chord[1:], 0.6, 0.02)
	}
}

func (f *figure) stabs() {
	chord := f.slot.close(keysLow)
	for at := 0.5; at < f.slot.length; at++ {
		f.strum(at, 0.28, chord, 0.65, 0)
	}
}

// arpeggios are orders in which a ladder of eight tones can be climbed.
var arpeggios = [...][8]int{
	{0, 2, 4, 5, 7, 5, 4, 2},
	{0, 1, 2, 3, 4, 3, 2, 1},
	{0, 4, 2, 5, 3, 6, 4, 2},
	{0, 3, 5, 2, 4, 7, 5, 3},
	{4, 2, 0, 2, 5, 3, 1, 3},
}

func (f *figure) arpeggio(step float64) {
	tones := f.slot.ladder(arpLow, 8)
	// One order for a section, so that the ear can follow.
	order := arpeggios[f.slot.section%len(arpeggios)]
	for i := 0; float64(i)*step < f.slot.length-0.01; i++ {
		velocity := 0.5
		if i%4 == 0 {
			velocity = 0.72
		} else if i%2 == 0 {
			velocity = 0.58
		}
		f.play(float64(i)*step, step*1.6, tones[order[i%8]], velocity)
	}
}

func (f *figure) broken() {
	low := near(f.slot.bass, bassLow+4)
	tones := f.slot.ladder(low+7, 5)
	f.play(0, f.slot.length, low, 0.62)
	order := [...]int{0, 1, 2, 3, 2, 1, 4, 2}
	for i := 1; float64(i)*0.5 < f.slot.length-0.01; i++ {
		velocity := 0.42
		if i%2 == 0 {
			velocity = 0.5
		}
		f.play(float64(i)*0.5, 0.9, tones[order[i%len(order)]], velocity)
	}
}

func (f *figure) rolled() {
	f.play(0, f.slot.length, near(f.slot.bass, bassLow+7), 0.62)
	f.strum(0.1, f.slot.length, f.slot.open(keysLow-3), 0.55, 0.09)
	if f.slot.length >= 3 && f.rng.IntN(2) == 0 {
		top := f.slot.ladder(arpLow+7, 4)
		f.play(f.slot.length-1, 1, top[f.rng.IntN(3)], 0.4)
	}
}

// sparse scatters a tone or two over the chord, never two alike in a row.
func (f *figure) sparse() {
	tones := f.slot.ladder(arpLow+7, 6)
	last := -1
	for at := 0.0; at < f.slot.length-0.5; at += 1 {
		if f.rng.Float64() > 0.42 {
			continue
		}
		i := f.rng.IntN(len(tones))
		if i == last {
			i = (i + 1) % len(tones)
		}
		last = i
		half := 0.5 * float64(f.rng.IntN(2))
		f.play(at+half, 2.5, tones[i], 0.4+0.3*f.rng.Float64())
	}
}

func (f *figure) roots() {
	root := near(f.slot.bass, bassLow)
	if f.slot.length < 3 {
		f.play(0, f.slot.length*0.92, root, 0.75)
		return
	}
	f.play(0, f.slot.length*0.62, root, 0.75)
	f.play(f.slot.length*0.625, f.slot.length*0.34, root, 0.6)
}

func (f *figure) pulse() {
	root := near(f.slot.bass, bassLow)
	for i := 0; float64(i)*0.5 < f.slot.length-0.01; i++ {
		pitch, velocity := root, 0.7
		if i%2 == 1 {
			velocity = 0.58
		}
		if i%8 == 7 {
			pitch += 12
		}
		f.play(float64(i)*0.5, 0.42, pitch, velocity)
	}
}

func (f *figure) walk() {
	root := near(f.slot.bass, bassLow)
	fifth := near((f.slot.root+f.slot.tones[min(2, len(f.slot.tones)-1)])%12, root)
	f.play(0, 1.3, root, 0.8)
	if f.slot.length < 3 {
		return
	}
	f.play(1.5, 0.9, root, 0.55)
	f.play(2.5, 0.7, fifth, 0.65)
	if f.rng.IntN(2) == 0 {
		// A step from below or above leads into the next root.
		lead := near(f.next.bass, bassLow) + 1 - 2*f.rng.IntN(2)
		f.play(f.slot.length-0.5, 0.45, lead, 0.5)
	}
}
