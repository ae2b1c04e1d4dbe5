package audio

import (
	"bytes"
	"encoding/binary"
	"strings"

	"github.com/dhowden/tag"
)

// readID3 reads the frames of an ID3v2 tag. The frames are found here and not
// by dhowden/tag, which recurses and allocates as a file tells it to, looks up
// repeated frames in quadratic time, and gives up a whole tag for one bad
// frame; it decodes the text of each, of which it knows every encoding.
func (t *tagReader) readID3(s *source, in id3Tag) {
	if in.version < 2 || in.version > 4 {
		return
	}
	start, end := in.start, min(in.end, s.size)
	unsynchronised := in.flags&0x80 != 0
	if unsynchronised && in.version < 4 {
		body := s.read(start, min(end-start, maxTagSize))
		if body == nil {
			return
		}
		body = resynchronise(body)
		s, start, end = newSource(bytes.NewReader(body), int64(len(body))), 0, int64(len(body))
	}
	if extended := in.flags&0x40 != 0; extended && in.version > 2 {
		b := s.peek(start, 4)
		if len(b) < 4 {
			return
		}
		if in.version == 3 {
			start += 4 + int64(binary.BigEndian.Uint32(b))
		} else if size, ok := synchsafe(b); ok {
			start += size
		}
	}
	for ; start < end && t.frames < maxFrames; t.frames++ {
		f, ok := nextID3Frame(s, start, in.version)
		if !ok || f.next > end {
			return
		}
		t.readID3Frame(s, f)
		start = f.next
	}
}

// id3Frame is one frame of an ID3v2 tag.
type id3Frame struct {
	name        string
	start, next int64 // of its content, and of the frame behind it
	unreadable  bool  // compressed or encrypted
	unsynch     bool
}

// nextID3Frame reads the frame header at off; it answers false in the padding.
func nextID3Frame(s *source, off int64, version byte) (id3Frame, bool) {
	b := s.peek(off, 10)
	if version == 2 {
		if len(b) < 6 || !isFrameName(b[:3]) {
			return id3Frame{}, false
		}
		size := int64(b[3])<<16 | int64(b[4])<<8 | int64(b[5])
		return id3Frame{name: string(b[:3]), start: off + 6, next: off + 6 + size}, true
	}
	if len(b) < 10 || !isFrameName(b[:4]) {
		return id3Frame{}, false
	}
	f := id3Frame{name: string(b[:4]), start: off + 10}
	size, ok := synchsafe(b[4:])
	if version == 3 || !ok { // some writers of version 4 forget to be synchsafe
		size = int64(binary.BigEndian.Uint32(b[4:]))
	}
	f.next = f.start + size
	flags := b[9]
	if version == 3 {
		f.unreadable = flags&0xC0 != 0
		if grouped := flags&0x20 != 0; grouped {
			f.start++
		}
		return f, true
	}
	f.unreadable = flags&0x0C != 0
	f.unsynch = flags&0x02 != 0
	if grouped := flags&0x40 != 0; grouped {
		f.start++
	}
	if withLength := flags&0x01 != 0; withLength {
		f.start += 4
	}
	return f, true
}

