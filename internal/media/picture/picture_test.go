package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/antiphon-music/antiphon/internal/errs"
)

const testPixels = 50_000_000

// gradient is an image in which every pixel differs, opaque or not.
func gradient(w, h int, alpha uint8) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 100, alpha})
		}
	}
	return m
}

// encode returns what write writes.
func encode(t testing.TB, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, m image.Image) []byte {
	return encode(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

func jpegOf(t testing.TB, m image.Image) []byte {
	return encode(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, nil) })
}

func gifOf(t testing.TB, m image.Image) []byte {
	return encode(t, func(b *bytes.Buffer) error { return gif.Encode(b, m, nil) })
}

func bmpOf(t testing.TB, m image.Image) []byte {
	return encode(t, func(b *bytes.Buffer) error { return bmp.Encode(b, m) })
}

func tiffOf(t testing.TB, m image.Image) []byte {
	return encode(t, func(b *bytes.Buffer) error { return tiff.Encode(b, m, nil) })
}

// decodeBase64 decodes a file small enough to be written here.
func decodeBase64(t testing.TB, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// webpChunkOf returns a chunk of a WebP file.
func webpChunkOf(kind string, content ...[]byte) []byte {
	body := bytes.Join(content, nil)
	c := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))
	c = append(c, body...)
	if len(body)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

// webpOf returns a WebP file of these chunks.
func webpOf(chunks ...[]byte) []byte {
	return webpChunkOf("RIFF", append([][]byte{[]byte("WEBP")}, chunks...)...)
}

// lossless is the VP8L chunk of an image of one pixel, opaque and of one
// colour: after the size, no transform, no cache, no meta codes, and five
// simple codes of one symbol each.
func lossless(t testing.TB) []byte {
	t.Helper()
	var w bitWriter
	w.bits(0x2f, 8)
	w.bits(0, 14) // width - 1
	w.bits(0, 14) // height - 1
	w.bits(0, 1+3)
	w.bits(0, 1+1+1)
	for _, symbol := range []uint32{200, 100, 50, 255, 0} {
		w.bits(1, 1) // simple
		w.bits(0, 1) // one symbol
		w.bits(1, 1) // of eight bits
		w.bits(symbol, 8)
	}
	return webpChunkOf("VP8L", w.out)
}

// bitWriter writes numbers with their lowest bit first.
type bitWriter struct {
	out  []byte
	used int
}

func (w *bitWriter) bits(n uint32, count int) {
	for i := range count {
		if w.used%8 == 0 {
			w.out = append(w.out, 0)
		}
		w.out[len(w.out)-1] |= byte(n>>i&1) << (w.used % 8)
		w.used++
	}
}

// animation is a WebP of a canvas of 4 × 2 pixels with a frame of one pixel at
// (2, 0).
func animation(t testing.TB) []byte {
	t.Helper()
	canvas := []byte{2, 0, 0, 0, 3, 0, 0, 1, 0, 0}
	header := []byte{1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0}
	return webpOf(webpChunkOf("VP8X", canvas), webpChunkOf("ANIM", make([]byte, 6)),
		webpChunkOf("ANMF", header, lossless(t)), webpChunkOf("ANMF", header, lossless(t)))
}

