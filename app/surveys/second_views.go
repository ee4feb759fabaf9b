package surveys

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/app/audit"
	pages "conversations/templates/surveys"
)

// secondFacts says on a batch's page how far its second entry is.
func (s *Service) secondFacts(ctx context.Context, b BatchLine, v *pages.BatchView) (err error) {
	switch {
	case b.Checks > 0:
		v.Second, v.SecondHref = fmt.Sprintf("%d of %s entered a second time.", b.Again, howMany(b.Checks, "form that was drawn is", "forms that were drawn are")), batchPath(b.Batch)+"/second"
	case b.Share > 0:
		v.Second = fmt.Sprintf("About %d%% of the forms will be drawn at random, and entered a second time.", b.Share)
	}
	if b.Again > 0 {
		v.DifferencesHref, v.Differences = batchPath(b.Batch)+"/differences", howMany(b.Open, "difference is", "differences are")+" to be settled"
	}
	v.Rates, err = s.rateWords(ctx, b.SurveyID, b.ID)
	return err
}

func howMany(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// rateWords say how good the typing is, over a batch or (batchID is 0) a survey; nothing before a form was entered twice.
func (s *Service) rateWords(ctx context.Context, surveyID, batchID int64) (lines []string, err error) {
	r, err := s.TypingOf(ctx, surveyID, batchID)
	if err != nil || r.Compared == 0 {
		return nil, err
	}
	lines = append(lines, fmt.Sprintf("%s entered twice. Of %s, %s: %s.", howMany(r.Forms, "form was", "forms were"), howMany(r.Compared, "answer", "answers"),
		howMany(r.Differ, "differs", "differ"), shareWords(r.Differ, r.Compared)))
	found := fmt.Sprintf("Mistakes found in the first entry: %d, which is %s.", r.Wrong, shareWords(r.Wrong, r.Compared))
	if r.Open > 0 {
		found += " " + howMany(r.Open, "difference is", "differences are") + " not settled yet."
	}
	return append(lines, found, "Answers that both entries leave empty are not counted, nor are long texts."), nil
}

// shareWords is a share with the interval in which it lies.
func shareWords(k, n int) string {
	low, high := Wilson(k, n)
	return fmt.Sprintf("%.1f %% (95 %% sure: between %.1f %% and %.1f %%)", 100*float64(k)/float64(n), 100*low, 100*high)
}

func secondView(ctx context.Context, form Form, b BatchLine, list []Drawn) pages.SecondView {
	v, me := pages.SecondView{Title: form.Words.Title, Batch: b.title()}, audit.StaffID(ctx)
	for _, d := range list {
		row := pages.SecondRow{Code: formCode(d.ResponseID), State: "To do"}
		switch {
		case d.Again && d.Differences == 0:
			row.State = "Done, no difference"
		case d.Again:
			row.State = fmt.Sprintf("Done, %s, %d not settled", howMany(d.Differences, "difference", "differences"), d.Open)
		default:
			row.Href = fmt.Sprintf("%s/second/%d", batchPath(b.Batch), d.ResponseID)
			if me != nil && d.EnteredBy != nil && *me == *d.EnteredBy {
				row.Note = "You entered it first. Leave it to somebody else, if you can."
			}
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

func differencesView(form Form, b BatchLine, list []Difference) (pages.DifferencesView, error) {
	v, n := pages.DifferencesView{Title: form.Words.Title, Batch: b.title(), Action: batchPath(b.Batch) + "/differences"}, form.numbered()
	for i, d := range list {
		q, there := form.Question(d.QuestionID)
		if !there {
			continue // taken out since: its answers stay as they are
		}
		row := pages.DifferenceRow{ID: "settled-" + strconv.Itoa(i+1), Code: formCode(d.ResponseID), ChangeHref: enteredPath(b.Batch, d.ResponseID), Response: strconv.FormatInt(d.ResponseID, 10),
			Question: strconv.FormatInt(d.QuestionID, 10), Row: strconv.FormatInt(d.RowID, 10), Number: strconv.Itoa(n.numbers[q.ID]), Label: q.Words.Title, Settled: d.Settled}
		if at := slices.IndexFunc(q.Rows, func(r FormChoice) bool { return r.ID == d.RowID }); at >= 0 {
			row.Label += " " + q.Rows[at].Label
			row.Number += string('a' + rune(at%26))
		}
		for _, entry := range []struct{ from, to *string }{{&d.FirstEntry, &row.First}, {&d.SecondEntry, &row.Second}} {
			given, err := givenOf(*entry.from)
			if err != nil {
				return v, err
			}
			*entry.to = q.inWords(given)
		}
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// inWords is an answer as staff read it.
func (q FormQuestion) inWords(given Given) string {
	var parts []string
	for _, o := range q.Options {
		if slices.Contains(given.Choices, o.ID) {
			parts = append(parts, o.Label)
		}
	}
	if given.Number != nil {
		parts = append(parts, strconv.FormatInt(*given.Number, 10))
	}
	for _, text := range []string{given.Text, given.Other} {
		if text != "" {
			parts = append(parts, "“"+text+"”")
		}
	}
	switch {
	case given.Unreadable:
		return "cannot read"
	case len(parts) == 0:
		return "empty"
	}
	return strings.Join(parts, ", ")
}
