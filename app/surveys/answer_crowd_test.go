package surveys_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/surveys"
)

// Twenty people answer while staff correct a typo and add a question: nobody's answer is lost or comes to stand under
// another question, and each is kept with the wording that was read. What is taken out in the end tells both wordings.
func TestTwentyPeopleAnswerWhileStaffCorrectAndAdd(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		before, _ := asCSV(t, w.exported(t, f.Survey.ID))
		c := crowd{world: w, form: f, tokens: make([]string, 20), onTheWay: make(chan struct{}, 20), corrected: make(chan struct{})}
		for i := range c.tokens {
			c.tokens[i] = w.person(t, f).token
			c.Go(func() { c.answer(t, i) })
		}
		c.Go(func() { c.correct(t) })
		c.Wait()
		for i, token := range c.tokens {
			a, err := w.ByToken(t.Context(), token)
			must(t, err)
			if n := a.Answers[c.easy().ID].Number; n == nil || *n != int64(1+i%5) || a.Answers[c.better().ID].Text != fmt.Sprintf("Person %d", i) {
				t.Errorf("person %d said %+v", i, a.Answers)
			}
		}
		c.areTakenOut(t, before)
	})
}

// crowd are people who answer at once. The first half have read every page before anything is corrected, and answer
// while it is; the others read what is corrected.
type crowd struct {
	world
	sync.WaitGroup
	form      surveys.Form
	tokens    []string
	onTheWay  chan struct{}
	corrected chan struct{}
}

const (
	typo  = "How easy was it to know where to go?"
	right = "How easy was it to know where you had to go?"
)

func (c *crowd) easy() surveys.FormQuestion   { return c.form.Sections[1].Questions[3] }
func (c *crowd) better() surveys.FormQuestion { return c.form.Sections[1].Questions[2] }

func (c *crowd) early(i int) bool { return i < len(c.tokens)/2 }

// answer sends all pages as person i.
func (c *crowd) answer(t *testing.T, i int) {
	used, step := c.form.Sections[0].Questions[0], int64(1+i%5)
	answers, wordings := surveys.Answers{c.easy().ID: {Number: &step}, c.better().ID: {Text: fmt.Sprintf("Person %d", i)}}, map[int64]int{c.easy().ID: 1, c.better().ID: 1}
	_, first := c.Take(t.Context(), c.tokens[i], surveys.Step{Section: c.form.Sections[0].ID, Way: surveys.Next, Answers: surveys.Answers{used.ID: {Choices: []int64{used.Options[0].ID}}}})
	c.onTheWay <- struct{}{}
	if !c.early(i) {
		<-c.corrected
		a, err := c.ByToken(t.Context(), c.tokens[i])
		if err != nil {
			t.Errorf("person %d: %v", i, err)
			return
		}
		section, _, _ := a.Section()
		again := section.Questions[4]
		answers[again.ID] = surveys.Given{Choices: []int64{again.Options[0].ID}}
		wordings[c.easy().ID], wordings[again.ID] = section.Questions[3].Wording, again.Wording
	}
	_, second := c.Take(t.Context(), c.tokens[i], surveys.Step{Section: c.form.Sections[1].ID, Way: surveys.Next, Answers: answers, Wordings: wordings})
	_, third := c.Take(t.Context(), c.tokens[i], surveys.Step{Section: c.form.Sections[2].ID, Way: surveys.Next})
	done, last := c.Take(t.Context(), c.tokens[i], surveys.Step{Section: c.form.Sections[3].ID, Way: surveys.Next})
	if err := errors.Join(first, second, third, last); err != nil || !done {
		t.Errorf("person %d: done %v, %v", i, done, err)
	}
}

// correct is what staff do as soon as somebody is on the way.
func (c *crowd) correct(t *testing.T) {
	<-c.onTheWay
	form := asTyped(c.easy())
	form.Label, form.Steps = right, "5"
	_, added := c.AddQuestion(c.lead, c.form.Survey.ID, c.form.Sections[1].ID, surveys.QuestionForm{Kind: "yes-no", Label: "Would you go there again?"})
	if err := errors.Join(c.ChangeQuestion(c.lead, c.form.Survey.ID, c.easy().ID, "", form), added); err != nil {
		t.Errorf("staff: %v", err)
	}
	close(c.corrected)
}

// areTakenOut looks at the answers and their dictionary as they leave. before are the columns before the correction.
func (c *crowd) areTakenOut(t *testing.T, before []string) {
	heads, rows := asCSV(t, c.exported(t, c.form.Survey.ID))
	if strings.Join(heads, " ") != strings.Join(before, " ")+" q16" {
		t.Errorf("the columns were\n%v\nand are\n%v", before, heads)
	}
	said := map[string]map[string]string{}
	for _, row := range rows {
		said[row["q4"]] = row
	}
	for i := range c.tokens {
		want := map[string]string{"q1": "yes", "q5": fmt.Sprint(1 + i%5), "wordings": "q5:2", "q16": "yes"}
		if c.early(i) {
			want["wordings"], want["q16"] = "", ""
		}
		row := said[fmt.Sprintf("Person %d", i)]
		for column, value := range want {
			if row[column] != value {
				t.Errorf("of person %d %s is %q, not %q", i, column, row[column], value)
			}
		}
	}
	_, explained := asCSV(t, c.dictionary(t, c.form.Survey.ID))
	labels := map[string]string{}
	for _, row := range explained {
		labels[row["column"]+":"+row["wording"]] = row["label"]
	}
	if len(rows) != len(c.tokens) || labels["q5:1"] != typo || labels["q5:2"] != right || labels["q16:1"] != "Would you go there again?" {
		t.Errorf("%d rows; the dictionary says %v", len(rows), labels)
	}
}
