package surveys_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/surveys"
)

// csv is a file with answers.
func csv(lines ...string) surveys.IntakeFile {
	text := strings.Join(lines, "\r\n")
	return surveys.IntakeFile{Name: "from elsewhere.csv", Data: strings.NewReader(text), Size: int64(len(text))}
}

func (w world) intake(t testing.TB, f surveys.Form, lines ...string) surveys.Intake {
	t.Helper()
	i, err := w.ReadIntake(w.lead, f.Survey.ID, csv(lines...))
	must(t, err)
	return i
}

func (w world) take(t testing.TB, i surveys.Intake) (surveys.Batch, surveys.IntakeCheck) {
	t.Helper()
	b, check, err := w.TakeIntake(w.lead, i.SurveyID, i.ID, false)
	must(t, err)
	return b, check
}

// theirFile has columns by the headings of an export, by the words of questions, and one that is none.
func theirFile() []string {
	return []string{
		`id,"Have you used an urgent care service in the last year?",NHS 111,q2_a-e-watford,What made you choose it?,q3_text,What would have made it better?,q5,What is your postcode?,Weather`,
		`A1,Yes,Good,poor,It was near|It was open,,"Shorter waits, and seats",4,wd17 1aa,Rain`,
		`A2,no,,,,,,,HP1,Sun`,
		`A3,YES,?,,,By chance,,"5, Very easy",,Sun`,
	}
}

func TestAnswersFromElsewhereAreMappedLookedAtAndBroughtInOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		i := w.intake(t, f, theirFile()...)
		set, err := i.Choices()
		must(t, err)
		if got := strings.Join(set.Columns, " "); got != "id q1 q2_nhs-111 q2_a-e-watford q3 q3_text q4 q5 q6 " {
			t.Fatalf("the columns are taken for %q", got)
		}
		check, err := w.CheckIntake(w.lead, i)
		must(t, err)
		if check.Fresh != 3 || check.Bad != 0 || check.There != 0 {
			t.Fatalf("the check says %+v", check)
		}
		if n := w.complete(t, f); n != 0 {
			t.Fatalf("%d answers are in before it is confirmed", n)
		}
		b, _ := w.take(t, i)
		out := w.exported(t, f.Survey.ID)
		for _, want := range []string{",import,en,watford-and-three-rivers,", ",yes,,good,,,poor,1,1,", `"Shorter waits, and seats",4,WD17`, ",import,en,dacorum,", "By chance"} {
			if !strings.Contains(out, want) {
				t.Errorf("no %q in\n%s", want, out)
			}
		}
		var left int
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_import_rows").Scan(&left).Error)
		if left != 0 {
			t.Errorf("%d rows of the file are kept", left)
		}
		again := w.intake(t, f, theirFile()...)
		if check, err = w.CheckIntake(w.lead, again); err != nil || check.There != 3 || check.Fresh != 0 {
			t.Errorf("the same file again: %+v, %v", check, err)
		}
		if _, _, err := w.TakeIntake(w.lead, f.Survey.ID, again.ID, false); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the same file is taken again: %v", err)
		}
		must(t, w.SetBatchAside(w.lead, f.Survey.ID, b.ID, "It was a test"))
		if n := w.complete(t, f); n != 0 {
			t.Errorf("%d answers count after the file was set aside", n)
		}
		must(t, w.RestoreBatch(w.lead, f.Survey.ID, b.ID))
		if n := w.complete(t, f); n != 3 {
			t.Errorf("%d answers count after it was taken back", n)
		}
	})
}

func (w world) complete(t testing.TB, f surveys.Form) int {
	t.Helper()
	var n int
	must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM survey_responses WHERE survey_id = ? AND state = 'complete'", f.Survey.ID).Scan(&n).Error)
	return n
}

func TestEachBadRowIsNamedWithItsReasonAndKeepsTheFileOut(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	i := w.intake(t, f, "id,q1,q3,q5,q6,locality,submitted_at",
		"A1,yes,,,,,", "A2,maybe,,,,,", "A3,,It was near|None of these,,,,", "A4,,,9,,,", "A5,,,,somewhere,,", "A1,no,,,,,", ",no,,,,,", "A8,,,,,,", "A9,no,,,,atlantis,", "A10,no,,,,,31/2/2017", "A11,,It was far,,,,")
	check, err := w.CheckIntake(w.lead, i)
	must(t, err)
	want := map[int]string{3: "“maybe” is none of its answers", 4: `Choose "None of these" alone`, 5: "Enter a number from 1 to 5", 6: "Enter a postcode", 7: "Line 2 has the same name", 8: "It has no name",
		9: "It answers no question", 10: "There is no locality “atlantis”", 11: "is no day", 12: "“It was far” is none of its answers"}
	if check.Bad != len(want) || check.Fresh != 1 {
		t.Errorf("the check says %+v", check)
	}
	for _, row := range check.Wrong {
		if said := strings.Join(row.Reasons, " "); !strings.Contains(said, want[row.Line]) || want[row.Line] == "" {
			t.Errorf("line %d: %s", row.Line, said)
		}
	}
	if _, _, err := w.TakeIntake(w.lead, f.Survey.ID, i.ID, false); says(t, err)["leave_out"] == "" || w.complete(t, f) != 0 {
		t.Errorf("a file with bad rows: %v", err)
	}
	_, _, err = w.TakeIntake(w.lead, f.Survey.ID, i.ID, true)
	must(t, err)
	if n := w.complete(t, f); n != 1 {
		t.Errorf("%d rows are brought in", n)
	}
}

