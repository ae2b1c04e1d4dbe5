package synth

import (
	"math"
	"slices"
)

// A mixer collects the parts of one piece.
type mixer struct {
	piece  Piece
	score  *score
	tables *tables
	duck   []float32 // the gain of pumped parts at every sample; nil if none pump
	part   bus       // the part being played
	dry    bus
	room   bus
	echo   bus
}

// newMixer returns a mixer; kicks are the beats on which a kick drum sounds.
func newMixer(p Piece, s *score, kicks []float64) *mixer {
	n := s.samples()
	m := &mixer{
		piece: p, score: s, tables: newTables(),
		part: newBus(n), dry: newBus(n), room: newBus(n), echo: newBus(n),
	}
	if p.Pump > 0 && len(kicks) > 0 {
		m.duck = m.ducking(kicks)
	}
	return m
}

// ducking returns a gain that dips at every kick and swings back.
func (m *mixer) ducking(kicks []float64) []float32 {
	gain := slices.Repeat([]float32{1}, len(m.dry.l))
	const down, up = 0.012 * SampleRate, 0.26 * SampleRate
	for _, beat := range kicks {
		start := int(m.score.seconds(beat) * SampleRate)
		for i := 0; i < int(down+up) && start+i < len(gain); i++ {
			dip := float64(i) / down
			if dip > 1 {
				x := (float64(i) - down) / up
				dip = (1 - x) * (1 - x) * (1 + 2*x)
			}
			gain[start+i] = min(gain[start+i], float32(1-m.piece.Pump*dip))
		}
	}
	return gain
}

// play renders part i and adds it to the mix.
func (m *mixer) play(i int, part Part, notes []note) error {
	snd, ok := sounds[part.Instrument]
	if !ok {
		return invalid("parts", "%q is no instrument", part.Instrument)
	}
	if _, drummed := beats[part.Pattern]; drummed != (snd.voice == nil) {
		return invalid("parts", "the pattern %q does not fit the instrument %q", part.Pattern, part.Instrument)
	}
	clear(m.part.l)
	clear(m.part.r)
	m.perform(i, part, snd, notes)

	if snd.top > 0 {
		darken(m.part, snd.top, snd.sway)
	}
	if snd.chorus {
		chorus(m.tables, m.part)
	}
	if snd.tremolo > 0 {
		tremolo(m.tables, m.part, snd.tremolo)
	}
	loud := loudness(m.part)
	if loud == 0 {
		return nil
	}
	gain := float32(decibels(snd.level+part.Level) / loud)
	room, echo := float32(snd.room), float32(snd.echo)
	for k := range m.part.l {
		g := gain
		if m.duck != nil && snd.pumped {
			g *= m.duck[k]
		}
		l, r := g*m.part.l[k], g*m.part.r[k]
		m.dry.l[k] += l
		m.dry.r[k] += r
		m.room.l[k] += room * l
		m.room.r[k] += room * r
		m.echo.l[k] += echo * l
		m.echo.r[k] += echo * r
	}
	return nil
}

// perform plays the notes into the part's bus.
func (m *mixer) perform(i int, part Part, snd sound, notes []note) {
	rng := m.score.random(i, 2)
	var drums kit
	if snd.voice == nil {
		drums = newKit(rng, part.Instrument == SoftDrums)
	}
	for _, n := range notes {
		start := m.score.seconds(n.at)
		end := m.score.seconds(n.at + n.length)
		t := tone{
			start:    int(start * SampleRate),
			length:   int((end - start) * SampleRate),
			freq:     440 * math.Exp2(float64(n.pitch-69)/12),
			velocity: min(1, max(0.05, n.velocity)),
			// High tones lean to the right, as at a keyboard.
			pan: min(1, max(-1, part.Pan+float64(n.pitch-64)/60)),
			rng: rng,
		}
		if snd.voice == nil {
			drums.hit(n.pitch, t, m.part)
		} else {
			snd.voice(m.tables, t, m.part)
		}
	}
}

// master returns the finished piece.
func (m *mixer) master() []int16 {
	repeat(m.echo, m.piece.Echo*60/m.piece.Tempo)
	for i := range m.dry.l {
		// The echoes sound in the room, too.
		m.room.l[i] += 0.35 * m.echo.l[i]
		m.room.r[i] += 0.35 * m.echo.r[i]
		m.dry.l[i] += m.echo.l[i]
		m.dry.r[i] += m.echo.r[i]
	}
	if m.piece.Room > 0 {
		reverberate(m.tables, m.room, m.piece.Room)
		wet := float32(0.55 + 0.35*m.piece.Room)
		for i := range m.dry.l {
			m.dry.l[i] += wet * m.room.l[i]
			m.dry.r[i] += wet * m.room.r[i]
		}
	}
	if m.piece.Tape {
		tape(m.tables, m.score.random(0, 3), m.dry)
	}
	level(m.dry)
	limit(m.dry)
	fade(m.dry, m.piece.Tail)

	pcm := make([]int16, 2*len(m.dry.l))
	for i := range m.dry.l {
		pcm[2*i] = int16(math.Round(float64(m.dry.l[i]) * 32767))
		pcm[2*i+1] = int16(math.Round(float64(m.dry.r[i]) * 32767))
	}
	return pcm
}

// decibels returns the factor of an amplitude.
func decibels(db float64) float64 { return math.Pow(10, db/20) }