// pngChunk returns a chunk of a PNG file.
func pngChunk(kind string, content []byte) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	c = append(append(c, kind...), content...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

// pngClaiming is a PNG of little data that claims a size.
func pngClaiming(w, h uint32) []byte {
	header := binary.BigEndian.AppendUint32(nil, w)
	header = binary.BigEndian.AppendUint32(header, h)
	header = append(header, 8, 2, 0, 0, 0)
	return bytes.Join([][]byte{
		[]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", header),
		pngChunk("IDAT", make([]byte, 900)), pngChunk("IEND", nil),
	}, nil)
}

// tinyPNG and tinyGIF are the one-pixel files that web pages have used for
// decades.
const (
	tinyPNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	tinyGIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
)

// samples are whole images, with what is to be found out about them.
func samples(t testing.TB) map[string]struct {
	file []byte
	want Info
} {
	m := gradient(37, 21, 255)
	grey := image.NewGray(m.Rect)
	return map[string]struct {
		file []byte
		want Info
	}{
		"JPEG":           {jpegOf(t, m), Info{JPEG, 37, 21}},
		"grey JPEG":      {jpegOf(t, grey), Info{JPEG, 37, 21}},
		"tiny JPEG":      {jpegOf(t, gradient(1, 1, 255)), Info{JPEG, 1, 1}},
		"PNG":            {pngOf(t, m), Info{PNG, 37, 21}},
		"PNG with alpha": {pngOf(t, gradient(37, 21, 9)), Info{PNG, 37, 21}},
		"tiny PNG":       {decodeBase64(t, tinyPNG), Info{PNG, 1, 1}},
		"GIF":            {gifOf(t, m), Info{GIF, 37, 21}},
		"tiny GIF":       {decodeBase64(t, tinyGIF), Info{GIF, 1, 1}},
		"BMP":            {bmpOf(t, m), Info{BMP, 37, 21}},
		"grey BMP":       {bmpOf(t, grey), Info{BMP, 37, 21}},
		"TIFF":           {tiffOf(t, m), Info{TIFF, 37, 21}},
		"WebP":           {webpOf(lossless(t)), Info{WebP, 1, 1}},
		"animated WebP":  {animation(t), Info{WebP, 4, 2}},
	}
}

func check(file []byte, maxPixels int64) (Info, error) {
	return Check(bytes.NewReader(file), int64(len(file)), maxPixels)
}

// codeOf returns the code of the field "image" of err, or err's text.
func codeOf(err error) errs.Code {
	var e *errs.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &e) && e.Kind == errs.Invalid && len(e.Fields) == 1 && e.Fields[0].Name == "image":
		return e.Fields[0].Code
	}
	return errs.Code(err.Error())
}

func TestCheckAccepts(t *testing.T) {
	for name, sample := range samples(t) {
		for _, trailing := range []string{"", "\x00", "and then some"} {
			got, err := check(append(bytes.Clone(sample.file), trailing...), testPixels)
			if err != nil || got != sample.want {
				t.Errorf("%s with %q after it: %+v, %v, want %+v", name, trailing, got, err, sample.want)
			}
		}
	}
}

