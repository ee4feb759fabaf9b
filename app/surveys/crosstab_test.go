package surveys_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"conversations/app/database"
	"conversations/app/database/databasetest"
	"conversations/app/fault"
	"conversations/app/sheet"
	"conversations/app/surveys"
)

// random has people answer the urgent care survey at random, and sets some aside.
func (w world) random(t testing.TB, f surveys.Form, people int, seed uint64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	for range people {
		p := w.person(t, f)
		for _, section := range f.Sections {
			answers := surveys.Answers{}
			for _, q := range section.Questions {
				answers[q.ID] = anyAnswer(r, q)
			}
			if p.next(answers) {
				break
			}
		}
	}
	must(t, w.db.Write(t.Context(), func(tx *database.Tx) error {
		return tx.Exec("UPDATE survey_responses SET state = 'set-aside' WHERE state = 'complete' AND id % 7 = 0").Error
	}))
}

func anyAnswer(r *rand.Rand, q surveys.FormQuestion) (g surveys.Given) {
	if !q.Required && r.IntN(5) == 0 {
		return g
	}
	switch q.Kind {
	case surveys.OneOf, surveys.YesNo:
		g.Choices = []int64{q.Options[r.IntN(len(q.Options))].ID}
	case surveys.SeveralOf:
		for _, o := range q.Options {
			if o.Special == "" && r.IntN(2) == 0 {
				g.Choices = append(g.Choices, o.ID)
			}
		}
	case surveys.Scale:
		n := int64(1 + r.IntN(q.Limits.Steps))
		g.Number = &n
	case surveys.Grid:
		g.Rows = map[int64]int64{}
		for _, row := range q.Rows {
			if r.IntN(4) > 0 {
				g.Rows[row.ID] = q.Options[r.IntN(len(q.Options))].ID
			}
		}
	case surveys.LongText:
		g.Text = []string{"Shorter waits", "An easier way in", "Nothing, it was 100% good"}[r.IntN(3)]
	case surveys.Postcode:
		g.Text = []string{"HP1", "WD17", "AL1"}[r.IntN(3)]
	}
	return g
}

// The numbers on the page are those that SQL finds in the answers themselves.
func TestCountsAgreeWithTheAnswers(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		w.random(t, f, 40, 1)
		for _, filter := range []surveys.ResultFilter{{}, {Locality: "dacorum"}, {Locality: "-"}, {Channel: "paper"}, {From: "2017-02-10", To: "2017-02-10"}, {To: "2017-02-09"}} {
			r, err := w.FilteredResults(w.lead, f.Survey.ID, filter)
			must(t, err)
			where := "r.state = 'complete'"
			switch {
			case filter.Locality == "-":
				where += " AND r.locality = ''"
			case filter.Locality != "":
				where += " AND r.locality = 'dacorum'"
			case filter.Channel != "" || filter.From == "" && filter.To != "":
				where += " AND 1 = 0"
			}
			for _, q := range r.Questions {
				i := 0
				rows := q.Question.Rows
				if q.Question.Kind != surveys.Grid {
					rows = []surveys.FormChoice{{}}
				}
				for _, row := range rows {
					for _, o := range q.Question.Options {
						var want int
						must(t, w.db.Read(t.Context()).Raw(`SELECT count(*) FROM survey_answers a JOIN survey_responses r ON r.id = a.response_id
							WHERE a.question_id = ? AND a.row_id = ? AND a.choice_id = ? AND `+where, q.Question.ID, row.ID, o.ID).Scan(&want).Error)
						if q.Counts[i].People != want {
							t.Errorf("%+v, %s %s %s: %d, and there are %d", filter, q.Question.Words.Title, row.Label, o.Label, q.Counts[i].People, want)
						}
						i++
					}
				}
			}
		}
	})
}

func TestTwoQuestionsAreCountedTogether(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		w.random(t, f, 40, 2)
		for _, pair := range [][2]string{{"q1", "q3"}, {"q2_nhs-111", "q5"}, {"q3", "locality"}, {"channel", "q7"}, {"event", "q1"}} {
			x, err := w.Crosstab(w.lead, f.Survey.ID, pair[0], pair[1], surveys.ResultFilter{})
			must(t, err)
			if x.People == 0 || len(x.Cells) != len(x.Rows.Categories) {
				t.Fatalf("%v: %d people in %d rows", pair, x.People, len(x.Cells))
			}
			for i, row := range x.Cells {
				for j, n := range row {
					if want := w.together(t, x.Rows, i, x.Columns, j); n != want {
						t.Errorf("%v, %s and %s: %d, and there are %d", pair, x.Rows.Categories[i], x.Columns.Categories[j], n, want)
					}
				}
			}
		}
		if _, err := w.Crosstab(w.lead, f.Survey.ID, "q1", "q99", surveys.ResultFilter{}); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a question that is not there: %v", err)
		}
	})
}

