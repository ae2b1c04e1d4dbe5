package picture

import (
	"encoding/binary"
	"hash/crc32"
)

// walkPNG follows the chunks of a PNG file to its IEND, and checks their CRCs.
// Source: PNG Specification, Third Edition, sections 5 and 11.
func walkPNG(s *scanner, o *outline) error {
	if err := s.advance(8); err != nil {
		return err
	}
	var seenPalette, seenData, needsPalette bool
	for first := true; ; first = false {
		head, err := s.next(8)
		if err != nil {
			return err
		}
		length, kind := binary.BigEndian.Uint32(head), string(head[4:8])
		crc := crc32.ChecksumIEEE(head[4:8])
		if first != (kind == "IHDR") {
			return errBroken
		}
		switch kind {
		case "IHDR":
			if length != 13 {
				return errBroken
			}
			if needsPalette, err = pngHeader(s, o); err != nil {
				return err
			}
		case "PLTE":
			seenPalette = true
		case "IDAT":
			if needsPalette && !seenPalette {
				return errBroken
			}
			seenData = true
		case "IEND":
			if length != 0 || !seenData {
				return errBroken
			}
		case "eXIf":
			o.exif = span{s.offset, int64(length)}
		}
		err = s.chunks(int64(length), func(p []byte) { crc = crc32.Update(crc, crc32.IEEETable, p) })
		if err != nil {
			return err
		}
		sum, err := s.next(4)
		if err != nil {
			return err
		}
		if binary.BigEndian.Uint32(sum) != crc {
			return errBroken
		}
		if kind == "IEND" {
			return nil
		}
	}
}

// pngHeader reads the IHDR chunk without consuming it, and reports whether the
// image needs a palette.
func pngHeader(s *scanner, o *outline) (needsPalette bool, err error) {
	p, err := s.peek(13)
	if err != nil {
		return false, err
	}
	depth, colour, compression, filter, interlace := p[8], p[9], p[10], p[11], p[12]
	if !pngDepth(depth, colour) || compression != 0 || filter != 0 || interlace > 1 {
		return false, errBroken
	}
	return colour == 3, s.dimensions(o, binary.BigEndian.Uint32(p), binary.BigEndian.Uint32(p[4:]))
}

// pngDepth reports whether a colour type can have this bit depth.
func pngDepth(depth, colour byte) bool {
	switch colour {
	case 0:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16
	case 3:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8
	case 2, 4, 6:
		return depth == 8 || depth == 16
	}
	return false
}
