package cover

import (
	"math"
	"math/rand/v2"
)

// A path is an outline; every move begins a new, closed part of it. Parts that
// run the other way cut holes.
type path []segment

// A segment goes to a point: by a jump (no points between), a line, or a cubic
// curve with two control points before its end.
type segment struct {
	points int // 0 a move, 1 a line, 3 a curve
	at     [6]float32
}

func (p *path) move(x, y float32) { *p = append(*p, segment{0, [6]float32{x, y}}) }
func (p *path) line(x, y float32) { *p = append(*p, segment{1, [6]float32{x, y}}) }
func (p *path) curve(ax, ay, bx, by, x, y float32) {
	*p = append(*p, segment{3, [6]float32{ax, ay, bx, by, x, y}})
}

// bounds returns a box around the path.
func (p path) bounds() (x0, y0, x1, y1 float32) {
	x0, y0, x1, y1 = math.MaxFloat32, math.MaxFloat32, -math.MaxFloat32, -math.MaxFloat32
	for _, s := range p {
		for i := 0; i < max(2, 2*s.points); i += 2 {
			x0, x1 = min(x0, s.at[i]), max(x1, s.at[i])
			y0, y1 = min(y0, s.at[i+1]), max(y1, s.at[i+1])
		}
	}
	return x0, y0, x1, y1
}

// turned returns the path turned by angle radians around (x, y).
func (p path) turned(angle, x, y float32) path {
	sin64, cos64 := math.Sincos(float64(angle))
	sin, cos := float32(sin64), float32(cos64)
	out := make(path, len(p))
	for k, s := range p {
		for i := 0; i < 6; i += 2 {
			dx, dy := s.at[i]-x, s.at[i+1]-y
			s.at[i], s.at[i+1] = x+dx*cos-dy*sin, y+dx*sin+dy*cos
		}
		out[k] = s
	}
	return out
}

// moved returns the path shifted by (dx, dy).
func (p path) moved(dx, dy float32) path {
	out := make(path, len(p))
	for k, s := range p {
		for i := 0; i < 6; i += 2 {
			s.at[i] += dx
			s.at[i+1] += dy
		}
		out[k] = s
	}
	return out
}

func polygon(xy ...float32) path {
	var p path
	p.move(xy[0], xy[1])
	for i := 2; i+1 < len(xy); i += 2 {
		p.line(xy[i], xy[i+1])
	}
	return p
}

func rect(x, y, w, h float32) path { return polygon(x, y, x+w, y, x+w, y+h, x, y+h) }

// kappa makes a cubic curve a quarter of a circle.
const kappa = 0.5523

func ellipse(x, y, rx, ry float32) path {
	var p path
	kx, ky := kappa*rx, kappa*ry
	p.move(x+rx, y)
	p.curve(x+rx, y+ky, x+kx, y+ry, x, y+ry)
	p.curve(x-kx, y+ry, x-rx, y+ky, x-rx, y)
	p.curve(x-rx, y-ky, x-kx, y-ry, x, y-ry)
	p.curve(x+kx, y-ry, x+rx, y-ky, x+rx, y)
	return p
}

func circle(x, y, r float32) path { return ellipse(x, y, r, r) }

// ring is the band of a width around a circle.
func ring(x, y, r, width float32) path {
	// A circle with a negative radius in one axis runs the other way.
	return append(circle(x, y, r+width/2), ellipse(x, y, -(r-width/2), r-width/2)...)
}

// dome is the upper half of an ellipse that stands on y.
func dome(x, y, rx, ry float32) path {
	var p path
	kx, ky := kappa*rx, kappa*ry
	p.move(x-rx, y)
	p.curve(x-rx, y-ky, x-kx, y-ry, x, y-ry)
	p.curve(x+kx, y-ry, x+rx, y-ky, x+rx, y)
	return p
}

// bowl is the lower half of an ellipse that hangs from y.
func bowl(x, y, rx, ry float32) path { return dome(x, y, rx, -ry) }

