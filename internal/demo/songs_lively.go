package demo

import (
	"github.com/antiphon-music/antiphon/internal/demo/cover"
	"github.com/antiphon-music/antiphon/internal/demo/synth"
)

// kitchen is the lo-fi album: electric piano, a lazy beat, an old tape.
func kitchen() []track {
	return []track{
		{"Toast at Midnight", synth.Piece{
			Seed: 3, Tempo: 76, Beats: 4, Swing: 0.22, Scale: "D dorian", Room: 0.35, Echo: 0.75, Tape: true, Tail: 4,
			Sections: []string{
				"Dm9 G13",
				"Dm9 G13 Cmaj9 Am7 Dm9 G13 Cmaj9 Am7",
				"Fmaj9 Em7 Dm9 G13",
			},
			End: "Cmaj9",
			Parts: []synth.Part{
				{Instrument: synth.EPiano, Pattern: synth.Comp, In: "xxx"},
				{Instrument: synth.RoundBass, Pattern: synth.Walk, In: ".xx"},
				{Instrument: synth.SoftDrums, Pattern: synth.LofiBeat, In: ".xx"},
				{Instrument: synth.Guitar, Pattern: synth.Melody, In: ".xx", Level: -2},
				{Instrument: synth.Pad, Pattern: synth.Held, In: "..x", Level: -5},
			},
		}},
		{"Borrowed Umbrella", synth.Piece{
			Seed: 8, Tempo: 82, Beats: 4, Swing: 0.18, Scale: "Bb major", Room: 0.4, Echo: 0.5, Tape: true, Tail: 4,
			Sections: []string{
				"Ebmaj9 Dm7 Cm9 Bbmaj7",
				"Ebmaj9 Dm7 Cm9 Bbmaj7 Ebmaj9 Dm7 Cm9 F9sus4",
				"Gm9 Cm9 F13 Bbmaj9",
			},
			End: "Ebmaj9",
			Parts: []synth.Part{
				{Instrument: synth.Guitar, Pattern: synth.Broken, In: "xxx", Level: -2},
				{Instrument: synth.EPiano, Pattern: synth.Comp, In: ".xx", Level: -2},
				{Instrument: synth.RoundBass, Pattern: synth.Walk, In: ".xx"},
				{Instrument: synth.SoftDrums, Pattern: synth.LofiBeat, In: "xxx"},
				{Instrument: synth.Vibes, Pattern: synth.Melody, In: ".x."},
				{Instrument: synth.Flute, Pattern: synth.Melody, In: "..x"},
			},
		}},
		{"Dishes Can Wait", synth.Piece{
			Seed: 14, Tempo: 88, Beats: 4, Swing: 0.28, Scale: "F major", Room: 0.35, Echo: 0.75, Tape: true, Tail: 3.5,
			Sections: []string{
				"Fmaj9 Dm9 Gm9 C13",
				"Fmaj9 Dm9 Gm9 C13 Am7 Dm9 Gm9 C13",
				"Bbmaj9 Am7 Gm9 C9sus4",
			},
			End: "F69",
			Parts: []synth.Part{
				{Instrument: synth.EPiano, Pattern: synth.Comp, In: "xxx"},
				{Instrument: synth.RoundBass, Pattern: synth.Walk, In: ".xx"},
				{Instrument: synth.SoftDrums, Pattern: synth.LofiBeat, In: ".xx"},
				{Instrument: synth.Kalimba, Pattern: synth.Melody, In: ".x.", Octave: 1},
				{Instrument: synth.Kalimba, Pattern: synth.Arp8, In: "..x", Level: -2},
			},
		}},
		{"Cat on the Fire Escape", synth.Piece{
			Seed: 21, Tempo: 70, Beats: 4, Swing: 0.24, Scale: "A minorpent", Room: 0.45, Echo: 1, Tape: true, Tail: 4,
			Sections: []string{
				"Am9 D9",
				"Am9 D9 Am9 D9 Fmaj9 Em7",
				"Fmaj9 Em7 Dm9 E7b9",
			},
			End: "Am9",
			Parts: []synth.Part{
				{Instrument: synth.Vibes, Pattern: synth.Comp, In: "xxx", Level: -1},
				{Instrument: synth.RoundBass, Pattern: synth.Walk, In: "xxx"},
				{Instrument: synth.SoftDrums, Pattern: synth.SoftBeat, In: ".xx"},
				{Instrument: synth.Piano, Pattern: synth.Melody, In: ".xx", Level: -1},
				{Instrument: synth.Strings, Pattern: synth.Held, In: "..x", Level: -5},
			},
		}},
	}
}

