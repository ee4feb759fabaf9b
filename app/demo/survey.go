package demo

import (
	"fmt"
	"time"

	"conversations/app/surveys"
)

// services are the five that the programme asks about.
const services = "West Herts Medical Centre\nNHS 111\nMinor injuries unit, St Albans\nUrgent care centre, Hemel Hempstead\nA&E, Watford"

// asked is one section of the demo's survey. The first asks whom the others are for.
type asked struct {
	form      surveys.SectionForm
	questions []surveys.QuestionForm
}

func urgentCare() []asked {
	return []asked{
		{surveys.SectionForm{}, []surveys.QuestionForm{
			{Kind: "one-of", Label: "Have you used an urgent care service in the last year?", Required: true, Options: "Yes\nNo"},
		}},
		{surveys.SectionForm{Title: "The services that you used"}, []surveys.QuestionForm{
			{Kind: "grid", Label: "How good was each service?", Options: "Good\nNeither good nor poor\nPoor\nI did not use it", Rows: services},
			{Kind: "several-of", Label: "Why did you choose the one that you used last?", Options: "It was the nearest\nIt was open\nSomebody told me to go there\nI did not know another", Other: true},
			{Kind: "scale", Label: "How easy was it to know where to go?", Steps: "5", Low: "Very hard", High: "Very easy"},
			{Kind: "long-text", Label: "What would have made it better?", Help: "Please do not write names or details of your health."},
			{Kind: "quote", Label: "May we quote what you wrote in reports, without your name?"},
		}},
		{surveys.SectionForm{Title: "Where you live"}, []surveys.QuestionForm{
			{Kind: "postcode", Label: "What is your postcode?", Help: "We keep only its first part, such as HP1."},
		}},
	}
}

// survey asks about urgent care, is open to everybody, and has been answered by some.
func (f *filler) survey(today time.Time) error {
	lead := f.as("engagement@demo.example")
	f.now = today.AddDate(0, 0, -12)
	made, err := f.surveys.Create(lead, surveys.SurveyForm{Title: "Your experience of urgent care",
		Introduction: "Tell us about five urgent care services in west Hertfordshire. It takes about five minutes. What you say helps to plan where people go and when.",
		Thanks:       "Thank you. We will show what people told us, and what comes of it."})
	if err != nil {
		return err
	}
	condition := ""
	for i, part := range urgentCare() {
		if i > 0 {
			if i == 1 {
				part.form.If = condition
			}
			if _, err := f.surveys.AddSection(lead, made.ID, part.form); err != nil {
				return err
			}
		}
		form, err := f.surveys.FormOf(lead, made.ID, "")
		if err != nil {
			return err
		}
		for _, q := range part.questions {
			if _, err := f.surveys.AddQuestion(lead, made.ID, form.Sections[i].ID, q); err != nil {
				return err
			}
		}
		if form, err = f.surveys.FormOf(lead, made.ID, ""); err != nil {
			return err
		}
		if i == 0 {
			used := form.Sections[0].Questions[0]
			condition = surveys.Condition{Question: used, Option: used.Options[0]}.Value()
		}
	}
	if err := f.surveys.AddEquality(lead, made.ID); err != nil {
		return err
	}
	if _, err := f.surveys.Open(lead, made.ID); err != nil {
		return err
	}
	return f.respond(made.ID, today)
}

// wished is what people of the demo would have liked better.
func wished() []string {
	return []string{"A sign at the door that says how long people wait.", "I did not know that the unit in St Albans takes walk-ins.", "",
		"Somebody who tells you which place is right before you travel.", "More seats for people who find it hard to stand.", "",
		"Being able to park near the entrance.", "The nurse on the telephone was kind and sent me to the right place.", "Opening in the evening closer to home.", ""}
}

// respondents is how many people have answered the demo's survey.
const respondents = 32

func (f *filler) respond(id int64, today time.Time) error {
	form, err := f.surveys.FormOf(f.ctx, id, "")
	if err != nil {
		return err
	}
	for i := range respondents {
		f.now = today.AddDate(0, 0, -11).Add(time.Duration(i) * 7 * time.Hour)
		if err := f.answer(form, i); err != nil {
			return fmt.Errorf("answer %d: %w", i, err)
		}
	}
	f.now = today
	return nil
}

// answer sends the answers of the i-th person, page by page.
func (f *filler) answer(form surveys.Form, i int) error {
	token, err := f.surveys.Begin(f.ctx, form)
	if err != nil {
		return err
	}
	for done := false; !done; {
		a, err := f.surveys.ByToken(f.ctx, token)
		if err != nil {
			return err
		}
		section, _, _ := a.Section()
		answers := surveys.Answers{}
		for n, q := range section.Questions {
			answers[q.ID] = madeUp(q, i, i+3*n)
		}
		if done, err = f.surveys.Take(f.ctx, token, surveys.Step{Section: section.ID, Way: surveys.Next, Answers: answers}); err != nil {
			return err
		}
	}
	return nil
}

// madeUp is what the i-th person answers to a question; by differs from question to question.
func madeUp(q surveys.FormQuestion, i, by int) (g surveys.Given) {
	switch {
	case q.Topic != "" && by%4 == 0: // leaves it out
	case q.Kind == surveys.Grid:
		g.Rows = map[int64]int64{}
		for n, row := range q.Rows {
			g.Rows[row.ID] = q.Options[[]int{0, 3, 0, 1, 3, 2, 0}[(by+n*(2+i%3))%7]].ID
		}
	case q.Kind == surveys.Scale:
		step := int64(1 + (by*by+i)%q.Limits.Steps)
		g.Number = &step
	case q.Kind == surveys.LongText:
		g.Text = wished()[i%len(wished())]
	case q.Kind == surveys.Postcode:
		g.Text = []string{"HP1", "HP2", "WD17", "AL1", "WD6", "HP4", "AL5", "WD18"}[i%8]
	case q.Required:
		g.Choices = []int64{q.Options[min(i%5/4, 1)].ID}
	default:
		g.Choices = []int64{q.Options[by%min(len(q.Options), 4)].ID}
	}
	return g
}
