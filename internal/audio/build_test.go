package audio

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"strings"
)

// The builders below make small files by hand, so that a test can bend them.

var (
	be16 = binary.BigEndian.AppendUint16
	be32 = binary.BigEndian.AppendUint32
	be64 = binary.BigEndian.AppendUint64
	le16 = binary.LittleEndian.AppendUint16
	le32 = binary.LittleEndian.AppendUint32
	le64 = binary.LittleEndian.AppendUint64
)

const pngMagic = "\x89PNG\r\n\x1A\n"

func equalTags(a, b Tags) bool { return reflect.DeepEqual(a, b) }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// mp3Frame is a frame of MPEG-1 layer III at 44.1 kHz, 1152 samples, of the bit
// rate with the given index: 9 is 128 kbit/s and 417 bytes.
func mp3Frame(bitrateIndex byte) []byte {
	b := []byte{0xFF, 0xFB, bitrateIndex << 4, 0x00}
	f, ok := parseMP3(b)
	if !ok {
		panic("bad frame in a test")
	}
	return append(b, make([]byte, f.size-4)...)
}

func mp3Frames(n int) []byte { return bytes.Repeat(mp3Frame(9), n) }

// mp3VBR is n frames of changing size.
func mp3VBR(n int) []byte {
	var b []byte
	for i := range n {
		b = append(b, mp3Frame(byte(1+i%14))...)
	}
	return b
}

// withXing puts a Xing header before the frames in b.
func withXing(b []byte, count, size uint32) []byte {
	head := mp3Frame(9)
	x := be32(be32(be32([]byte("Xing"), 3), count), size)
	copy(head[36:], x)
	return append(head, b...)
}

func withVBRI(b []byte, count, size uint32) []byte {
	head := mp3Frame(9)
	x := be32(be32(append([]byte("VBRI"), 0, 1, 0, 0, 0, 0), size), count)
	copy(head[36:], x)
	return append(head, b...)
}

func adtsFrames(n int) []byte {
	const size = 100
	frame := []byte{0xFF, 0xF1, 1<<6 | 4<<2, 2<<6 | size>>11, size >> 3 & 0xFF, size&7<<5 | 0x1F, 0xFC}
	frame = append(frame, make([]byte, size-len(frame))...)
	return bytes.Repeat(frame, n)
}

// id3 is an ID3v2 tag of the version, of frames made by id3Item.
func id3(version byte, frames ...[]byte) []byte {
	body := join(frames...)
	return join([]byte{'I', 'D', '3', version, 0, 0}, synchsafeBytes(len(body)), body)
}

func id3Item(version byte, name string, content []byte) []byte {
	n := len(content)
	b := []byte(name)
	switch version {
	case 2:
		return append(append(b, byte(n>>16), byte(n>>8), byte(n)), content...)
	case 3:
		b = be32(b, uint32(n))
	default:
		b = append(b, synchsafeBytes(n)...)
	}
	return append(append(b, 0, 0), content...)
}

func id3Text(version byte, name, text string) []byte {
	return id3Item(version, name, append([]byte{3}, text...))
}

func id3Picture(version byte, kind byte, image []byte) []byte {
	if version == 2 {
		return id3Item(2, "PIC", join([]byte("\x00PNG"), []byte{kind, 0}, image))
	}
	return id3Item(version, "APIC", join([]byte("\x00text/html\x00"), []byte{kind, 0}, image))
}

func id3v1(title string, track, genre byte) []byte {
	b := make([]byte, id3v1Size)
	copy(b, "TAG"+title)
	copy(b[93:], "1999")
	b[126], b[127] = track, genre
	return b
}

// apeTag is an APEv2 tag with header and footer.
func apeTag(items []byte) []byte {
	part := func(flags uint32) []byte {
		b := le32(le32([]byte("APETAGEX"), 2000), uint32(len(items)+32))
		return append(le32(le32(b, 1), flags), make([]byte, 8)...)
	}
	return join(part(1<<31|1<<29), items, part(1<<31))
}