// escalator is the synth-pop album: pulsing basses, bright arpeggios.
func escalator() []track {
	return []track{
		{"Mezzanine Girl", synth.Piece{
			Seed: 101, Tempo: 112, Beats: 4, Scale: "A minor", Room: 0.45, Echo: 0.75, Pump: 0.5, Tail: 4,
			Sections: []string{
				"Am F C G",
				"Am F C G Am F C G",
				"Fmaj7 G Am Em7 Fmaj7 G Am G",
			},
			End: "Am",
			Parts: []synth.Part{
				{Instrument: synth.Pluck, Pattern: synth.Arp16, In: "xxx", Level: -1},
				{Instrument: synth.SynthBass, Pattern: synth.Pulse, In: ".xx"},
				{Instrument: synth.Drums, Pattern: synth.PopBeat, In: ".xx"},
				{Instrument: synth.Pad, Pattern: synth.Held, In: "xxx", Level: 0},
				{Instrument: synth.Lead, Pattern: synth.Melody, In: "..x"},
			},
		}},
		{"Vending Machine Romance", synth.Piece{
			Seed: 113, Tempo: 118, Beats: 4, Scale: "E major", Room: 0.4, Echo: 0.75, Pump: 0.45, Tail: 4,
			Sections: []string{
				"E B/D# C#m7 A",
				"E B/D# C#m7 A E B/D# C#m7 A",
				"F#m7 A E B F#m7 A B7sus4 B",
			},
			End: "Eadd9",
			Parts: []synth.Part{
				{Instrument: synth.Pluck, Pattern: synth.Arp8, In: "xxx"},
				{Instrument: synth.EPiano, Pattern: synth.Stabs, In: "..x", Level: -2},
				{Instrument: synth.SynthBass, Pattern: synth.Pulse, In: ".xx"},
				{Instrument: synth.Drums, Pattern: synth.PopBeat, In: ".xx"},
				{Instrument: synth.Strings, Pattern: synth.Held, In: ".xx", Level: -1},
				{Instrument: synth.Lead, Pattern: synth.Melody, In: ".xx", Octave: 0, Level: -1},
			},
		}},
		{"Last Bus, First Kiss", synth.Piece{
			Seed: 127, Tempo: 104, Beats: 4, Scale: "F# minor", Room: 0.55, Echo: 0.75, Pump: 0.4, Tail: 5,
			Sections: []string{
				"Dmaj9 E F#m7 C#m7",
				"Dmaj9 E F#m7 C#m7 Dmaj9 E F#m7 A",
				"Bm9 C#m7 Dmaj9 E Bm9 C#m7 Dmaj9 E",
			},
			End: "F#m9",
			Parts: []synth.Part{
				{Instrument: synth.Pad, Pattern: synth.Held, In: "xxx", Level: 1},
				{Instrument: synth.Bell, Pattern: synth.Arp8, In: "x.x", Level: 1},
				{Instrument: synth.Pluck, Pattern: synth.Arp16, In: ".xx", Level: -3},
				{Instrument: synth.SynthBass, Pattern: synth.Pulse, In: ".xx"},
				{Instrument: synth.SoftDrums, Pattern: synth.PopBeat, In: ".xx", Level: 1},
				{Instrument: synth.Lead, Pattern: synth.Melody, In: ".xx"},
			},
		}},
		{"Fluorescent Forever", synth.Piece{
			Seed: 131, Tempo: 124, Beats: 4, Scale: "C major", Room: 0.4, Echo: 0.75, Pump: 0.55, Tail: 4,
			Sections: []string{
				"F G Am C/E",
				"F G Am C/E F G Am C/E",
				"Dm7 F Am G Dm7 F G7sus4 G",
				"F G Am C/E F G C C",
			},
			End: "Cadd9",
			Parts: []synth.Part{
				{Instrument: synth.Strings, Pattern: synth.Held, In: "xxxx"},
				{Instrument: synth.Pluck, Pattern: synth.Arp16, In: ".xxx", Level: -1},
				{Instrument: synth.Pluck, Pattern: synth.Stabs, In: "x.x.", Level: -2},
				{Instrument: synth.SynthBass, Pattern: synth.Pulse, In: ".xxx"},
				{Instrument: synth.Drums, Pattern: synth.PopBeat, In: ".xxx"},
				{Instrument: synth.Lead, Pattern: synth.Melody, In: ".x.x"},
			},
		}},
	}
}

// singles are the songs without an album.
func singles() []Song {
	return []Song{
		{Title: "Tide Clock", Artist: "Ilse Vantaro", Album: NoAlbum, Year: 2025, Cover: cover.Design{Style: cover.Hills, Variant: 5, Seed: 12}, Piece: synth.Piece{
			Seed: 211, Tempo: 68, Beats: 4, Scale: "C major", Room: 0.85, Echo: 1.5, Tail: 7,
			Sections: []string{
				"Cmaj9 Am9",
				"Cmaj9 Am9 Fmaj9 G9sus4",
				"Cmaj9/E Am9 Dm9 G9sus4",
			},
			End: "Cmaj9",
			Parts: []synth.Part{
				{Instrument: synth.Sea, Pattern: synth.Held, In: "xxx"},
				{Instrument: synth.Pad, Pattern: synth.Held, In: ".xx"},
				{Instrument: synth.Guitar, Pattern: synth.Arp8, In: "xxx", Octave: -1},
				{Instrument: synth.Flute, Pattern: synth.Melody, In: ".xx"},
				{Instrument: synth.SubBass, Pattern: synth.Roots, In: ".xx", Level: -2},
			},
		}},
		{Title: "Sunday, Slightly Late", Artist: "Pigeon Ministry", Album: NoAlbum, Year: 2025, Cover: cover.Design{Style: cover.StillLife, Variant: 5, Seed: 112}, Piece: synth.Piece{
			Seed: 223, Tempo: 94, Beats: 4, Swing: 0.2, Scale: "Eb major", Room: 0.35, Echo: 0.75, Tape: true, Tail: 4,
			Sections: []string{
				"Abmaj9 Gm7 Fm9 Ebmaj9",
				"Abmaj9 Gm7 Fm9 Ebmaj9 Abmaj9 Gm7 Fm9 Bb13",
				"Cm9 F9 Fm9 Bb9sus4",
			},
			End: "Ebmaj9",
			Parts: []synth.Part{
				{Instrument: synth.EPiano, Pattern: synth.Comp, In: "xxx"},
				{Instrument: synth.RoundBass, Pattern: synth.Walk, In: ".xx"},
				{Instrument: synth.SoftDrums, Pattern: synth.SoftBeat, In: "xxx"},
				{Instrument: synth.Guitar, Pattern: synth.Melody, In: ".xx"},
				{Instrument: synth.Harp, Pattern: synth.Arp8, In: "..x", Level: -4},
			},
		}},
	}
}
