package picture

import "encoding/binary"

// The blocks of a GIF file.
const (
	gifExtension = 0x21
	gifImage     = 0x2c
	gifTrailer   = 0x3b
)

// walkGIF follows the blocks of a GIF file to its trailer. Source: GIF89a
// Specification, appendix B.
func walkGIF(s *scanner, o *outline) error {
	if err := s.advance(6); err != nil {
		return err
	}
	screen, err := s.next(7)
	if err != nil {
		return err
	}
	flags := screen[4]
	width, height := binary.LittleEndian.Uint16(screen), binary.LittleEndian.Uint16(screen[2:])
	if err := s.dimensions(o, uint32(width), uint32(height)); err != nil {
		return err
	}
	if err := s.advance(gifColours(flags)); err != nil {
		return err
	}
	for seenImage := false; ; {
		kind, err := s.next(1)
		if err != nil {
			return err
		}
		switch kind[0] {
		case gifExtension:
			err = s.advance(1)
		case gifImage:
			seenImage = true
			err = gifFrame(s)
		case gifTrailer:
			if !seenImage {
				return errBroken
			}
			return nil
		default:
			return errBroken
		}
		if err != nil {
			return err
		}
		if err := gifSubBlocks(s); err != nil {
			return err
		}
	}
}

// gifFrame consumes an image descriptor, its colour table and the first byte of
// its data.
func gifFrame(s *scanner) error {
	p, err := s.next(9)
	if err != nil {
		return err
	}
	flags := p[8]
	width, height := binary.LittleEndian.Uint16(p[4:]), binary.LittleEndian.Uint16(p[6:])
	if err := s.measure(uint32(width), uint32(height)); err != nil {
		return err
	}
	if err := s.advance(gifColours(flags)); err != nil {
		return err
	}
	codeSize, err := s.next(1)
	if err != nil {
		return err
	}
	if codeSize[0] < 2 || codeSize[0] > 8 {
		return errBroken
	}
	return nil
}

// gifColours returns the length of the colour table that flags announce, in
// bytes.
func gifColours(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (1 + flags&7)
}

// gifSubBlocks consumes data blocks up to the empty one that ends them.
func gifSubBlocks(s *scanner) error {
	for {
		length, err := s.next(1)
		if err != nil || length[0] == 0 {
			return err
		}
		if err := s.advance(int64(length[0])); err != nil {
			return err
		}
	}
}
