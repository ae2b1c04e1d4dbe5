package demo

import "github.com/antiphon-music/antiphon/internal/demo/synth"

// weather is the ambient album: no drums to speak of, long rooms.
func weather() []track {
	return []track{
		{"First Ferry Out", synth.Piece{
			Seed: 11, Tempo: 66, Beats: 4, Scale: "D major", Room: 0.9, Echo: 1.5, Tail: 7,
			Sections: []string{
				"Dmaj9 Gmaj9",
				"Dmaj9 Gmaj9 Bm9 A7sus4",
				"Em9 Gmaj9 Dmaj9/F# A7sus4",
			},
			End: "Dmaj9",
			Parts: []synth.Part{
				{Instrument: synth.Pad, Pattern: synth.Held, In: "xxx"},
				{Instrument: synth.SubBass, Pattern: synth.Roots, In: ".xx", Level: -2},
				{Instrument: synth.EPiano, Pattern: synth.Arp8, In: ".xx", Level: -2},
				{Instrument: synth.Bell, Pattern: synth.Sparse, In: "xxx"},
				{Instrument: synth.Sea, Pattern: synth.Held, In: "xxx", Level: -3},
			},
		}},
		{"Cloud Inventory", synth.Piece{
			Seed: 23, Tempo: 60, Beats: 4, Scale: "Ab lydian", Room: 1, Echo: 0.75, Tail: 7,
			Sections: []string{
				"Abmaj9 Cm7 Fm9 Dbmaj9",
				"Abmaj9 Cm7 Fm9 Dbmaj9",
				"Bbm9 Eb9sus4",
			},
			End: "Abmaj9",
			Parts: []synth.Part{
				{Instrument: synth.Glass, Pattern: synth.Held, In: "xxx"},
				{Instrument: synth.Pad, Pattern: synth.Held, In: ".xx", Level: -4, Octave: -1},
				{Instrument: synth.Kalimba, Pattern: synth.Arp8, In: "xxx", Level: -2},
				{Instrument: synth.SubBass, Pattern: synth.Roots, In: ".xx", Level: -3},
			},
		}},
		{"The Radiator Sings", synth.Piece{
			Seed: 35, Tempo: 72, Beats: 3, Scale: "E minor", Room: 0.85, Echo: 1, Tail: 6,
			Sections: []string{
				"Em9 Em9 Cmaj9 Cmaj9",
				"Em9 Gmaj9 Cmaj9 Am9 Em9 Gmaj9 Cmaj9 Am9",
				"Fmaj9 Fmaj9 Am9 Bm7",
			},
			End: "Em9",
			Parts: []synth.Part{
				{Instrument: synth.Strings, Pattern: synth.Held, In: "xxx", Level: -1},
				{Instrument: synth.Harp, Pattern: synth.Arp8, In: ".xx", Level: -3},
				{Instrument: synth.Flute, Pattern: synth.Melody, In: ".xx", Level: -1},
				{Instrument: synth.SubBass, Pattern: synth.Roots, In: ".xx", Level: -1},
				{Instrument: synth.SoftDrums, Pattern: synth.HeartBeat, In: ".xx", Level: -4},
			},
		}},
		{"Snow, Then Streetlamps", synth.Piece{
			Seed: 47, Tempo: 58, Beats: 4, Scale: "F major", Room: 1, Echo: 1.5, Tail: 8,
			Sections: []string{
				"Fmaj9 Dm9 Bbmaj9 C9sus4",
				"Fmaj9/A Dm9 Gm9 C9sus4",
			},
			End: "Fadd9",
			Parts: []synth.Part{
				{Instrument: synth.Pad, Pattern: synth.Held, In: "xx", Level: -1},
				{Instrument: synth.Vibes, Pattern: synth.Melody, In: "xx", Octave: 0},
				{Instrument: synth.Piano, Pattern: synth.Rolled, In: "xx", Level: -4},
				{Instrument: synth.Bell, Pattern: synth.Sparse, In: ".x", Level: -2, Octave: 1},
			},
		}},
	}
}

// postcards is the album of miniatures for piano, harp and guitar.
func postcards() []track {
	return []track{
		{"Lisbon, Third Floor", synth.Piece{
			Seed: 5, Tempo: 92, Beats: 3, Scale: "A minor", Room: 0.5, Tail: 4,
			Sections: []string{
				"Am Am F F",
				"Am Em/G F C/E Dm7 G C E7b9",
				"Fmaj7 G Em7 Am Dm7 E7b9 Am E7b9",
			},
			End: "Am",
			Parts: []synth.Part{
				{Instrument: synth.Guitar, Pattern: synth.Broken, In: "xxx", Level: -1},
				{Instrument: synth.Piano, Pattern: synth.Melody, In: ".xx", Level: 0.5},
				{Instrument: synth.Strings, Pattern: synth.Held, In: "..x", Level: -5},
			},
		}},
		{"Sorry I Missed Your Birthday", synth.Piece{
			Seed: 17, Tempo: 76, Beats: 4, Scale: "G major", Room: 0.55, Tail: 5,
			Sections: []string{
				"Gadd9 Em7 Cmaj7 D",
				"Gadd9 D/F# Em7 Cmaj7 G/B Cmaj7 Am7 D7sus4,D7",
			},
			End: "Gadd9",
			Parts: []synth.Part{
				{Instrument: synth.Piano, Pattern: synth.Broken, In: "xx"},
				{Instrument: synth.Piano, Pattern: synth.Melody, In: ".x", Octave: 1, Level: -1},
				{Instrument: synth.Pad, Pattern: synth.Held, In: ".x", Level: -7},
			},
		}},
		{"Harp in the Stairwell", synth.Piece{
			Seed: 29, Tempo: 84, Beats: 4, Scale: "Eb lydian", Room: 0.8, Echo: 0.75, Tail: 5,
			Sections: []string{
				"Ebmaj9 F/Eb",
				"Ebmaj9 F/Eb Cm9 Gm7 Ebmaj9 F/Eb",
				"Abmaj9 Bb6 Cm9 Gm7 Abmaj9 Bb7sus4",
			},
			End: "Eb69",
			Parts: []synth.Part{
				{Instrument: synth.Harp, Pattern: synth.Arp8, In: "xxx"},
				{Instrument: synth.Harp, Pattern: synth.Rolled, In: ".xx", Level: -3, Octave: -1},
				{Instrument: synth.Vibes, Pattern: synth.Melody, In: ".xx", Level: -1},
				{Instrument: synth.Glass, Pattern: synth.Held, In: "..x", Level: -4},
			},
		}},
		{"The Lamplighter's Waltz", synth.Piece{
			Seed: 41, Tempo: 104, Beats: 3, Scale: "Bb major", Room: 0.6, Tail: 4,
			Sections: []string{
				"Bb Dm7 Gm7 Ebmaj7 Cm7 F7 Bb F7",
				"Bb Dm7 Gm7 Ebmaj7 Cm7 F7 Bb Bb7",
				"Ebmaj7 Edim7 Bb/F Gm7 Cm7 F7 Bb F7",
			},
			End: "Bb6",
			Parts: []synth.Part{
				{Instrument: synth.Piano, Pattern: synth.Broken, In: "xxx", Level: -2},
				{Instrument: synth.Flute, Pattern: synth.Melody, In: ".xx"},
				{Instrument: synth.Harp, Pattern: synth.Rolled, In: "..x", Level: -3},
				{Instrument: synth.Kalimba, Pattern: synth.Melody, In: "x..", Level: 0},
				{Instrument: synth.RoundBass, Pattern: synth.Roots, In: ".xx", Level: -4},
			},
		}},
	}
}
