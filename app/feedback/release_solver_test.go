package feedback_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/disclosure"
	"conversations/app/disclosure/disclosuretest"
	"conversations/app/fault"
	"conversations/app/feedback"
)

// sort is one sort of people: where they live, which of two themes they raised, and between which reports they wrote.
type sort struct {
	place, buses, parking, cohort int
	people                        int
}

var releasePlaces = []string{"dacorum", "watford", "st-albans"}

// sorts are a few people of each sort, or none, as chance has it.
func sorts(seed uint64) (all []sort) {
	r := rand.New(rand.NewPCG(seed, 11))
	for place := range releasePlaces {
		for buses := range 2 {
			for parking := range 2 {
				for cohort := range 3 {
					all = append(all, sort{place, buses, parking, cohort, max(0, r.IntN(10)-3+r.IntN(3)*r.IntN(5))})
				}
			}
		}
	}
	return all
}

// reported has people write in three rounds, and a report for everybody issued after each; it gives what the reports tell.
func reported(t *testing.T, address string, all []sort) (released []feedback.Released, themes [2]int64) {
	t.Helper()
	w := open(t, address)
	themes = [2]int64{w.topic(t, "Buses", 0), w.topic(t, "Parking", 0)}
	for cohort := range 3 {
		for _, s := range all {
			if s.cohort != cohort || s.people == 0 {
				continue
			}
			var raised []int64
			if s.buses == 1 {
				raised = append(raised, themes[0])
			}
			if s.parking == 1 {
				raised = append(raised, themes[1])
			}
			w.people(t, s.people, releasePlaces[s.place], raised...)
		}
		*w.at = w.at.Add(24 * time.Hour)
		released = append(released, w.issueForEverybody(w.lead, t))
	}
	return released, themes
}

// issueForEverybody issues a report; where too few people are new, nothing was told.
func (w world) issueForEverybody(ctx context.Context, t *testing.T) (r feedback.Released) {
	t.Helper()
	id, err := w.IssueBoard(ctx, feedback.BoardForm{Title: "What people told us", Summary: "People speak of buses and of parking.", By: "locality", Published: true})
	if fault.KindOf(err) == fault.Conflict {
		return r
	}
	must(t, err)
	issued, err := w.IssuedReport(ctx, id)
	must(t, err)
	must(t, json.Unmarshal([]byte(issued.Tables), &r))
	return r
}

// pinned names each count of one to four people that follows from everything that was told.
func pinned(all []sort, released []feedback.Released, themes [2]int64) (names []string) {
	solver := disclosuretest.New(len(all))
	keys := []string{"locality", fmt.Sprintf("t%d", themes[0]), fmt.Sprintf("t%d", themes[1])}
	for cohort, r := range released {
		if r.Counts.People == 0 {
			continue
		}
		solver.Know(r.Counts.People, func(i int) bool { return all[i].cohort <= cohort })
		for _, p := range r.Counts.Tables {
			tell(solver, all, cohort, keys, p)
		}
	}
	for name, in := range questions(all) {
		people := 0
		for i, s := range all {
			if in(i) {
				people += s.people
			}
		}
		if people > 0 && people < disclosure.Smallest && solver.Pinned(in) {
			names = append(names, fmt.Sprintf("%s = %d", name, people))
		}
	}
	slices.Sort(names)
	return names
}

// tell gives the solver the numbers of a table.
func tell(solver *disclosuretest.Solver, all []sort, cohort int, keys []string, p disclosure.Published) {
	in := func(v disclosure.Variable, group []int, s sort) bool {
		switch slices.Index(keys, v.Key) {
		case 0:
			return slices.ContainsFunc(group, func(c int) bool { return v.Codes[c] == releasePlaces[s.place] })
		case 1:
			return slices.Contains(group, 1-s.buses)
		default:
			return slices.Contains(group, 1-s.parking)
		}
	}
	for i, line := range p.Cells {
		for j, cell := range line {
			solver.Know(cell, func(at int) bool {
				s := all[at]
				return s.cohort <= cohort && in(p.Rows, p.RowGroups[i], s) && (p.Columns == nil || in(*p.Columns, p.ColumnGroups[j], s))
			})
		}
	}
}

