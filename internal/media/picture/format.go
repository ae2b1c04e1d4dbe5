package picture

import "bytes"

// Format is a file format of images.
type Format uint8

// The formats that are read. The zero Format is none of them.
const (
	JPEG Format = iota + 1
	PNG
	GIF
	WebP
	BMP
	TIFF
)

// ContentType returns the media type, such as "image/jpeg", and
// "application/octet-stream" for no format.
func (f Format) ContentType() string {
	switch f {
	case JPEG:
		return "image/jpeg"
	case PNG:
		return "image/png"
	case GIF:
		return "image/gif"
	case WebP:
		return "image/webp"
	case BMP:
		return "image/bmp"
	case TIFF:
		return "image/tiff"
	}
	return "application/octet-stream"
}

// Extension returns the usual ending of a file name, such as ".jpg", and "" for
// no format.
func (f Format) Extension() string {
	switch f {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case GIF:
		return ".gif"
	case WebP:
		return ".webp"
	case BMP:
		return ".bmp"
	case TIFF:
		return ".tiff"
	}
	return ""
}

// magicLength is how many bytes detect looks at.
const magicLength = 12

// detect returns the format of a file that begins with head, or zero.
func detect(head []byte) Format {
	begins := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case begins("\xff\xd8\xff"):
		return JPEG
	case begins("\x89PNG\r\n\x1a\n"):
		return PNG
	case begins("GIF87a"), begins("GIF89a"):
		return GIF
	case begins("RIFF") && len(head) >= magicLength && string(head[8:12]) == "WEBP":
		return WebP
	case begins("BM"):
		return BMP
	case begins("II*\x00"), begins("MM\x00*"):
		return TIFF
	}
	return 0
}
