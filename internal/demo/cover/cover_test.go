package cover

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
)

func TestDraw(t *testing.T) {
	for style := Hills; style <= Stamp; style++ {
		for variant := range 7 {
			d := Design{Style: style, Variant: variant, Seed: 5}
			first, err := Draw(d, 120)
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(bytes.NewReader(first))
			if err != nil {
				t.Fatal(err)
			}
			if b := img.Bounds(); b.Dx() != 120 || b.Dy() != 120 {
				t.Errorf("style %d, variant %d is %v", style, variant, b)
			}
			second, err := Draw(d, 120)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first, second) {
				t.Errorf("style %d, variant %d differs when it is drawn again", style, variant)
			}
		}
	}
}

func TestFace(t *testing.T) {
	for hair := Crop; hair <= Shaved; hair++ {
		data, err := Face(Portrait{Hair: hair, Skin: 0xd0a080, Glasses: true, Headphones: true}, 64)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
			t.Errorf("hair %d: %v", hair, err)
		}
	}
}

func TestRefuses(t *testing.T) {
	for name, draw := range map[string]func() ([]byte, error){
		"no size":          func() ([]byte, error) { return Draw(Design{}, 0) },
		"a huge size":      func() ([]byte, error) { return Draw(Design{}, 1<<20) },
		"an unknown style": func() ([]byte, error) { return Draw(Design{Style: 99}, 100) },
		"an unknown hair":  func() ([]byte, error) { return Face(Portrait{Hair: 99}, 100) },
		"a face too small": func() ([]byte, error) { return Face(Portrait{}, 1) },
	} {
		if _, err := draw(); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	if _, err := Draw(Design{Variant: -3}, 100); err != nil {
		t.Errorf("a negative variant: %v", err)
	}
}