// questions are the sets of people that somebody could ask about: of any place or one, of any who raised a theme, or did not,
// or either, of all rounds until one, or of one.
func questions(all []sort) map[string]func(int) bool {
	sets := map[string]func(int) bool{}
	for cohort := range 3 {
		for _, only := range []bool{false, true} {
			for place := -1; place < 3; place++ {
				for buses := -1; buses < 2; buses++ {
					for parking := -1; parking < 2; parking++ {
						sets[fmt.Sprintf("round %d only %v place %d buses %d parking %d", cohort, only, place, buses, parking)] = func(i int) bool {
							s := all[i]
							return (s.cohort == cohort || !only && s.cohort < cohort) && (place < 0 || s.place == place) && (buses < 0 || s.buses == buses) && (parking < 0 || s.parking == parking)
						}
					}
				}
			}
		}
	}
	return sets
}

// Whoever has every report that was published cannot work out any count of one to four people.
func TestNoReportsTogetherPinAFewPeople(t *testing.T) {
	shown := 0
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			databasetest.Each(t, func(t *testing.T, address string) {
				all := sorts(seed)
				released, themes := reported(t, address, all)
				if found := pinned(all, released, themes); len(found) > 0 {
					t.Errorf("worked out: %v", found)
				}
				for _, r := range released {
					for _, p := range r.Counts.Tables {
						if !p.Hidden() {
							shown++
						}
					}
				}
			})
		})
	}
	if shown < 10 {
		t.Errorf("only %d tables tell anything", shown)
	}
}

// The solver is worth something only if it finds what careless reports give away: true numbers with the small ones blank.
func TestReportsWithSmallNumbersBlankGiveThemAway(t *testing.T) {
	found := 0
	for seed := range uint64(3) {
		all := sorts(seed)
		var released []feedback.Released
		for cohort := range 3 {
			released = append(released, blanked(all, cohort))
		}
		found += len(pinned(all, released, [2]int64{1, 2}))
	}
	if found == 0 {
		t.Error("the solver pins nothing, though totals stand beside blank numbers")
	}
}

// blanked are the tables of a report in which the small numbers are left out, and no more.
func blanked(all []sort, cohort int) (r feedback.Released) {
	places := disclosure.Variable{Key: "locality", Codes: releasePlaces, Categories: releasePlaces}
	for _, s := range all {
		if s.cohort <= cohort {
			r.Counts.People += s.people
		}
	}
	for theme := range 2 {
		v := disclosure.Variable{Key: fmt.Sprintf("t%d", theme+1), Categories: []string{"Raised", "Not raised"}, Codes: []string{"1", "0"}}
		cells := [][]int{make([]int, 3), make([]int, 3)}
		for _, s := range all {
			raised := []int{s.buses, s.parking}[theme]
			if s.cohort <= cohort {
				cells[1-raised][s.place] += s.people
			}
		}
		for row := range cells {
			for column, n := range cells[row] {
				if n == 0 || n >= disclosure.Smallest {
					r.Counts.Tables = append(r.Counts.Tables, disclosure.Published{Rows: v, Columns: &places, RowGroups: [][]int{{row}}, ColumnGroups: [][]int{{column}}, Cells: [][]int{{n}}})
				}
			}
			if total := cells[row][0] + cells[row][1] + cells[row][2]; total == 0 || total >= disclosure.Smallest {
				r.Counts.Tables = append(r.Counts.Tables, disclosure.Published{Rows: v, RowGroups: [][]int{{row}}, ColumnGroups: [][]int{{0}}, Cells: [][]int{{total}}})
			}
		}
		for column := range 3 {
			n := cells[0][column] + cells[1][column]
			r.Counts.Tables = append(r.Counts.Tables, disclosure.Published{Rows: places, RowGroups: [][]int{{column}}, ColumnGroups: [][]int{{0}}, Cells: [][]int{{n}}})
		}
	}
	return r
}
