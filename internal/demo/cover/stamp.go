package cover

import "math"

// A postage is the palette of a stamp.
type postage struct {
	envelope, paper rgb
	sky, far, near  rgb
	accent, ink     rgb
}

// The picture on a stamp, between its margins.
const (
	stampLeft, stampTop      = 205, 160
	stampWidth, stampHeight  = 590, 680
	stampMargin, stampPerfor = 52, 14
)

// stamp draws a postage stamp on an envelope, with a postmark over its corner.
func stamp(c *canvas, variant int) {
	postages := []postage{
		{envelope: hex(0x274b5e), paper: hex(0xf6efe0), sky: hex(0xf2d9b1), far: hex(0x6f9aa0), near: hex(0x2d5566), accent: hex(0xd4553a), ink: hex(0x1c2f3d)},
		{envelope: hex(0xc9694a), paper: hex(0xfaf3e3), sky: hex(0xf8e0b0), far: hex(0xe39a6c), near: hex(0x33577a), accent: hex(0xc23c33), ink: hex(0x2b2338)},
		{envelope: hex(0x7d8f6a), paper: hex(0xfbf5e6), sky: hex(0xf5d5cc), far: hex(0xdc9b93), near: hex(0x6b4a5c), accent: hex(0xe0653f), ink: hex(0x33302c)},
		{envelope: hex(0x5b4a78), paper: hex(0xf7f0e4), sky: hex(0xd9cfe6), far: hex(0x9d8bbd), near: hex(0x453763), accent: hex(0xd9a03f), ink: hex(0x241c38)},
		{envelope: hex(0xd3a43f), paper: hex(0xfbf4df), sky: hex(0x26406b), far: hex(0x1b2f55), near: hex(0x101d3a), accent: hex(0xf6c453), ink: hex(0x2e2412)},
	}
	p := postages[variant%len(postages)]
	c.cover(slanted(0, 0, units, units, p.envelope.mix(hex(0xffffff), 0.08), p.envelope, p.envelope.mix(p.ink, 0.14)))
	c.fill(polygon(-10, -10, 500, 470, 1010, -10), sheer(p.ink, 0.06))
	outline := perforated(stampLeft-stampMargin, stampTop-stampMargin, stampWidth+2*stampMargin, stampHeight+2*stampMargin)
	tilt := float32(-0.035)
	if variant%2 == 1 {
		tilt = 0.03
	}
	for i := range 5 {
		d := 3 + 5*float32(i)
		c.fill(outline.turned(tilt, 500, 500).moved(d, d*1.4), sheer(p.ink, 0.07))
	}
	c.fill(outline.turned(tilt, 500, 500), flat(p.paper))

	// The picture is drawn upright on a canvas of its own and then laid on the
	// stamp at the stamp's tilt.
	picture := newCanvas(c.size, c.rng.Uint64())
	scenes := [...]func(*canvas, postage){
		(*canvas).lighthouse, (*canvas).rooftops, (*canvas).balloons, (*canvas).harp, (*canvas).lamp,
	}
	picture.cover(vertical(stampTop, stampTop+stampHeight, p.sky.mix(p.far, 0.18), p.sky))
	scenes[variant%len(scenes)](picture, p)
	c.fill(rect(stampLeft, stampTop, stampWidth, stampHeight).turned(tilt, 500, 500), picture.turned(tilt))

	c.postmark(p)
	c.vignette(0.22)
	c.grain(0.036)
}