// together counts by SQL who is in a category of one thing and in one of another.
func (w world) together(t testing.TB, rows surveys.Side, i int, columns surveys.Side, j int) (n int) {
	t.Helper()
	condition := func(s surveys.Side, at int) (string, []any) {
		code := s.Codes[at]
		if !strings.HasPrefix(s.Key, "q") {
			column := map[string]string{"locality": "locality", "channel": "channel", "event": "coalesce(event_id, 0)"}[s.Key]
			return fmt.Sprintf("CAST(r.%s AS TEXT) = ?", column), []any{code}
		}
		if s.Key == "event" {
			return "TRUE", nil
		}
		number, row, grid := strings.Cut(strings.TrimPrefix(s.Key, "q"), "_")
		text := `EXISTS (SELECT 1 FROM survey_answers a JOIN survey_questions q ON q.id = a.question_id LEFT JOIN survey_choices c ON c.id = a.choice_id
			LEFT JOIN survey_choices g ON g.id = a.row_id WHERE a.response_id = r.id AND CAST(q.number AS TEXT) = ? AND coalesce(c.code, CAST(a.number AS TEXT)) = ?`
		args := []any{number, code}
		if grid {
			text, args = text+" AND g.code = ?", append(args, row)
		}
		return text + ")", args
	}
	a, some := condition(rows, i)
	b, more := condition(columns, j)
	text := strings.ReplaceAll("SELECT count(*) FROM survey_responses r WHERE r.state = 'complete' AND "+a+" AND "+b, "r.coalesce(event_id", "coalesce(r.event_id")
	must(t, w.db.Read(t.Context()).Raw(text, append(some, more...)...).Scan(&n).Error)
	return n
}

func TestAComparisonLeavesAsATable(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	f := w.answered(t)
	table, err := w.ExportCrosstab(w.lead, f.Survey.ID, "q1", "channel", surveys.ResultFilter{}, sheet.FormatCSV)
	must(t, err)
	var out strings.Builder
	must(t, sheet.Write(&out, sheet.FormatCSV, table))
	if !strings.Contains(out.String(), "Online,All,\"Online, share of the row\",\"Online, share of the column\"\r\nYes,1,1,1,0.5") {
		t.Errorf("it is\n%s", out.String())
	}
}

func TestWhatPeopleWroteIsFoundByItsWords(t *testing.T) {
	databasetest.Each(t, func(t *testing.T, address string) {
		w := open(t, address)
		f := w.opened(t)
		w.random(t, f, 60, 3)
		question := f.Sections[1].Questions[2].ID
		all, err := w.Written(w.lead, f.Survey.ID, question, surveys.WrittenFilter{})
		must(t, err)
		found := 0
		for text, want := range map[string]string{"WAITS shorter": "Shorter waits", "easier": "An easier way in", "100%": "Nothing, it was 100% good", "_": "", "0_%": ""} {
			page, err := w.Written(w.lead, f.Survey.ID, question, surveys.WrittenFilter{Text: text})
			must(t, err)
			found += page.Total
			for _, got := range page.Texts {
				if got != want {
					t.Errorf("%q finds %q", text, got)
				}
			}
			if want != "" && page.Total == 0 {
				t.Errorf("%q finds nothing", text)
			}
		}
		if found != all.Total || all.Total == 0 {
			t.Errorf("%d are found of %d", found, all.Total)
		}
		table, err := w.ExportWritten(w.lead, f.Survey.ID, question, surveys.WrittenFilter{Text: "easier"}, sheet.FormatCSV)
		must(t, err)
		var out strings.Builder
		must(t, sheet.Write(&out, sheet.FormatCSV, table))
		if strings.Contains(out.String(), "waits") || !strings.Contains(out.String(), "An easier way in") {
			t.Errorf("taken out:\n%s", out.String())
		}
	})
}

func TestNumbersAreSummedUp(t *testing.T) {
	w := open(t, databasetest.SQLite(t))
	survey, err := w.Create(w.lead, surveys.SurveyForm{Title: "How far"})
	must(t, err)
	w.add(t, w.form(t, survey.ID), 0, surveys.QuestionForm{Kind: "number", Label: "How many miles did you come?"})
	_, err = w.Open(w.lead, survey.ID)
	must(t, err)
	f := w.form(t, survey.ID)
	for _, miles := range []int64{1, 2, 2, 5, 40} {
		w.person(t, f).next(surveys.Answers{f.Sections[0].Questions[0].ID: {Number: &miles}})
	}
	r, err := w.Results(w.lead, survey.ID)
	must(t, err)
	n := r.Questions[0].Numbers
	if n.Mean != 10 || n.Median != 2 || n.Least != 1 || n.Most != 40 || n.Bands[0].Words() != "1 to 4" || n.Bands[0].People != 3 || n.Bands[len(n.Bands)-1].People != 1 {
		t.Errorf("the summary is %+v", n)
	}
}
