package django

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/antiphon-music/antiphon/internal/errs"
	"github.com/antiphon-music/antiphon/internal/file"
)

// The sentences about files. The one about audio is ours: the reference takes
// anything for audio.
const (
	textNoFile   = "No file was submitted."
	textNotFile  = "The submitted data was not a file. Check the encoding type on the form."
	textEmpty    = "The submitted file is empty."
	textNotImage = "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
	textNotAudio = "Upload a valid audio file. The file you uploaded was either not an audio file or a corrupted audio file."
)

// imageExtensions are the endings that the name of an image may have: those of
// the imaging library behind the reference, in its order.
var imageExtensions = strings.Fields(`bmp dib gif tif tiff jfif jpe jpg jpeg pbm pgm ppm pnm png apng blp bufr cur
	pcx dcx dds ps eps fit fits fli flc ftc ftu gbr grib h5 hdf jp2 j2k jpc jpf jpx j2c icns ico im iim mpg mpeg mpo
	msp palm pcd pdf pxr psd bw rgb rgba sgi ras tga icb vda vst webp wmf emf xbm xpm`)

// file reads an upload: nil if it is absent, wrong, or (where that is allowed)
// null, which null tells.
func (f *form) file(name string, o field) (up *file.Upload, null bool) {
	o.absent = textNoFile
	v, ok := f.get(name, o)
	if !ok {
		return nil, false
	}
	if v == nil {
		return nil, true
	}
	upload, ok := v.(file.Upload)
	if !ok {
		f.fail(name, textNotFile)
		return nil, false
	}
	n := utf8.RuneCountInString(upload.Filename)
	switch {
	case upload.Staged.Size == 0:
		f.fail(name, textEmpty)
	case n > file.MaxFilename:
		f.fail(name, fmt.Sprintf("Ensure this filename has at most %d characters (it has %d).", file.MaxFilename, n))
	default:
		return &upload, false
	}
	return nil, false
}

// image is file for one whose content check takes for an image. The error is
// one of check that is not about the content.
func (f *form) image(ctx context.Context, name string, o field, check func(context.Context, file.Upload) error) (up *file.Upload, null bool, err error) {
	up, null = f.file(name, o)
	if up == nil {
		return nil, null, nil
	}
	if err := f.content(ctx, name, *up, check); err != nil || f.failed(name) {
		return nil, false, err
	}
	extension := strings.ToLower(strings.TrimPrefix(suffix(up.Filename), "."))
	if !slices.Contains(imageExtensions, extension) {
		f.fail(name, fmt.Sprintf("File extension “%s” is not allowed. Allowed extensions are: %s.",
			extension, strings.Join(imageExtensions, ", ")))
		return nil, false, nil
	}
	return up, false, nil
}

// audio is image for sound, whose name may have any ending.
func (f *form) audio(ctx context.Context, name string, o field, check func(context.Context, file.Upload) error) (*file.Upload, error) {
	up, _ := f.file(name, o)
	if up == nil {
		return nil, nil
	}
	if err := f.content(ctx, name, *up, check); err != nil || f.failed(name) {
		return nil, err
	}
	return up, nil
}

// content has the content of an upload checked, and notes what is wrong with
// it.
func (f *form) content(ctx context.Context, name string, up file.Upload, check func(context.Context, file.Upload) error) error {
	err := check(ctx, up)
	var e *errs.Error
	if !errors.As(err, &e) || e.Kind != errs.Invalid {
		return err
	}
	for _, wrong := range e.Fields {
		f.fail(name, fieldText(wrong))
	}
	return nil
}

func (f *form) failed(name string) bool {
	return slices.ContainsFunc(f.wrong, func(e fieldError) bool { return e.name == name })
}

// suffix is the ending of a name with its dot, as Python's pathlib sees it: a
// dot at the beginning or the end of the name begins none.
func suffix(name string) string {
	ext := path.Ext(name)
	if ext == "." || ext == name {
		return ""
	}
	return ext
}
