package picture

import (
	"bufio"
	"encoding/binary"
	"io"
)

// The tags of a TIFF directory that matter here, and the types of values.
const (
	tagWidth        = 256
	tagHeight       = 257
	tagStripOffsets = 273
	tagOrientation  = 274
	tagStripLengths = 279
	tagTileOffsets  = 324
	tagTileLengths  = 325

	typeByte      = 1
	typeASCII     = 2
	typeShort     = 3
	typeLong      = 4
	typeRational  = 5
	typeSByte     = 6
	typeUndefined = 7
	typeSShort    = 8
	typeSLong     = 9
	typeSRational = 10
	typeFloat     = 11
	typeDouble    = 12
)

// walkTIFF reads the first directory of a TIFF file and checks that all strips
// or tiles it names are there. Source: TIFF Revision 6.0, sections 2, 3 and 15.
func walkTIFF(s *scanner, o *outline) error {
	t := tagged{file: s.file, size: s.size}
	var width, height uint32
	var offsets, lengths entry
	err := t.directory(func(e entry) error {
		if e.at+e.length() > t.size {
			return errBroken
		}
		var err error
		switch e.tag {
		case tagWidth:
			width, err = t.number(e)
		case tagHeight:
			height, err = t.number(e)
		case tagStripOffsets, tagTileOffsets:
			offsets = e
		case tagStripLengths, tagTileLengths:
			lengths = e
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := s.dimensions(o, width, height); err != nil {
		return err
	}
	o.exif = span{0, s.size} // the orientation is in the same directory
	return t.within(offsets, lengths)
}

// tagged is a file, or a block in a file, of the TIFF structure.
type tagged struct {
	file  io.ReaderAt
	size  int64 // in bytes
	order binary.ByteOrder
}

// entry is an entry of a TIFF directory.
type entry struct {
	tag, kind uint16
	count     uint32
	at        int64 // where its values are
}

// directory calls each for the entries of the first directory.
func (t *tagged) directory(each func(entry) error) error {
	var head [8]byte
	if _, err := t.file.ReadAt(head[:], 0); err != nil {
		return err
	}
	switch string(head[:4]) {
	case "II*\x00":
		t.order = binary.LittleEndian
	case "MM\x00*":
		t.order = binary.BigEndian
	default:
		return errBroken
	}
	at := int64(t.order.Uint32(head[4:]))
	r := bufio.NewReader(io.NewSectionReader(t.file, at, max(0, t.size-at)))
	var p [12]byte
	if _, err := io.ReadFull(r, p[:2]); err != nil {
		return err
	}
	at += 2
	for range t.order.Uint16(p[:]) {
		if _, err := io.ReadFull(r, p[:]); err != nil {
			return err
		}
		e := entry{tag: t.order.Uint16(p[:]), kind: t.order.Uint16(p[2:]), count: t.order.Uint32(p[4:]), at: at + 8}
		if e.length() > 4 {
			e.at = int64(t.order.Uint32(p[8:]))
		}
		if err := each(e); err != nil {
			return err
		}
		at += int64(len(p))
	}
	return nil
}

// width returns the length of one value in bytes, 0 for unknown types.
func (e entry) width() int64 {
	switch e.kind {
	case typeByte, typeASCII, typeSByte, typeUndefined:
		return 1
	case typeShort, typeSShort:
		return 2
	case typeLong, typeSLong, typeFloat:
		return 4
	case typeRational, typeSRational, typeDouble:
		return 8
	}
	return 0
}

// length returns the length of all values in bytes.
func (e entry) length() int64 { return e.width() * int64(e.count) }

// number returns the one value of an entry.
func (t *tagged) number(e entry) (uint32, error) {
	if e.count != 1 {
		return 0, errBroken
	}
	return t.value(e, io.NewSectionReader(t.file, e.at, 4))
}

// value reads one value of an entry, a SHORT or a LONG, from r.
func (t *tagged) value(e entry, r io.Reader) (uint32, error) {
	var p [4]byte
	if e.kind != typeShort && e.kind != typeLong {
		return 0, errBroken
	}
	if _, err := io.ReadFull(r, p[:e.width()]); err != nil {
		return 0, err
	}
	if e.kind == typeShort {
		return uint32(t.order.Uint16(p[:])), nil
	}
	return t.order.Uint32(p[:]), nil
}

// within checks that the parts of the file given by two lists are in it.
func (t *tagged) within(offsets, lengths entry) error {
	if offsets.count == 0 || offsets.count != lengths.count {
		return errBroken
	}
	starts := bufio.NewReader(io.NewSectionReader(t.file, offsets.at, offsets.length()))
	sizes := bufio.NewReader(io.NewSectionReader(t.file, lengths.at, lengths.length()))
	for range offsets.count {
		start, err := t.value(offsets, starts)
		if err != nil {
			return err
		}
		length, err := t.value(lengths, sizes)
		if err != nil {
			return err
		}
		if int64(start)+int64(length) > t.size {
			return errBroken
		}
	}
	return nil
}
