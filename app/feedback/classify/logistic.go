package classify

import (
	"math"
	"slices"
)

// observations are rows of figures, each with whether it came true.
type observations struct {
	width   int
	figures []float64
	true    []bool
}

// expect makes room for so many rows.
func (o *observations) expect(rows, width int) {
	o.figures, o.true = make([]float64, 0, rows*width), make([]bool, 0, rows)
}

func (o *observations) add(came bool, figures ...float64) {
	o.width = len(figures)
	o.figures, o.true = append(o.figures, figures...), append(o.true, came)
}

// prior is where weights are drawn to, and how hard: as hard as that many observations would.
type prior struct {
	weights []float64
	hold    float64
}

const (
	newtonSteps = 30
	goodEnough  = 1e-4 // of the loss: less to gain is not worth a step
)

// fit gives the weights by which the figures tell best what comes true: logistic regression by Newton's method. A step
// that makes it worse is halved.
func (o *observations) fit(p prior) []float64 {
	best, lowest := slices.Clone(p.weights), math.Inf(1)
	w := slices.Clone(best)
	for range newtonSteps {
		loss, slope, bend := o.loss(w, p)
		if loss > lowest {
			for j := range w {
				w[j] = (w[j] + best[j]) / 2
			}
			continue
		}
		copy(best, w)
		if lowest-loss < goodEnough*loss {
			break
		}
		lowest = loss
		for j, step := range solve(bend, slope) {
			w[j] -= step
		}
	}
	return best
}

// loss gives the negative logarithm of the likelihood with the prior, its slope, and its second derivatives (of which
// the lower triangle counts).
func (o *observations) loss(w []float64, p prior) (loss float64, slope, bend []float64) {
	d := len(w)
	slope, bend = make([]float64, d), make([]float64, d*d)
	likelihood := 1.0 // of the last few: a logarithm of each would cost as much as all else
	for i, came := range o.true {
		x := o.figures[i*d : i*d+d]
		chance := sigmoid(dot(w, x))
		miss, right := chance, 1-chance
		if came {
			miss, right = chance-1, chance
		}
		if likelihood *= max(right, 1e-30); likelihood < 1e-200 {
			loss, likelihood = loss-math.Log(likelihood), 1
		}
		spread := chance * (1 - chance)
		for j, v := range x {
			slope[j] += miss * v
			for k := range j + 1 {
				bend[j*d+k] += spread * v * x[k]
			}
		}
	}
	loss -= math.Log(likelihood)
	for j := range w {
		off := w[j] - p.weights[j]
		loss += p.hold / 2 * off * off
		slope[j] += p.hold * off
		bend[j*d+j] += p.hold + 1e-9
	}
	return loss, slope, bend
}

// solve solves a x = b for a symmetric positive a, of which the lower triangle is given and lost (Cholesky).
func solve(a, b []float64) []float64 {
	d, x := len(b), slices.Clone(b)
	for j := range d {
		for k := range j {
			a[j*d+j] -= a[j*d+k] * a[j*d+k]
		}
		a[j*d+j] = math.Sqrt(max(a[j*d+j], 1e-12))
		for i := j + 1; i < d; i++ {
			for k := range j {
				a[i*d+j] -= a[i*d+k] * a[j*d+k]
			}
			a[i*d+j] /= a[j*d+j]
		}
	}
	for i := range d {
		for k := range i {
			x[i] -= a[i*d+k] * x[k]
		}
		x[i] /= a[i*d+i]
	}
	for i := d - 1; i >= 0; i-- {
		for k := i + 1; k < d; k++ {
			x[i] -= a[k*d+i] * x[k]
		}
		x[i] /= a[i*d+i]
	}
	return x
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// odds is the logarithm of the odds of a probability; one that is next to certain counts as one in a million.
func odds(chance float64) float64 {
	chance = min(max(chance, 1e-6), 1-1e-6)
	return math.Log(chance / (1 - chance))
}
