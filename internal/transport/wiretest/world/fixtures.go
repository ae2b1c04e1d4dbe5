package world

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
)

// Fixtures returns small real files, and some that pretend to be: made here,
// by the name under which scripts send them.
//
//	cover.png img.jpg img.gif img.bmp img.webp img.tiff   images of 8 by 8 pixels
//	track.mp3                                             a second of silence
//	trunc.png   the first half of cover.png
//	bomb.png    a header that claims 60,000 by 60,000 pixels, and next to nothing else
//	img.svg page.html text.txt empty                      what they are called
//	lie.mp3     a text with the first bytes of an MP3
func Fixtures() map[string][]byte {
	picture := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	picture.SetColorIndex(3, 3, 1)
	encoded := func(encode func(io.Writer) error) []byte {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			panic(fmt.Sprintf("encode a fixture: %v", err)) // to memory: cannot fail
		}
		return b.Bytes()
	}
	cover := encoded(func(w io.Writer) error { return png.Encode(w, picture) })
	return map[string][]byte{
		"cover.png": cover,
		"trunc.png": cover[:len(cover)/2],
		"bomb.png":  bomb(cover),
		"img.jpg":   encoded(func(w io.Writer) error { return jpeg.Encode(w, picture, nil) }),
		"img.gif":   encoded(func(w io.Writer) error { return gif.Encode(w, picture, nil) }),
		"img.bmp":   encoded(func(w io.Writer) error { return bmp.Encode(w, picture) }),
		"img.tiff":  encoded(func(w io.Writer) error { return tiff.Encode(w, picture, nil) }),
		"img.webp":  webp(),
		"img.svg":   []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>`),
		"page.html": []byte("<!doctype html><title>Not a song</title><script>alert(1)</script>"),
		"text.txt":  []byte("This is text, whatever its name says.\n"),
		"empty":     {},
		"track.mp3": mp3(),
		"lie.mp3":   append([]byte("\xff\xfb\x90\x00"), bytes.Repeat([]byte("not a sound "), 100)...),
	}
}

// mp3 is a second of silence: 39 frames of MPEG-1 layer III at 44.1 kHz and
// 128 kbit/s, each a header and the empty side information.
func mp3() []byte {
	const frameLength = 144 * 128_000 / 44_100
	frame := make([]byte, frameLength)
	copy(frame, "\xff\xfb\x90\x00")
	return bytes.Repeat(frame, 39)
}

// bomb is a PNG whose header was changed to claim an image of gigabytes; the
// checksum of the header is right (PNG, 5.3 and 11.2.1).
func bomb(png []byte) []byte {
	const header, crc, end = 12, 29, 33
	b := bytes.Clone(png)
	binary.BigEndian.PutUint32(b[16:], 60_000)
	binary.BigEndian.PutUint32(b[20:], 60_000)
	binary.BigEndian.PutUint32(b[crc:end], crc32.ChecksumIEEE(b[header:crc]))
	return b
}

// webp is a lossless WebP of one pixel: a RIFF header and a VP8L chunk with
// five prefix codes of one symbol each (RFC 9649, sections 2.4 and 3).
func webp() []byte {
	image := []byte{0x2f, 0, 0, 0, 0x10, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0xfe, 0x07, 0}
	b := []byte("RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00")
	binary.LittleEndian.PutUint32(b[4:], uint32(12+len(image)))
	binary.LittleEndian.PutUint32(b[16:], uint32(len(image)))
	return append(b, image...)
}
