package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"testing"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// resized resizes file and decodes the result.
func resized(t *testing.T, file []byte, side int) (image.Image, string) {
	t.Helper()
	var out bytes.Buffer
	contentType, err := Resize(&out, bytes.NewReader(file), int64(len(file)), side)
	if err != nil {
		t.Fatalf("Resize: %v", err)
	}
	info, err := check(out.Bytes(), testPixels)
	if err != nil || info.Format.ContentType() != contentType {
		t.Fatalf("the result is %+v, %v, and is called %s", info, err, contentType)
	}
	m, err := decode(bytes.NewReader(out.Bytes()), int64(out.Len()), outline{Info: info})
	if err != nil {
		t.Fatal(err)
	}
	return m, contentType
}

func TestResizeDimensions(t *testing.T) {
	tests := []struct{ w, h, side, wantW, wantH int }{
		{100, 100, 64, 64, 64},
		{200, 100, 64, 64, 32},
		{100, 200, 64, 32, 64},
		{64, 64, 64, 64, 64},
		{10, 7, 64, 10, 7},
		{1000, 1, 64, 64, 1},
		{1, 1000, 64, 1, 64},
		{1400, 1050, 300, 300, 225},
		{65, 64, 64, 64, 63},
	}
	for _, test := range tests {
		m, _ := resized(t, pngOf(t, gradient(test.w, test.h, 255)), test.side)
		if got := m.Bounds().Size(); got != image.Pt(test.wantW, test.wantH) {
			t.Errorf("%d×%d to %d: %v, want %d×%d", test.w, test.h, test.side, got, test.wantW, test.wantH)
		}
	}
}

func TestResizeEveryFormat(t *testing.T) {
	for name, sample := range samples(t) {
		m, contentType := resized(t, sample.file, 16)
		if size := m.Bounds().Size(); size.X > 16 || size.Y > 16 {
			t.Errorf("%s: %v", name, size)
		}
		want := "image/jpeg"
		switch name {
		case "PNG with alpha", "animated WebP", "tiny GIF":
			want = "image/png"
		}
		if name != "tiny PNG" && contentType != want {
			t.Errorf("%s: %s, want %s", name, contentType, want)
		}
	}
}

// A gradient stays a gradient, with the good filter alone and with averaging
// before it.
func TestResizeKeepsColours(t *testing.T) {
	for _, side := range []int{40, 100, 300} {
		m, _ := resized(t, pngOf(t, gradient(400, 200, 255)), side)
		w, h := m.Bounds().Dx(), m.Bounds().Dy()
		for _, at := range []image.Point{{w / 4, h / 4}, {w / 2, h / 2}, {w * 3 / 4, h * 3 / 4}} {
			got := color.NRGBAModel.Convert(m.At(at.X, at.Y)).(color.NRGBA)
			want := color.NRGBA{uint8(255 * (2*at.X + 1) / (2 * w)), uint8(255 * (2*at.Y + 1) / (2 * h)), 100, 255}
			if far(got.R, want.R) || far(got.G, want.G) || far(got.B, want.B) {
				t.Errorf("side %d: %v at %v, want about %v", side, got, at, want)
			}
		}
	}
}

// far reports whether two values of a colour differ visibly.
func far(a, b uint8) bool { return max(a, b)-min(a, b) > 12 }

func TestResizeIsDeterministic(t *testing.T) {
	file := jpegOf(t, gradient(500, 400, 255))
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if _, err := Resize(out, bytes.NewReader(file), int64(len(file)), 160); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two runs differ")
	}
}

// exifOf is an EXIF block with an orientation.
func exifOf(order binary.AppendByteOrder, o uint16) []byte {
	b := []byte("MM\x00*")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II*\x00")
	}
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, tagOrientation)
	b = order.AppendUint16(b, typeShort)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, o)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// withEXIF returns m as a JPEG or PNG file with an EXIF block.
func withEXIF(t *testing.T, format Format, m image.Image, exif []byte) []byte {
	t.Helper()
	switch format {
	case JPEG:
		file := jpegOf(t, m)
		body := append([]byte("Exif\x00\x00"), exif...)
		segment := binary.BigEndian.AppendUint16([]byte{0xff, app1}, uint16(2+len(body)))
		return bytes.Join([][]byte{file[:2], segment, body, file[2:]}, nil)
	default:
		file := pngOf(t, m)
		const header = 8 + 25
		return bytes.Join([][]byte{file[:header], pngChunk("eXIf", exif), file[header:]}, nil)
	}
}

// quarters is an image whose quarters are red, green, blue and white, from the
// upper left by rows.
func quarters(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	colours := []color.Color{color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}, color.NRGBA{0, 0, 255, 255}, color.White}
	for i, c := range colours {
		corner := image.Pt(i%2*w/2, i/2*h/2)
		draw.Draw(m, image.Rectangle{corner, corner.Add(image.Pt(w/2, h/2))}, image.NewUniform(c), image.Point{}, draw.Src)
	}
	return m
}

