package surveys_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/surveys"
)

// batch is a pile of paper of a survey.
func (w world) batch(t testing.TB, f surveys.Form, change func(*surveys.BatchForm)) surveys.Batch {
	t.Helper()
	form := surveys.BatchForm{Name: "Library, first box", Channel: "paper", Locality: "hertsmere", Share: "0"}
	if change != nil {
		change(&form)
	}
	b, err := w.NewBatch(w.lead, f.Survey.ID, form)
	must(t, err)
	return b
}

func (w world) enter(t testing.TB, who context.Context, b surveys.Batch, answers surveys.Answers) surveys.Entered {
	t.Helper()
	done, err := w.EnterForm(who, b.SurveyID, b.ID, surveys.Entry{Answers: answers})
	must(t, err)
	return done
}

func TestAFormOnPaperCountsLikeAnyOther(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		used, grid, better := f.Sections[0].Questions[0], f.Sections[1].Questions[0], f.Sections[1].Questions[2]
		b := w.batch(t, f, nil)
		w.enter(t, w.lead, b, surveys.Answers{grid.ID: {Rows: map[int64]int64{grid.Rows[0].ID: grid.Options[0].ID, grid.Rows[1].ID: 0}}, better.ID: {Text: "Shorter waits"}})
		r, err := w.Results(w.lead, f.Survey.ID)
		must(t, err)
		if r.Complete != 1 {
			t.Fatalf("%d forms count", r.Complete)
		}
		out := w.exported(t, f.Survey.ID)
		for _, want := range []string{",paper,en,hertsmere,", "Shorter waits"} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		line, err := w.BatchByID(w.lead, f.Survey.ID, b.ID)
		must(t, err)
		if line.Entered != 1 {
			t.Errorf("%d forms are entered", line.Entered)
		}
		var unreadable int
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_answers WHERE unreadable AND row_id = ?", grid.Rows[1].ID).Scan(&unreadable).Error)
		if unreadable != 1 {
			t.Errorf("%d marks of a row that cannot be read", unreadable)
		}
		_, err = w.EnterForm(w.lead, f.Survey.ID, b.ID, surveys.Entry{})
		if said := says(t, err); len(said) != 0 || !strings.Contains(err.Error(), "Nothing is answered") {
			t.Errorf("an empty form: %v", err)
		}
		if _, required := f.Question(used.ID); !required {
			t.Error("the question that must be answered online is gone")
		}
	})
}

// A press too many, or "back" and once more, sends the same page again.
func TestAPageThatIsSentTwiceIsOneForm(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		better := f.Sections[1].Questions[2]
		b, other := w.batch(t, f, nil), w.batch(t, f, nil)
		typed := surveys.Entry{Page: 1<<40 | 77, Answers: surveys.Answers{better.ID: {Text: "Shorter waits"}}}
		enter := func(b surveys.Batch, e surveys.Entry) surveys.Entered {
			done, err := w.EnterForm(w.lead, b.SurveyID, b.ID, e)
			must(t, err)
			return done
		}
		first, again := enter(b, typed), enter(b, typed)
		if first.Code != again.Code || first.Drawn != again.Drawn {
			t.Errorf("sent again it is form %s and not %s", again.Code, first.Code)
		}
		if elsewhere := enter(other, typed); elsewhere.ID == first.ID {
			t.Error("in another batch it is taken for the same form")
		}
		typed.Page = 1<<40 | 78
		if next := enter(b, typed); next.ID == first.ID {
			t.Error("the next page, with the same answers, is taken for the same form")
		}
		r, err := w.Results(w.lead, f.Survey.ID)
		must(t, err)
		if r.Complete != 3 {
			t.Errorf("%d forms count, of three", r.Complete)
		}
	})
}

