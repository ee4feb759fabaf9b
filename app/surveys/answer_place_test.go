package surveys_test

import (
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/surveys"
)

func TestAPostcodeInTwoLocalitiesAsksWhichAndOnlyItsFirstPartIsKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		used, postcode := f.Sections[0].Questions[0], f.Sections[2].Questions[0]
		for area, locality := range map[string]string{"dacorum": "dacorum", "watford-and-three-rivers": "watford-and-three-rivers", surveys.NotSure: ""} {
			p := w.person(t, f)
			p.next(surveys.Answers{used.ID: {Choices: []int64{used.Options[1].ID}}})
			_, err := p.send(surveys.Next, surveys.Answers{postcode.ID: {Text: "wd4 9aa"}})
			if said := says(t, err); said[postcode.Field()+"-area"] != "Choose the area you live in" {
				t.Fatalf("said %v", said)
			}
			p.next(surveys.Answers{postcode.ID: {Text: "wd4 9aa", Area: area}})
			p.next(surveys.Answers{})
			if a, _ := p.page(); a.Response.State != surveys.Complete || a.Response.Locality != locality || a.Answers[postcode.ID].Text != "WD4" {
				t.Errorf("%s: kept %q, %+v", area, a.Response.Locality, a.Answers[postcode.ID])
			}
		}
	})
}

func TestHowToReachSomebodyIsKeptApartFromTheAnswersWithTheWordsTheyWereAsked(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.spoken(t, false)
		ask := f.Sections[0].Questions[2]
		yes, no := []int64{ask.Options[0].ID}, []int64{ask.Options[1].ID}
		p := w.person(t, f)
		for want, c := range map[string]surveys.Contact{"q-name": {Email: "ada@residents.example"}, "q-email": {Name: "Ada Example"}} {
			_, err := p.send(surveys.Next, surveys.Answers{ask.ID: {Choices: yes, Contact: c}})
			if said := says(t, err); said[ask.Field()+want[1:]] == "" {
				t.Errorf("%s: said %v", want, said)
			}
		}
		ada := surveys.Contact{Name: "Ada Example", Email: "Ada@Residents.example", Phone: "07700900123"}
		_, err := p.send(surveys.Save, surveys.Answers{ask.ID: {Choices: yes, Contact: ada}})
		must(t, err)
		a, _ := p.page()
		if c := a.Answers[ask.ID].Contact; c.Name != ada.Name || c.Email != ada.Email || c.Phone != "07700 900123" {
			t.Errorf("come back, it says %+v", c)
		}
		var rows []surveys.Respondent
		must(t, w.db.Read(t.Context()).Raw("SELECT * FROM survey_respondents").Scan(&rows).Error)
		if len(rows) != 1 || rows[0].EmailKey != "ada@residents.example" || rows[0].PhoneKey != "+447700900123" || rows[0].Wording != "May we ask you more?" {
			t.Errorf("kept %+v", rows)
		}
		var beside int
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_answers WHERE text LIKE '%Ada%' OR text LIKE '%ada%'").Scan(&beside).Error)
		if beside != 0 {
			t.Error("the name stands among the answers")
		}
		p.next(surveys.Answers{ask.ID: {Choices: no}})
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_respondents").Scan(&beside).Error)
		if beside != 0 {
			t.Error("a changed mind left how to reach somebody")
		}
	})
}