// flacFile is a FLAC file at 8 kHz that claims total samples and has n frames
// of 4096, with metadata blocks between.
func flacFile(total uint64, n int, blocks ...[]byte) []byte {
	info := be16(be16(nil, 4096), 4096)
	info = append(info, make([]byte, 6)...)
	info = be64(info, 8000<<44|0<<41|15<<36|total)
	info = append(info, make([]byte, 16)...)
	b := join([]byte("fLaC"), flacMeta(flacStreamInfo, info), join(blocks...), []byte{0x81, 0, 0, 2, 0, 0})
	for i := range n {
		head := []byte{0xFF, 0xF8, 12 << 4, 8, byte(i)}
		b = append(append(b, head...), crc8(head))
		b = append(b, make([]byte, 50)...)
	}
	return b
}

func flacMeta(kind byte, content []byte) []byte {
	n := len(content)
	return append([]byte{kind, byte(n >> 16), byte(n >> 8), byte(n)}, content...)
}

func comments(items ...string) []byte {
	b := le32([]byte("\x04\x00\x00\x00test"), uint32(len(items)))
	for _, item := range items {
		b = append(le32(b, uint32(len(item))), item...)
	}
	return b
}

func flacPictureBlock(kind uint32, image []byte) []byte {
	b := be32(be32(nil, kind), 9)
	b = append(b, "image/png"...)
	b = be32(b, 0)
	b = append(b, make([]byte, 16)...)
	return append(be32(b, uint32(len(image))), image...)
}

func pictureComment(image []byte) string {
	return "METADATA_BLOCK_PICTURE=" + base64.StdEncoding.EncodeToString(flacPictureBlock(3, image))
}

// oggPages makes pages of one packet, as many as the packet needs.
func oggPages(serial uint32, flags byte, granule int64, packet []byte) []byte {
	var out []byte
	for {
		n := min(len(packet), 254*255)
		last := n == len(packet)
		lengths := bytes.Repeat([]byte{255}, n/255)
		g := int64(-1)
		if last {
			lengths, g = append(lengths, byte(n%255)), granule
		}
		b := append([]byte("OggS\x00"), flags)
		b = le32(le32(le32(le64(b, uint64(g)), serial), 0), 0)
		out = append(append(append(append(out, b...), byte(len(lengths))), lengths...), packet[:n]...)
		if last {
			return out
		}
		packet, flags = packet[n:], 1
	}
}

// opusFile is one link of an Opus file that ends at granule; its packets last
// for 20 ms, 50 of them a page.
func opusFile(serial uint32, granule int64, items ...string) []byte {
	head := append([]byte("OpusHead\x01\x02"), 0x38, 0x01) // 312 samples are skipped
	head = append(le32(head, 44100), 0, 0, 0)
	b := oggPages(serial, 2, 0, head)
	b = append(b, oggPages(serial, 0, 0, append([]byte("OpusTags"), comments(items...)...))...)
	for at := int64(960); at < granule; at += 960 {
		b = append(b, oggPages(serial, 0, at, []byte{0xFC, 1, 2})...)
	}
	return append(b, oggPages(serial, 4, granule, []byte{0xFC, 1, 2})...)
}

func vorbisFile(serial uint32, first, last int64, items ...string) []byte {
	head := le32(append([]byte("\x01vorbis\x00\x00\x00\x00"), 1), 8000)
	head = append(head, make([]byte, 12)...)
	head = append(head, 0xB8, 1)
	b := oggPages(serial, 2, 0, head)
	b = append(b, oggPages(serial, 0, 0, append([]byte("\x03vorbis"), comments(items...)...))...)
	b = append(b, oggPages(serial, 0, first, []byte{0, 1, 2})...)
	return append(b, oggPages(serial, 4, last, []byte{0, 1, 2})...)
}

func mp4Box(kind string, parts ...[]byte) []byte {
	content := join(parts...)
	return join(be32(nil, uint32(len(content)+8)), []byte(kind), content)
}

