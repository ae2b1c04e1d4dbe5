// Package synth composes and renders short pieces of music from a description:
// chords, instruments and an arrangement go in, stereo sound comes out.
//
// It exists so that a fresh installation has something pleasant to play that
// nobody else owns. A Piece is data; what its description leaves open (the
// melody, the touch of every note) is drawn from its seed, so one Piece always
// gives the same samples on the same processor architecture.
//
// The way of the sound: compose.go and melody.go turn the Piece into notes,
// the instruments render each part into a bus of its own, and mix.go levels
// the buses, adds room and echo, and masters the sum.
package synth

import (
	"fmt"
	"time"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// SampleRate is the rate of every rendering in samples per second and channel.
const SampleRate = 32000

// maxDuration bounds what one Piece may ask for in memory.
const maxDuration = 10 * time.Minute

// Piece describes one piece of music.
type Piece struct {
	Seed  uint64  // what the description leaves open follows from it
	Tempo float64 // beats a minute, 30 to 240
	Beats int     // beats a bar, 2 to 7
	Swing float64 // 0 is straight, 0.33 a triplet feel

	// Scale is the key of melodies: a tonic and a mode, as in "D dorian".
	// Modes: major, minor, dorian, lydian, mixolydian, pentatonic, minorpent.
	Scale string

	// Sections are the chord progressions in the order they are played. Bars
	// are separated by spaces, chords that share a bar by commas:
	// "Dm9 G7,G7sus4 Cmaj9 Am7". A bass note may follow a slash: "C/E".
	Sections []string

	// End is the chord that the piece comes to rest on for one last bar.
	End string

	// Parts are the players.
	Parts []Part

	Room float64 // size of the room, 0 (none) to 1 (a cathedral)
	Echo float64 // time of the echo in beats; 0 is none
	Tape bool    // the wobble, the dull top and the crackle of an old tape
	Pump float64 // how far the kick drum pushes the other parts down, 0 to 1
	Tail float64 // seconds that ring on after the last bar
}

// Part is one player of a Piece.
type Part struct {
	Instrument Instrument
	Pattern    Pattern

	// In says in which sections the part plays, a character a section: 'x'
	// plays and '-' rests. Sections past its end rest.
	In string

	Level  float64 // decibels above or below the instrument's usual level, -60 to 24
	Octave int     // octaves above or below the pattern's usual place, -3 to 3
	Pan    float64 // -1 left to 1 right
}

// Duration returns how long the rendering of p lasts.
func (p Piece) Duration() time.Duration {
	s, err := newScore(p)
	if err != nil {
		return 0
	}
	return time.Duration(s.samples()) * time.Second / SampleRate
}

// Render returns the sound of p as interleaved stereo samples (left, right) at
// SampleRate. It is an errs.Invalid error if p cannot be played: an unknown
// chord, scale, pattern or instrument, or a number out of range. Calls share
// nothing and may run concurrently.
func Render(p Piece) ([]int16, error) {
	s, err := newScore(p)
	if err != nil {
		return nil, err
	}
	parts := make([][]note, len(p.Parts))
	var kicks []float64
	for i, part := range p.Parts {
		if parts[i], err = s.compose(i, part); err != nil {
			return nil, err
		}
		if _, drummed := beats[part.Pattern]; drummed {
			for _, n := range parts[i] {
				if n.pitch == kick {
					kicks = append(kicks, n.at)
				}
			}
		}
	}
	m := newMixer(p, s, kicks)
	for i, part := range p.Parts {
		if err := m.play(i, part, parts[i]); err != nil {
			return nil, err
		}
	}
	return m.master(), nil
}

func invalid(field, format string, args ...any) error {
	return &errs.Error{
		Kind:    errs.Invalid,
		Fields:  []errs.Field{{Name: field, Code: errs.Malformed}},
		Message: fmt.Sprintf(format, args...),
	}
}