func rounded(x, y, w, h, r float32) path {
	var p path
	k := r * (1 - kappa)
	p.move(x+r, y)
	p.line(x+w-r, y)
	p.curve(x+w-k, y, x+w, y+k, x+w, y+r)
	p.line(x+w, y+h-r)
	p.curve(x+w, y+h-k, x+w-k, y+h, x+w-r, y+h)
	p.line(x+r, y+h)
	p.curve(x+k, y+h, x, y+h-k, x, y+h-r)
	p.line(x, y+r)
	p.curve(x, y+k, x+k, y, x+r, y)
	return p
}

// stroke is a line of a width with square ends.
func stroke(x0, y0, x1, y1, width float32) path {
	dx, dy := x1-x0, y1-y0
	length := float32(math.Hypot(float64(dx), float64(dy)))
	nx, ny := -dy/length*width/2, dx/length*width/2
	return polygon(x0+nx, y0+ny, x1+nx, y1+ny, x1-nx, y1-ny, x0-nx, y0-ny)
}

// ribbon is a band of a width along a curve that f gives for t from 0 to 1.
func ribbon(width float32, f func(t float32) (x, y float32)) path {
	const steps = 48
	var p path
	var back []float32
	for i := range steps + 1 {
		t := float32(i) / steps
		x, y := f(t)
		ax, ay := f(t - 0.01)
		bx, by := f(t + 0.01)
		dx, dy := bx-ax, by-ay
		length := max(1e-3, float32(math.Hypot(float64(dx), float64(dy))))
		nx, ny := -dy/length*width/2, dx/length*width/2
		if i == 0 {
			p.move(x+nx, y+ny)
		} else {
			p.line(x+nx, y+ny)
		}
		back = append(back, x-nx, y-ny)
	}
	for i := len(back) - 2; i >= 0; i -= 2 {
		p.line(back[i], back[i+1])
	}
	return p
}

// leaf is a pointed leaf from (x, y), length long, in the direction of angle.
func leaf(x, y, length, width, angle float32) path {
	var p path
	p.move(x, y)
	p.curve(x+length*0.3, y-width, x+length*0.75, y-width*0.7, x+length, y)
	p.curve(x+length*0.75, y+width*0.7, x+length*0.3, y+width, x, y)
	return p.turned(angle, x, y)
}

// heart is a heart of a width whose middle is (x, y).
func heart(x, y, w float32) path {
	var p path
	h := w / 2
	p.move(x, y+h*0.95)
	p.curve(x-h*0.5, y+h*0.45, x-h*1.1, y+h*0.1, x-h, y-h*0.35)
	p.curve(x-h*0.92, y-h*0.95, x-h*0.2, y-h, x, y-h*0.4)
	p.curve(x+h*0.2, y-h, x+h*0.92, y-h*0.95, x+h, y-h*0.35)
	p.curve(x+h*1.1, y+h*0.1, x+h*0.5, y+h*0.45, x, y+h*0.95)
	return p
}

// A profile is smooth chance along a line: octaves of value noise.
type profile struct{ knots []float32 }

func newProfile(rng *rand.Rand) profile {
	p := profile{make([]float32, 256)}
	for i := range p.knots {
		p.knots[i] = float32(rng.Float64()*2 - 1)
	}
	return p
}

// at returns the height at x, roughly between -1 and 1.
func (p profile) at(x float32, octaves int) float32 {
	sum, gain := float32(0), float32(0.6)
	for range octaves {
		i := int(math.Floor(float64(x)))
		t := x - float32(i)
		t = t * t * (3 - 2*t)
		a, b := p.knots[i&255], p.knots[(i+1)&255]
		sum += gain * (a + t*(b-a))
		x = x*2.03 + 17.3
		gain *= 0.45
	}
	return sum
}

// ridge is everything below a skyline at height y with hills of a size.
func ridge(p profile, y, height, scale float32, octaves int) path {
	var out path
	out.move(-10, units+10)
	for x := float32(-10); x <= units+10; x += 4 {
		out.line(x, y-height*p.at(x/scale+40, octaves))
	}
	out.line(units+10, units+10)
	return out
}
