package synth

import (
	"slices"
	"strings"
)

// A chord is a set of pitch classes over a bass; pitches are MIDI numbers
// (60 is middle C), pitch classes are 0 (C) to 11 (B).
type chord struct {
	root  int
	bass  int
	tones []int // semitones above the root, ascending, the root's 0 first
}

// qualities maps what follows a chord's root to semitones above that root.
var qualities = map[string][]int{
	"":       {0, 4, 7},
	"m":      {0, 3, 7},
	"5":      {0, 7},
	"6":      {0, 4, 7, 9},
	"m6":     {0, 3, 7, 9},
	"69":     {0, 4, 7, 9, 14},
	"7":      {0, 4, 7, 10},
	"m7":     {0, 3, 7, 10},
	"maj7":   {0, 4, 7, 11},
	"m7b5":   {0, 3, 6, 10},
	"dim7":   {0, 3, 6, 9},
	"9":      {0, 4, 7, 10, 14},
	"m9":     {0, 3, 7, 10, 14},
	"maj9":   {0, 4, 7, 11, 14},
	"m11":    {0, 3, 7, 10, 14, 17},
	"13":     {0, 4, 10, 14, 21},
	"maj13":  {0, 4, 11, 14, 21},
	"maj7s":  {0, 4, 7, 11, 18}, // with a raised eleventh
	"add9":   {0, 4, 7, 14},
	"madd9":  {0, 3, 7, 14},
	"sus2":   {0, 2, 7},
	"sus4":   {0, 5, 7},
	"7sus4":  {0, 5, 7, 10},
	"9sus4":  {0, 5, 7, 10, 14},
	"7b9":    {0, 4, 7, 10, 13},
	"aug":    {0, 4, 8},
	"mmaj7":  {0, 3, 7, 11},
	"maj7no": {0, 4, 11}, // without its fifth
}

// modes maps a scale's name to semitones above its tonic.
var modes = map[string][]int{
	"major":      {0, 2, 4, 5, 7, 9, 11},
	"minor":      {0, 2, 3, 5, 7, 8, 10},
	"dorian":     {0, 2, 3, 5, 7, 9, 10},
	"lydian":     {0, 2, 4, 6, 7, 9, 11},
	"mixolydian": {0, 2, 4, 5, 7, 9, 10},
	"pentatonic": {0, 2, 4, 7, 9},
	"minorpent":  {0, 3, 5, 7, 10},
}

// parsePitchClass reads a letter with an optional # or b off the front of s.
func parsePitchClass(s string) (pc int, rest string, ok bool) {
	if s == "" || s[0] < 'A' || s[0] > 'G' {
		return 0, "", false
	}
	pc = [...]int{9, 11, 0, 2, 4, 5, 7}[s[0]-'A']
	rest = s[1:]
	switch {
	case strings.HasPrefix(rest, "#"):
		return (pc + 1) % 12, rest[1:], true
	case strings.HasPrefix(rest, "b"):
		return (pc + 11) % 12, rest[1:], true
	}
	return pc, rest, true
}

func parseChord(s string) (chord, error) {
	name, slash, hasSlash := strings.Cut(s, "/")
	root, quality, ok := parsePitchClass(name)
	if !ok {
		return chord{}, invalid("sections", "%q is no chord", s)
	}
	tones, ok := qualities[quality]
	if !ok {
		return chord{}, invalid("sections", "%q is a chord of an unknown quality", s)
	}
	c := chord{root: root, bass: root, tones: tones}
	if hasSlash {
		bass, rest, ok := parsePitchClass(slash)
		if !ok || rest != "" {
			return chord{}, invalid("sections", "%q has no bass note after its slash", s)
		}
		c.bass = bass
	}
	return c, nil
}

// parseScale returns the pitch classes of a scale such as "D dorian".
func parseScale(s string) ([]int, error) {
	tonicName, mode, _ := strings.Cut(s, " ")
	tonic, rest, ok := parsePitchClass(tonicName)
	steps, known := modes[mode]
	if !ok || rest != "" || !known {
		return nil, invalid("scale", "%q is no scale", s)
	}
	scale := make([]int, len(steps))
	for i, step := range steps {
		scale[i] = (tonic + step) % 12
	}
	return scale, nil
}

// near returns the pitch of class pc that lies in the octave from low upwards.
func near(pc, low int) int { return low + ((pc-low)%12+12)%12 }

// close returns the chord's pitches packed into the octave from low upwards,
// ascending. Neighbouring chords packed into one octave lead their voices
// smoothly by themselves. A chord of five or more tones leaves its root to the
// bass.
func (c chord) close(low int) []int {
	tones := c.tones
	if len(tones) >= 5 {
		tones = tones[1:]
	}
	pitches := make([]int, len(tones))
	for i, t := range tones {
		pitches[i] = near((c.root+t)%12, low)
	}
	slices.Sort(pitches)
	return pitches
}

// open returns the chord's pitches with every second one raised an octave, so
// that neighbouring tones do not rub.
func (c chord) open(low int) []int {
	pitches := c.close(low)
	for i := 1; i < len(pitches); i += 2 {
		pitches[i] += 12
	}
	slices.Sort(pitches)
	return pitches
}

// ladder returns n of the chord's pitches from low upwards, octave after octave.
func (c chord) ladder(low, n int) []int {
	base := c.close(low)
	pitches := make([]int, n)
	for i := range pitches {
		pitches[i] = base[i%len(base)] + 12*(i/len(base))
	}
	return pitches
}

// snap returns the pitch nearest to pitch whose class is in classes; of two
// equally near it prefers the lower.
func snap(pitch int, classes []int) int {
	for d := 0; d < 12; d++ {
		if slices.Contains(classes, ((pitch-d)%12+12)%12) {
			return pitch - d
		}
		if slices.Contains(classes, (pitch+d)%12) {
			return pitch + d
		}
	}
	return pitch
}

// classes returns the pitch classes of the chord.
func (c chord) classes() []int {
	pcs := make([]int, len(c.tones))
	for i, t := range c.tones {
		pcs[i] = (c.root + t) % 12
	}
	return pcs
}
