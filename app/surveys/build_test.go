package surveys_test

import (
	"strconv"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/surveys"
)

func TestASurveyIsBuiltSectionBySection(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.urgentCare(t)
		if len(f.Sections) != 4 || f.Sections[3].Words.Title != "About you" || len(f.Sections[3].Questions) != 9 {
			t.Fatalf("%d sections, the last is %q", len(f.Sections), f.Sections[len(f.Sections)-1].Words.Title)
		}
		grid := f.Sections[1].Questions[0]
		if len(grid.Rows) != 5 || len(grid.Options) != 4 || grid.Rows[1].Label != "NHS 111" || grid.Rows[1].Code != "nhs-111" {
			t.Errorf("the grid has rows %v and options %v", grid.Rows, grid.Options)
		}
		if numbers := numbersOf(f); numbers != "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15" {
			t.Errorf("questions are numbered %s", numbers)
		}
	})
}

func numbersOf(f surveys.Form) string {
	var out []string
	for _, section := range f.Sections {
		for _, q := range section.Questions {
			out = append(out, strconv.Itoa(q.Number))
		}
	}
	return strings.Join(out, " ")
}

func TestTheEqualityQuestionsStayLast(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.urgentCare(t)
	_, err := w.AddSection(w.lead, f.Survey.ID, surveys.SectionForm{Title: "One more"})
	must(t, err)
	f = w.form(t, f.Survey.ID)
	if last := f.Sections[len(f.Sections)-1]; last.Words.Title != "About you" {
		t.Errorf("the last section is %q", last.Words.Title)
	}
	if err := w.AddEquality(w.lead, f.Survey.ID); fault.KindOf(err) != fault.Conflict {
		t.Errorf("added twice: %v", err)
	}
}

func TestWhatIsMissingInAQuestionIsSaidAtItsField(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.urgentCare(t)
	for name, c := range map[string]struct {
		form  surveys.QuestionForm
		field string
	}{
		"no kind":              {surveys.QuestionForm{Label: "How?"}, "kind"},
		"no words":             {surveys.QuestionForm{Kind: "long-text"}, "label"},
		"one option":           {surveys.QuestionForm{Kind: "one-of", Label: "How?", Options: "Well"}, "options"},
		"a grid with no rows":  {surveys.QuestionForm{Kind: "grid", Label: "How?", Options: "Well\nBadly"}, "rows"},
		"a scale with no ends": {surveys.QuestionForm{Kind: "scale", Label: "How?"}, "low"},
		"limits crossed":       {surveys.QuestionForm{Kind: "number", Label: "How many?", Min: "9", Max: "2"}, "max"},
	} {
		_, err := w.AddQuestion(w.lead, f.Survey.ID, f.Sections[0].ID, c.form)
		if said := says(t, err); said[c.field] == "" {
			t.Errorf("%s: said %v", name, said)
		}
	}
}

func TestASectionCannotComeBeforeTheQuestionThatItDependsOn(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.urgentCare(t)
		if err := w.MoveSection(w.lead, f.Survey.ID, f.Sections[1].ID, -1); fault.KindOf(err) != fault.Conflict {
			t.Errorf("moved before it: %v", err)
		}
		if err := w.RetireQuestion(w.lead, f.Survey.ID, f.Sections[0].Questions[0].ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("taken out under it: %v", err)
		}
		if got := w.form(t, f.Survey.ID); got.Sections[1].ID != f.Sections[1].ID || len(got.Sections[0].Questions) != 1 {
			t.Error("a refused change was made all the same")
		}
		must(t, w.MoveSection(w.lead, f.Survey.ID, f.Sections[2].ID, -1))
		if got := w.form(t, f.Survey.ID); got.Sections[1].Words.Title != "Where you live" {
			t.Errorf("after the move the second is %q", got.Sections[1].Words.Title)
		}
	})
}

