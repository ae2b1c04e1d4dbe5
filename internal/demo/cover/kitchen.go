package cover

import "math"

// A room is the palette of a still life.
type room struct {
	wall, light, table, shade rgb
	one, two, three           rgb // of the things on the table
	windowX                   float32
}

// stillLife draws a window, its light on the wall, and things on a table.
func stillLife(c *canvas, variant int) {
	rooms := []room{
		{wall: hex(0xe6b88a), light: hex(0xfbe3b8), table: hex(0x8a4b38), shade: hex(0x5f2f27), one: hex(0x2f5d57), two: hex(0xf3ead8), three: hex(0xd9623b), windowX: 590},
		{wall: hex(0x3c4a63), light: hex(0xf2c879), table: hex(0x262f45), shade: hex(0x1a2134), one: hex(0xd98d4c), two: hex(0xf5e6c8), three: hex(0xc9553f), windowX: 110},
		{wall: hex(0x9fb7b3), light: hex(0xdfe9dc), table: hex(0x51706f), shade: hex(0x36504f), one: hex(0xc8483e), two: hex(0xf4ecdc), three: hex(0xe9b44c), windowX: 600},
		{wall: hex(0xe8c9b8), light: hex(0xfbeadb), table: hex(0xb5654d), shade: hex(0x83432f), one: hex(0x4a7a8c), two: hex(0xfdf6ea), three: hex(0xe0a030), windowX: 100},
		{wall: hex(0x4d4460), light: hex(0xf0a986), table: hex(0x2d2740), shade: hex(0x1e1a2e), one: hex(0x16131f), two: hex(0xf4e3d0), three: hex(0xe07a5f), windowX: 560},
		{wall: hex(0xe9cf7f), light: hex(0xfff0be), table: hex(0xc27e3e), shade: hex(0x8c5526), one: hex(0x35606b), two: hex(0xfff8e6), three: hex(0xc6523b), windowX: 590},
	}
	r := rooms[variant%len(rooms)]
	c.cover(vertical(0, 760, r.wall.mix(r.shade, 0.1), r.wall))
	c.window(r)
	c.fill(rect(0, 740, units, 260), vertical(740, units, r.table, r.table.mix(r.shade, 0.6)))
	c.fill(rect(0, 740, units, 7), sheer(r.light, 0.35))
	things := [...]func(*canvas, room){
		(*canvas).mugAndPlant, (*canvas).toast, (*canvas).umbrella,
		(*canvas).plates, (*canvas).cat, (*canvas).clock,
	}
	things[variant%len(things)](c, r)
	c.vignette(0.2)
	c.grain(0.04)
}

// window draws an arched window with its light falling across the wall.
func (c *canvas) window(r room) {
	x, w := r.windowX, float32(300)
	slope := float32(-330)
	if x < 300 {
		slope = 330
	}
	light := polygon(x, 330, x+w, 330, x+w+slope, 740, x+slope, 740)
	c.fill(light, sheer(r.light, 0.28))
	frame := func(in float32) path {
		p := dome(x+w/2, 255, w/2-in, w/2-in)
		return append(p, rect(x+in, 254, w-2*in, 260-in)...)
	}
	c.fill(frame(-20), flat(r.two.mix(r.wall, 0.25)))
	c.fill(frame(0), vertical(100, 520, r.light, r.light.mix(r.three, 0.35)))
	c.fill(circle(x+w*0.62, 330, 58), sheer(r.two, 0.85))
	bars := append(rect(x+w/2-6, 100, 12, 414), rect(x, 250, w, 12)...)
	c.fill(bars, flat(r.two.mix(r.wall, 0.25)))
	c.fill(rounded(x-38, 512, w+76, 24, 6), flat(r.two.mix(r.wall, 0.1)))
	c.fill(rect(x-38, 536, w+76, 10), sheer(r.shade, 0.18))
}

// shadow lays the shadow of a thing that stands at (x, y).
func (c *canvas) shadow(r room, x, y, rx float32) {
	c.fill(ellipse(x+18, y+4, rx*1.12, rx*0.16), sheer(r.shade, 0.3))
	c.fill(ellipse(x+8, y+2, rx, rx*0.12), sheer(r.shade, 0.45))
}

// mug draws a mug of width w that stands on y, steaming.
func (c *canvas) mug(r room, x, y, w float32, colour rgb) {
	c.shadow(r, x, y, w*0.55)
	c.fill(ring(x+w*0.52, y-w*0.45, w*0.24, w*0.1), flat(colour.mix(r.shade, 0.2)))
	body := rounded(x-w/2, y-w*0.95, w, w*0.95, w*0.13)
	c.fill(body, slanted(x-w/2, y, x+w/2, y, colour.mix(r.light, 0.12), colour, colour.mix(r.shade, 0.3)))
	c.fill(ellipse(x, y-w*0.93, w*0.5, w*0.085), flat(colour.mix(r.light, 0.35)))
	c.fill(ellipse(x, y-w*0.925, w*0.43, w*0.062), flat(r.shade))
	for i := range 2 {
		sx := x - w*0.14 + w*0.28*float32(i)
		top := y - w*(1.75+0.2*float32(i))
		wisp := ribbon(w*0.05, func(t float32) (float32, float32) {
			return sx + w*0.09*float32(math.Sin(float64(t)*6.5+float64(i))), y - w*1.05 + t*(top-y+w*1.05)
		})
		c.fill(wisp, func(_, py float32) (rgb, float32) {
			return r.two, 0.55 * max(0, (py-top)/(y-w-top))
		})
	}
}

