package surveys_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"conversations/app/database/databasetest"
	"conversations/app/disclosure"
	"conversations/app/disclosure/disclosuretest"
	"conversations/app/fault"
)

const (
	cohorts  = 3
	channels = 2
)

// Whoever has all tables of all releases of a growing survey cannot work out any count of one to four people.
func TestNothingThatIsPublishedOverTimeGivesAFewPeopleAway(t *testing.T) {
	seed := 0
	for range 6 {
		seed++
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(seed), 3))
			c := openCare(t)
			solver, releases := disclosuretest.New(len(c.sorts)), 0
			for cohort := range cohorts {
				for at, s := range c.sorts {
					if s.cohort == cohort && r.IntN(3) > 0 {
						c.answer(t, at, r.IntN(4+3*(seed%3)))
					}
				}
				if release := c.publish(t); release != nil {
					c.learn(solver, *release, cohort)
					releases++
				}
			}
			if releases == 0 {
				t.Skip("too few answered")
			}
			if pinned := c.pinned(solver); len(pinned) > 0 {
				t.Errorf("worked out: %s", strings.Join(pinned, "\n"))
			}
		})
	}
}

// careless learns the same tables with only the small numbers themselves left out.
func (c *care) careless(solver *disclosuretest.Solver, release disclosure.Release, cohort int) {
	for _, p := range release.Tables {
		columns := 1
		if p.Columns != nil {
			columns = len(p.Columns.Categories)
		}
		for i := range p.Rows.Categories {
			for j := range columns {
				in := func(at int) bool {
					s := c.sorts[at]
					return s.cohort <= cohort && c.is(s, p.Rows, i) && (p.Columns == nil || c.is(s, *p.Columns, j))
				}
				count := 0
				for at, n := range c.rows {
					if in(at) {
						count += n
					}
				}
				if !few(count) {
					solver.Know(count, in)
				}
			}
		}
	}
}

// The solver finds what careless hiding gives away.
func TestLeavingOutSmallNumbersAloneGivesThemAway(t *testing.T) {
	c := openCare(t)
	r := rand.New(rand.NewPCG(1, 3))
	for at, s := range c.sorts {
		if s.cohort == 0 && r.IntN(3) > 0 {
			c.answer(t, at, r.IntN(7))
		}
	}
	solver := disclosuretest.New(len(c.sorts))
	c.careless(solver, *c.publish(t), 0)
	for cohort := 1; cohort < cohorts; cohort++ {
		solver.Know(0, func(at int) bool { return c.sorts[at].cohort == cohort })
	}
	if len(c.pinned(solver)) == 0 {
		t.Error("the solver works nothing out")
	}
}

// Any people, in any releases: no number and no difference of two is one to four.
func TestNoPublishedNumberOrDifferenceIsSmall(t *testing.T) {
	c := openCare(t)
	var last *disclosure.Release
	cohort := 0
	rapid.Check(t, func(r *rapid.T) {
		if cohort++; cohort > 40 { // the survey grows all the time: enough is enough
			return
		}
		for range rapid.IntRange(1, 4).Draw(r, "sorts") {
			c.answer(t, rapid.IntRange(0, len(c.sorts)-1).Draw(r, "sort"), rapid.IntRange(1, 6).Draw(r, "people"))
		}
		release := c.publish(t)
		if release == nil {
			return
		}
		for _, p := range release.Tables {
			columns := ""
			if p.Columns != nil {
				columns = p.Columns.Key
			}
			for i, line := range p.Cells {
				for j, n := range line {
					before := 0
					if last != nil {
						before = sum(last.Table(p.Rows.Key, columns), p, i, j)
					}
					if few(n) || few(n-before) {
						r.Errorf("%s %s: %d after %d", p.Rows.Key, p.RowLabel(i), n, before)
					}
				}
			}
		}
		last = release
	})
}

func few(n int) bool { return n != 0 && n > -disclosure.Smallest && n < disclosure.Smallest }

// sum is what an earlier release said of the categories of a cell.
func sum(before *disclosure.Published, p disclosure.Published, row, column int) (n int) {
	codes := func(v *disclosure.Variable, group []int) (list []string) {
		for _, category := range group {
			if v == nil {
				return []string{""}
			}
			list = append(list, v.Codes[category])
		}
		return list
	}
	if before == nil {
		return 0
	}
	rows, columns := codes(&p.Rows, p.RowGroups[row]), codes(p.Columns, p.ColumnGroups[column])
	for i, line := range before.Cells {
		for j, cell := range line {
			if slices.Contains(rows, codes(&before.Rows, before.RowGroups[i])[0]) && slices.Contains(columns, codes(before.Columns, before.ColumnGroups[j])[0]) {
				n += cell
			}
		}
	}
	return n
}

func TestResultsArePublishedAsTheyWereSeenAndTakenDown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		id := f.Survey.ID
		w.random(t, f, 30, 5)
		if _, _, _, err := w.PublishedResults(t.Context(), f.Survey.Slug); fault.KindOf(err) != fault.NotFound {
			t.Errorf("before anything is published: %v", err)
		}
		seen, err := w.PreviewRelease(w.lead, id, "locality")
		must(t, err)
		w.random(t, f, 8, 6)
		if err := w.Publish(w.lead, id, "locality", seen.Digest); fault.KindOf(err) != fault.Conflict {
			t.Errorf("answers came in meanwhile: %v", err)
		}
		seen, err = w.PreviewRelease(w.lead, id, "locality")
		must(t, err)
		must(t, w.Publish(w.lead, id, "locality", seen.Digest))
		_, p, _, err := w.PublishedResults(t.Context(), f.Survey.Slug)
		must(t, err)
		if p.Counts.People != seen.Published.Counts.People || p.By != "locality" {
			t.Errorf("published %d people by %q", p.Counts.People, p.By)
		}
		again, err := w.PreviewRelease(w.lead, id, "channel")
		must(t, err)
		if !again.Fixed || again.By != "locality" {
			t.Errorf("another table can be chosen: %q", again.By)
		}
		must(t, w.ShowResults(w.lead, id, false))
		if _, _, _, err := w.PublishedResults(t.Context(), f.Survey.Slug); fault.KindOf(err) != fault.NotFound {
			t.Errorf("after the page was taken down: %v", err)
		}
	})
}