func TestAfterTheFirstAnswerOnlyTheWordingChangesAndTheOldOneIsKept(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.urgentCare(t)
		q := f.Sections[1].Questions[1]
		must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
			return tx.Exec("UPDATE survey_questions SET locked = TRUE WHERE id = ?", q.ID).Error
		}))
		form := asTyped(q)
		form.Label, form.Labels[0] = "What made you choose this service?", "It was nearby"
		must(t, w.ChangeQuestion(w.lead, f.Survey.ID, q.ID, "", form))
		got, _ := w.form(t, f.Survey.ID).Question(q.ID)
		if got.Words.Title != "What made you choose this service?" || got.Options[0].Label != "It was nearby" || got.Wording != 2 || got.Options[0].ID != q.Options[0].ID {
			t.Errorf("the question is now %+v", got)
		}
		var kept string
		must(t, w.db.Read(t.Context()).Raw("SELECT texts FROM survey_wordings WHERE question_id = ? AND wording = 1", q.ID).Scan(&kept).Error)
		if !strings.Contains(kept, "What made you choose it?") || !strings.Contains(kept, "It was near") {
			t.Errorf("on record is %s", kept)
		}
		form.Options = "It was free"
		if said := says(t, w.ChangeQuestion(w.lead, f.Survey.ID, q.ID, "", form)); !strings.Contains(said["label"], "only its words can be changed") {
			t.Errorf("a new option was answered with %v", said)
		}
	})
}

// asTyped is a question as its form has it.
func asTyped(q surveys.FormQuestion) surveys.QuestionForm {
	f := surveys.QuestionForm{Kind: string(q.Kind), Label: q.Words.Title, Help: q.Words.Help, Required: q.Required, Low: q.Words.Low, High: q.Words.High}
	for _, o := range q.Options {
		f.OptionIDs, f.Labels = append(f.OptionIDs, strconv.FormatInt(o.ID, 10)), append(f.Labels, o.Label)
	}
	for _, r := range q.Rows {
		f.RowIDs, f.RowLabels = append(f.RowIDs, strconv.FormatInt(r.ID, 10)), append(f.RowLabels, r.Label)
	}
	return f
}

func TestACopyAsksTheSameAndItsConditionsLeadToItself(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.urgentCare(t)
		copied, err := w.Copy(w.lead, f.Survey.ID)
		must(t, err)
		got := w.form(t, copied.ID)
		if copied.Slug != f.Survey.Slug+"-2" || len(got.Sections) != len(f.Sections) {
			t.Fatalf("%s has %d sections", copied.Slug, len(got.Sections))
		}
		used := got.Sections[0].Questions[0]
		if s := got.Sections[1]; s.IfQuestion != used.ID || s.IfChoice != used.Options[0].ID {
			t.Errorf("the copy depends on question %d, not on its own %d", s.IfQuestion, used.ID)
		}
	})
}

func TestASurveyOpensOnlyWhenEverySectionAsksSomething(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Empty"})
	must(t, err)
	if _, err := w.Open(w.lead, survey.ID); fault.KindOf(err) != fault.Invalid {
		t.Errorf("an empty survey: %v", err)
	}
	f := w.urgentCare(t)
	opened, err := w.Open(w.lead, f.Survey.ID)
	must(t, err)
	if !opened.Accepting(*w.at) {
		t.Error("it takes no answers")
	}
	closed, err := w.Close(w.lead, f.Survey.ID)
	must(t, err)
	if closed.Accepting(*w.at) {
		t.Error("it takes answers after it was closed")
	}
}

func TestQuestionsThatWereAskedBeforeCanBeAskedAgain(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		w.urgentCare(t)
		survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Another"})
		must(t, err)
		list, err := w.Library(w.lead, survey.ID, "EASY where")
		must(t, err)
		if len(list) != 1 || list[0].Label != "How easy was it to know where to go?" || list[0].Survey != "Your experience of urgent care" {
			t.Fatalf("found %+v", list)
		}
		another := w.form(t, survey.ID)
		must(t, w.AddUsed(w.lead, survey.ID, another.Sections[0].ID, list[0].ID))
		got := w.form(t, survey.ID).Sections[0].Questions[0]
		if got.Limits.Steps != 5 || got.Words.Low != "Very hard" || got.SurveyID != survey.ID {
			t.Errorf("asked again: %+v", got)
		}
	})
}

