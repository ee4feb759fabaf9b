package surveys_test

import (
	"strings"
	"testing"
	"time"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/surveys"
)

// opened is the urgent care survey, open.
func (w world) opened(t testing.TB) surveys.Form {
	t.Helper()
	f := w.urgentCare(t)
	_, err := w.Open(w.lead, f.Survey.ID)
	must(t, err)
	return w.form(t, f.Survey.ID)
}

// person answers a survey page by page.
type person struct {
	t     testing.TB
	w     world
	token string
}

func (w world) person(t testing.TB, f surveys.Form) person {
	t.Helper()
	token, err := w.Begin(t.Context(), f)
	must(t, err)
	return person{t, w, token}
}

// page is where the person is.
func (p person) page() (surveys.Answering, surveys.FormSection) {
	p.t.Helper()
	a, err := p.w.ByToken(p.t.Context(), p.token)
	must(p.t, err)
	section, _, _ := a.Section()
	return a, section
}

func (p person) send(way surveys.Way, answers surveys.Answers) (done bool, err error) {
	p.t.Helper()
	_, section := p.page()
	return p.w.Take(p.t.Context(), p.token, surveys.Step{Section: section.ID, Way: way, Answers: answers})
}

func (p person) next(answers surveys.Answers) bool {
	p.t.Helper()
	done, err := p.send(surveys.Next, answers)
	must(p.t, err)
	return done
}

func TestSomebodyAnswersPageByPageAndOnlyWhatTheyWereShown(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		p := w.person(t, f)
		used, postcode := f.Sections[0].Questions[0], f.Sections[2].Questions[0]
		p.next(surveys.Answers{used.ID: {Choices: []int64{used.Options[1].ID}}}) // no: "How it was" is not shown
		if _, section := p.page(); section.Words.Title != "Where you live" {
			t.Fatalf("after No comes %q", section.Words.Title)
		}
		p.next(surveys.Answers{postcode.ID: {Text: "hp1 1dn"}})
		if done := p.next(surveys.Answers{}); !done {
			t.Fatal("the last page does not end it")
		}
		a, _ := p.page()
		if a.Response.State != surveys.Complete || a.Response.Locality != "dacorum" || a.Answers[postcode.ID].Text != "HP1" {
			t.Errorf("stored: %+v, %+v", a.Response, a.Answers)
		}
		if _, err := p.send(surveys.Next, surveys.Answers{}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("sent twice: %v", err)
		}
	})
}

func TestGoingBackKeepsAnswersAndAChangedMindDropsWhatIsNotShownAnyMore(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	p := w.person(t, f)
	used, better := f.Sections[0].Questions[0], f.Sections[1].Questions[2]
	p.next(surveys.Answers{used.ID: {Choices: []int64{used.Options[0].ID}}})
	_, err := p.send(surveys.Back, surveys.Answers{better.ID: {Text: "Shorter waits"}})
	must(t, err)
	a, section := p.page()
	if section.ID != f.Sections[0].ID || a.Answers[better.ID].Text != "Shorter waits" || len(a.Answers[used.ID].Choices) != 1 {
		t.Fatalf("after going back: page %q, answers %+v", section.Words.Title, a.Answers)
	}
	p.next(surveys.Answers{used.ID: {Choices: []int64{used.Options[1].ID}}})
	p.next(surveys.Answers{})
	p.next(surveys.Answers{})
	if a, _ := p.page(); a.Response.State != surveys.Complete || !a.Answers[better.ID].Empty() {
		t.Errorf("what was not shown in the end is kept: %+v", a.Answers)
	}
}

func TestWhatMustBeAnsweredIsAskedForAtItsField(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	p := w.person(t, f)
	_, err := p.send(surveys.Next, surveys.Answers{})
	if said := says(t, err); said[f.Sections[0].Questions[0].Field()] == "" {
		t.Errorf("said %v", said)
	}
	_, err = p.send(surveys.Save, surveys.Answers{})
	must(t, err) // who comes back later may leave it for then
}

func TestOptionsOfAnotherSurveyAreRefused(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f, other := w.opened(t), w.opened(t)
	p := w.person(t, f)
	used := f.Sections[0].Questions[0]
	_, err := p.send(surveys.Next, surveys.Answers{used.ID: {Choices: []int64{other.Sections[0].Questions[0].Options[0].ID}}})
	if said := says(t, err); said[used.Field()] != "Choose from the answers that are there" {
		t.Errorf("said %v", said)
	}
}

func TestAClosedSurveyTakesNoAnswers(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	p := w.person(t, f)
	_, err := w.Close(w.lead, f.Survey.ID)
	must(t, err)
	if _, err := p.send(surveys.Save, surveys.Answers{}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("answered after it closed: %v", err)
	}
	if _, err := w.Begin(t.Context(), w.form(t, f.Survey.ID)); fault.KindOf(err) != fault.Conflict {
		t.Errorf("begun after it closed: %v", err)
	}
}

func TestAnAnonymousSurveyKeepsNoTimes(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Anonymous", Anonymous: true})
	must(t, err)
	f := w.form(t, survey.ID)
	w.add(t, f, 0, surveys.QuestionForm{Kind: "yes-no", Label: "Were you listened to?"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	p := w.person(t, w.form(t, survey.ID))
	p.next(surveys.Answers{})
	if a, _ := p.page(); a.Response.StartedAt != nil || a.Response.SubmittedAt != nil || a.Response.State != surveys.Complete {
		t.Errorf("kept: %+v", a.Response)
	}
}

func TestALinkThatWasNotMadeOpensNothing(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	p := w.person(t, f)
	for _, token := range []string{"", "x", p.token + "A", strings.ToUpper(p.token)} {
		if _, err := w.ByToken(t.Context(), token); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: %v", token, err)
		}
	}
	*w.at = w.at.Add(time.Hour)
	if _, err := w.ByToken(t.Context(), p.token); err != nil {
		t.Errorf("the link does not hold for an hour: %v", err)
	}
}
