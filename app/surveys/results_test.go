package surveys_test

import (
	"bytes"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/surveys"
)

// answered is the urgent care survey, open, with one person who went to NHS 111 and one who went nowhere.
func (w world) answered(t testing.TB) surveys.Form {
	t.Helper()
	f := w.opened(t)
	used, grid, why, better := f.Sections[0].Questions[0], f.Sections[1].Questions[0], f.Sections[1].Questions[1], f.Sections[1].Questions[2]
	p := w.person(t, f)
	p.next(surveys.Answers{used.ID: {Choices: []int64{used.Options[0].ID}}})
	p.next(surveys.Answers{grid.ID: {Rows: map[int64]int64{grid.Rows[1].ID: grid.Options[0].ID}}, better.ID: {Text: "Shorter waits"},
		why.ID: {Choices: []int64{why.Options[0].ID, why.Options[3].ID}, Other: "By chance"}})
	p.next(surveys.Answers{})
	p.next(surveys.Answers{})
	p = w.person(t, f)
	p.next(surveys.Answers{used.ID: {Choices: []int64{used.Options[1].ID}}})
	p.next(surveys.Answers{})
	p.next(surveys.Answers{})
	w.person(t, f) // begun only
	return f
}

func TestAnswersAreCounted(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.answered(t)
		r, err := w.Results(w.lead, f.Survey.ID)
		must(t, err)
		if r.Complete != 2 || r.Drafts != 1 {
			t.Errorf("%d complete, %d begun", r.Complete, r.Drafts)
		}
		if c := r.Questions[0].Counts; c[0].People != 1 || c[1].People != 1 || c[2].People != 0 {
			t.Errorf("used: %+v", c)
		}
		for _, c := range r.Questions[1].Counts {
			if want := c.Row == "NHS 111" && c.Label == "Good"; (c.People == 1) != want {
				t.Errorf("grid: %+v", c)
			}
		}
		if c := r.Questions[2].Counts; r.Questions[2].Answered != 1 || c[0].People != 1 || c[3].People != 1 || r.Questions[2].Written != 1 {
			t.Errorf("why: %+v", r.Questions[2])
		}
		wrong, err := w.WrongLines(w.lead)
		must(t, err)
		if wrong != 0 {
			t.Errorf("%d lines are wrong", wrong)
		}
	})
}

// exported is the survey's answers as CSV.
func (w world) exported(t testing.TB, id int64) string {
	t.Helper()
	table, err := w.ExportResponses(w.lead, id, sheet.FormatCSV)
	must(t, err)
	var out bytes.Buffer
	must(t, sheet.Write(&out, sheet.FormatCSV, table))
	return out.String()
}

func TestTheColumnsOfAnExportNeverMove(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.answered(t)
		before, _, _ := strings.Cut(w.exported(t, f.Survey.ID), "\r\n")
		for _, want := range []string{"id,channel,language,locality,event,wordings,submitted_at,q1,q2_", "q2_nhs-111", "q3_it-was-near,q3_it-was-open", "q3_other", "q3_text,q4,q5"} {
			if !strings.Contains(before, want) {
				t.Errorf("no %s in %s", want, before)
			}
		}
		q := f.Sections[1].Questions[2]
		form := asTyped(q)
		form.Label = "What could have been better?"
		must(t, w.ChangeQuestion(w.lead, f.Survey.ID, q.ID, "", form))
		w.add(t, f, 0, surveys.QuestionForm{Kind: "yes-no", Label: "Do you live here?"})
		must(t, w.MoveSection(w.lead, f.Survey.ID, f.Sections[2].ID, 1))
		must(t, w.RetireQuestion(w.lead, f.Survey.ID, f.Sections[1].Questions[1].ID))
		after := w.exported(t, f.Survey.ID)
		head, rows, _ := strings.Cut(after, "\r\n")
		if head != before+",q16" {
			t.Errorf("the columns were\n%s\nand are\n%s", before, head)
		}
		if !strings.Contains(rows, "Shorter waits") || !strings.Contains(rows, "By chance") {
			t.Errorf("answers are lost:\n%s", rows)
		}
		explained := w.dictionary(t, f.Survey.ID)
		for _, want := range []string{"q4,4,long-text,,text,,1,What would have made it better?", "q4,4,long-text,,text,,2,What could have been better?", "q1,1,one-of,,a code,,1,Have you used"} {
			if !strings.Contains(explained, want) {
				t.Errorf("the dictionary does not say %s:\n%s", want, explained)
			}
		}
	})
}

func (w world) dictionary(t testing.TB, id int64) string {
	t.Helper()
	table, err := w.ExportDictionary(w.lead, id, sheet.FormatCSV)
	must(t, err)
	var out bytes.Buffer
	must(t, sheet.Write(&out, sheet.FormatCSV, table))
	return out.String()
}

// An option that is added before anybody has answered its question would push what stands behind it aside.
func TestAnOptionAddedLaterHasItsColumnAtTheEnd(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.answered(t)
	w.add(t, f, 0, surveys.QuestionForm{Kind: "several-of", Label: "What do you read?", Options: "Letters\nEmails"})
	w.add(t, f, 0, surveys.QuestionForm{Kind: "yes-no", Label: "Do you live here?"})
	before, _, _ := strings.Cut(w.exported(t, f.Survey.ID), "\r\n")
	q := w.form(t, f.Survey.ID).Sections[0].Questions[1]
	form := asTyped(q)
	form.Options = "Posters"
	must(t, w.ChangeQuestion(w.lead, f.Survey.ID, q.ID, "", form))
	after, _, _ := strings.Cut(w.exported(t, f.Survey.ID), "\r\n")
	if after != before+",q16_posters" {
		t.Errorf("the columns were\n%s\nand are\n%s", before, after)
	}
}

func TestNothingOfAnAnonymousSurveyIsShownBeforeFiveHaveAnswered(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Anonymous", Anonymous: true})
	must(t, err)
	w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "yes-no", Label: "Were you listened to?"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	for n := 1; n <= 5; n++ {
		w.person(t, w.form(t, survey.ID)).next(surveys.Answers{})
		r, err := w.Results(w.lead, survey.ID)
		must(t, err)
		_, exported := w.ExportResponses(w.lead, survey.ID, sheet.FormatCSV)
		if r.Withheld != (n < 5) || (fault.KindOf(exported) == fault.Conflict) != (n < 5) {
			t.Errorf("after %d: withheld %v, export %v", n, r.Withheld, exported)
		}
	}
}