// mp4Moov is a moov with one track at 44.1 kHz of n samples of 1024, and an edit
// list that leaves ms milliseconds, if that is not zero.
func mp4Moov(handler, codec string, n, ms uint32, more ...[]byte) []byte {
	times := func(scale, length uint32) []byte { return be32(be32(make([]byte, 12), scale), length) }
	entry := mp4Box(codec, make([]byte, 16), []byte{0, 2, 0, 16, 0, 0, 0, 0}, be32(nil, 44100<<16))
	stbl := mp4Box("stbl",
		mp4Box("stsd", make([]byte, 4), be32(nil, 1), entry),
		mp4Box("stts", make([]byte, 4), be32(be32(be32(nil, 1), n), 1024)))
	trak := [][]byte{
		mp4Box("tkhd", be32(make([]byte, 12), 1), make([]byte, 68)),
		mp4Box("mdia",
			mp4Box("mdhd", times(44100, n*1024), make([]byte, 4)),
			mp4Box("hdlr", make([]byte, 8), []byte(handler), make([]byte, 12)),
			mp4Box("minf", stbl)),
	}
	if ms > 0 {
		trak = append(trak, mp4Box("edts", mp4Box("elst", make([]byte, 4), be32(be32(be32(be32(nil, 1), ms), 1024), 1<<16))))
	}
	parts := append([][]byte{mp4Box("mvhd", times(1000, 0), make([]byte, 80)), mp4Box("trak", trak...)}, more...)
	return mp4Box("moov", parts...)
}

func mp4File(parts ...[]byte) []byte {
	return append(mp4Box("ftyp", []byte("M4A \x00\x00\x00\x00")), join(parts...)...)
}

// mp4Tags is the box that iTunes puts items into.
func mp4Tags(items ...[]byte) []byte {
	meta := mp4Box("meta", make([]byte, 4), mp4Box("hdlr", make([]byte, 24)), mp4Box("ilst", items...))
	return mp4Box("udta", meta)
}

func mp4Item(kind string, class uint32, value []byte) []byte {
	return mp4Box(kind, mp4Box("data", be32(nil, class), make([]byte, 4), value))
}

// mp4Fragment is a moof with one run of n samples: of their own durations, of
// length each, or of the default if length is 0.
func mp4Fragment(n int, length uint32) []byte {
	run := be32(be32(nil, 0), uint32(n))
	if length > 0 {
		run = be32(be32(nil, 0x301), uint32(n))
		run = be32(run, 0)
		for range n {
			run = be32(be32(run, length), 7)
		}
	}
	return mp4Box("moof", mp4Box("traf", mp4Box("tfhd", be32(be32(nil, 0), 1)), mp4Box("trun", run)))
}

func wavChunk(name string, content []byte) []byte {
	b := append(le32([]byte(name), uint32(len(content))), content...)
	return append(b, make([]byte, len(content)%2)...)
}

// wavFormatChunk is 16-bit mono PCM at 8 kHz.
func wavFormatChunk() []byte {
	return wavChunk("fmt ", le16(le16(le32(le32(le16(le16(nil, 1), 1), 8000), 16000), 2), 16))
}

func wavFile(chunks ...[]byte) []byte {
	body := append([]byte("WAVE"), join(chunks...)...)
	return append(le32([]byte("RIFF"), uint32(len(body))), body...)
}

func aiffFile(samples uint32, payload int, more ...[]byte) []byte {
	chunk := func(name string, content []byte) []byte {
		return append(be32([]byte(name), uint32(len(content))), content...)
	}
	comm := be16(be32(be16(nil, 1), samples), 16)
	comm = append(comm, 0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0) // 8000 Hz
	body := join([]byte("AIFF"), chunk("COMM", comm), join(more...), chunk("SSND", make([]byte, 8+payload)))
	return chunk("FORM", body)
}

func repeatText(n int) string { return strings.Repeat("é", n) }
