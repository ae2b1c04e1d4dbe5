package flac

import "math"

const (
	maxOrder  = 12 // coefficients; the subset's limit up to 48 kHz
	precision = 14 // bits of a coefficient
)

// A predictor finds the linear prediction that leaves the smallest residual.
type predictor struct {
	window   []float64 // for blocks of blockSize samples
	windowed []float64
}

func newPredictor() *predictor {
	return &predictor{window: tukey(blockSize), windowed: make([]float64, blockSize)}
}

// tukey returns a window that is flat but for a cosine at either end, a quarter
// of the whole each.
func tukey(n int) []float64 {
	w := make([]float64, n)
	edge := max(n/4, 1)
	for i := range w {
		w[i] = 1
		if d := min(i, n-1-i); d < edge {
			w[i] = 0.5 - 0.5*math.Cos(math.Pi*(float64(d)+0.5)/float64(edge))
		}
	}
	return w
}

// best returns the smallest subframe of the samples.
func (p *predictor) best(samples []int64, depth uint) subframe {
	n := len(samples)
	plain := subframe{samples: samples, depth: depth, kind: verbatim, size: 8 + n*int(depth)}
	same := true
	for _, v := range samples {
		if v != samples[0] {
			same = false
			break
		}
	}
	if same {
		plain.kind, plain.size = constant, 8+int(depth)
		return plain
	}
	if n < 4*maxOrder {
		return plain
	}
	coeffs, shift, ok := p.coefficients(samples, depth)
	if !ok {
		return plain
	}
	s := subframe{samples: samples, depth: depth, kind: linear, coeffs: coeffs, shift: shift}
	s.residual = residual(samples, coeffs, shift)
	s.rice = bestRice(s.residual, n)
	s.size = 8 + len(coeffs)*(int(depth)+precision) + 4 + 5 + s.rice.size
	if s.size >= plain.size {
		return plain
	}
	return s
}

// residual returns what the prediction misses.
func residual(samples, coeffs []int64, shift uint) []int64 {
	order := len(coeffs)
	out := make([]int64, len(samples)-order)
	for i := range out {
		past := samples[i : i+order]
		sum := int64(0)
		for j, c := range coeffs {
			sum += c * past[order-1-j]
		}
		out[i] = samples[i+order] - sum>>shift
	}
	return out
}

// coefficients returns the quantised coefficients of the order that promises
// the smallest subframe.
func (p *predictor) coefficients(samples []int64, depth uint) (coeffs []int64, shift uint, ok bool) {
	window := p.window
	if len(samples) != len(window) {
		window = tukey(len(samples))
	}
	x := p.windowed[:len(samples)]
	for i, v := range samples {
		x[i] = float64(v) * window[i]
	}
	var auto [maxOrder + 1]float64
	for lag := range auto {
		sum := 0.0
		ahead := x[lag:]
		for i, v := range x[:len(ahead)] {
			sum += v * ahead[i]
		}
		auto[lag] = sum
	}
	if auto[0] == 0 {
		return nil, 0, false
	}
	return quantise(levinson(auto, len(samples), depth))
}

// levinson solves for the coefficients of every order in turn (the recursion of
// Levinson and Durbin) and returns those of the order whose residual and
// coefficients should take the fewest bits.
func levinson(auto [maxOrder + 1]float64, n int, depth uint) []float64 {
	var a [maxOrder]float64
	var best []float64
	fewest := math.Inf(1)
	err := auto[0]
	for i := range maxOrder {
		r := auto[i+1]
		for j := range i {
			r -= a[j] * auto[i-j]
		}
		k := r / err
		var next [maxOrder]float64
		copy(next[:], a[:i])
		for j := range i {
			next[j] -= k * a[i-1-j]
		}
		next[i] = k
		a = next
		err *= 1 - k*k
		if err <= 0 {
			err = 1e-9
		}
		// A residual of variance v takes about half its logarithm in bits.
		each := max(0.5*math.Log2(err/float64(n)+1e-9), -1) + 2
		if size := each*float64(n-i-1) + float64(i+1)*float64(depth+precision); size < fewest {
			fewest = size
			best = append(best[:0], a[:i+1]...)
		}
	}
	return best
}

// quantise scales the coefficients to whole numbers of precision bits; what is
// lost by rounding one is carried to the next. It is not ok if they are too
// large to be scaled.
func quantise(a []float64) (coeffs []int64, shift uint, ok bool) {
	largest := 0.0
	for _, v := range a {
		largest = max(largest, math.Abs(v))
	}
	if !(largest > 0) {
		return nil, 0, false
	}
	_, exponent := math.Frexp(largest)
	s := precision - 1 - exponent
	if s < 0 {
		return nil, 0, false
	}
	s = min(s, 15)
	coeffs = make([]int64, len(a))
	carry := 0.0
	for i, v := range a {
		want := v*float64(int(1)<<s) + carry
		q := math.Round(want)
		q = max(-(1 << (precision - 1)), min(1<<(precision-1)-1, q))
		carry = want - q
		coeffs[i] = int64(q)
	}
	return coeffs, uint(s), true
}
