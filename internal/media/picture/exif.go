package picture

import (
	"image"
	"io"
)

// orientation is the EXIF value that says how to turn an image: 1 to 8, where 1
// is upright. Source: TIFF Revision 6.0, section 8, tag 274, which EXIF uses.
type orientation uint32

const upright orientation = 1

// readOrientation returns the orientation that an EXIF block in r gives, and
// upright if it gives none that makes sense.
func readOrientation(r io.ReaderAt, exif span) orientation {
	if exif.length == 0 {
		return upright
	}
	t := tagged{file: io.NewSectionReader(r, exif.offset, exif.length), size: exif.length}
	found := upright
	// A broken EXIF block is no reason to refuse an image: it stays upright.
	_ = t.directory(func(e entry) error {
		if e.tag == tagOrientation {
			if n, err := t.number(e); err == nil && n >= 1 && n <= 8 {
				found = orientation(n)
			}
		}
		return nil
	})
	return found
}

// apply returns the image as it is meant to be seen.
func (o orientation) apply(src *image.RGBA) *image.RGBA {
	if o == upright {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if o >= 5 { // rows become columns
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			dx, dy := x, y
			switch o {
			case 2:
				dx = w - 1 - x
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dy = h - 1 - y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			from, to := src.PixOffset(x, y), dst.PixOffset(dx, dy)
			copy(dst.Pix[to:to+4], src.Pix[from:from+4])
		}
	}
	return dst
}
