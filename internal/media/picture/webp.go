package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// frame is where a frame of an animation is in the file and on the canvas.
type frame struct {
	span               // its chunks
	at     image.Point // of its upper left corner
	width  uint32
	height uint32
}

// walkWebP follows the chunks of a WebP file to the length that its header
// gives. Source: RFC 9649, section 2.
func walkWebP(s *scanner, o *outline) error {
	head, err := s.next(12)
	if err != nil {
		return err
	}
	end := 8 + int64(binary.LittleEndian.Uint32(head[4:]))
	if end > s.size {
		return errBroken
	}
	seenImage := false
	for s.offset < end {
		isImage, err := webpChunk(s, o, end, o.Width == 0)
		if err != nil {
			return err
		}
		seenImage = seenImage || isImage
	}
	if !seenImage {
		return errBroken
	}
	return nil
}

// webpChunk consumes one chunk, which lies before end, and reports whether it
// is an image. The first chunk of a file gives the size of the image.
func webpChunk(s *scanner, o *outline, end int64, first bool) (isImage bool, err error) {
	head, err := s.next(8)
	if err != nil {
		return false, err
	}
	kind, length := string(head[:4]), int64(binary.LittleEndian.Uint32(head[4:]))
	next := s.offset + length
	if next > end {
		return false, errBroken
	}
	var width, height uint32
	switch kind {
	case "VP8X":
		width, height, err = webpExtended(s, length)
	case "VP8 ":
		width, height, err = webpLossy(s, length)
		isImage = true
	case "VP8L":
		width, height, err = webpLossless(s, length)
		isImage = true
	case "ANMF":
		if first {
			return false, errBroken
		}
		err = webpFrame(s, o, next)
		isImage = true
	case "EXIF":
		o.exif = webpEXIF(s, length)
	}
	if err != nil {
		return false, err
	}
	switch {
	case first:
		err = s.dimensions(o, width, height)
	case width != 0 || height != 0:
		err = s.measure(width, height)
	}
	if err != nil {
		return false, err
	}
	// A chunk of odd length is padded; some writers forget that of the last one.
	padding := min(length&1, end-next)
	return isImage, s.advance(next + padding - s.offset)
}

// webpExtended reads the canvas size of a VP8X chunk.
func webpExtended(s *scanner, length int64) (width, height uint32, err error) {
	p, err := webpHeader(s, length, 10)
	if err != nil {
		return 0, 0, err
	}
	return 1 + uint24(p[4:]), 1 + uint24(p[7:]), nil
}

// webpLossy reads the size in a VP8 key frame: RFC 6386, section 9.1.
func webpLossy(s *scanner, length int64) (width, height uint32, err error) {
	p, err := webpHeader(s, length, 10)
	if err != nil {
		return 0, 0, err
	}
	if p[0]&1 != 0 || string(p[3:6]) != "\x9d\x01\x2a" {
		return 0, 0, errBroken
	}
	const mask = 1<<14 - 1 // two bits of scaling follow
	width = uint32(binary.LittleEndian.Uint16(p[6:])) & mask
	height = uint32(binary.LittleEndian.Uint16(p[8:])) & mask
	if width == 0 || height == 0 {
		return 0, 0, errBroken
	}
	return width, height, nil
}

// webpLossless reads the size in a VP8L header: RFC 9649, section 3.4.
func webpLossless(s *scanner, length int64) (width, height uint32, err error) {
	p, err := webpHeader(s, length, 5)
	if err != nil {
		return 0, 0, err
	}
	bits := binary.LittleEndian.Uint32(p[1:])
	if p[0] != 0x2f || bits>>29 != 0 {
		return 0, 0, errBroken
	}
	return 1 + bits&(1<<14-1), 1 + bits>>14&(1<<14-1), nil
}

// webpHeader peeks at the first n bytes of a chunk of length bytes.
func webpHeader(s *scanner, length int64, n int) ([]byte, error) {
	if length < int64(n) {
		return nil, errBroken
	}
	return s.peek(n)
}

// webpFrame consumes an ANMF chunk that ends at end, and notes the first one.
func webpFrame(s *scanner, o *outline, end int64) error {
	const header = 16
	if end-s.offset < header {
		return errBroken
	}
	p, err := s.next(header)
	if err != nil {
		return err
	}
	f := frame{
		span:   span{s.offset, end - s.offset},
		at:     image.Pt(int(2*uint24(p)), int(2*uint24(p[3:]))),
		width:  1 + uint24(p[6:]),
		height: 1 + uint24(p[9:]),
	}
	if err := s.measure(f.width, f.height); err != nil {
		return err
	}
	seenImage := false
	for s.offset < end {
		head, err := s.peek(4)
		if err != nil {
			return err
		}
		if string(head) == "ANMF" || string(head) == "VP8X" {
			return errBroken // frames do not nest
		}
		isImage, err := webpChunk(s, o, end, false)
		if err != nil {
			return err
		}
		seenImage = seenImage || isImage
	}
	if !seenImage {
		return errBroken
	}
	if o.frame.length == 0 {
		o.frame = f
	}
	return nil
}

// webpEXIF returns where the EXIF block of a chunk is. Some writers put the
// name in front of it that it has in JPEG files.
func webpEXIF(s *scanner, length int64) span {
	const name = "Exif\x00\x00"
	if p, err := s.peek(len(name)); err == nil && string(p) == name && length > int64(len(name)) {
		return span{s.offset + int64(len(name)), length - int64(len(name))}
	}
	return span{s.offset, length}
}

// uint24 reads a little-endian number of three bytes.
func uint24(p []byte) uint32 { return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 }

// decodeWebP decodes the image, or the first frame of an animation: the decoder
// knows only stills, so the frame's chunks are presented to it as a file.
func decodeWebP(r io.ReaderAt, size int64, o outline) (image.Image, error) {
	f := o.frame
	if f.length == 0 {
		return webp.Decode(io.NewSectionReader(r, 0, size))
	}
	var kind [4]byte
	if _, err := r.ReadAt(kind[:], f.offset); err != nil {
		return nil, err
	}
	var extended []byte
	if string(kind[:]) == "ALPH" {
		const hasAlpha = 1 << 4
		extended = append(extended, "VP8X\x0a\x00\x00\x00"...)
		extended = append(extended, hasAlpha, 0, 0, 0)
		extended = appendUint24(extended, f.width-1)
		extended = appendUint24(extended, f.height-1)
	}
	file := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(4+int64(len(extended))+f.length))
	file = append(append(file, "WEBP"...), extended...)
	still, err := webp.Decode(io.MultiReader(bytes.NewReader(file), io.NewSectionReader(r, f.offset, f.length)))
	if err != nil {
		return nil, err
	}
	return onCanvas(still, f.at, o.Info), nil
}

// appendUint24 appends a little-endian number of three bytes.
func appendUint24(p []byte, n uint32) []byte { return append(p, byte(n), byte(n>>8), byte(n>>16)) }
