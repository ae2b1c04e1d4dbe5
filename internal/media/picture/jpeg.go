package picture

import "encoding/binary"

// The markers of a JPEG file that matter here: ITU-T T.81, table B.1.
const (
	sof0 = 0xc0 // baseline
	sof2 = 0xc2 // progressive
	dht  = 0xc4
	jpg  = 0xc8
	dac  = 0xcc
	sofN = 0xcf
	rst0 = 0xd0
	rst7 = 0xd7
	soi  = 0xd8
	eoi  = 0xd9
	sos  = 0xda
	app1 = 0xe1
	tem  = 0x01
)

// maxScans bounds the scans of a progressive image. Encoders make about ten;
// each costs a decoder a pass over all pixels, however small it is in the file.
const maxScans = 256

// walkJPEG follows the segments and scans of a JPEG file to its EOI marker.
// Source: ITU-T T.81, annex B. Arithmetic coding, lossless and hierarchical
// images and more than 8 bits a sample, which browsers do not show either, are
// refused.
func walkJPEG(s *scanner, o *outline) error {
	if err := s.advance(2); err != nil {
		return err
	}
	for scans := 0; ; {
		marker, err := nextMarker(s)
		if err != nil {
			return err
		}
		switch {
		case marker == eoi:
			if scans == 0 {
				return errBroken
			}
			return nil
		case marker == soi:
			return errBroken
		case marker == tem:
			continue
		}

		head, err := s.next(2)
		if err != nil {
			return err
		}
		length := int64(binary.BigEndian.Uint16(head)) - 2
		if length < 0 {
			return errBroken
		}
		end := s.offset + length
		switch {
		case marker >= sof0 && marker <= sofN && marker != dht && marker != jpg && marker != dac:
			err = jpegFrame(s, o, marker, length)
		case marker == sos:
			if scans++; scans > maxScans || o.Width == 0 {
				err = errBroken
			}
		case marker == app1 && o.exif.length == 0:
			err = jpegEXIF(s, o, length)
		}
		if err != nil {
			return err
		}
		if err := s.advance(end - s.offset); err != nil {
			return err
		}
	}
}

// nextMarker consumes everything up to and with the next marker, and returns
// its second byte. It leaves out entropy-coded data with its stuffed zeros and
// restart markers, and whatever else stands between segments.
func nextMarker(s *scanner) (byte, error) {
	for {
		if err := s.to(0xff); err != nil {
			return 0, err
		}
		for {
			p, err := s.next(1)
			if err != nil {
				return 0, err
			}
			if p[0] == 0xff {
				continue
			}
			if p[0] == 0 || p[0] >= rst0 && p[0] <= rst7 {
				break
			}
			return p[0], nil
		}
	}
}

// jpegFrame reads a frame header of length bytes without consuming it.
func jpegFrame(s *scanner, o *outline, marker byte, length int64) error {
	p, err := s.peek(6)
	if err != nil {
		return err
	}
	precision, components := p[0], int64(p[5])
	if marker > sof2 || o.Width != 0 || precision != 8 || components == 0 || components > 4 ||
		length != 6+3*components {
		return errBroken
	}
	height, width := binary.BigEndian.Uint16(p[1:]), binary.BigEndian.Uint16(p[3:])
	return s.dimensions(o, uint32(width), uint32(height))
}

// jpegEXIF notes where the EXIF block is if the APP1 segment of length bytes
// holds one; it consumes nothing.
func jpegEXIF(s *scanner, o *outline, length int64) error {
	const name = "Exif\x00\x00"
	if length <= int64(len(name)) {
		return nil
	}
	p, err := s.peek(len(name))
	if err == nil && string(p) == name {
		o.exif = span{s.offset + int64(len(name)), length - int64(len(name))}
	}
	return err
}
