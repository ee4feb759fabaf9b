package surveys_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/disclosure"
	"conversations/app/disclosure/disclosuretest"
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
