package surveys_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/disclosure"
	"conversations/app/disclosure/disclosuretest"
	"conversations/app/fault"
	"conversations/app/surveys"
)

// care is a small survey with all that could give people away: a question that only some are asked, one that everybody
// must answer, with several answers, and people who come in between releases.
type care struct {
	world
	form  surveys.Form
	sorts []sort
	rows  []int
}

// sort is one way to answer the survey: whether they used the service, how easy it was (0 is no answer), what they read,
// by which channel, and before which release they came.
type sort struct {
	used, ease, read, channel, cohort int
}

const (
	cohorts  = 3
	channels = 2
)

func openCare(t testing.TB) *care {
	w := open(t, databasetest.SQLite(t))
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Urgent care"})
	must(t, err)
	w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "yes-no", Label: "Have you used it?", Required: true})
	w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "several-of", Label: "What do you read?", Required: true, Options: "Letters\nEmails"})
	used := w.form(t, survey.ID).Sections[0].Questions[0]
	_, err = w.AddSection(w.lead, survey.ID, surveys.SectionForm{Title: "How it was", If: surveys.Condition{Question: used, Option: used.Options[0]}.Value()})
	must(t, err)
	w.add(t, w.form(t, survey.ID), 1, surveys.QuestionForm{Kind: "scale", Label: "How easy was it?", Steps: "3", Low: "Hard", High: "Easy"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	c := &care{world: w, form: w.form(t, survey.ID)}
	for cohort := range cohorts {
		for channel := range channels {
			for read := range 3 { // letters, emails, both
				c.sorts = append(c.sorts, sort{1, 0, read, channel, cohort})
				for ease := range 4 {
					c.sorts = append(c.sorts, sort{0, ease, read, channel, cohort})
				}
			}
		}
	}
	c.rows = make([]int, len(c.sorts))
	return c
}

// answer stores people of one sort.
func (c *care) answer(t testing.TB, at, people int) {
	t.Helper()
	s := c.sorts[at]
	c.rows[at] += people
	used, read, ease := c.form.Sections[0].Questions[0], c.form.Sections[0].Questions[1], c.form.Sections[1].Questions[0]
	line := fmt.Sprintf("c%d", used.Options[s.used].ID)
	for i, o := range read.Options {
		if s.read == i || s.read == 2 {
			line += fmt.Sprintf(" c%d", o.ID)
		}
	}
	if s.ease > 0 {
		line += fmt.Sprintf(" n%d:%d", ease.ID, s.ease)
	}
	must(t, c.db.Write(t.Context(), func(tx *database.Tx) error {
		for range people {
			err := tx.Exec("INSERT INTO survey_responses (id, survey_id, state, channel, chosen) VALUES (?, ?, 'complete', ?, ?)", rand.Int64(), c.form.Survey.ID, []string{"online", "paper"}[s.channel], line).Error
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// publish makes a release if that can be done, and gives its tables.
func (c *care) publish(t testing.TB) *disclosure.Release {
	t.Helper()
	p, err := c.PreviewRelease(c.lead, c.form.Survey.ID, "channel")
	must(t, err)
	if p.TooFew {
		return nil
	}
	must(t, c.Publish(c.lead, c.form.Survey.ID, "channel", p.Digest))
	_, published, _, err := c.PublishedResults(t.Context(), c.form.Survey.Slug)
	must(t, err)
	return &published.Counts
}

// is says whether people of a sort are in a category of something that is published.
func (c *care) is(s sort, p disclosure.Variable, category int) bool {
	switch p.Key {
	case "channel":
		return p.Codes[category] == []string{"online", "paper"}[s.channel]
	case "q1":
		return category == s.used
	case "q2_letters":
		return (category == 0) == (s.read != 1)
	case "q2_emails":
		return (category == 0) == (s.read != 0)
	}
	switch p.Codes[category] { // q3
	case "not-asked":
		return s.used == 1
	case "no-answer":
		return s.used == 0 && s.ease == 0
	}
	return s.used == 0 && s.ease == category+1
}

func (c *care) learn(solver *disclosuretest.Solver, release disclosure.Release, cohort int) {
	solver.Know(release.People, func(at int) bool { return c.sorts[at].cohort <= cohort })
	in := func(s sort, v disclosure.Variable, group []int) bool {
		return slices.ContainsFunc(group, func(category int) bool { return c.is(s, v, category) })
	}
	for _, p := range release.Tables {
		for i, line := range p.Cells {
			for j, cell := range line {
				solver.Know(cell, func(at int) bool {
					s := c.sorts[at]
					return s.cohort <= cohort && in(s, p.Rows, p.RowGroups[i]) && (p.Columns == nil || in(s, *p.Columns, p.ColumnGroups[j]))
				})
			}
		}
	}
}

// pinned names the counts of one to four people that can be worked out: of any one or two answers, by channel or not, of
// all people or of those who came in between two releases.
func (c *care) pinned(solver *disclosuretest.Solver) (names []string) {
	seen := map[string]bool{}
	for _, a := range c.sorts {
		for open := range 1 << 5 {
			name, like := "", func(s sort) bool {
				return (open&1 != 0 || s.used == a.used) && (open&2 != 0 || s.ease == a.ease && s.used == 0) && (open&4 != 0 || s.read == a.read) &&
					(open&8 != 0 || s.channel == a.channel) && (open&16 != 0 || s.cohort == a.cohort)
			}
			if open&2 == 0 && a.used == 1 {
				continue // nobody of them was asked
			}
			count := 0
			for i, s := range c.sorts {
				if like(s) {
					name, count = name+fmt.Sprint(i, " "), count+c.rows[i]
				}
			}
			if count == 0 || count >= disclosure.Smallest || seen[name] {
				continue
			}
			if seen[name] = true; solver.Pinned(func(at int) bool { return like(c.sorts[at]) }) {
				names = append(names, fmt.Sprintf("%d like %+v, open %b", count, a, open))
			}
		}
	}
	return names
}

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
