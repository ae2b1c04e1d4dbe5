package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	"golang.org/x/image/tiff"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const (
	// resizePixels is the most that Resize decodes, whatever was let in: 100
	// million pixels need up to 600 MB.
	resizePixels = 100_000_000

	jpegQuality = 85
)

// Resize writes to w the image of length bytes in r, made to fit into a square
// of side pixels with its proportions kept and turned as its EXIF orientation
// says. It is never enlarged. Of an animation it takes the first frame. The
// result is a JPEG if the image is opaque and a PNG otherwise, without any
// metadata; the same input gives the same bytes.
//
// An image that is broken, or that is whole but of a kind that cannot be
// decoded, is errs.Invalid with a field "image", as for [Check]. Nothing has been
// written then.
func Resize(w io.Writer, r io.ReaderAt, length int64, side int) (contentType string, err error) {
	if side < 1 {
		return "", fmt.Errorf("picture: resizing to %d pixels", side)
	}
	o, err := inspect(r, length, resizePixels)
	if err != nil {
		return "", err
	}
	full, err := decode(r, length, o)
	if err != nil {
		return "", refuse(errs.NotImage, 0, err)
	}
	small := readOrientation(r, o.exif).apply(fit(full, side))
	if small.Opaque() {
		err = jpeg.Encode(w, small, &jpeg.Options{Quality: jpegQuality})
		return JPEG.ContentType(), wrapEncode(err)
	}
	return PNG.ContentType(), wrapEncode(png.Encode(w, small))
}

func wrapEncode(err error) error {
	if err != nil {
		return fmt.Errorf("picture: writing an image: %w", err)
	}
	return nil
}

// decode decodes the image. The decoders of rarer formats have been caught
// panicking on broken files, which here is only another way of refusing one.
func decode(r io.ReaderAt, length int64, o outline) (m image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("picture: the decoder panicked: %v", p)
		}
	}()
	file := io.NewSectionReader(r, 0, length)
	switch o.Format {
	case JPEG:
		m, err = jpeg.Decode(bufio.NewReader(file))
	case PNG:
		m, err = png.Decode(bufio.NewReader(file))
	case GIF:
		if m, err = gif.Decode(bufio.NewReader(file)); err == nil {
			m = onCanvas(m, m.Bounds().Min, o.Info)
		}
	case WebP:
		m, err = decodeWebP(r, length, o)
	case BMP:
		m, err = bmp.Decode(bufio.NewReader(file))
	case TIFF:
		m, err = tiff.Decode(file)
	}
	if err == nil && m.Bounds().Empty() {
		err = errors.New("picture: the image is empty")
	}
	return m, err
}

// onCanvas puts a frame onto the canvas of its animation, at a point of it.
func onCanvas(m image.Image, at image.Point, canvas Info) image.Image {
	whole := image.Rect(0, 0, canvas.Width, canvas.Height)
	if at == (image.Point{}) && m.Bounds().Size() == whole.Size() {
		return m
	}
	c := image.NewRGBA(whole)
	draw.Draw(c, image.Rectangle{Min: at, Max: at.Add(m.Bounds().Size())}, m, m.Bounds().Min, draw.Src)
	return c
}

// fit scales m down to fit into a square.
func fit(m image.Image, side int) *image.RGBA {
	size := m.Bounds().Size()
	longest := max(size.X, size.Y)
	target := size
	if longest > side {
		// Rounded, and at least a pixel.
		target.X = max(1, (size.X*side+longest/2)/longest)
		target.Y = max(1, (size.Y*side+longest/2)/longest)
	}
	// The good filter needs memory in proportion to the height it starts from,
	// so that a very large image is shrunk by averaging first.
	if by := 2 * longest / (3 * side); by > 1 {
		m = average(m, by)
	}
	dst := image.NewRGBA(image.Rectangle{Max: target})
	if m.Bounds().Size() == target {
		draw.Draw(dst, dst.Rect, m, m.Bounds().Min, draw.Src)
	} else {
		draw.CatmullRom.Scale(dst, dst.Rect, m, m.Bounds(), draw.Src, nil)
	}
	return dst
}

// average shrinks m by a whole factor: each pixel is the mean of a square of by
// × by pixels, of fewer at the right and lower edges. It holds by rows of m at
// a time, apart from m itself.
func average(m image.Image, by int) *image.RGBA {
	b := m.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, (b.Dx()+by-1)/by, (b.Dy()+by-1)/by))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(by, b.Dy())))
	for y := range dst.Rect.Dy() {
		rows := min(by, b.Dy()-y*by)
		draw.Draw(strip, image.Rect(0, 0, b.Dx(), rows), m, image.Pt(b.Min.X, b.Min.Y+y*by), draw.Src)
		for x := range dst.Rect.Dx() {
			columns := min(by, b.Dx()-x*by)
			var sum [4]int
			for row := range rows {
				at := strip.PixOffset(x*by, row)
				for p := strip.Pix[at : at+4*columns]; len(p) >= 4; p = p[4:] {
					sum[0] += int(p[0])
					sum[1] += int(p[1])
					sum[2] += int(p[2])
					sum[3] += int(p[3])
				}
			}
			count := rows * columns
			for i := range sum {
				dst.Pix[dst.PixOffset(x, y)+i] = byte((sum[i] + count/2) / count)
			}
		}
	}
	return dst
}