func (c *canvas) mugAndPlant(r room) {
	c.shadow(r, 265, 838, 120)
	for i, angle := range []float32{-2.75, -2.4, -2.05, -1.75, -1.45, -1.1, -0.75, -0.42} {
		length := 250 + 95*float32((i*5)%4)/3
		colour := r.one.mix(r.light, 0.07*float32(i%3))
		c.fill(leaf(265, 640, length, 42, angle), flat(colour))
		tip := leaf(265, 640, length, 5, angle)
		c.fill(tip, sheer(r.light, 0.25))
	}
	c.fill(polygon(160, 640, 370, 640, 340, 838, 190, 838), slanted(160, 0, 370, 0, r.three.mix(r.light, 0.15), r.three, r.three.mix(r.shade, 0.3)))
	c.fill(rounded(148, 618, 234, 48, 8), slanted(148, 0, 382, 0, r.three.mix(r.light, 0.25), r.three.mix(r.shade, 0.12)))
	c.mug(r, 665, 880, 190, r.two)
	c.fill(circle(858, 862, 58), slanted(800, 800, 910, 910, r.three.mix(r.light, 0.5), r.three))
	c.fill(leaf(858, 808, 70, 17, -0.5), flat(r.one))
}

func (c *canvas) toast(r room) {
	c.shadow(r, 590, 880, 300)
	c.fill(ellipse(590, 870, 320, 50), flat(r.two))
	c.fill(ellipse(590, 864, 250, 34), flat(r.two.mix(r.shade, 0.12)))
	slice := func(in float32) path {
		p := rounded(430+in, 560+in, 330-2*in, 300-2*in, 40)
		p = append(p, circle(495+in*0.4, 580+in*0.7, 92-in*0.6)...)
		return append(p, circle(695-in*0.4, 580+in*0.7, 92-in*0.6)...)
	}
	c.fill(slice(0).turned(-0.08, 590, 700), flat(hex(0x9a5a2b)))
	c.fill(slice(24).turned(-0.08, 590, 700), slanted(430, 520, 760, 860, hex(0xf2cd8c), hex(0xdba25a)))
	c.fill(rounded(530, 640, 112, 86, 18).turned(0.12, 590, 700), slanted(530, 640, 640, 726, hex(0xfff3b8), hex(0xf6d765)))
	c.mug(r, 215, 868, 170, r.three)
}

func (c *canvas) umbrella(r room) {
	x, y := float32(430), float32(520)
	c.shadow(r, x+40, 905, 210)
	c.fill(stroke(x, 250, x, 850, 13), flat(r.shade))
	c.fill(ring(x+42, 850, 42, 13), func(_, py float32) (rgb, float32) {
		if py < 850 {
			return r.shade, 0
		}
		return r.shade, 1
	})
	var canopy path
	canopy.move(x-345, y)
	canopy.curve(x-345, y-353, x+345, y-353, x+345, y)
	for i := range 3 {
		right := x + 345 - 230*float32(i)
		canopy.curve(right-60, y-52, right-170, y-52, right-230, y)
	}
	c.fill(canopy, slanted(100, 300, 760, 500, r.one.mix(r.light, 0.18), r.one, r.one.mix(r.shade, 0.35)))
	var panel path
	panel.move(x-115, y)
	panel.curve(x-105, y-180, x-40, y-262, x, y-265)
	panel.curve(x+40, y-262, x+105, y-180, x+115, y)
	panel.curve(x+55, y-52, x-55, y-52, x-115, y)
	c.fill(panel, sheer(r.light, 0.22))
	for i := range 9 {
		px, py := 640+float32((i*137)%320), 600+float32((i*71)%230)
		drop := leaf(px, py, 42, 11, 1.57)
		c.fill(drop, sheer(r.two, 0.6))
	}
	c.fill(ellipse(610, 925, 190, 16), sheer(r.two, 0.25))
}