// corners names the colours of the four quarters of m.
func corners(m image.Image) string {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	var names []byte
	for _, at := range []image.Point{{w / 4, h / 4}, {w * 3 / 4, h / 4}, {w / 4, h * 3 / 4}, {w * 3 / 4, h * 3 / 4}} {
		c := color.NRGBAModel.Convert(m.At(at.X, at.Y)).(color.NRGBA)
		switch {
		case c.R > 128 && c.G > 128 && c.B > 128:
			names = append(names, 'W')
		case c.R > 128:
			names = append(names, 'R')
		case c.G > 128:
			names = append(names, 'G')
		case c.B > 128:
			names = append(names, 'B')
		}
	}
	return string(names)
}

func TestResizeAppliesOrientation(t *testing.T) {
	// What EXIF 2.32 calls the visual position of row 0 and column 0.
	want := map[uint16]string{
		0: "RGBW", 1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG",
		5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW",
	}
	for o, corner := range want {
		for _, format := range []Format{JPEG, PNG} {
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				name := fmt.Sprintf("%d in %s", o, format.Extension())
				m, _ := resized(t, withEXIF(t, format, quarters(96, 64), exifOf(order, o)), 48)
				size := image.Pt(48, 32)
				if o >= 5 && o <= 8 {
					size = image.Pt(32, 48)
				}
				if got := corners(m); got != corner || m.Bounds().Size() != size {
					t.Errorf("%s: %s of %v, want %s of %v", name, got, m.Bounds().Size(), corner, size)
				}
			}
		}
	}
}

func TestResizeSurvivesBrokenEXIF(t *testing.T) {
	for _, exif := range []string{"", "x", "II*\x00", "II*\x00\xff\xff\xff\xff", "MM\x00*\x00\x00\x00\x08\xff\xff"} {
		m, _ := resized(t, withEXIF(t, JPEG, quarters(8, 8), []byte(exif)), 8)
		if got := corners(m); got != "RGBW" {
			t.Errorf("%q: %s", exif, got)
		}
	}
}

func TestResizeTakesTheFirstFrame(t *testing.T) {
	t.Run("GIF", func(t *testing.T) {
		palette := color.Palette{color.Transparent, color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}}
		frame := func(r image.Rectangle, index uint8) *image.Paletted {
			m := image.NewPaletted(r, palette)
			for i := range m.Pix {
				m.Pix[i] = index
			}
			return m
		}
		file := encode(t, func(b *bytes.Buffer) error {
			return gif.EncodeAll(b, &gif.GIF{
				Image:  []*image.Paletted{frame(image.Rect(4, 4, 8, 8), 1), frame(image.Rect(0, 0, 8, 8), 2)},
				Delay:  []int{1, 1},
				Config: image.Config{Width: 8, Height: 8, ColorModel: palette},
			})
		})
		m, contentType := resized(t, file, 8)
		if m.Bounds().Size() != image.Pt(8, 8) || contentType != "image/png" {
			t.Errorf("%v, %s", m.Bounds(), contentType)
		}
		expectColour(t, m, image.Pt(1, 1), color.NRGBA{})
		expectColour(t, m, image.Pt(6, 6), color.NRGBA{255, 0, 0, 255})
	})
	t.Run("WebP", func(t *testing.T) {
		m, _ := resized(t, animation(t), 64)
		if m.Bounds().Size() != image.Pt(4, 2) {
			t.Errorf("%v", m.Bounds())
		}
		expectColour(t, m, image.Pt(0, 0), color.NRGBA{})
		expectColour(t, m, image.Pt(2, 0), color.NRGBA{100, 200, 50, 255})
	})
}

func expectColour(t *testing.T, m image.Image, at image.Point, want color.NRGBA) {
	t.Helper()
	if got := color.NRGBAModel.Convert(m.At(at.X, at.Y)); got != want {
		t.Errorf("%v at %v, want %v", got, at, want)
	}
}

func TestResizeRefuses(t *testing.T) {
	whole := pngClaiming(10, 10) // chunks in order, pixels of zeros that do not inflate
	if _, err := check(whole, testPixels); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, err := Resize(&out, bytes.NewReader(whole), int64(len(whole)), 64)
	if codeOf(err) != errs.NotImage || out.Len() != 0 {
		t.Errorf("Resize: %v after %d bytes", err, out.Len())
	}
	for _, side := range []int{0, -1} {
		if _, err := Resize(&out, bytes.NewReader(whole), int64(len(whole)), side); errs.KindOf(err) != errs.Internal {
			t.Errorf("side %d: %v", side, err)
		}
	}
}
