package synth

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
)

func small() Piece {
	return Piece{
		Seed: 1, Tempo: 240, Beats: 4, Scale: "C major", Room: 0.4, Echo: 0.75, Pump: 0.4, Tail: 0.5,
		Sections: []string{"Cmaj9 G/B,Am7"}, End: "C",
	}
}

// TestEveryInstrument has one instrument play every pattern that fits it, and
// the others a few.
func TestEveryInstrument(t *testing.T) {
	for instrument, snd := range sounds {
		t.Run(string(instrument), func(t *testing.T) {
			t.Parallel()
			patterns := []Pattern{Held, Pulse, Melody}
			switch {
			case snd.voice == nil:
				patterns = slices.Sorted(maps.Keys(beats))
			case instrument == Harp:
				patterns = append(slices.Sorted(maps.Keys(figures)), Melody)
			}
			p := small()
			if !thorough {
				patterns, p.Sections = patterns[:1], []string{"C"}
			}
			for _, pattern := range patterns {
				p.Parts = append(p.Parts, Part{Instrument: instrument, Pattern: pattern, In: "x"})
			}
			pcm, err := Render(p)
			if err != nil {
				t.Fatal(err)
			}
			if want := int(p.Duration().Seconds()*SampleRate + 0.5); len(pcm) != 2*want {
				t.Errorf("%d samples, want %d", len(pcm)/2, want)
			}
			loud, clipped := false, false
			for _, v := range pcm {
				loud = loud || v > 2000
				clipped = clipped || v > 29205 || v < -29205
			}
			if !loud || clipped {
				t.Errorf("loud: %t, over -1 dB: %t", loud, clipped)
			}
			if last := pcm[len(pcm)-2:]; max(last[0], -last[0], last[1], -last[1]) > 4 {
				t.Errorf("it ends with a click: %v", last)
			}
		})
	}
}

func TestRenderTwice(t *testing.T) {
	p := small()
	p.Tape = true
	p.Parts = []Part{
		{Instrument: Guitar, Pattern: Melody, In: "x"},
		{Instrument: Drums, Pattern: PopBeat, In: "x"},
		{Instrument: Pad, Pattern: Held, In: "x"},
	}
	first, err := Render(p)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Render(p)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(first, second) {
		t.Error("two renderings of one piece differ")
	}
	p.Seed++
	other, err := Render(p)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(first, other) {
		t.Error("another seed changes nothing")
	}
}

func TestRenderOfNobodyIsSilent(t *testing.T) {
	pcm, err := Render(small())
	if err != nil {
		t.Fatal(err)
	}
	if slices.Max(pcm) != 0 || slices.Min(pcm) != 0 {
		t.Error("a piece without parts sounds")
	}
}

func TestRenderRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Piece){
		"no tempo":            func(p *Piece) { p.Tempo = 0 },
		"a tempo not there":   func(p *Piece) { p.Tempo = math.NaN() },
		"bars of no beats":    func(p *Piece) { p.Beats = 0 },
		"a swing of one":      func(p *Piece) { p.Swing = 1 },
		"an endless tail":     func(p *Piece) { p.Tail = math.Inf(1) },
		"an endless echo":     func(p *Piece) { p.Echo = 1e9 },
		"a room too large":    func(p *Piece) { p.Room = 2 },
		"no scale":            func(p *Piece) { p.Scale = "" },
		"an unknown mode":     func(p *Piece) { p.Scale = "C happy" },
		"an unknown chord":    func(p *Piece) { p.Sections = []string{"H7"} },
		"an unknown quality":  func(p *Piece) { p.Sections = []string{"Cwide"} },
		"a slash and no bass": func(p *Piece) { p.Sections = []string{"C/"} },
		"an empty chord":      func(p *Piece) { p.Sections = []string{"C,,G"} },
		"no end":              func(p *Piece) { p.End = "" },
		"too many bars":       func(p *Piece) { p.Sections = slices.Repeat([]string{"C C C C"}, 200) },
		"no instrument":       func(p *Piece) { p.Parts = []Part{{Pattern: Held, In: "x"}} },
		"no pattern":          func(p *Piece) { p.Parts = []Part{{Instrument: Pad, In: "x"}} },
		"a piano that drums":  func(p *Piece) { p.Parts = []Part{{Instrument: Piano, Pattern: PopBeat, In: "x"}} },
		"drums that sing":     func(p *Piece) { p.Parts = []Part{{Instrument: Drums, Pattern: Melody, In: "x"}} },
		"a far octave":        func(p *Piece) { p.Parts = []Part{{Instrument: Harp, Pattern: Held, Octave: 40}} },
		"a wild level":        func(p *Piece) { p.Parts = []Part{{Instrument: Harp, Pattern: Held, Level: math.NaN()}} },
	} {
		p := small()
		spoil(&p)
		if _, err := Render(p); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}

func TestChords(t *testing.T) {
	for name, want := range map[string][]int{
		"C":      {60, 64, 67},
		"Am":     {60, 64, 69},
		"F#m7":   {61, 64, 66, 69},
		"Bb":     {62, 65, 70},
		"G/B":    {62, 67, 71},
		"Dm9":    {60, 64, 65, 69}, // its root is the bass's
		"Ebmaj7": {62, 63, 67, 70},
	} {
		c, err := parseChord(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := c.close(60); !slices.Equal(got, want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
}

func TestMelodyStaysInKey(t *testing.T) {
	p := small()
	p.Sections = []string{"C Am F G C Am F G", "Dm7 G7 Cmaj7 Am7 Dm7 G7 Cmaj7 Am7"}
	part := Part{Instrument: Piano, Pattern: Melody, In: "xx"}
	for seed := range uint64(40) {
		p.Seed = seed
		s, err := newScore(p)
		if err != nil {
			t.Fatal(err)
		}
		notes, err := s.compose(0, part)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range notes {
			if n.pitch < melodyLow-4 || n.pitch > melodyHigh+4 || !slices.Contains(s.scale, n.pitch%12) {
				t.Fatalf("seed %d: pitch %d at %.1f is out of key or range", seed, n.pitch, n.at)
			}
		}
	}
}
