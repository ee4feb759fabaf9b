package surveys_test

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/surveys"
)

// spoken is an open survey with a text, and whether it may be quoted and whether its writer may be asked again.
func (w world) spoken(t testing.TB, anonymous bool) surveys.Form {
	t.Helper()
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "What should change?", Anonymous: anonymous})
	must(t, err)
	f := w.form(t, survey.ID)
	for _, q := range []surveys.QuestionForm{{Kind: "long-text", Label: "What would you change?"}, {Kind: "quote", Label: "May we quote you?"},
		{Kind: "recontact", Label: "May we ask you more?"}, {Kind: "postcode", Label: "What is your postcode?"}} {
		w.add(t, f, 0, q)
	}
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	return w.form(t, survey.ID)
}

// wrote sends a text to the survey of spoken, with leave to quote it and none to ask again.
func (w world) wrote(t testing.TB, f surveys.Form, text string) person {
	t.Helper()
	p, q := w.person(t, f), f.Sections[0].Questions
	p.next(surveys.Answers{q[0].ID: {Text: text}, q[1].ID: {Choices: []int64{q[1].Options[0].ID}}, q[2].ID: {Choices: []int64{q[2].Options[1].ID}}, q[3].ID: {Text: "HP1"}})
	return p
}

func (w world) freeTexts(t testing.TB) (list []surveys.FreeText) {
	t.Helper()
	for after := (surveys.FreeTextPlace{}); ; {
		some, err := w.FreeTexts(w.lead, after, 2)
		must(t, err)
		if len(some) == 0 {
			return list
		}
		list, after = append(list, some...), some[len(some)-1].Place()
	}
}

func TestWhatPeopleWroteIsHandedOnWithWhatTheyAllowed(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.spoken(t, false)
		heard := map[string]surveys.FreeText{}
		w.OnSubmitted(func(_ context.Context, tx *database.Tx, r surveys.Response) error {
			texts, err := w.FreeTextsOf(tx, r.ID)
			for _, text := range texts {
				heard[text.Text] = text
			}
			return err
		})
		for _, text := range []string{"Longer hours", "More buses", "Fewer letters"} {
			w.wrote(t, f, text)
		}
		w.person(t, f) // has begun only
		list := w.freeTexts(t)
		if len(list) != 3 || len(heard) != 3 {
			t.Fatalf("read %d, heard %d", len(list), len(heard))
		}
		for _, text := range list {
			if text.Question != "What would you change?" || text.Survey != "What should change?" || text.Locality != "dacorum" || text.On != "2017-02-10" || !text.QuoteOK || text.Recontact {
				t.Errorf("read %+v", text)
			}
			if !reflect.DeepEqual(heard[text.Text], text) {
				t.Errorf("heard %+v\nread  %+v", heard[text.Text], text)
			}
		}
	})
}

func TestAnAnswerIsNotSentWhereWhatMustFollowFails(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.spoken(t, false)
	w.OnSubmitted(func(context.Context, *database.Tx, surveys.Response) error { return errors.New("the disk is full") })
	p := w.person(t, f)
	if _, err := p.send(surveys.Next, surveys.Answers{}); err == nil {
		t.Fatal("it was taken")
	}
	if a, _ := p.page(); a.Response.State != surveys.Drafting {
		t.Errorf("it is %s", a.Response.State)
	}
}

func TestTextsOfAnAnonymousSurveyAreHandedOnOnlyOnceItIsOverAndFiveAnswered(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		w.OnSubmitted(func(context.Context, *database.Tx, surveys.Response) error {
			t.Error("the moment of an anonymous answer was told")
			return nil
		})
		f := w.spoken(t, true)
		for n := 1; n <= 5; n++ {
			_, err := w.Close(w.lead, f.Survey.ID)
			must(t, err)
			if got := w.freeTexts(t); len(got) != 0 {
				t.Fatalf("after %d: %+v", n-1, got)
			}
			_, err = w.Open(w.lead, f.Survey.ID)
			must(t, err)
			w.wrote(t, f, "Longer hours")
		}
		if got := w.freeTexts(t); len(got) != 0 {
			t.Errorf("while it is open: %+v", got)
		}
		_, err := w.Close(w.lead, f.Survey.ID)
		must(t, err)
		if got := w.freeTexts(t); len(got) != 5 || got[0].On != "" {
			t.Errorf("in the end: %+v", got)
		}
	})
}

func TestWhoWroteIsHandedOnWhereTheyLeftTheirNameOrWereInvited(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.spoken(t, false)
		q := f.Sections[0].Questions
		w.person(t, f).next(surveys.Answers{q[0].ID: {Text: "Longer hours"}, q[1].ID: {Choices: []int64{q[1].Options[1].ID}}, q[3].ID: {Text: "HP1"},
			q[2].ID: {Choices: []int64{q[2].Options[0].ID}, Contact: surveys.Contact{Name: "Dora Example", Email: "dora@residents.example"}}})
		w.wrote(t, f, "More buses") // and does not want to be asked again
		w.contacts(t, 2)
		w.sent(t, w.listening(t, surveys.SurveyForm{}), surveys.ToContacts, "")
		for _, token := range w.tokens(t, "survey.invitation") {
			w.answers(t, token, "Fewer letters")
		}
		want := map[string]surveys.Writer{
			"Longer hours":  {Name: "Dora Example", Email: "dora@residents.example", Wording: "May we ask you more?"},
			"More buses":    {},
			"Fewer letters": {Name: "Resident Example 1", Email: "c1@residents.example"},
		}
		list := w.freeTexts(t)
		for _, text := range list {
			if text.Writer != want[text.Text] || text.Recontact != (text.Text == "Longer hours") {
				t.Errorf("%s was written by %+v, who may be asked again: %v", text.Text, text.Writer, text.Recontact)
			}
		}
		if len(list) != 3 {
			t.Errorf("%d texts", len(list))
		}
	})
}

func TestNobodyIsNamedBesideWhatWasWrittenInAnAnonymousSurvey(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		w.contacts(t, 7)
		f := w.listening(t, surveys.SurveyForm{Anonymous: true})
		w.sent(t, f, surveys.ToContacts, "")
		for _, token := range w.tokens(t, "survey.invitation") {
			w.answers(t, token, "Longer hours")
		}
		_, err := w.Close(w.lead, f.Survey.ID)
		must(t, err)
		list := w.freeTexts(t)
		for _, text := range list {
			if text.Writer != (surveys.Writer{}) {
				t.Errorf("%+v is named", text.Writer)
			}
		}
		if len(list) != 6 {
			t.Errorf("%d texts", len(list))
		}
	})
}
