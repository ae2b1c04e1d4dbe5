package synth

import "math/rand/v2"

// The drums, as the pitch of their notes.
const (
	kick = iota
	snare
	rim
	clap
	hat
	openHat
	shaker
	drumCount
)

// A grid is one or more bars of drums: for each drum a row of sixteenths, where
// '.' rests and 1 to 9 is how hard it is hit. Bars follow each other in turn.
type grid []map[int]string

// beats maps the drum patterns to their grids. Bars of fewer than four beats
// use the front of a row.
var beats = map[Pattern]grid{
	LofiBeat: {
		{kick: "9.....3.6.......", snare: "....8.......8...", hat: "6.3.5.3.6.3.5.34"},
		{kick: "9..3......7.....", snare: "....8.......8..2", hat: "6.3.5.346.3.5.3."},
		{kick: "9.....3.6.......", snare: "....8..2....8...", hat: "6.3.5.3.6.345.3."},
		{kick: "9..3......7..4..", snare: "....8.......8...", hat: "6.3.5.3.6.3.", openHat: "............4..."},
	},
	PopBeat: {
		{kick: "9...9...9...9...", clap: "....8.......8...", hat: "3.7.3.7.3.7.3.7.", shaker: "2323232323232323"},
		{kick: "9...9...9...9...", clap: "....8.......8...", hat: "3.7.3.7.3.7.", openHat: "..............6.", shaker: "2323232323232323"},
		{kick: "9...9...9...9...", clap: "....8.......8...", hat: "3.7.3.7.3.7.3.7.", shaker: "2323232323232323"},
		{kick: "9...9...9...9.4.", clap: "....8.......8.35", hat: "3.7.3.7.3.7.3.7.", shaker: "2323232323232323"},
	},
	SoftBeat: {
		{kick: "7.........5.....", rim: "....5.......5...", shaker: "5.342.345.342.34"},
		{kick: "7.....4...5.....", rim: "....5.......5..3", shaker: "5.342.345.342.34"},
	},
	HeartBeat: {
		{kick: "7..4............"},
	},
}

// drums lays the grid over every bar that the part plays, and marks the end.
func (s *score) drums(rng *rand.Rand, part Part, g grid) []note {
	var notes []note
	for _, sl := range s.slots {
		if !sl.first || !s.plays(part, sl) {
			continue
		}
		if sl.section < 0 {
			notes = append(notes, note{sl.at, 1, kick, 0.7})
			break
		}
		bar := g[sl.bar%len(g)]
		for drum := range drumCount {
			for i, hit := range bar[drum] {
				at := float64(i) / 4
				if hit == '.' || at >= float64(s.piece.Beats) {
					continue
				}
				velocity := float64(hit-'0') / 9
				if drum == hat || drum == shaker {
					velocity *= 0.8 + 0.2*rng.Float64()
				}
				notes = append(notes, note{sl.at + at, 0.25, drum, velocity})
			}
		}
	}
	return notes
}