func TestCheckRefusesWhatIsCut(t *testing.T) {
	for name, sample := range samples(t) {
		for n := range len(sample.file) {
			_, err := check(sample.file[:n], testPixels)
			want := errs.NotImage
			if n == 0 {
				want = errs.Empty
			}
			if codeOf(err) != want {
				t.Errorf("%s cut to %d of %d bytes: %v", name, n, len(sample.file), err)
			}
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	flipped := pngOf(t, gradient(5, 5, 255))
	flipped[len(flipped)-20] ^= 1
	manyScans := jpegOf(t, gradient(8, 8, 255))
	scan := manyScans[bytes.Index(manyScans, []byte{0xff, sos}) : len(manyScans)-2]
	manyScans = append(bytes.Join([][]byte{manyScans[:len(manyScans)-2], bytes.Repeat(scan, maxScans)}, nil), 0xff, eoi)
	tests := []struct {
		name string
		file []byte
		want errs.Code
	}{
		{"nothing", nil, errs.Empty},
		{"one byte", []byte("x"), errs.NotImage},
		{"text", []byte("hello"), errs.NotImage},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`), errs.NotImage},
		{"HTML", []byte("<!DOCTYPE html><script>alert(1)</script>"), errs.NotImage},
		{"HTML behind the magic of JPEG", []byte("\xff\xd8\xff<script>alert(1)</script>"), errs.NotImage},
		{"PNG with a wrong CRC", flipped, errs.NotImage},
		{"PNG of no width", pngClaiming(0, 10), errs.NotImage},
		{"PNG bomb", pngClaiming(20_000, 20_000), errs.Pixels},
		{"PNG of the largest numbers", pngClaiming(1<<31-1, 1<<31-1), errs.Pixels},
		{"PNG of numbers that overflow", pngClaiming(1<<32-1, 1<<32-1), errs.Pixels},
		{"GIF bomb", []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"), errs.Pixels},
		{"GIF without an image", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), errs.NotImage},
		{
			"GIF with a large frame",
			[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;"), errs.Pixels,
		},
		{"JPEG bomb", []byte("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00"), errs.Pixels},
		{"lossless JPEG", []byte("\xff\xd8\xff\xc3\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00"), errs.NotImage},
		{"JPEG without a scan", []byte("\xff\xd8\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00\xff\xd9"), errs.NotImage},
		{"JPEG of too many scans", manyScans, errs.NotImage},
		{"WebP bomb", webpOf(webpChunkOf("VP8X", []byte("\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff"))), errs.Pixels},
		{"WebP without an image", webpOf(webpChunkOf("VP8X", make([]byte, 10))), errs.NotImage},
		{
			"WebP with a large image in it",
			webpOf(webpChunkOf("VP8X", make([]byte, 10)), webpChunkOf("VP8L", []byte("\x2f\xff\xff\xff\x0f"))), errs.Pixels,
		},
		{"BMP bomb", bmpClaiming(20_000, 20_000), errs.Pixels},
		{"BMP upside down", bmpClaiming(20_000, -20_000), errs.Pixels},
		{"BMP of the smallest number", bmpClaiming(20_000, -1<<31), errs.Pixels},
		{"BMP without its pixels", bmpClaiming(100, 100), errs.NotImage},
		{"TIFF whose directory is elsewhere", []byte("II*\x00\xff\xff\xff\xff\x00\x00\x00\x00"), errs.NotImage},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := check(test.file, testPixels)
			if codeOf(err) != test.want {
				t.Errorf("Check: %v, want %s", err, test.want)
			}
			if _, err := Resize(new(bytes.Buffer), bytes.NewReader(test.file), int64(len(test.file)), 64); err == nil {
				t.Error("Resize took it")
			}
		})
	}
}

// bmpClaiming is a BMP without pixels that claims a size.
func bmpClaiming(w, h int32) []byte {
	b := append([]byte("BM"), make([]byte, 8)...)
	b = binary.LittleEndian.AppendUint32(b, 54)
	b = binary.LittleEndian.AppendUint32(b, 40)
	b = binary.LittleEndian.AppendUint32(b, uint32(w))
	b = binary.LittleEndian.AppendUint32(b, uint32(h))
	b = append(b, 1, 0, 24, 0)
	return append(b, make([]byte, 24)...)
}

func TestCheckTellsTheLimit(t *testing.T) {
	file := pngOf(t, gradient(10, 10, 255))
	if _, err := check(file, 100); err != nil {
		t.Errorf("100 pixels of 100: %v", err)
	}
	_, err := check(file, 99)
	var e *errs.Error
	if !errors.As(err, &e) || e.Fields[0] != (errs.Field{Name: "image", Code: errs.Pixels, Limit: 99}) {
		t.Errorf("100 pixels of 99: %v", err)
	}
}

// A failing disk is not the uploader's fault.
func TestCheckPassesOnReadErrors(t *testing.T) {
	file := pngOf(t, gradient(10, 10, 255))
	_, err := Check(failing{}, int64(len(file)), testPixels)
	if !errors.Is(err, errDisk) || errs.KindOf(err) != errs.Internal {
		t.Errorf("Check: %v", err)
	}
}

var errDisk = errors.New("the disk is on fire")

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

func TestCheckAllocatesLittle(t *testing.T) {
	small, large := pngOf(t, gradient(10, 10, 255)), jpegOf(t, gradient(2000, 2000, 255))
	for name, file := range map[string][]byte{"bomb": pngClaiming(20_000, 20_000), "small": small, "large": large} {
		r := bytes.NewReader(file)
		const runs = 20
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range runs {
			_, _ = Check(r, int64(len(file)), testPixels)
		}
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / runs; got > 2*scanBuffer {
			t.Errorf("%s: %d bytes", name, got)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, sample := range samples(f) {
		f.Add(sample.file)
	}
	f.Add(pngClaiming(20_000, 20_000))
	f.Add(bmpClaiming(1, -1<<31))
	f.Fuzz(func(t *testing.T, file []byte) {
		const maxPixels = 1 << 16
		info, err := check(file, maxPixels)
		if err != nil {
			if code := codeOf(err); code != errs.Empty && code != errs.NotImage && code != errs.Pixels {
				t.Fatalf("Check: %v", err)
			}
			return
		}
		if info.Width < 1 || info.Height < 1 || int64(info.Width)*int64(info.Height) > maxPixels {
			t.Fatalf("Check let through %+v", info)
		}
		// What passes may still not decode, but decoding must end well.
		var out bytes.Buffer
		if _, err := Resize(&out, bytes.NewReader(file), int64(len(file)), 16); err != nil {
			if codeOf(err) != errs.NotImage {
				t.Fatalf("Resize: %v", err)
			}
			return
		}
		if _, err := check(out.Bytes(), 16*16); err != nil {
			t.Fatalf("what Resize made: %v", err)
		}
	})
}
