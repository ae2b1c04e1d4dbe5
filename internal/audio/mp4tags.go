package audio

import (
	"encoding/binary"
	"fmt"
)

// readMP4 reads the list of items that iTunes writes: moov, udta, meta, ilst,
// in which each item has a box "data" of type, locale and value. The layout is
// that of Apple's QuickTime File Format Specification, "Metadata".
func (t *tagReader) readMP4(s *source) {
	f := openMP4(s)
	meta, ok := f.moov.child(s, "udta", "meta")
	if !ok {
		if meta, ok = f.moov.child(s, "meta"); !ok {
			return
		}
	}
	// ISO puts a version of four bytes before the boxes in meta; QuickTime does not.
	if !hasAt(meta.peek(s, 8), 4, "hdlr") {
		meta.start += 4
	}
	list, _ := meta.child(s, "ilst")
	boxes(s, list.start, list.end, func(item box) bool {
		if data, ok := item.child(s, "data"); ok {
			data.start += 8
			t.readMP4Item(s, item.kind, data)
		}
		return true
	})
}

func (t *tagReader) readMP4Item(s *source, kind string, data box) {
	text := func() string { return string(data.peek(s, maxFrameText)) }
	switch kind {
	case "\xa9nam":
		t.setTitle(text())
	case "\xa9ART":
		t.setArtist(text())
	case "\xa9alb":
		t.setAlbum(text())
	case "aART":
		t.setAlbumArtist(text())
	case "\xa9gen":
		t.setGenre(text())
	case "\xa9day":
		t.setYear(text())
	case "gnre": // the number of a genre of ID3v1, counted from one
		if b := data.peek(s, 2); len(b) == 2 && t.Genre == "" {
			t.setGenre(decodeID3Value("TCON", 0, fmt.Appendf(nil, "(%d)", binary.BigEndian.Uint16(b)-1)))
		}
	case "trkn":
		number, total := mp4Pair(data.peek(s, 6))
		setNumber(&t.Track, number)
		setNumber(&t.Tracks, total)
	case "disk":
		number, _ := mp4Pair(data.peek(s, 6))
		setNumber(&t.Disc, number)
	case "covr":
		if size := data.end - data.start; size <= maxCover && t.Cover == nil {
			t.addCover(s.read(data.start, size), true)
		}
	}
}

// mp4Pair reads a number and a total: "3 of 12".
func mp4Pair(b []byte) (number, total int) {
	if len(b) < 6 {
		return 0, 0
	}
	return int(binary.BigEndian.Uint16(b[2:])), int(binary.BigEndian.Uint16(b[4:]))
}