func TestAFileWithoutNamesIsBroughtInOnceAndOurOwnExportAddsNothing(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	lines := []string{"q1,q5", "yes,3", "yes,3", "no,"}
	w.take(t, w.intake(t, f, lines...))
	if n := w.complete(t, f); n != 3 {
		t.Fatalf("%d rows are brought in: two people may say the same", n)
	}
	check, err := w.CheckIntake(w.lead, w.intake(t, f, append(lines, "yes,3")...))
	must(t, err)
	if check.There != 3 || check.Fresh != 1 {
		t.Errorf("with one row more: %+v", check)
	}
	check, err = w.CheckIntake(w.lead, w.intake(t, f, strings.Split(strings.TrimSpace(w.exported(t, f.Survey.ID)), "\r\n")...))
	must(t, err)
	if check.There != 3 || check.Bad != 0 {
		t.Errorf("our own export: %+v", check)
	}
}

func TestWhatAColumnIsMustFit(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	i := w.intake(t, f, "a,b,c", "1,2,3")
	for name, c := range map[string]struct {
		columns []string
		field   string
	}{
		"no answers": {[]string{"id", "", ""}, "column-1"}, "twice the same": {[]string{"q1", "q1", ""}, "column-2"}, "what is not there": {[]string{"q1", "q99", ""}, "column-2"},
	} {
		if said := says(t, w.ChooseColumns(w.lead, f.Survey.ID, i.ID, c.columns)); said[c.field] == "" {
			t.Errorf("%s: %v", name, said)
		}
	}
	if _, err := w.ReadIntake(w.lead, f.Survey.ID, surveys.IntakeFile{}); says(t, err)["file"] != "Choose a file" {
		t.Errorf("no file: %v", err)
	}
	if _, err := w.ReadIntake(w.lead, f.Survey.ID, csv("q1")); !strings.Contains(says(t, err)["file"], "no rows") {
		t.Errorf("an empty file: %v", err)
	}
	must(t, w.DropIntake(w.lead, f.Survey.ID, i.ID))
	if _, err := w.IntakeByID(w.lead, f.Survey.ID, i.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a file that was deleted: %v", err)
	}
}

func TestAButtonThatIsPressedTwiceBringsEachAnswerInOnce(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		lines := []string{"id,q1"}
		for n := range 300 {
			lines = append(lines, fmt.Sprintf("A%d,yes", n))
		}
		i := w.intake(t, f, lines...)
		answers := make(chan error)
		for range 4 {
			go func() {
				_, _, err := w.TakeIntake(w.lead, f.Survey.ID, i.ID, false)
				answers <- err
			}()
		}
		taken := 0
		for range 4 {
			switch err := <-answers; {
			case err == nil:
				taken++
			case fault.KindOf(err) != fault.Conflict:
				t.Errorf("a press was answered with %v", err)
			}
		}
		if n := w.complete(t, f); n != 300 || taken == 0 {
			t.Errorf("%d answers are in after %d presses", n, taken)
		}
	})
}

// A file of many rows goes in by chunks; what was in before it was broken off is not brought in again.
func TestAFileThatWasBrokenOffGoesOn(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	lines := []string{"id,q5"}
	for n := range 450 {
		lines = append(lines, fmt.Sprintf("A%d,%d", n, 1+n%5))
	}
	i := w.intake(t, f, lines...)
	left := 250
	w.OnSubmitted(func(context.Context, *database.Tx, surveys.Response) error {
		if left--; left == 0 {
			return errors.New("no room on the disk")
		}
		return nil
	})
	if _, _, err := w.TakeIntake(w.lead, f.Survey.ID, i.ID, false); err == nil {
		t.Fatal("the disk was not full")
	}
	if n := w.complete(t, f); n != 200 {
		t.Fatalf("%d answers are in", n)
	}
	b, check := w.take(t, i)
	if n := w.complete(t, f); n != 450 || check.There != 200 {
		t.Errorf("%d answers are in, %+v", n, check)
	}
	line, err := w.BatchByID(w.lead, f.Survey.ID, b.ID)
	must(t, err)
	if line.Entered != 450 {
		t.Errorf("%d are in the batch", line.Entered)
	}
}
