// Package cover draws the pictures of the demonstration library: covers for
// albums and songs, and portraits of listeners.
//
// Each album has a Style of its own, and each of its songs a variant in that
// style, so that they look related. Everything is drawn from shapes; a seed
// decides what chance may, so one Design always gives the same bytes on the
// same processor architecture.
package cover

import "github.com/antiphon-music/antiphon/internal/errs"

// maxSize bounds the pixels a side that Draw and Face agree to.
const maxSize = 4096

// A Style is a way to draw covers.
type Style uint8

// The styles.
const (
	Hills     Style = iota // hills in haze under a low sun
	StillLife              // kitchen things in flat colours
	Neon                   // a cut sun over glowing stairs
	Stamp                  // a postage stamp, postmarked
)

// A Design is one cover. Variant 0 is the album's; the songs take 1 and up.
// Variants past the last begin anew.
type Design struct {
	Style   Style
	Variant int
	Seed    uint64
}

// Draw returns the cover as a square JPEG of size pixels a side. It is an
// errs.Invalid error if the style is unknown or the size out of range. Calls
// share nothing and may run concurrently.
func Draw(d Design, size int) ([]byte, error) {
	if size < 16 || size > maxSize {
		return nil, errs.New(errs.Invalid, "a picture of %d pixels is out of range", size)
	}
	styles := [...]func(*canvas, int){Hills: hills, StillLife: stillLife, Neon: neon, Stamp: stamp}
	if int(d.Style) >= len(styles) {
		return nil, errs.New(errs.Invalid, "style %d is unknown", d.Style)
	}
	c := newCanvas(size, d.Seed)
	styles[d.Style](c, max(d.Variant, 0))
	return c.encode()
}
