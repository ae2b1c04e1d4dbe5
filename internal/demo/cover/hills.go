package cover

// A daylight is the palette of a landscape.
type daylight struct {
	sky        []rgb
	sun, haze  rgb
	near       rgb
	sunX, sunY float32
	sunR       float32
	snow       bool
	sea        bool
}

// hills draws ridges that fade into haze under a low sun.
func hills(c *canvas, variant int) {
	days := []daylight{
		{sky: []rgb{hex(0x1f4257), hex(0x6d8f95), hex(0xe9b796), hex(0xf7dcb4)}, sun: hex(0xfff1d6), haze: hex(0xe8b99c), near: hex(0x12303d), sunX: 640, sunY: 430, sunR: 105},
		{sky: []rgb{hex(0x33506e), hex(0x8fa7b8), hex(0xf3cfc0), hex(0xfde6cf)}, sun: hex(0xfff6e4), haze: hex(0xf0cdbd), near: hex(0x24405a), sunX: 300, sunY: 470, sunR: 82, sea: true},
		{sky: []rgb{hex(0x5b5f86), hex(0xa3a3c2), hex(0xd8cfdc), hex(0xf0e6e6)}, sun: hex(0xffffff), haze: hex(0xd6cddd), near: hex(0x3a3f63), sunX: 700, sunY: 300, sunR: 130},
		{sky: []rgb{hex(0x2b1f3d), hex(0x7d3f4f), hex(0xd97b52), hex(0xf5b971)}, sun: hex(0xffe2a8), haze: hex(0xdc8458), near: hex(0x26172b), sunX: 480, sunY: 520, sunR: 150},
		{sky: []rgb{hex(0x0a1530), hex(0x1c3054), hex(0x3f587c), hex(0x8796a8)}, sun: hex(0xf6edd2), haze: hex(0x6f8199), near: hex(0x081022), sunX: 725, sunY: 235, sunR: 62, snow: true},
		{sky: []rgb{hex(0x0f4a55), hex(0x3f8a8c), hex(0xa9cdb9), hex(0xf3e3b8)}, sun: hex(0xfff7d8), haze: hex(0xbdd5bb), near: hex(0x0a2f3a), sunX: 500, sunY: 420, sunR: 140, sea: true},
	}
	d := days[variant%len(days)]
	c.cover(vertical(0, 640, d.sky...))
	shine := float32(0.55)
	if d.snow {
		shine = 0.22 // that sun is a moon
	}
	c.cover(glow(d.sunX, d.sunY, 640, d.sun, shine))
	c.fill(circle(d.sunX, d.sunY, d.sunR), vertical(d.sunY-d.sunR, d.sunY+d.sunR*1.6, d.sun, d.sun.mix(d.haze, 0.55)))

	layers := 6
	if d.sea {
		layers = 3
	}
	for i := range layers {
		t := float32(i) / float32(layers-1)
		y := 520 + 300*t*t + 70*t
		if d.sea {
			y = 560 + 30*t
		}
		colour := d.haze.mix(d.near, 0.14+0.86*t)
		shape := ridge(newProfile(c.rng), y, 62+36*t, 210+130*t, 5)
		if d.snow && i == layers-1 {
			c.lamps(d)
		}
		// Mist lies in every valley.
		c.fill(shape, vertical(y-80, y+190, colour, colour.mix(d.haze, 0.5*(1-t)+0.08)))
	}
	if d.sea {
		c.sea(d)
	}
	if d.snow {
		c.snow()
	}
	c.vignette(0.28)
	c.grain(0.035)
}

// sea floods the picture from the horizon and lays the sun's path on it.
func (c *canvas) sea(d daylight) {
	const horizon = 640
	shade := d.near.mix(d.sky[1], 0.35)
	c.fill(rect(0, horizon, units, units-horizon), vertical(horizon, units, d.haze.mix(shade, 0.25), shade, d.near))
	for y := float32(horizon + 4); y < units; {
		depth := (y - horizon) / (units - horizon)
		width := (30 + 150*depth) * float32(0.5+c.rng.Float64())
		x := d.sunX + float32(c.rng.NormFloat64())*(26+75*depth)
		thick := 2 + 6*depth
		c.fill(ellipse(x, y, width, thick), sheer(d.sun, 0.62-0.3*depth))
		y += 4 + 10*depth
	}
	for range 46 {
		depth := float32(c.rng.Float64())
		x, y := float32(c.rng.Float64()*units), horizon+10+depth*(units-horizon)
		c.fill(ellipse(x, y, 40+110*depth, 1.2+2.2*depth), sheer(d.haze, 0.16))
	}
}

// lamps lights a street that runs behind the nearest hill.
func (c *canvas) lamps(d daylight) {
	for i, at := range [][2]float32{{190, 640}, {330, 690}, {440, 726}, {528, 756}, {600, 778}} {
		x, y := at[0], at[1]
		size := 1 - 0.13*float32(i)
		c.fill(stroke(x, y, x, units, 6*size), flat(d.near))
		c.fill(circle(x, y, 130*size), glow(x, y, 130*size, hex(0xffb45e), 0.5))
		c.fill(circle(x, y, 46*size), glow(x, y, 46*size, hex(0xffe2a8), 0.9))
		c.fill(circle(x, y, 9*size), flat(hex(0xfff3d6)))
	}
}

// snow lets it snow.
func (c *canvas) snow() {
	for range 420 {
		near := float32(c.rng.Float64())
		x, y := float32(c.rng.Float64()*units), float32(c.rng.Float64()*units)
		c.fill(circle(x, y, 0.9+3.4*near*near*near), sheer(hex(0xffffff), 0.3+0.5*near))
	}
}
