package picture

import "encoding/binary"

// The compressions of a BMP file.
const (
	bmpRGB       = 0
	bmpRLE8      = 1
	bmpRLE4      = 2
	bmpBitFields = 3
	bmpAlphaBits = 6
)

// walkBMP checks the headers of a BMP file and that its pixels are all there.
// Source: Microsoft, Windows GDI, "Bitmap Storage" (BITMAPFILEHEADER to
// BITMAPV5HEADER), and OS/2's BITMAPCOREHEADER. The length in the file header
// is wrong in so many files that it is not looked at.
func walkBMP(s *scanner, o *outline) error {
	head, err := s.next(18)
	if err != nil {
		return err
	}
	pixels, headerSize := int64(binary.LittleEndian.Uint32(head[10:])), binary.LittleEndian.Uint32(head[14:])
	var width, height, compression, stored uint32
	var depth, planes uint16
	switch {
	case headerSize == 12:
		p, err := s.next(8)
		if err != nil {
			return err
		}
		width, height = uint32(binary.LittleEndian.Uint16(p)), uint32(binary.LittleEndian.Uint16(p[2:]))
		planes, depth = binary.LittleEndian.Uint16(p[4:]), binary.LittleEndian.Uint16(p[6:])
	case headerSize >= 40 && headerSize <= 124:
		p, err := s.next(20)
		if err != nil {
			return err
		}
		width, height = binary.LittleEndian.Uint32(p), binary.LittleEndian.Uint32(p[4:])
		if int32(height) < 0 { // rows from top to bottom
			height = -height
		}
		planes, depth = binary.LittleEndian.Uint16(p[8:]), binary.LittleEndian.Uint16(p[10:])
		compression, stored = binary.LittleEndian.Uint32(p[12:]), binary.LittleEndian.Uint32(p[16:])
	default:
		return errBroken
	}
	if planes != 1 || int32(width) < 0 || pixels < 14+int64(headerSize) {
		return errBroken
	}
	if err := s.dimensions(o, width, height); err != nil {
		return err
	}
	length, ok := bmpLength(compression, depth, width, height, stored)
	if !ok || length > s.size-pixels {
		return errBroken
	}
	return nil
}

// bmpLength returns the length of the pixels in bytes, and false if there can
// be no such image.
func bmpLength(compression uint32, depth uint16, width, height, stored uint32) (int64, bool) {
	switch depth {
	case 1, 4, 8, 16, 24, 32:
	default:
		return 0, false
	}
	switch compression {
	case bmpRGB, bmpBitFields, bmpAlphaBits:
		// Rows are padded to four bytes. Neither factor is over 2³⁶ ÷ height.
		return (int64(width)*int64(depth) + 31) / 32 * 4 * int64(height), true
	case bmpRLE8:
		return int64(stored), depth == 8 && stored > 0
	case bmpRLE4:
		return int64(stored), depth == 4 && stored > 0
	}
	return 0, false
}
