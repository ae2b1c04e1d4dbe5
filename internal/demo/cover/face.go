package cover

import (
	"math"

	"github.com/antiphon-music/antiphon/internal/errs"
)

// A Hair is a way to wear one's hair.
type Hair uint8

// The hairs.
const (
	Crop   Hair = iota // short
	Bob                // to the chin
	Long               // past the shoulders
	Bun                // tied up
	Curls              // a cloud of curls
	Shaved             // none, and a beard
)

// A Portrait is the picture of a listener: head and shoulders in flat colours.
// Colours are 0xRRGGBB.
type Portrait struct {
	Hair                            Hair
	Skin, HairColour, Top, Backdrop uint32
	Glasses, Headphones             bool
}

// Face returns the portrait as a square JPEG of size pixels a side. It is an
// errs.Invalid error if the size is out of range or the hair unknown.
func Face(p Portrait, size int) ([]byte, error) {
	if size < 16 || size > maxSize || p.Hair > Shaved {
		return nil, errs.New(errs.Invalid, "a portrait of hair %d and %d pixels cannot be drawn", p.Hair, size)
	}
	c := newCanvas(size, uint64(p.Backdrop))
	skin, hair, top, back := hex(p.Skin), hex(p.HairColour), hex(p.Top), hex(p.Backdrop)
	white, ink := hex(0xffffff), hex(0x2a2028)
	shade := skin.mix(hex(0x7a2f2a), 0.22)

	c.cover(slanted(0, 0, units, units, back.mix(white, 0.18), back, back.mix(ink, 0.12)))
	c.fill(circle(500, 470, 390), sheer(white, 0.14))
	c.hairBehind(p.Hair, hair)

	var shoulders path
	shoulders.move(120, 1010)
	shoulders.curve(130, 830, 260, 770, 420, 745)
	shoulders.line(580, 745)
	shoulders.curve(740, 770, 870, 830, 880, 1010)
	c.fill(shoulders, vertical(740, 1000, top, top.mix(ink, 0.22)))
	c.fill(rounded(425, 600, 150, 190, 70), flat(shade))
	c.fill(bowl(500, 744, 96, 64), flat(shade))
	for _, x := range []float32{296, 704} {
		c.fill(ellipse(x, 492, 42, 56), flat(shade))
	}
	c.fill(head(), flat(skin))
	for _, x := range []float32{372, 628} {
		c.fill(circle(x, 575, 68), glow(x, 575, 68, hex(0xe0604f), 0.38))
	}
	c.features(skin, hair, shade, ink)
	if p.Hair == Shaved {
		c.beard(hair, skin)
	}
	c.hairBefore(p.Hair, hair)
	if p.Glasses {
		for _, x := range []float32{402, 598} {
			c.fill(circle(x, 490, 72), sheer(white, 0.2))
			c.fill(ring(x, 490, 74, 13), flat(ink))
		}
		c.fill(stroke(474, 480, 526, 480, 13), flat(ink))
	}
	if p.Headphones {
		c.headphones(top.mix(ink, 0.55), hex(0xf4efe6))
	}
	c.vignette(0.16)
	c.grain(0.03)
	return c.encode()
}

// head is the outline of every face.
func head() path {
	var p path
	p.move(290, 430)
	p.curve(290, 222, 710, 222, 710, 430)
	p.curve(715, 610, 640, 712, 500, 716)
	p.curve(360, 712, 285, 610, 290, 430)
	return p
}

func (c *canvas) features(skin, hair, shade, ink rgb) {
	for _, x := range []float32{402, 598} {
		c.fill(ellipse(x, 492, 19, 24), flat(ink))
		c.fill(circle(x+7, 484, 6), flat(hex(0xffffff)))
		brow := ribbon(15, func(t float32) (float32, float32) { return x - 46 + 92*t, 424 - 44*t*(1-t) })
		c.fill(brow, flat(hair.mix(ink, 0.35)))
	}
	c.fill(ribbon(13, func(t float32) (float32, float32) { return 492 + 26*t - 40*t*(1-t)*t, 510 + 66*t }), flat(shade))
	c.fill(ribbon(14, func(t float32) (float32, float32) { return 425 + 150*t, 622 + 118*t*(1-t) }), flat(hex(0x8c2f35).mix(skin, 0.15)))
}