func (c *canvas) plates(r room) {
	c.shadow(r, 660, 900, 250)
	colours := []rgb{r.one, r.two, r.three, r.two, r.one, r.three, r.two}
	y := float32(880)
	for i, colour := range colours {
		w := 235 - 9*float32(i%3) - 6*float32(i)
		x := 660 + float32([...]int{0, 9, -7, 12, -3, 8, -10}[i])
		c.fill(bowl(x, y-26, w, 34), slanted(x-w, 0, x+w, 0, colour.mix(r.light, 0.25), colour, colour.mix(r.shade, 0.35)))
		c.fill(ellipse(x, y-26, w, 15), flat(colour.mix(r.light, 0.3)))
		y -= 42
	}
	c.mug(r, 652, y+8, 130, r.three)
	// A glass with brushes and spoons.
	for i, angle := range []float32{-1.85, -1.62, -1.4} {
		handle := leaf(260, 800, 330-30*float32(i), 7, angle)
		c.fill(handle, flat(r.shade))
		tipX, tipY := 260+float32(math.Cos(float64(angle)))*(318-30*float32(i)), 800+float32(math.Sin(float64(angle)))*(318-30*float32(i))
		c.fill(ellipse(tipX, tipY, 30, 44), flat([]rgb{r.three, r.one, r.shade}[i]))
	}
	c.shadow(r, 260, 885, 95)
	c.fill(rounded(170, 660, 180, 226, 22), slanted(170, 0, 350, 0, r.two, r.one.mix(r.two, 0.55)))
}

func (c *canvas) cat(r room) {
	x, y := float32(360), float32(850)
	c.shadow(r, x+20, y+12, 230)
	tail := ribbon(44, func(t float32) (float32, float32) {
		return x + 150 + 250*t + 26*float32(math.Sin(float64(t)*6)), y - 22 - 170*t*t*t
	})
	c.fill(tail, flat(r.one))
	c.fill(circle(x+403, y-190, 22), flat(r.one))
	var body path
	body.move(x-170, y+14)
	body.curve(x-205, y-190, x-120, y-300, x, y-320)
	body.curve(x+150, y-300, x+225, y-150, x+190, y+14)
	c.fill(body, flat(r.one))
	c.fill(ellipse(x-30, y-370, 128, 112), flat(r.one))
	c.fill(polygon(x-150, y-400, x-132, y-545, x-40, y-460), flat(r.one))
	c.fill(polygon(x+92, y-400, x+74, y-545, x-20, y-460), flat(r.one))
	c.fill(polygon(x-128, y-430, x-120, y-505, x-72, y-455), flat(r.three.mix(r.one, 0.25)))
	c.fill(polygon(x+70, y-430, x+62, y-505, x+14, y-455), flat(r.three.mix(r.one, 0.25)))
	for _, ex := range []float32{x - 78, x + 18} {
		c.fill(ellipse(ex, y-378, 24, 19), flat(hex(0xf3c969)))
		c.fill(ellipse(ex, y-378, 6, 17), flat(r.one))
	}
	c.fill(polygon(x-42, y-338, x-18, y-338, x-30, y-324), flat(r.three))
	for i := range 3 {
		dy := 14 * float32(i-1)
		c.fill(stroke(x-60, y-330+dy/3, x-190, y-338+dy*1.6, 2.5), sheer(r.two, 0.7))
		c.fill(stroke(x, y-330+dy/3, x+130, y-338+dy*1.6, 2.5), sheer(r.two, 0.7))
	}
	c.fill(bowl(760, 826, 105, 66), slanted(655, 0, 865, 0, r.three.mix(r.light, 0.2), r.three.mix(r.shade, 0.25)))
	c.fill(ellipse(760, 826, 105, 20), flat(r.two))
}

func (c *canvas) clock(r room) {
	x, y, radius := float32(330), float32(440), float32(215)
	c.fill(circle(x+16, y+20, radius+22), sheer(r.shade, 0.22))
	c.fill(circle(x, y, radius+22), slanted(x-radius, y-radius, x+radius, y+radius, r.one.mix(r.light, 0.2), r.one))
	c.fill(circle(x, y, radius), flat(r.two))
	for i := range 12 {
		angle := float32(i) * math.Pi / 6
		length := float32(18)
		if i%3 == 0 {
			length = 38
		}
		c.fill(stroke(x, y-radius+22, x, y-radius+22+length, 9).turned(angle, x, y), flat(r.one))
	}
	c.fill(stroke(x, y+24, x, y-110, 15).turned(5.6, x, y), flat(r.one))
	c.fill(stroke(x, y+30, x, y-165, 9).turned(0.55, x, y), flat(r.one))
	c.fill(stroke(x, y+45, x, y-175, 4).turned(2.6, x, y), flat(r.three))
	c.fill(circle(x, y, 15), flat(r.three))
	c.mug(r, 300, 890, 180, r.one)
	c.shadow(r, 640, 885, 150)
	c.fill(bowl(650, 780, 165, 105), slanted(485, 0, 815, 0, r.two, r.two.mix(r.shade, 0.25)))
	for i, fx := range []float32{570, 650, 735} {
		colour := []rgb{r.three, hex(0xe79a2f), r.three.mix(r.light, 0.3)}[i]
		fy := 745 - 22*float32(i%2)
		c.fill(circle(fx, fy, 56), slanted(fx-50, fy-50, fx+50, fy+50, colour.mix(r.light, 0.4), colour))
	}
	c.fill(bowl(650, 780, 165, 105), slanted(485, 0, 815, 0, r.two, r.two.mix(r.shade, 0.25)))
}
