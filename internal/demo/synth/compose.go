package synth

import (
	"math"
	"math/rand/v2"
	"strings"
)

// A Pattern is the way a part plays the chords it is given.
type Pattern string

// The patterns.
const (
	Held      Pattern = "held"      // each chord held for its whole length
	Comp      Pattern = "comp"      // syncopated chords, as a pianist in a band
	Stabs     Pattern = "stabs"     // short off-beat chords
	Arp8      Pattern = "arp8"      // broken chords in eighths
	Arp16     Pattern = "arp16"     // broken chords in sixteenths
	Broken    Pattern = "broken"    // a left hand: low root, then the chord in eighths
	Rolled    Pattern = "rolled"    // one spread chord a bar, from the bottom up
	Sparse    Pattern = "sparse"    // single tones of the chord, now and then
	Melody    Pattern = "melody"    // a tune of four-bar phrases
	Roots     Pattern = "roots"     // a bass on the chord's root
	Pulse     Pattern = "pulse"     // a bass in driving eighths
	Walk      Pattern = "walk"      // a bass that leads from root to root
	LofiBeat  Pattern = "lofibeat"  // drums: a relaxed, broken beat
	PopBeat   Pattern = "popbeat"   // drums: four on the floor
	SoftBeat  Pattern = "softbeat"  // drums: a shaker, a rim and a soft kick
	HeartBeat Pattern = "heartbeat" // drums: a muffled pulse, nothing else
)

// A note is one tone of a part; times are in beats from the start.
type note struct {
	at, length float64
	pitch      int // for drums: one of the drum numbers
	velocity   float64
}

// A slot is a chord with its place in the piece.
type slot struct {
	chord
	at, length float64 // beats
	section    int     // index into Piece.Sections; -1 for the end
	bar        int     // bars since the section began
	first      bool    // the first chord of its bar
}

// A score is a Piece with its chords read and laid out in time.
type score struct {
	piece Piece
	scale []int
	slots []slot
	beats float64 // the length without the tail
}

func newScore(p Piece) (*score, error) {
	switch {
	case !(p.Tempo >= 30 && p.Tempo <= 240):
		return nil, invalid("tempo", "a tempo of %g is out of range", p.Tempo)
	case p.Beats < 2 || p.Beats > 7:
		return nil, invalid("beats", "bars of %d beats are out of range", p.Beats)
	case !(p.Swing >= 0 && p.Swing < 1):
		return nil, invalid("swing", "a swing of %g is out of range", p.Swing)
	case !(p.Tail >= 0 && p.Tail <= 60):
		return nil, invalid("tail", "a tail of %g seconds is out of range", p.Tail)
	case !(p.Echo >= 0 && p.Echo <= 8):
		return nil, invalid("echo", "an echo of %g beats is out of range", p.Echo)
	case !(p.Room >= 0 && p.Room <= 1) || !(p.Pump >= 0 && p.Pump <= 1):
		return nil, invalid("room", "room and pump are between 0 and 1")
	}
	for _, part := range p.Parts {
		if part.Octave < -3 || part.Octave > 3 || !(part.Level >= -60 && part.Level <= 24) || !(part.Pan >= -1 && part.Pan <= 1) {
			return nil, invalid("parts", "the octave, level or pan of the %q is out of range", part.Instrument)
		}
	}
	scale, err := parseScale(p.Scale)
	if err != nil {
		return nil, err
	}
	s := &score{piece: p, scale: scale}
	for i, section := range p.Sections {
		if err := s.add(i, strings.Fields(section)); err != nil {
			return nil, err
		}
	}
	if err := s.add(-1, []string{p.End}); err != nil {
		return nil, err
	}
	if seconds := s.beats*60/p.Tempo + p.Tail; seconds > maxDuration.Seconds() {
		return nil, invalid("sections", "a piece of %.0f seconds is too long", seconds)
	}
	return s, nil
}

// add appends the bars of one section.
func (s *score) add(section int, bars []string) error {
	length := float64(s.piece.Beats)
	for b, bar := range bars {
		names := strings.Split(bar, ",")
		for i, name := range names {
			c, err := parseChord(name)
			if err != nil {
				return err
			}
			share := length / float64(len(names))
			s.slots = append(s.slots, slot{
				chord: c, at: s.beats + float64(i)*share, length: share,
				section: section, bar: b, first: i == 0,
			})
		}
		s.beats += length
	}
	return nil
}

// samples returns the length of the rendering in samples a channel.
func (s *score) samples() int {
	return int(math.Round((s.beats*60/s.piece.Tempo + s.piece.Tail) * SampleRate))
}

// seconds returns when a beat sounds, with its off-beats swung.
func (s *score) seconds(beat float64) float64 {
	whole, frac := math.Modf(beat)
	middle := 0.5 + s.piece.Swing/2
	if frac < 0.5 {
		frac = frac / 0.5 * middle
	} else {
		frac = middle + (frac-0.5)/0.5*(1-middle)
	}
	return (whole + frac) * 60 / s.piece.Tempo
}

// plays reports whether part plays in the slot. Everybody who was in the last
// section also plays the end.
func (s *score) plays(part Part, sl slot) bool {
	i := sl.section
	if i < 0 {
		i = len(s.piece.Sections) - 1
	}
	return i >= 0 && i < len(part.In) && part.In[i] == 'x'
}

// random returns the source of chance for one part and one purpose.
func (s *score) random(part int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(s.piece.Seed, uint64(part)<<8|purpose))
}

// compose returns the notes of part i in the order they begin.
func (s *score) compose(i int, part Part) ([]note, error) {
	rng := s.random(i, 1)
	var notes []note
	grid, isDrums := beats[part.Pattern]
	play, isFigure := figures[part.Pattern]
	switch {
	case part.Pattern == Melody:
		notes = s.melody(rng, part)
	case isDrums:
		notes = s.drums(rng, part, grid)
	case !isFigure:
		return nil, invalid("parts", "%q is no pattern", part.Pattern)
	default:
		for k, sl := range s.slots {
			if !s.plays(part, sl) {
				continue
			}
			next := sl
			if k+1 < len(s.slots) {
				next = s.slots[k+1]
			}
			f := figure{rng: rng, slot: sl, next: next}
			if sl.section < 0 {
				f.rest(part.Pattern, s.piece.Tail*s.piece.Tempo/60)
			} else {
				play(&f)
			}
			notes = append(notes, f.notes...)
		}
	}
	for k := range notes {
		if !isDrums {
			notes[k].pitch += 12 * part.Octave
		}
		// Nobody plays like a machine: every note is a little early, late,
		// softer or louder than written.
		notes[k].velocity *= 0.93 + 0.14*rng.Float64()
		notes[k].at = max(0, notes[k].at+0.012*(rng.Float64()-0.5))
	}
	return notes, nil
}