func TestAnswersThatShutEachOtherOutAreKeptAsCannotRead(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	used, why := f.Sections[0].Questions[0], f.Sections[1].Questions[1]
	b := w.batch(t, f, nil)
	none := why.Options[len(why.Options)-1].ID
	done := w.enter(t, w.lead, b, surveys.Answers{used.ID: {Choices: []int64{used.Options[0].ID, used.Options[1].ID}}, why.ID: {Choices: []int64{why.Options[0].ID, none}}})
	_, answers, err := w.EnteredForm(w.lead, b, done.ID)
	must(t, err)
	if len(done.Unread) != 2 || !answers[used.ID].Unreadable || len(answers[used.ID].Choices) != 0 || !answers[why.ID].Unreadable {
		t.Errorf("kept %+v, said %v", answers, done.Unread)
	}
	done = w.enter(t, w.lead, b, surveys.Answers{why.ID: {Other: "By chance"}})
	if _, answers, err = w.EnteredForm(w.lead, b, done.ID); err != nil || answers[why.ID].Other != "By chance" {
		t.Errorf("what was written at \"other\" without a tick: %+v, %v", answers[why.ID], err)
	}
	for name, wrong := range map[string]surveys.Given{"an option of no question": {Choices: []int64{999999}}, "a row's sign": {Choices: []int64{0}}} {
		if _, err := w.EnterForm(w.lead, f.Survey.ID, b.ID, surveys.Entry{Answers: surveys.Answers{used.ID: wrong}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAClosedBatchAndADraftTakeNoForms(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	draft := w.urgentCare(t)
	if _, err := w.NewBatch(w.lead, draft.Survey.ID, surveys.BatchForm{Name: "Early", Channel: "paper"}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("paper of a draft: %v", err)
	}
	f := w.opened(t)
	b := w.batch(t, f, nil)
	answers := surveys.Answers{f.Sections[1].Questions[2].ID: {Text: "Late"}}
	_, err := w.Close(w.lead, f.Survey.ID)
	must(t, err)
	w.enter(t, w.lead, b, answers) // paper comes in after the survey is closed online
	must(t, w.CloseBatch(w.lead, f.Survey.ID, b.ID))
	if _, err := w.EnterForm(w.lead, f.Survey.ID, b.ID, surveys.Entry{Answers: answers}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a form for a closed batch: %v", err)
	}
	if _, err := w.EnterForm(w.lead, draft.Survey.ID, b.ID, surveys.Entry{Answers: answers}); fault.KindOf(err) == 0 {
		t.Error("a batch of another survey takes a form")
	}
}

func TestABatchIsSetAsideAndRestoredAsAWhole(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		b := w.batch(t, f, nil)
		told := map[surveys.ResponseState]int{}
		w.OnSubmitted(func(_ context.Context, _ *database.Tx, r surveys.Response) error {
			told[r.State]++
			return nil
		})
		for i := range 3 {
			w.enter(t, w.lead, b, surveys.Answers{f.Sections[1].Questions[2].ID: {Text: fmt.Sprint("Form ", i)}})
		}
		complete := func() int {
			r, err := w.Results(w.lead, f.Survey.ID)
			must(t, err)
			return r.Complete
		}
		if said := says(t, w.SetBatchAside(w.lead, f.Survey.ID, b.ID, " ")); said["reason"] == "" {
			t.Error("no reason is asked for")
		}
		must(t, w.SetBatchAside(w.lead, f.Survey.ID, b.ID, "Copies of another pile"))
		if n := complete(); n != 0 {
			t.Errorf("%d of a batch that is set aside count", n)
		}
		must(t, w.RestoreBatch(w.lead, f.Survey.ID, b.ID))
		if n := complete(); n != 3 {
			t.Errorf("%d of a restored batch count", n)
		}
		if told[surveys.Complete] != 6 || told[surveys.SetAside] != 3 {
			t.Errorf("told of %v", told)
		}
	})
}

func TestPaperOfAnAnonymousSurveyKeepsNoTimesAndNoOrder(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "Anonymous", Anonymous: true})
	must(t, err)
	w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "yes-no", Label: "Were you listened to?"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	f := w.form(t, survey.ID)
	q, b := f.Sections[0].Questions[0], w.batch(t, f, func(b *surveys.BatchForm) { b.Share = "100" })
	inOrder := true
	var last int64
	for range 12 {
		done := w.enter(t, w.lead, b, surveys.Answers{q.ID: {Choices: []int64{q.Options[0].ID}}})
		inOrder, last = inOrder && done.ID > last, done.ID
		r, _, err := w.EnteredForm(w.lead, b, done.ID)
		must(t, err)
		if r.StartedAt != nil || r.SubmittedAt != nil {
			t.Errorf("kept %+v", r)
		}
	}
	if inOrder {
		t.Error("the ids follow the order of entry")
	}
	var named int
	must(t, w.db.Read(t.Context()).Raw(`SELECT count(*) FROM audit_entries WHERE details LIKE '%response%' OR entity = 'survey_responses'`).Scan(&named).Error)
	if named != 0 {
		t.Errorf("the log, which has times, names %d responses", named)
	}
}

