package cover

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// units is the side of every canvas in the unit of its shapes, whatever its
// size in pixels. The origin is at the top left.
const units = 1000

// A canvas is a square picture in the making.
type canvas struct {
	size  int // pixels a side
	scale float32
	pix   []rgb
	ink   *vector.Rasterizer
	rng   *rand.Rand
}

func newCanvas(size int, seed uint64) *canvas {
	return &canvas{
		size: size, scale: float32(size) / units,
		pix: make([]rgb, size*size),
		ink: vector.NewRasterizer(1, 1),
		rng: rand.New(rand.NewPCG(seed, uint64(len("antiphon")))),
	}
}

// rgb is a colour; its parts are 0 to 1 as in sRGB.
type rgb struct{ r, g, b float32 }

// hex returns the colour written as 0xRRGGBB.
func hex(v uint32) rgb {
	return rgb{float32(v>>16&255) / 255, float32(v>>8&255) / 255, float32(v&255) / 255}
}

// mix returns c with the share t, 0 to 1, of d.
func (c rgb) mix(d rgb, t float32) rgb {
	return rgb{c.r + t*(d.r-c.r), c.g + t*(d.g-c.g), c.b + t*(d.b-c.b)}
}

// A paint gives the colour and the opacity at a point in units.
type paint func(x, y float32) (c rgb, alpha float32)

func flat(c rgb) paint {
	return func(_, _ float32) (rgb, float32) { return c, 1 }
}

// sheer is a flat paint that lets what is below shine through.
func sheer(c rgb, alpha float32) paint {
	return func(_, _ float32) (rgb, float32) { return c, alpha }
}

// vertical runs through the colours from y0 down to y1.
func vertical(y0, y1 float32, colours ...rgb) paint {
	return func(_, y float32) (rgb, float32) { return ramp((y-y0)/(y1-y0), colours), 1 }
}

// slanted runs through the colours along the line from (x0, y0) to (x1, y1).
func slanted(x0, y0, x1, y1 float32, colours ...rgb) paint {
	dx, dy := x1-x0, y1-y0
	length := dx*dx + dy*dy
	return func(x, y float32) (rgb, float32) {
		return ramp(((x-x0)*dx+(y-y0)*dy)/length, colours), 1
	}
}

// glow is a light at (x, y) that fades out towards its radius.
func glow(x0, y0, radius float32, c rgb, strength float32) paint {
	return func(x, y float32) (rgb, float32) {
		d := float32(math.Hypot(float64(x-x0), float64(y-y0))) / radius
		if d >= 1 {
			return c, 0
		}
		f := 1 - d
		return c, strength * f * f * (3 - 2*f)
	}
}

// ramp returns the colour at t, 0 to 1, of evenly spaced colours.
func ramp(t float32, colours []rgb) rgb {
	last := len(colours) - 1
	t = min(1, max(0, t)) * float32(last)
	i := min(int(t), last-1)
	if last == 0 {
		return colours[0]
	}
	return colours[i].mix(colours[i+1], t-float32(i))
}

// fill paints the inside of a path.
func (c *canvas) fill(p path, with paint) {
	x0, y0, x1, y1 := p.bounds()
	left, top := max(0, int(x0*c.scale)-1), max(0, int(y0*c.scale)-1)
	right, bottom := min(c.size, int(x1*c.scale)+2), min(c.size, int(y1*c.scale)+2)
	if left >= right || top >= bottom {
		return
	}
	w, h := right-left, bottom-top
	c.ink.Reset(w, h)
	for _, s := range p {
		var q [6]float32
		for i, v := range s.at {
			q[i] = v*c.scale - float32([...]int{left, top}[i%2])
		}
		switch s.points {
		case 0:
			c.ink.ClosePath()
			c.ink.MoveTo(q[0], q[1])
		case 1:
			c.ink.LineTo(q[0], q[1])
		default:
			c.ink.CubeTo(q[0], q[1], q[2], q[3], q[4], q[5])
		}
	}
	c.ink.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, w, h))
	c.ink.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for y := range h {
		row := c.pix[(top+y)*c.size+left:]
		for x, cover := range mask.Pix[y*mask.Stride : y*mask.Stride+w] {
			if cover == 0 {
				continue
			}
			colour, alpha := with((float32(left+x)+0.5)/c.scale, (float32(top+y)+0.5)/c.scale)
			row[x] = row[x].mix(colour, alpha*float32(cover)/255)
		}
	}
}

// cover paints the whole canvas.
func (c *canvas) cover(with paint) { c.fill(rect(0, 0, units, units), with) }

// grain roughens the picture like printed paper; without it smooth gradients
// look like plastic, and show bands.
func (c *canvas) grain(strength float32) {
	// Grains are larger than a pixel, or the encoder spends all its bytes on
	// them: a pixel's noise is the mean of its own and its left neighbour's.
	last := float32(0)
	for i := range c.pix {
		n := float32(c.rng.Float64()+c.rng.Float64()) - 1
		g := strength * (n + last) / 2
		last = n
		p := &c.pix[i]
		p.r, p.g, p.b = p.r+g, p.g+g, p.b+g
	}
}

// vignette darkens the corners.
func (c *canvas) vignette(strength float32) {
	dark := rgb{}
	c.cover(func(x, y float32) (rgb, float32) {
		dx, dy := x/500-1, y/500-1
		d := (dx*dx + dy*dy) / 2
		return dark, strength * d * d
	})
}

// encode returns the picture as a JPEG.
func (c *canvas) encode() ([]byte, error) {
	img := image.NewRGBA(image.Rect(0, 0, c.size, c.size))
	level := func(v float32) uint8 { return uint8(min(1, max(0, v))*255 + 0.5) }
	for i, p := range c.pix {
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2], img.Pix[4*i+3] = level(p.r), level(p.g), level(p.b), 255
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 86})
	return out.Bytes(), err
}