func isFrameName(b []byte) bool {
	for _, c := range b {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// resynchronise takes out the zero that unsynchronisation puts behind each
// 0xFF. It reuses b.
func resynchronise(b []byte) []byte {
	out := b[:0]
	for i, c := range b {
		if c == 0 && i > 0 && b[i-1] == 0xFF {
			continue
		}
		out = append(out, c)
	}
	return out
}

// readID3Frame keeps the content of f if it is one that Tags has a place for.
func (t *tagReader) readID3Frame(s *source, f id3Frame) {
	size := f.next - f.start
	if f.unreadable || size < 2 || size > maxTagSize {
		return
	}
	isPicture := f.name == "APIC" || f.name == "PIC"
	field := t.id3Field(f.name)
	if field == nil && !isPicture {
		return
	}
	if !isPicture {
		size = min(size, maxFrameText)
	}
	b := s.read(f.start, size)
	if b == nil {
		return
	}
	if f.unsynch {
		b = resynchronise(b)
	}
	if isPicture {
		t.addID3Picture(b, f.name == "PIC")
		return
	}
	field(decodeID3Text(f.name, b))
}

// id3Field returns what keeps the text of the frame called name, or nil. Names
// of three letters are those of version 2.2.
func (t *tagReader) id3Field(name string) func(string) {
	switch name {
	case "TIT2", "TT2":
		return t.setTitle
	case "TPE1", "TP1":
		return t.setArtist
	case "TALB", "TAL":
		return t.setAlbum
	case "TPE2", "TP2":
		return t.setAlbumArtist
	case "TCON", "TCO":
		if t.Genre == "" { // decoding it is slow
			return t.setGenre
		}
	case "TDRC", "TYER", "TYE":
		return t.setYear
	case "TRCK", "TRK":
		return t.setTrack
	case "TPOS", "TPA":
		return t.setDisc
	}
	return nil
}

// decodeID3Text returns the text of a frame: an encoding byte and one value or
// more, each ended by a zero. Values are joined by "; ".
func decodeID3Text(name string, b []byte) string {
	if len(b) == 0 {
		return ""
	}
	var values []string
	for _, v := range splitID3Text(b[0], b[1:]) {
		if text := decodeID3Value(name, b[0], v); text != "" {
			values = append(values, text)
		}
	}
	return strings.Join(values, "; ")
}

// splitID3Text splits b at its zeros, which are two bytes wide in UTF-16.
func splitID3Text(encoding byte, b []byte) [][]byte {
	const most = 16
	if encoding != 1 && encoding != 2 {
		return bytes.SplitN(b, []byte{0}, most)
	}
	var values [][]byte
	b = b[:len(b)&^1]
	start := 0
	for i := 0; i+1 < len(b) && len(values) < most; i += 2 {
		if b[i] == 0 && b[i+1] == 0 {
			values = append(values, b[start:i])
			start = i + 2
		}
	}
	return append(values, b[start:])
}

// decodeID3Value lets dhowden/tag decode one value. It gets a tag made here, of
// one short frame and no flags, so that no length in it can lie; should it
// panic all the same, the value is lost and nothing else.
func decodeID3Value(name string, encoding byte, value []byte) (text string) {
	if len(value) == 0 {
		return ""
	}
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	frame := "TIT2"     // any text will do
	const maxGenre = 64 // over "(1)(1)(1)…" its parser takes quadratic time
	isGenre := name == "TCON" || name == "TCO"
	if isGenre {
		frame = "TCON"
		value = value[:min(len(value), maxGenre)]
	}
	size := len(value) + 1
	b := append([]byte("ID3\x03\x00\x00"), synchsafeBytes(10+size)...)
	b = append(b, frame...)
	b = binary.BigEndian.AppendUint32(b, uint32(size))
	b = append(b, 0, 0, encoding)
	b = append(b, value...)
	m, err := tag.ReadID3v2Tags(bytes.NewReader(b))
	if err != nil {
		return ""
	}
	if isGenre {
		return m.Genre()
	}
	return m.Title()
}

func synchsafeBytes(n int) []byte {
	return []byte{byte(n >> 21 & 0x7F), byte(n >> 14 & 0x7F), byte(n >> 7 & 0x7F), byte(n & 0x7F)}
}

// addID3Picture keeps the cover in an attached picture: encoding, media type,
// kind of picture, description, image.
func (t *tagReader) addID3Picture(b []byte, v22 bool) {
	encoding, b := b[0], b[1:]
	if v22 { // the type is three letters
		if len(b) < 3 {
			return
		}
		b = b[3:]
	} else {
		_, rest, ok := bytes.Cut(b, []byte{0})
		if !ok {
			return
		}
		b = rest
	}
	if len(b) == 0 {
		return
	}
	kind, b := b[0], b[1:]
	if encoding == 1 || encoding == 2 {
		for i := 0; i+1 < len(b); i += 2 {
			if b[i] == 0 && b[i+1] == 0 {
				t.addCover(b[i+2:], kind == frontCover)
				return
			}
		}
		return
	}
	if _, image, ok := bytes.Cut(b, []byte{0}); ok {
		t.addCover(image, kind == frontCover)
	}
}

// readID3v1 reads the 128 bytes at the end of many MP3 files.
// See https://id3.org/ID3v1.
func (t *tagReader) readID3v1(s *source) {
	b := s.read(s.size-id3v1Size, id3v1Size)
	if !hasAt(b, 0, "TAG") {
		return
	}
	m, err := tag.ReadID3v1Tags(bytes.NewReader(b))
	if err != nil {
		return
	}
	t.setTitle(m.Title())
	t.setArtist(m.Artist())
	t.setAlbum(m.Album())
	t.setGenre(m.Genre())
	setNumber(&t.Year, m.Year())
	track, _ := m.Track()
	setNumber(&t.Track, track)
}