func (c *canvas) beard(hair, skin rgb) {
	var p path
	p.move(288, 480)
	p.curve(284, 690, 390, 780, 500, 782)
	p.curve(610, 780, 716, 690, 712, 480)
	p.curve(690, 590, 660, 596, 590, 590)
	p.curve(540, 578, 460, 578, 410, 590)
	p.curve(340, 596, 310, 590, 288, 480)
	c.fill(p, flat(hair))
	c.fill(ribbon(34, func(t float32) (float32, float32) { return 432 + 136*t, 634 + 70*t*(1-t) }), flat(hex(0xa8464a).mix(skin, 0.2)))
}

// hairBehind draws what of the hair lies behind head and shoulders.
func (c *canvas) hairBehind(h Hair, colour rgb) {
	dark := colour.mix(hex(0x120a10), 0.3)
	switch h {
	case Bob:
		c.fill(rounded(238, 222, 524, 470, 235), flat(dark))
	case Long:
		c.fill(rounded(222, 212, 556, 720, 262), flat(dark))
	case Bun:
		c.fill(circle(500, 178, 104), flat(dark))
	case Curls:
		for _, at := range [][2]float32{{300, 330}, {255, 440}, {270, 560}, {700, 330}, {745, 440}, {730, 560}, {400, 240}, {600, 240}, {500, 215}} {
			c.fill(circle(at[0], at[1], 118), flat(dark))
		}
	}
}

// hairBefore draws the hair that falls over the forehead.
func (c *canvas) hairBefore(h Hair, colour rgb) {
	shine := colour.mix(hex(0xffffff), 0.14)
	var p path
	switch h {
	case Crop:
		p.move(280, 440)
		p.curve(240, 180, 480, 170, 560, 200)
		p.curve(720, 200, 750, 330, 718, 450)
		p.curve(700, 380, 660, 345, 600, 335)
		p.curve(500, 350, 400, 330, 345, 330)
		p.curve(310, 350, 292, 390, 280, 440)
	case Bob, Long:
		p.move(268, 560)
		p.curve(220, 170, 780, 170, 732, 560)
		p.curve(716, 420, 650, 330, 560, 300)
		p.curve(480, 390, 330, 390, 268, 560)
	case Bun:
		p.move(284, 450)
		p.curve(270, 190, 730, 190, 716, 450)
		p.curve(690, 350, 600, 320, 500, 318)
		p.curve(400, 320, 310, 350, 284, 450)
	case Curls:
		for _, at := range [][3]float32{{330, 330, 74}, {415, 285, 80}, {505, 268, 82}, {595, 285, 80}, {672, 332, 72}, {290, 400, 52}, {712, 402, 52}} {
			c.fill(circle(at[0], at[1], at[2]), flat(colour))
			c.fill(ring(at[0]-6, at[1]-6, at[2]*0.5, 7), sheer(shine, 0.6))
		}
		return
	default:
		return
	}
	c.fill(p, slanted(300, 180, 700, 460, shine, colour, colour))
}

func (c *canvas) headphones(colour, cushion rgb) {
	band := ribbon(36, func(t float32) (float32, float32) {
		sin, cos := math.Sincos(float64(t) * math.Pi)
		return 500 - 252*float32(cos), 450 - 268*float32(sin)
	})
	c.fill(band, flat(colour))
	for _, x := range []float32{216, 704} {
		c.fill(rounded(x, 400, 80, 180, 36), flat(colour))
	}
	c.fill(rounded(272, 412, 34, 156, 16), flat(cushion))
	c.fill(rounded(694, 412, 34, 156, 16), flat(cushion))
}
