// Package picture looks at images that people upload: whether they are whole,
// how large they are, and what they look like when made smaller.
//
// [Check] walks the structure of a file without decoding it, so that a small
// file that claims to be a huge image costs nothing. [Resize] decodes.
package picture

import (
	"errors"
	"fmt"
	"io"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// Info is what the header of an image says.
type Info struct {
	Format        Format
	Width, Height int // in pixels, before any EXIF orientation is applied
}

// Check reads the image of size bytes in r and reports whether it is whole: it
// follows the chunks, segments or blocks of the file to their end. It decodes no
// pixel, takes time in proportion to size and a fixed amount of memory. Bytes
// after the end of the image are ignored.
//
// Errors are errs.Invalid with a field "image": errs.Empty for no bytes,
// errs.NotImage for anything but a whole image of a known [Format], and
// errs.Pixels with maxPixels as its limit for an image, or a frame of one, of
// more pixels. An error of r is returned wrapped.
func Check(r io.ReaderAt, size, maxPixels int64) (Info, error) {
	o, err := inspect(r, size, maxPixels)
	return o.Info, err
}

// outline is what a walk through a file finds out.
type outline struct {
	Info
	exif  span  // the EXIF block, from its TIFF header on; empty if there is none
	frame frame // the first frame of an animated WebP; empty otherwise
}

// span is a part of a file.
type span struct{ offset, length int64 }

// errBroken says that a file does not keep to its format.
var errBroken = errors.New("picture: the file is broken")

// inspect does the work of Check.
func inspect(r io.ReaderAt, size, maxPixels int64) (outline, error) {
	if size <= 0 {
		return outline{}, refuse(errs.Empty, 0, nil)
	}
	s := newScanner(r, size, maxPixels)
	head, err := s.peek(magicLength)
	if err != nil && err != io.EOF {
		return outline{}, fmt.Errorf("picture: reading an image: %w", err)
	}
	o := outline{Info: Info{Format: detect(head)}}
	switch o.Format {
	case JPEG:
		err = walkJPEG(s, &o)
	case PNG:
		err = walkPNG(s, &o)
	case GIF:
		err = walkGIF(s, &o)
	case WebP:
		err = walkWebP(s, &o)
	case BMP:
		err = walkBMP(s, &o)
	case TIFF:
		err = walkTIFF(s, &o)
	default:
		err = errBroken
	}
	var refusal *errs.Error
	switch {
	case err == nil:
		return o, nil
	case errors.As(err, &refusal):
		return outline{}, refusal
	case errors.Is(err, errBroken), err == io.EOF, err == io.ErrUnexpectedEOF:
		return outline{}, refuse(errs.NotImage, 0, err)
	}
	return outline{}, fmt.Errorf("picture: reading an image: %w", err)
}

// refuse returns the error of package errs for an image.
func refuse(code errs.Code, limit int64, cause error) *errs.Error {
	return &errs.Error{
		Kind:   errs.Invalid,
		Fields: []errs.Field{{Name: "image", Code: code, Limit: limit}},
		Err:    cause,
	}
}