// perforated is a rectangle with half-round bites out of its edges.
func perforated(x, y, w, h float32) path {
	var p path
	p.move(x, y)
	// Each edge runs in the direction (dx, dy); its bites reach to its right,
	// which is inside.
	edge := func(x, y, dx, dy, length float32) {
		bites := float32(int(length / 46))
		step := length / bites
		const r, k = stampPerfor, stampPerfor * kappa
		for i := range int(bites) {
			at := (float32(i) + 0.5) * step
			point := func(along, in float32) (float32, float32) {
				return x + dx*(at+along) - dy*in, y + dy*(at+along) + dx*in
			}
			quarter := func(a1, i1, a2, i2, a3, i3 float32) {
				ax, ay := point(a1, i1)
				bx, by := point(a2, i2)
				ex, ey := point(a3, i3)
				p.curve(ax, ay, bx, by, ex, ey)
			}
			p.line(point(-r, 0))
			quarter(-r, k, -k, r, 0, r)
			quarter(k, r, r, k, r, 0)
		}
		p.line(x+dx*length, y+dy*length)
	}
	edge(x, y, 1, 0, w)
	edge(x+w, y, 0, 1, h)
	edge(x+w, y+h, -1, 0, w)
	edge(x, y+h, 0, -1, h)
	return p
}

// turned is the canvas as a paint, turned around its middle.
func (c *canvas) turned(angle float32) paint {
	sin64, cos64 := math.Sincos(float64(-angle))
	sin, cos := float32(sin64), float32(cos64)
	return func(x, y float32) (rgb, float32) {
		dx, dy := x-500, y-500
		u := (500+dx*cos-dy*sin)*c.scale - 0.5
		v := (500+dx*sin+dy*cos)*c.scale - 0.5
		i, j := min(max(int(u), 0), c.size-2), min(max(int(v), 0), c.size-2)
		fu, fv := min(max(u-float32(i), 0), 1), min(max(v-float32(j), 0), 1)
		at := j*c.size + i
		top := c.pix[at].mix(c.pix[at+1], fu)
		bottom := c.pix[at+c.size].mix(c.pix[at+c.size+1], fu)
		return top.mix(bottom, fv), 1
	}
}

// postmark cancels the stamp: two rings and waves.
func (c *canvas) postmark(p postage) {
	x, y := float32(735), float32(790)
	worn := func(px, py float32) (rgb, float32) {
		// The ink took unevenly.
		n := math.Sin(float64(px)*0.19+math.Sin(float64(py)*0.11)*2) * math.Sin(float64(py)*0.23+float64(px)*0.05)
		return p.ink, 0.62 + 0.2*float32(n)
	}
	c.fill(ring(x, y, 128, 8), worn)
	c.fill(ring(x, y, 88, 5), worn)
	for i := range 12 {
		c.fill(stroke(x, y-98, x, y-117, 6).turned(float32(i)*math.Pi/6+0.2, x, y), worn)
	}
	c.fill(stroke(x-56, y, x+56, y, 7).turned(-0.3, x, y), worn)
	c.fill(stroke(x-44, y-24, x+44, y-24, 5).turned(-0.3, x, y), worn)
	c.fill(stroke(x-44, y+24, x+44, y+24, 5).turned(-0.3, x, y), worn)
	for i := range 5 {
		wy := y - 92 + 46*float32(i)
		c.fill(ribbon(7, func(t float32) (float32, float32) {
			wx := x - 150 - 420*t
			return wx, wy + 11*float32(math.Sin(float64(wx)*0.05))
		}), worn)
	}
}