func TestOnlyEngagementBuildsSurveys(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.urgentCare(t)
	door := w.staff(t, "Door", "door")
	if _, err := w.Create(door, surveys.SurveyForm{Title: "Mine"}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("made at the door: %v", err)
	}
	if _, err := w.AddQuestion(t.Context(), f.Survey.ID, f.Sections[0].ID, surveys.QuestionForm{}); fault.KindOf(err) != fault.SignIn {
		t.Errorf("changed by a visitor: %v", err)
	}
}

func TestASurveyIsPutIntoAnotherLanguageTextByText(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "How was it?", Languages: "ur"})
		must(t, err)
		w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "one-of", Label: "Was it near?", Help: "To your home.", Options: "Yes\nNo"})
		q := w.form(t, survey.ID).Sections[0].Questions[0]
		translation, err := w.Translation(w.lead, survey.ID, "ur")
		must(t, err)
		if translation.All != 5 || translation.Missing != 5 {
			t.Fatalf("%d of %d are missing", translation.Missing, translation.All)
		}
		typed := map[string]string{"question-1-title": "کیا یہ قریب تھا؟", "choice-1-title": "ہاں", "section-99-title": "nothing"}
		must(t, w.Translate(w.lead, survey.ID, "ur", 0, typed))
		f, err := w.FormOf(t.Context(), survey.ID, "ur")
		must(t, err)
		got := f.Sections[0].Questions[0]
		if got.Words.Title != "کیا یہ قریب تھا؟" || got.Words.Help != "To your home." || got.Options[0].Label != "ہاں" || got.Options[0].Borrowed || !got.Options[1].Borrowed || got.Wording != 1 {
			t.Errorf("in Urdu it asks %+v", got)
		}
		must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
			return tx.Exec("UPDATE survey_questions SET locked = TRUE WHERE id = ?", q.ID).Error
		}))
		must(t, w.Translate(w.lead, survey.ID, "ur", 0, map[string]string{"choice-1-title": "جی ہاں", "choice-2-title": "نہیں"}))
		var kept string
		must(t, w.db.Read(t.Context()).Raw("SELECT texts FROM survey_wordings WHERE question_id = ? AND wording = 1", q.ID).Scan(&kept).Error)
		if q, _ := w.form(t, survey.ID).Question(q.ID); q.Wording != 2 || !strings.Contains(kept, "ہاں") {
			t.Errorf("wording %d, on record %s", q.Wording, kept)
		}
		if err := w.Translate(w.lead, survey.ID, "ur", 1, typed); fault.KindOf(err) != fault.Conflict {
			t.Errorf("over what somebody else wrote: %v", err)
		}
		if _, err := w.Translation(w.lead, survey.ID, "pl"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("into a language that it is not in: %v", err)
		}
	})
}

func TestAQuestionIsMovedByAnyNumberOfPlaces(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.urgentCare(t)
	q := f.Sections[1].Questions
	for _, c := range []struct {
		question, by int
		want         string
	}{{0, 2, "1 2 0 3"}, {3, -9, "3 1 2 0"}, {1, 1 << 40, "3 2 0 1"}} {
		must(t, w.MoveQuestion(w.lead, f.Survey.ID, q[c.question].ID, c.by))
		var got []string
		for _, one := range w.form(t, f.Survey.ID).Sections[1].Questions {
			for i, was := range q {
				if was.ID == one.ID {
					got = append(got, strconv.Itoa(i))
				}
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("question %d by %d: %v", c.question, c.by, got)
		}
	}
	must(t, w.MoveSection(w.lead, f.Survey.ID, f.Sections[1].ID, 9))
	if last := w.form(t, f.Survey.ID).Sections[3]; last.Words.Title != "About you" {
		t.Errorf("the last section is %q", last.Words.Title)
	}
}
