package disclosure_test

import (
	"fmt"
	"slices"

	"conversations/app/disclosure"
	"conversations/app/disclosure/disclosuretest"
)

// pinned names every count of one to four that follows from what was published: the solver finds the least and the most
// it could be (by linear programming over all atoms), and there is one whole number between them.
func (w *world) pinned(releases []disclosure.Release) (names []string) {
	solver := w.solver(releases)
	for name, members := range w.interesting() {
		count := 0
		for i, in := range members {
			if in {
				count += w.counts[i]
			}
		}
		if count > 0 && count < disclosure.Smallest && solver.Pinned(func(i int) bool { return members[i] }) {
			names = append(names, fmt.Sprintf("%s = %d", name, count))
		}
	}
	slices.Sort(names)
	return names
}

func (w *world) solver(releases []disclosure.Release) *disclosuretest.Solver {
	s := disclosuretest.New(len(w.atoms))
	for cohort, r := range releases {
		if r.People == 0 {
			continue
		}
		s.Know(r.People, func(i int) bool { return w.atoms[i][3] <= cohort })
		for _, p := range r.Tables {
			rows, columns := w.index(p.Rows.Key), -1
			if p.Columns != nil {
				columns = w.index(p.Columns.Key)
			}
			for i, line := range p.Cells {
				for j, cell := range line {
					s.Know(cell, func(at int) bool {
						a := w.atoms[at]
						return a[3] <= cohort && slices.Contains(p.RowGroups[i], a[rows]) && (columns < 0 || slices.Contains(p.ColumnGroups[j], a[columns]))
					})
				}
			}
		}
	}
	return s
}

func (w *world) index(key string) int {
	return slices.IndexFunc(w.variables, func(v disclosure.Variable) bool { return v.Key == key })
}

// interesting are the sets of people that somebody could ask about: one category, two of different variables, or three, of
// all who had come in at a release or of those who came in before it.
func (w *world) interesting() map[string][]bool {
	sets := map[string][]bool{}
	for cohort := range 3 {
		for name, came := range map[string]func(int) bool{
			fmt.Sprintf("until %d", cohort): func(c int) bool { return c <= cohort }, fmt.Sprintf("new in %d", cohort): func(c int) bool { return c == cohort },
		} {
			for _, a := range w.atoms { // each with any of its three categories left open
				for open := range 7 {
					label, in := name, func(x [4]int) bool { return came(x[3]) }
					for v := range w.variables {
						if open&(1<<v) != 0 {
							continue
						}
						before := in
						label += fmt.Sprintf(", %s %d", w.variables[v].Key, a[v])
						in = func(x [4]int) bool { return before(x) && x[v] == a[v] }
					}
					if sets[label] == nil {
						sets[label] = w.members(in)
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