func (c *canvas) lighthouse(p postage) {
	c.fill(circle(350, 330, 88), flat(p.accent))
	c.fill(polygon(610, 330, 120, 200, 120, 380), sheer(hex(0xfff7dd), 0.35))
	for i := range 3 {
		f := float32(i)
		c.fill(ridge(newProfile(c.rng), 640+62*f, 26, 230, 2), flat(p.far.mix(p.near, 0.3+0.22*f)))
	}
	c.fill(polygon(540, 840, 556, 400, 664, 400, 690, 840), flat(p.paper))
	for i := range 3 {
		y := 460 + 126*float32(i)
		in := (840 - y) * 0.04
		c.fill(polygon(537+in*0.9, y+62, 539+in, y, 688-in*1.4, y, 692-in*1.4, y+62), flat(p.accent))
	}
	c.fill(rounded(538, 380, 144, 24, 4), flat(p.ink))
	c.fill(rect(572, 300, 76, 80), flat(hex(0xffe9a6)))
	c.fill(append(rect(606, 300, 8, 80), rect(572, 300, 8, 80).moved(0, 0)...), flat(p.ink))
	c.fill(rect(640, 300, 8, 80), flat(p.ink))
	c.fill(dome(610, 302, 54, 62), flat(p.accent))
	c.fill(dome(616, 850, 165, 66), flat(p.ink.mix(p.near, 0.4)))
	for i := range 4 {
		f := float32(i)
		c.fill(ribbon(9, func(t float32) (float32, float32) {
			x := 180 + 640*t
			return x, 800 + 22*f*0.6 + 8*float32(math.Sin(float64(x)*0.035+float64(f)*2))
		}), sheer(p.paper, 0.35))
	}
	for _, g := range [][2]float32{{300, 480}, {390, 520}, {450, 450}} {
		c.fill(leaf(g[0], g[1], 40, 5, -0.4), flat(p.ink))
		c.fill(leaf(g[0], g[1], 40, 5, -2.74), flat(p.ink))
	}
}

func (c *canvas) rooftops(p postage) {
	c.fill(circle(640, 310, 78), flat(p.accent))
	walls := []rgb{p.paper, p.far, p.paper.mix(p.far, 0.5), p.sky.mix(p.accent, 0.25), p.near.mix(p.paper, 0.55)}
	for row := range 4 {
		f := float32(row)
		x := float32(130) - 40*f
		for i := 0; x < 860; i++ {
			w := 100 + float32(c.rng.IntN(60))
			top := 400 + 115*f + float32(c.rng.IntN(70))
			colour := walls[(i*2+row*3)%len(walls)]
			c.fill(rect(x, top, w, 600), flat(colour))
			c.fill(polygon(x-8, top+2, x+w/2, top-52, x+w+8, top+2), flat(p.accent.mix(p.near, 0.25*float32((i+row)%3))))
			for k := range 2 {
				wx := x + w*(0.2+0.38*float32(k))
				pane := p.near
				if c.rng.IntN(4) == 0 {
					pane = hex(0xffd97a)
				}
				c.fill(rounded(wx, top+30, w*0.22, 42, 5), flat(pane))
			}
			x += w + 4
		}
	}
	c.fill(ribbon(5, func(t float32) (float32, float32) { return 180 + 640*t, 560 + 130*t*(1-t) }), flat(p.ink))
	for i := range 7 {
		t := (float32(i) + 0.7) / 8
		x, y := 180+640*t, 562+130*t*(1-t)
		c.fill(polygon(x-2, y, x+44, y+2, x+40, y+58, x+4, y+56), flat([]rgb{p.paper, p.accent, p.near, hex(0xf0c55a)}[i%4]))
	}
}

func (c *canvas) balloons(p postage) {
	c.fill(ridge(newProfile(c.rng), 770, 40, 300, 2), flat(p.far))
	colours := []rgb{p.accent, p.near, hex(0xe8b04a), p.paper, p.far}
	knotX, knotY := float32(470), float32(760)
	at := [][2]float32{{400, 300}, {560, 260}, {500, 420}, {650, 400}, {330, 450}}
	for i, b := range at {
		c.fill(ribbon(3.5, func(t float32) (float32, float32) {
			return b[0] + (knotX-b[0])*t + 18*float32(math.Sin(float64(t)*3.1)), b[1] + 100 + (knotY-b[1]-100)*t
		}), flat(p.ink))
		colour := colours[i]
		c.fill(polygon(b[0]-13, b[1]+116, b[0]+13, b[1]+116, b[0], b[1]+92), flat(colour.mix(p.ink, 0.15)))
		c.fill(ellipse(b[0], b[1], 84, 102), slanted(b[0]-80, b[1]-80, b[0]+80, b[1]+90, colour.mix(p.paper, 0.25), colour, colour.mix(p.ink, 0.15)))
		c.fill(ellipse(b[0]-30, b[1]-40, 13, 25).turned(0.5, b[0]-30, b[1]-40), sheer(hex(0xffffff), 0.55))
	}
	c.fill(rounded(400, 745, 142, 110, 8), flat(p.near))
	c.fill(rect(460, 745, 22, 110), flat(p.accent))
	c.fill(leaf(470, 748, 70, 20, -0.5), flat(p.accent))
	c.fill(leaf(470, 748, 70, 20, -2.64), flat(p.accent))
}

