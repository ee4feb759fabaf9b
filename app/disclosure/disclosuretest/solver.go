// Package disclosuretest works out what can be known from published counts, as somebody would who has all of them: for
// tests only.
package disclosuretest

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// Solver knows that people are of so many sorts, any number of each, and what some sorts add up to.
type Solver struct {
	sorts int
	basis [][]float64 // as known, with what can be told from others taken out
	known []equation
}

// equation says that some sorts add up to a number that was published.
type equation struct {
	sorts []float64
	sum   float64
}

// New is a solver that knows nothing yet.
func New(sorts int) *Solver { return &Solver{sorts: sorts} }

// Know says that the sorts for which in is true are sum people together.
func (s *Solver) Know(sum int, in func(sort int) bool) {
	e := equation{sorts: s.members(in), sum: float64(sum)}
	row := append(slices.Clone(e.sorts), e.sum)
	for _, b := range s.basis {
		lead := slices.IndexFunc(b, func(x float64) bool { return math.Abs(x) > 1e-9 })
		if f := row[lead] / b[lead]; math.Abs(f) > 1e-9 {
			for i := range row {
				row[i] -= f * b[i]
			}
		}
	}
	if slices.ContainsFunc(row[:s.sorts], func(x float64) bool { return math.Abs(x) > 1e-9 }) {
		s.basis, s.known = append(s.basis, row), append(s.known, e) // the simplex method needs them independent
	}
}

func (s *Solver) members(in func(sort int) bool) []float64 {
	out := make([]float64, s.sorts)
	for i := range out {
		if in(i) {
			out[i] = 1
		}
	}
	return out
}

// Bounds are the least and the most people that the sorts can be together, by linear programming.
func (s *Solver) Bounds(in func(sort int) bool) (least, most float64) {
	a, b := mat.NewDense(len(s.known), s.sorts, nil), make([]float64, len(s.known))
	for i, e := range s.known {
		a.SetRow(i, e.sorts)
		b[i] = e.sum
	}
	return s.simplex(a, b, in, 1), -s.simplex(a, b, in, -1)
}

func (s *Solver) simplex(a *mat.Dense, b []float64, in func(sort int) bool, sign float64) float64 {
	c := s.members(in)
	for i := range c {
		c[i] *= sign
	}
	best, _, err := lp.Simplex(c, a, b, 1e-9, nil)
	if err != nil {
		panic(err) // what is known is true of somebody, so there is a solution
	}
	return best
}

// Pinned says whether the sorts are known to be one number of people.
func (s *Solver) Pinned(in func(sort int) bool) bool {
	least, most := s.Bounds(in)
	return math.Floor(most+1e-6) <= math.Ceil(least-1e-6)
}
