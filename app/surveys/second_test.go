package surveys_test

import (
	"math"
	"strings"
	"testing"

	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/surveys"
)

func TestAShareOfTheFormsIsDrawnAndASmallPileHasOneAtLeast(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.opened(t)
	answers := surveys.Answers{f.Sections[1].Questions[2].ID: {Text: "Words"}}
	for _, c := range []struct{ share, counted, entered, drawn string }{{"10", "", "20", "2"}, {"30", "", "10", "3"}, {"100", "", "5", "5"}, {"0", "", "10", "0"}, {"10", "4", "4", "1"}} {
		b := w.batch(t, f, func(b *surveys.BatchForm) { b.Share, b.Forms = c.share, c.counted })
		drawn := 0
		for range whole(t, c.entered) {
			if w.enter(t, w.lead, b, answers).Drawn {
				drawn++
			}
		}
		if drawn != whole(t, c.drawn) {
			t.Errorf("%s %% of %s forms: %d are drawn", c.share, c.entered, drawn)
		}
	}
}

func whole(t testing.TB, text string) (n int) {
	t.Helper()
	for _, digit := range text {
		n = 10*n + int(digit-'0')
	}
	return n
}

// twice is a form that was entered twice, by two people, with two differences: the way to choose a service was 3 and not 4,
// and a row of the grid was good and not poor.
func (w world) twice(t testing.TB) (f surveys.Form, b surveys.Batch, first surveys.Entered) {
	t.Helper()
	f = w.opened(t)
	grid, why, better, easy := f.Sections[1].Questions[0], f.Sections[1].Questions[1], f.Sections[1].Questions[2], f.Sections[1].Questions[3]
	b = w.batch(t, f, func(b *surveys.BatchForm) { b.Share = "100" })
	answers := func(step int64, option int) surveys.Answers {
		return surveys.Answers{grid.ID: {Rows: map[int64]int64{grid.Rows[0].ID: grid.Options[1].ID, grid.Rows[1].ID: grid.Options[option].ID, grid.Rows[2].ID: 0}},
			why.ID: {Choices: []int64{why.Options[1].ID, why.Options[0].ID}}, easy.ID: {Number: &step}, better.ID: {Text: "Only once"}}
	}
	first = w.enter(t, w.lead, b, answers(3, 2))
	again := answers(4, 0)
	delete(again, better.ID)
	other := w.staff(t, "Second Lead", "admin")
	differ, err := w.EnterAgain(other, f.Survey.ID, b.ID, first.ID, surveys.Entry{Answers: again})
	must(t, err)
	if differ != 2 {
		t.Fatalf("%d differences", differ)
	}
	return f, b, first
}

func TestASecondEntryIsComparedAndNeverCounts(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f, b, first := w.twice(t)
		r, err := w.Results(w.lead, f.Survey.ID)
		must(t, err)
		if lines := strings.Count(w.exported(t, f.Survey.ID), "paper"); r.Complete != 1 || lines != 1 {
			t.Errorf("%d count, %d are taken out", r.Complete, lines)
		}
		rate, err := w.TypingOf(w.lead, f.Survey.ID, 0)
		must(t, err)
		if rate != (surveys.TypingRate{Forms: 1, Compared: 5, Differ: 2, Open: 2}) {
			t.Errorf("the rate is %+v", rate)
		}
		if _, err := w.EnterAgain(w.lead, f.Survey.ID, b.ID, first.ID, surveys.Entry{}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a third entry: %v", err)
		}
	})
}

func TestTheRightEntryIsChosenAndTheOtherStaysOnRecord(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f, b, first := w.twice(t)
		grid, easy := f.Sections[1].Questions[0], f.Sections[1].Questions[3]
		list, err := w.Differences(w.lead, b)
		must(t, err)
		for _, d := range list {
			d.Settled = "second"
			must(t, w.Settle(w.lead, f.Survey.ID, b.ID, d))
		}
		_, answers, err := w.EnteredForm(w.lead, b, first.ID)
		must(t, err)
		rows := answers[grid.ID].Rows
		if *answers[easy.ID].Number != 4 || rows[grid.Rows[1].ID] != grid.Options[0].ID || rows[grid.Rows[0].ID] != grid.Options[1].ID || rows[grid.Rows[2].ID] != 0 || len(rows) != 3 {
			t.Errorf("corrected to %+v", answers)
		}
		rate, err := w.TypingOf(w.lead, f.Survey.ID, b.ID)
		must(t, err)
		if rate.Wrong != 2 || rate.Open != 0 || rate.Differ != 2 {
			t.Errorf("the rate is %+v", rate)
		}
		for _, d := range list {
			d.Settled = "first"
			must(t, w.Settle(w.lead, f.Survey.ID, b.ID, d))
		}
		if _, answers, err = w.EnteredForm(w.lead, b, first.ID); err != nil || *answers[easy.ID].Number != 3 || answers[grid.ID].Rows[grid.Rows[1].ID] != grid.Options[2].ID {
			t.Errorf("taken back to %+v, %v", answers, err)
		}
		kept, err := w.Differences(w.lead, b)
		must(t, err)
		for i := range kept {
			if kept[i].FirstEntry != list[i].FirstEntry || kept[i].SecondEntry != list[i].SecondEntry {
				t.Errorf("what was entered changed: %+v", kept[i])
			}
		}
		var audited int
		must(t, w.db.Read(t.Context()).Raw("SELECT count(*) FROM audit_entries WHERE action = 'survey_batch.settle'").Scan(&audited).Error)
		if audited != 4 {
			t.Errorf("%d corrections are in the log", audited)
		}
		if said := says(t, w.Settle(w.lead, f.Survey.ID, b.ID, surveys.Difference{ResponseID: first.ID, Settled: "maybe"})); said["settled"] == "" {
			t.Error("an entry that is no entry is taken for right")
		}
	})
}

// The numbers are those of Wilson's interval without correction for continuity (Newcombe 1998, table I).
func TestTheIntervalOfAShare(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {29, 29, 0.8830, 1}} {
		low, high := surveys.Wilson(c.k, c.n)
		if math.Abs(low-c.low) > 0.0001 || math.Abs(high-c.high) > 0.0001 {
			t.Errorf("%d of %d: %.4f to %.4f", c.k, c.n, low, high)
		}
	}
}