func (c *canvas) harp(p postage) {
	for i := range 6 {
		c.fill(dome(500, 900, 430-66*float32(i), 620-96*float32(i)), flat(p.sky.mix(p.far, 0.14*float32(i))))
	}
	for i := range 15 {
		t := float32(i) / 14
		x0 := 345 + 262*t
		y0 := 300 - 46*float32(math.Sin(float64(t)*math.Pi)) + 46*t
		x1, y1 := 365+245*t, 762-350*t
		c.fill(stroke(x0, y0, x1, y1, 3.4), flat(p.paper))
	}
	var neck path
	neck.move(300, 250)
	neck.curve(350, 190, 420, 330, 500, 262)
	neck.curve(560, 210, 640, 240, 664, 330)
	neck.curve(620, 290, 570, 270, 515, 305)
	neck.curve(430, 350, 370, 270, 318, 300)
	c.fill(neck, flat(p.accent))
	c.fill(ribbon(30, func(t float32) (float32, float32) { return 312 + 26*t - 40*t*(1-t), 270 + 520*t }), flat(p.accent))
	c.fill(polygon(326, 800, 640, 318, 676, 342, 392, 812), flat(p.accent.mix(p.ink, 0.22)))
	c.fill(rounded(296, 786, 150, 30, 12), flat(p.near))
	c.fill(circle(306, 262, 30), flat(p.accent.mix(p.paper, 0.2)))
	for i := range 3 {
		y := 780 - 70*float32(i)
		c.fill(rect(560+90*float32(i), y, 400, 80), flat(p.near.mix(p.far, 0.16*float32(i))))
	}
}

func (c *canvas) lamp(p postage) {
	for range 60 {
		x, y := 205+float32(c.rng.Float64()*590), 160+float32(c.rng.Float64()*400)
		c.fill(circle(x, y, 1+2*float32(c.rng.Float64())), sheer(p.paper, 0.8))
	}
	c.fill(circle(660, 290, 66), flat(p.paper))
	c.fill(circle(688, 274, 58), flat(p.sky.mix(p.far, 0.12)))
	x := float32(270)
	for i := 0; x < 800; i++ {
		w := 80 + float32(c.rng.IntN(50))
		top := 560 + float32(c.rng.IntN(110))
		c.fill(rect(x, top, w, 400), flat(p.far))
		c.fill(rect(x+w*0.3, top+36, 18, 26), sheer(p.accent, 0.8))
		c.fill(rect(x+w*0.62, top+90, 18, 26), sheer(p.accent, 0.5))
		x += w
	}
	c.fill(rect(180, 780, 640, 120), flat(p.near))
	c.cover(glow(410, 400, 310, p.accent, 0.6))
	c.fill(ellipse(410, 800, 220, 26), sheer(p.accent, 0.5))
	c.fill(stroke(410, 440, 410, 800, 15), flat(p.ink))
	c.fill(rounded(376, 784, 68, 26, 6), flat(p.ink))
	c.fill(polygon(368, 352, 452, 352, 438, 446, 382, 446), flat(hex(0xffedb0)))
	c.fill(polygon(356, 356, 464, 356, 410, 300), flat(p.ink))
	c.fill(rect(378, 442, 64, 12), flat(p.ink))
	c.fill(circle(410, 298, 10), flat(p.ink))
	for _, d := range []float32{-64, 84} {
		dx := 470 + d
		c.fill(dome(dx, 796, 34, 130), flat(p.ink))
		c.fill(circle(dx, 650, 20), flat(p.ink))
	}
	c.fill(stroke(432, 690, 530, 690, 12), flat(p.ink))
}
