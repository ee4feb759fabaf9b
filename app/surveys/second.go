package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Check is a form that was drawn to be entered a second time: a row of the table survey_checks.
type Check struct {
	ResponseID int64 // the first entry
	BatchID    int64
	Compared   int // answers of both entries; 0 is not entered again yet
}

// TableName is the table that checks live in.
func (Check) TableName() string { return "survey_checks" }

// Difference is a place where two entries of a paper differ: a row of the table survey_differences. What was entered
// stays in it for good, whatever is corrected.
type Difference struct {
	ResponseID  int64 // the first entry
	QuestionID  int64
	RowID       int64  // of a grid
	FirstEntry  string // JSON of Given
	SecondEntry string
	Settled     string // "", first, second, neither: the entry that is right
	SettledBy   *int64
}

// TableName is the table that differences live in.
func (Difference) TableName() string { return "survey_differences" }

// Which entry is right.
const (
	firstIsRight   = "first"
	secondIsRight  = "second"
	neitherIsRight = "neither"
)

// Drawn is a form that was drawn to be entered a second time.
type Drawn struct {
	ResponseID  int64
	EnteredBy   *int64
	Again       bool // it was
	Differences int
	Open        int // not settled yet
}

// DrawnForms are the forms of a batch that were drawn to be entered a second time, by their numbers.
func (s *Service) DrawnForms(ctx context.Context, b Batch) (list []Drawn, err error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT c.response_id, r.entered_by, EXISTS (SELECT 1 FROM survey_responses a WHERE a.second_of = c.response_id) AS again,
			(SELECT count(*) FROM survey_differences d WHERE d.response_id = c.response_id) AS differences,
			(SELECT count(*) FROM survey_differences d WHERE d.response_id = c.response_id AND d.settled = '') AS open
		FROM survey_checks c JOIN survey_responses r ON r.id = c.response_id WHERE c.batch_id = ?`, b.ID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list the forms drawn from batch %d: %w", b.ID, err)
	}
	slices.SortFunc(list, func(a, b Drawn) int { return strings.Compare(formCode(a.ResponseID), formCode(b.ResponseID)) })
	return list, nil
}

// EnterAgain stores the second entry of a form that was drawn, and where it differs from the first. It never counts in
// results. The error is a Conflict where the form was entered again already.
func (s *Service) EnterAgain(ctx context.Context, surveyID, batchID, firstID int64, e Entry) (differences int, err error) {
	if err := mayBuild(ctx); err != nil {
		return 0, err
	}
	err = s.again(ctx, surveyID, func(form Form) error {
		kept, _, err := form.fromPaper(e.Answers)
		if err != nil {
			return err
		}
		return s.DB.Write(ctx, func(tx *database.Tx) error {
			b, err := batchOf(tx, surveyID, batchID)
			if err != nil {
				return err
			}
			first, err := drawnOf(tx, b, firstID)
			if err != nil {
				return err
			}
			differences, err = s.storeAgain(ctx, tx, form, b, first, Entry{Language: e.Language, Answers: kept})
			return err
		})
	})
	return differences, err
}

// drawnOf reads a form that was drawn and not entered again yet.
func drawnOf(tx *database.Tx, b Batch, id int64) (first Response, err error) {
	if first, err = enteredOf(tx, b, id); err != nil {
		return first, err
	}
	var drawn, again bool
	err = tx.Row(`SELECT EXISTS (SELECT 1 FROM survey_checks WHERE response_id = ?), EXISTS (SELECT 1 FROM survey_responses WHERE second_of = ?)`, id, id).Scan(&drawn, &again)
	switch {
	case err != nil:
		return first, fmt.Errorf("look for a second entry: %w", err)
	case !drawn:
		return first, noForm()
	case again:
		return first, fault.New(fault.Conflict, "Somebody has entered this form a second time already.")
	}
	return first, nil
}

func (s *Service) storeAgain(ctx context.Context, tx *database.Tx, form Form, b Batch, first Response, e Entry) (int, error) {
	before, err := readAnswers(tx.DB, first.ID)
	if err != nil {
		return 0, err
	}
	r := s.paperResponse(ctx, tx, form, b, e)
	r.ID, r.State, r.SecondOf, r.SubmittedAt = randomID(), Repeated, &first.ID, nil
	if err := storeResponse(tx, form, r, e.Answers); err != nil {
		return 0, err
	}
	compared, differ, err := form.compare(before, e.Answers)
	if err != nil {
		return 0, err
	}
	for i := range differ {
		differ[i].ResponseID = first.ID
	}
	if len(differ) > 0 {
		if err := tx.Create(&differ).Error; err != nil {
			return 0, fmt.Errorf("store differences: %w", err)
		}
	}
	if err := tx.Exec("UPDATE survey_checks SET compared = ? WHERE response_id = ?", compared, first.ID).Error; err != nil {
		return 0, fmt.Errorf("store a second entry: %w", err)
	}
	details := audit.Details{"compared": compared, "differences": len(differ)}
	if !form.Survey.Anonymous {
		details["response"] = first.ID
	}
	return len(differ), audit.Record(ctx, tx, "survey_batch.enter_again", "survey_batches", b.ID, details)
}

// enteredOnce says which questions are not entered a second time: nobody types a long text twice in the same way.
func enteredOnce(q FormQuestion) bool { return q.Kind == LongText }

// compare finds where two entries of a form differ. What is empty in both is not counted as compared.
func (f Form) compare(first, second Answers) (compared int, differ []Difference, err error) {
	for _, q := range f.questions() {
		if enteredOnce(q) {
			continue
		}
		one, other := q.parts(first[q.ID]), q.parts(second[q.ID])
		for _, row := range q.partIDs() {
			a, b := one[row], other[row]
			if a.Empty() && b.Empty() {
				continue
			}
			if compared++; a.same(b) {
				continue
			}
			d := Difference{QuestionID: q.ID, RowID: row}
			if d.FirstEntry, err = a.text(); err == nil {
				d.SecondEntry, err = b.text()
			}
			if err != nil {
				return 0, nil, err
			}
			differ = append(differ, d)
		}
	}
	return compared, differ, nil
}

// partIDs are the rows of a grid; of every other question there is one part, 0.
func (q FormQuestion) partIDs() (ids []int64) {
	if q.Kind != Grid {
		return []int64{0}
	}
	for _, row := range q.Rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// parts are what was given to each row of a grid, as to a question with one answer; of every other question it is all.
func (q FormQuestion) parts(given Given) map[int64]Given {
	if q.Kind != Grid {
		return map[int64]Given{0: given}
	}
	parts := map[int64]Given{}
	for _, row := range q.Rows {
		switch option, answered := given.Rows[row.ID]; {
		case given.Unreadable, answered && option == unreadableRow:
			parts[row.ID] = Given{Unreadable: true}
		case answered:
			parts[row.ID] = Given{Choices: []int64{option}}
		}
	}
	return parts
}

// withPart is an answer of which one part was replaced.
func (q FormQuestion) withPart(given Given, row int64, part Given) Given {
	if q.Kind != Grid {
		return part
	}
	rows := map[int64]int64{}
	for id, one := range q.parts(given) {
		if id == row {
			continue
		}
		if rows[id] = unreadableRow; !one.Unreadable {
			rows[id] = one.Choices[0]
		}
	}
	switch {
	case part.Unreadable:
		rows[row] = unreadableRow
	case len(part.Choices) > 0:
		rows[row] = part.Choices[0]
	}
	return Given{Rows: rows}
}

// same says whether two entries say the same. Capital letters and blanks do not matter.
func (g Given) same(other Given) bool {
	plain := func(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }
	sorted := func(ids []int64) []int64 { return slices.Sorted(slices.Values(ids)) }
	number := g.Number == nil && other.Number == nil || g.Number != nil && other.Number != nil && *g.Number == *other.Number
	return number && g.Unreadable == other.Unreadable && plain(g.Text) == plain(other.Text) && plain(g.Other) == plain(other.Other) && slices.Equal(sorted(g.Choices), sorted(other.Choices))
}

func (g Given) text() (string, error) {
	text, err := json.Marshal(g)
	return string(text), err
}

func givenOf(text string) (g Given, err error) {
	if err := json.Unmarshal([]byte(text), &g); err != nil {
		return g, fmt.Errorf("read an entry: %w", err)
	}
	return g, nil
}