func TestAFormIsFoundByItsNumberAndChanged(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		b, easy := w.batch(t, f, nil), f.Sections[1].Questions[3]
		three, five := int64(3), int64(5)
		done := w.enter(t, w.lead, b, surveys.Answers{easy.ID: {Number: &three}})
		id, err := w.EnteredByCode(w.lead, b, strings.ToLower(done.Code))
		must(t, err)
		if id != done.ID {
			t.Fatalf("%s leads to %d and not to %d", done.Code, id, done.ID)
		}
		_, err = w.ChangeEntered(w.lead, f.Survey.ID, b.ID, id, surveys.Entry{Answers: surveys.Answers{easy.ID: {Number: &five}}})
		must(t, err)
		if _, answers, err := w.EnteredForm(w.lead, b, id); err != nil || *answers[easy.ID].Number != 5 {
			t.Errorf("changed to %+v, %v", answers, err)
		}
		for code, want := range map[string]string{"": "Enter the number of a form, such as K7QX", "IO01": "Enter the number of a form, such as K7QX", "K7Q": "Enter the number of a form, such as K7QX"} {
			if _, err := w.EnteredByCode(w.lead, b, code); code != "" && says(t, err)["code"] != want {
				t.Errorf("%q: %v", code, err)
			}
		}
	})
}

func TestBatchesAreListedAndTakenOut(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	w.batch(t, f, func(b *surveys.BatchForm) { b.Name, b.Forms, b.Day, b.Month, b.Year = "Zebra", "60", "28", "2", "2017" })
	closed := w.batch(t, f, func(b *surveys.BatchForm) { b.Name, b.Channel = "Calls", "telephone" })
	must(t, w.CloseBatch(w.lead, f.Survey.ID, closed.ID))
	page, err := w.Batches(w.lead, f.Survey.ID, surveys.BatchFilter{Sort: "name"})
	must(t, err)
	if page.Total != 2 || page.Batches[0].Name != "Calls" {
		t.Errorf("listed %+v", page)
	}
	page, err = w.Batches(w.lead, f.Survey.ID, surveys.BatchFilter{State: "open", Channel: "paper"})
	must(t, err)
	if page.Total != 1 || page.Batches[0].ReceivedOn != "2017-02-28" || page.Batches[0].Forms != 60 {
		t.Errorf("listed %+v", page)
	}
	table, err := w.ExportBatches(w.lead, f.Survey.ID, surveys.BatchFilter{}, sheet.FormatCSV)
	must(t, err)
	rows := 0
	for _, err := range table.Rows {
		must(t, err)
		rows++
	}
	if rows != 2 || len(table.Head) != 11 {
		t.Errorf("taken out: %d rows under %v", rows, table.Head)
	}
	said := says(t, second(w.NewBatch(w.lead, f.Survey.ID, surveys.BatchForm{Channel: "owl", Locality: "nowhere", Day: "31", Month: "2", Year: "2017", Forms: "many", Share: "101"})))
	for _, field := range []string{"name", "channel", "locality", "received_day", "forms", "share"} {
		if said[field] == "" {
			t.Errorf("nothing is said of %s: %v", field, said)
		}
	}
}

func second[T any](_ T, err error) error { return err }
