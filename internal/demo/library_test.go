package demo

import (
	"bytes"
	"image"
	_ "image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/antiphon-music/antiphon/internal/demo/synth"
)

func TestSongs(t *testing.T) {
	albums, songs := Albums(), Songs()
	if len(albums) != 4 || len(songs) != 18 {
		t.Fatalf("%d albums and %d songs, want 4 and 18", len(albums), len(songs))
	}
	titles, tracks := map[string]bool{}, map[[2]int]bool{}
	for _, s := range songs {
		if titles[s.Title] {
			t.Errorf("two songs are called %q", s.Title)
		}
		titles[s.Title] = true
		if d := s.Duration(); d < 35*time.Second || d > 75*time.Second {
			t.Errorf("%q lasts %v, want 35 to 75 seconds", s.Title, d)
		}
		switch {
		case s.Album == NoAlbum:
			if s.Track != 0 {
				t.Errorf("%q is a single with a track number", s.Title)
			}
		case s.Album < 0 || s.Album >= len(albums):
			t.Errorf("%q is on album %d, which does not exist", s.Title, s.Album)
		case tracks[[2]int{s.Album, s.Track}] || s.Track < 1:
			t.Errorf("%q is not alone on track %d", s.Title, s.Track)
		case s.Artist != albums[s.Album].Artist:
			t.Errorf("%q is by %q, its album by %q", s.Title, s.Artist, albums[s.Album].Artist)
		}
		tracks[[2]int{s.Album, s.Track}] = true
	}
}

// shortened leaves of a piece the first bar of its last section and the end,
// played by everybody, so that all of it can be rendered in a test.
func shortened(p synth.Piece) synth.Piece {
	p.Sections = strings.Fields(p.Sections[len(p.Sections)-1])[:1]
	p.Parts = slices.Clone(p.Parts)
	for i := range p.Parts {
		p.Parts[i].In = "x"
	}
	p.Tail = 0.5
	return p
}

func TestEverySongSounds(t *testing.T) {
	songs := Songs()
	if !thorough {
		songs = songs[:1]
	}
	for _, s := range songs {
		t.Run(s.Title, func(t *testing.T) {
			t.Parallel()
			p := shortened(s.Piece)
			pcm, err := synth.Render(p)
			if err != nil {
				t.Fatal(err)
			}
			if got := time.Duration(len(pcm)/2) * time.Second / synth.SampleRate; got != p.Duration() {
				t.Errorf("it lasts %v, want %v", got, p.Duration())
			}
			peak, power, offset := 0, 0.0, 0.0
			for _, v := range pcm {
				peak = max(peak, int(v), -int(v))
				power += float64(v) * float64(v)
				offset += float64(v)
			}
			n := float64(len(pcm))
			// -16 dB of full scale is 5193.
			if rms := power / n; rms < 3000*3000 || rms > 8000*8000 {
				t.Errorf("its mean power is %.0f, out of range", rms)
			}
			if peak > 29205 { // -1 dB
				t.Errorf("its peak is %d, over -1 dB", peak)
			}
			if offset/n > 20 || offset/n < -20 {
				t.Errorf("its offset is %.1f", offset/n)
			}
		})
	}
}

func TestRenderTwice(t *testing.T) {
	t.Parallel()
	song := Songs()[14]
	if !thorough {
		song.Piece = shortened(song.Piece)
	}
	first, err := Render(song)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Render(song)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two renderings of one song differ")
	}
	for _, want := range []string{"fLaC", "TITLE=" + song.Title, "ARTIST=" + song.Artist, "ALBUM=Postcards to Nobody", "TRACKNUMBER=3"} {
		if !bytes.Contains(first[:4096], []byte(want)) {
			t.Errorf("the file does not hold %q", want)
		}
	}
}

func TestRenderRefusesNonsense(t *testing.T) {
	if _, err := Render(Song{Title: "Nothing"}); err == nil {
		t.Error("a song without music was rendered")
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	check := func(name string, size int, data []byte, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil || format != "jpeg" || config.Width != size || config.Height != size {
			t.Errorf("%s: a %s of %d × %d, %v", name, format, config.Width, config.Height, err)
		}
		if len(data) > 250_000 {
			t.Errorf("%s: %d bytes, over 250,000", name, len(data))
		}
	}
	seen := map[string]bool{}
	songs, albums, users := Songs(), Albums(), Users()
	if !thorough {
		songs, albums, users = songs[:1], albums[3:], users[:1]
	}
	for _, s := range songs {
		data, err := Cover(s.Cover)
		check(s.Title, coverSize, data, err)
		if seen[string(data)] {
			t.Errorf("%s: another song has the same cover", s.Title)
		}
		seen[string(data)] = true
	}
	for _, a := range albums {
		data, err := Cover(a.Cover)
		check(a.Title, coverSize, data, err)
	}
	for _, u := range users {
		data, err := Avatar(u)
		check(u.FullName, avatarSize, data, err)
	}
}

func TestMessages(t *testing.T) {
	users := Users()
	emails := map[string]bool{}
	for _, u := range users {
		if emails[u.Email] || !strings.HasSuffix(u.Email, ".example") {
			t.Errorf("%q is taken, or no reserved domain", u.Email)
		}
		emails[u.Email] = true
	}
	latest := map[[2]int]int{}
	for i, m := range Messages() {
		if m.From == m.To || min(m.From, m.To) < 0 || max(m.From, m.To) >= len(users) {
			t.Fatalf("message %d goes from %d to %d", i, m.From, m.To)
		}
		pair := [2]int{min(m.From, m.To), max(m.From, m.To)}
		if before, talking := latest[pair]; m.MinutesAgo <= 0 || m.Text == "" || talking && m.MinutesAgo >= before {
			t.Errorf("message %d is empty or out of order", i)
		}
		latest[pair] = m.MinutesAgo
	}
}
