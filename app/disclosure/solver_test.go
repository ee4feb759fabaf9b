package disclosure_test

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"conversations/app/disclosure"
)

// equation says that some atoms add up to a number that was published.
type equation struct {
	atoms []float64
	sum   float64
}

// pinned names every count of one to four that follows from what was published: the solver finds the least and the most
// it could be (by linear programming over all atoms), and there is one whole number between them.
func (w *world) pinned(releases []disclosure.Release) (names []string) {
	known := independent(w.equations(releases))
	for name, members := range w.interesting() {
		true_ := 0
		for i, in := range members {
			if in {
				true_ += w.counts[i]
			}
		}
		if true_ == 0 || true_ >= disclosure.Smallest {
			continue
		}
		least, most := bounds(known, members)
		if math.Floor(most+1e-6) <= math.Ceil(least-1e-6) {
			names = append(names, fmt.Sprintf("%s = %d (from %.2f to %.2f)", name, true_, least, most))
		}
	}
	slices.Sort(names)
	return names
}

func (w *world) equations(releases []disclosure.Release) (out []equation) {
	for cohort, r := range releases {
		if r.People == 0 {
			continue
		}
		out = append(out, w.equation(float64(r.People), func(a [4]int) bool { return a[3] <= cohort }))
		for _, p := range r.Tables {
			rows, columns := w.index(p.Rows.Key), -1
			if p.Columns != nil {
				columns = w.index(p.Columns.Key)
			}
			for i, line := range p.Cells {
				for j, cell := range line {
					out = append(out, w.equation(float64(cell), func(a [4]int) bool {
						return a[3] <= cohort && slices.Contains(p.RowGroups[i], a[rows]) && (columns < 0 || slices.Contains(p.ColumnGroups[j], a[columns]))
					}))
				}
			}
		}
	}
	return out
}

func (w *world) equation(sum float64, in func([4]int) bool) equation {
	e := equation{atoms: make([]float64, len(w.atoms)), sum: sum}
	for i, a := range w.atoms {
		if in(a) {
			e.atoms[i] = 1
		}
	}
	return e
}

func (w *world) index(key string) int {
	return slices.IndexFunc(w.variables, func(v disclosure.Variable) bool { return v.Key == key })
}

// interesting are the sets of people that somebody could ask about: one category, or two of different variables, of all
// who had come in at a release or of those who came in before it.
func (w *world) interesting() map[string][]bool {
	sets := map[string][]bool{}
	for cohort := range 3 {
		for name, came := range map[string]func(int) bool{
			fmt.Sprintf("until %d", cohort): func(c int) bool { return c <= cohort }, fmt.Sprintf("new in %d", cohort): func(c int) bool { return c == cohort },
		} {
			for i, v := range w.variables {
				for a := range v.Categories {
					sets[fmt.Sprintf("%s, %s %d", name, v.Key, a)] = w.members(func(x [4]int) bool { return came(x[3]) && x[i] == a })
					for j := i + 1; j < len(w.variables); j++ {
						for b := range w.variables[j].Categories {
							sets[fmt.Sprintf("%s, %s %d and %s %d", name, v.Key, a, w.variables[j].Key, b)] =
								w.members(func(x [4]int) bool { return came(x[3]) && x[i] == a && x[j] == b })
						}
					}
				}
			}
		}
	}
	return sets
}

func (w *world) members(in func([4]int) bool) []bool {
	out := make([]bool, len(w.atoms))
	for i, a := range w.atoms {
		out[i] = in(a)
	}
	return out
}

// independent drops equations that follow from others: the simplex method needs that.
func independent(all []equation) (kept []equation) {
	var basis [][]float64
	for _, e := range all {
		row := append(slices.Clone(e.atoms), e.sum)
		for _, b := range basis {
			lead := slices.IndexFunc(b, func(x float64) bool { return math.Abs(x) > 1e-9 })
			if f := row[lead] / b[lead]; math.Abs(f) > 1e-9 {
				for i := range row {
					row[i] -= f * b[i]
				}
			}
		}
		if slices.ContainsFunc(row[:len(row)-1], func(x float64) bool { return math.Abs(x) > 1e-9 }) {
			basis, kept = append(basis, row), append(kept, e)
		}
	}
	return kept
}

func bounds(known []equation, members []bool) (least, most float64) {
	n := len(members)
	a, b := mat.NewDense(len(known), n, nil), make([]float64, len(known))
	for i, e := range known {
		a.SetRow(i, e.atoms)
		b[i] = e.sum
	}
	up, down := make([]float64, n), make([]float64, n)
	for i, in := range members {
		if in {
			up[i], down[i] = 1, -1
		}
	}
	least, _, err := lp.Simplex(up, a, b, 1e-9, nil)
	if err != nil {
		panic(err)
	}
	most, _, err = lp.Simplex(down, a, b, 1e-9, nil)
	if err != nil {
		panic(err)
	}
	return least, -most
}
