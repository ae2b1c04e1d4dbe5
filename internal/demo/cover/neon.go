package cover

// A night is the palette and the layout of a neon cover.
type night struct {
	sky      []rgb
	sun      []rgb
	edge     rgb // of the stairs
	step     rgb // their dark faces
	sunX     float32
	sunY     float32
	sunR     float32
	leftward bool // the stairs climb to the left
}

// neon draws a sun cut into bars over a flight of glowing stairs.
func neon(c *canvas, variant int) {
	nights := []night{
		{sky: []rgb{hex(0x150a2e), hex(0x3b1459), hex(0x8c2273)}, sun: []rgb{hex(0xffe36e), hex(0xff8a5c), hex(0xff2f87)}, edge: hex(0xff5fb8), step: hex(0x1a0b33), sunX: 440, sunY: 400, sunR: 265},
		{sky: []rgb{hex(0x06142e), hex(0x0f3a63), hex(0x1f8a9b)}, sun: []rgb{hex(0xf9ffb0), hex(0x7cf0c2), hex(0x20b6d6)}, edge: hex(0x5ff2e6), step: hex(0x07172f), sunX: 590, sunY: 380, sunR: 225, leftward: true},
		{sky: []rgb{hex(0x240a2b), hex(0x6b1446), hex(0xd63a4f)}, sun: []rgb{hex(0xfff0c2), hex(0xffb25a), hex(0xff5a4e)}, edge: hex(0xffa56b), step: hex(0x2a0a26), sunX: 350, sunY: 430, sunR: 275},
		{sky: []rgb{hex(0x0a0a2e), hex(0x23207a), hex(0x6a4ad1)}, sun: []rgb{hex(0xffd7f3), hex(0xd98cff), hex(0x6f6bff)}, edge: hex(0xb99bff), step: hex(0x0e0b36), sunX: 620, sunY: 350, sunR: 200, leftward: true},
		{sky: []rgb{hex(0x1a1030), hex(0x5a1a6b), hex(0xff5e7e)}, sun: []rgb{hex(0xffffff), hex(0xfff27a), hex(0xff9d5c)}, edge: hex(0xfff07a), step: hex(0x1c0d30), sunX: 500, sunY: 420, sunR: 240},
	}
	n := nights[variant%len(nights)]
	c.cover(vertical(0, 900, n.sky...))
	for range 130 {
		x, y := float32(c.rng.Float64()*units), float32(c.rng.Float64()*430)
		c.fill(circle(x, y, 0.7+1.6*float32(c.rng.Float64())), sheer(hex(0xffffff), 0.25+0.5*float32(c.rng.Float64())))
	}
	c.cover(glow(n.sunX, n.sunY, n.sunR*2.3, n.sun[1], 0.5))
	c.cutSun(n)
	switch variant % len(nights) {
	case 0:
		c.outline(heart(n.sunX, n.sunY-20, 210), heart(n.sunX, n.sunY-20, 176), n.sky[0])
	case 1:
		for i := range 4 {
			r := n.sunR + 45 + 42*float32(i)
			c.fill(ring(n.sunX, n.sunY, r, 5), sheer(n.edge, 0.75-0.16*float32(i)))
		}
	case 2:
		for i := range 15 {
			x, y := 690+82*float32(i%3), 120+82*float32(i/3)
			c.fill(circle(x+29, y+29, 80), glow(x+29, y+29, 80, n.edge, 0.35))
			c.fill(rounded(x, y, 58, 58, 13), flat(n.sun[(i*7+i/3)%3]))
		}
	case 3:
		for _, x := range []float32{770, 872} {
			c.fill(circle(x, 655, 150), glow(x, 655, 150, hex(0xfff3d0), 0.5))
			c.fill(circle(x, 655, 24), flat(hex(0xfffbe9)))
		}
	default:
		for i := range 5 {
			x := 120 + 190*float32(i)
			c.fill(rect(x-60, 0, 120, 470), beam(x, 60, n.edge))
			c.fill(rounded(x-6, 40, 12, 330+45*float32(i%2), 6), flat(hex(0xfffde8)))
		}
	}
	c.stairs(n)
	c.vignette(0.3)
	c.grain(0.032)
}

// beam is the light around a vertical tube.
func beam(x0, radius float32, colour rgb) paint {
	return func(x, y float32) (rgb, float32) {
		d := 1 - min(1, max(x-x0, x0-x)/radius)
		return colour, 0.55 * d * d * min(1, max(0, (470-y)/120))
	}
}

// outline draws a shape with a rim.
func (c *canvas) outline(outer, inner path, colour rgb) {
	c.fill(outer, sheer(colour, 0.9))
	c.fill(inner, flat(hex(0xff4f9e)))
}

// cutSun draws the sun in bars that grow thinner towards the bottom.
func (c *canvas) cutSun(n night) {
	colours := vertical(n.sunY-n.sunR, n.sunY+n.sunR, n.sun...)
	c.fill(circle(n.sunX, n.sunY, n.sunR), func(x, y float32) (rgb, float32) {
		colour, alpha := colours(x, y)
		from := (y - n.sunY) / n.sunR // -1 at the top, 1 at the bottom
		if from < 0.08 {
			return colour, alpha
		}
		// Eight slits, each wider than the one above.
		at := (from - 0.08) / 0.92 * 8
		slit := 0.14 + 0.09*float32(int(at))
		if part := at - float32(int(at)); part < slit {
			return colour, 0
		}
		return colour, alpha
	})
}

// stairs draws three flights, the nearest the darkest.
func (c *canvas) stairs(n night) {
	for flight := range 3 {
		f := float32(flight)
		stepW, stepH := 92+26*f, 40+13*f
		base := 640 + 118*f
		shape, edges := path{}, path{}
		shape.move(-20, units+20)
		x, y := float32(-20)-37*f, base+stepH*4
		for x < units+20 {
			shape.line(n.side(x), y)
			shape.line(n.side(x+stepW), y)
			edges = append(edges, rect(min(n.side(x), n.side(x+stepW)), y, stepW, 4+1.5*f)...)
			x, y = x+stepW, y-stepH
		}
		shape.line(n.side(units+20), units+20)
		shape[0].at[0] = n.side(-20)
		face := n.sky[1].mix(n.step, 0.55+0.22*f)
		c.fill(shape, vertical(base-250, base+300, face.mix(n.sky[2], 0.28-0.08*f), face))
		c.fill(edges.moved(0, -5), sheer(n.edge, 0.22))
		c.fill(edges, sheer(n.edge, 0.55+0.2*f))
	}
}

// side mirrors x if the stairs climb to the left.
func (n night) side(x float32) float32 {
	if n.leftward {
		return units - x
	}
	return x
}
