package surveys

import (
	"context"
	"fmt"
	"math"
	"slices"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// Differences are where the two entries of a batch's forms differ, those that are not settled first.
func (s *Service) Differences(ctx context.Context, b Batch) (list []Difference, err error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT d.* FROM survey_differences d JOIN survey_checks c ON c.response_id = d.response_id WHERE c.batch_id = ?
		ORDER BY CASE WHEN d.settled = '' THEN 0 ELSE 1 END, d.response_id, d.question_id, d.row_id`, b.ID).Scan(&list).Error
	if err != nil {
		return nil, fmt.Errorf("list the differences of batch %d: %w", b.ID, err)
	}
	return list, nil
}

// Settle says which of two entries is right, by the paper: "first", "second" or "neither". Where the second is, the answer
// that counts becomes it; both entries stay on record. It can be settled anew.
func (s *Service) Settle(ctx context.Context, surveyID, batchID int64, d Difference) error {
	if err := mayBuild(ctx); err != nil {
		return err
	}
	if !slices.Contains([]string{firstIsRight, secondIsRight, neitherIsRight}, d.Settled) {
		return oneProblem("settled", "Choose which entry is right")
	}
	form, err := s.FormOf(ctx, surveyID, "")
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		b, err := batchOf(tx, surveyID, batchID)
		if err != nil {
			return err
		}
		first, err := enteredOf(tx, b, d.ResponseID)
		if err != nil {
			return err
		}
		return s.settle(ctx, tx, form, first, d)
	})
}

func (s *Service) settle(ctx context.Context, tx *database.Tx, form Form, first Response, wish Difference) error {
	var d Difference
	err := database.First(tx.Raw("SELECT * FROM survey_differences WHERE response_id = ? AND question_id = ? AND row_id = ?"+tx.ForUpdate(), wish.ResponseID, wish.QuestionID, wish.RowID), &d)
	if database.IsNotFound(err) {
		return fault.New(fault.NotFound, "There is no such difference between two entries.")
	}
	if err != nil {
		return err
	}
	if err := correct(tx, form, first, d, wish.Settled); err != nil {
		return err
	}
	if first.State == Complete {
		if err := s.told(ctx, tx, form.Survey, first); err != nil {
			return err
		}
	}
	err = tx.Exec("UPDATE survey_differences SET settled = ?, settled_by = ? WHERE response_id = ? AND question_id = ? AND row_id = ?", wish.Settled, audit.StaffID(ctx), d.ResponseID, d.QuestionID, d.RowID).Error
	if err != nil {
		return fmt.Errorf("settle a difference: %w", err)
	}
	details := audit.Details{"question": d.QuestionID, "row": d.RowID, "before": d.Settled, "settled": wish.Settled}
	if !form.Survey.Anonymous {
		details["response"] = first.ID
	}
	return audit.Record(ctx, tx, "survey_batch.settle", "survey_batches", *first.BatchID, details)
}

// correct has the answer that counts say what the right entry says. Where neither is right it stays, for staff to change.
func correct(tx *database.Tx, form Form, first Response, d Difference, right string) error {
	q, there := form.Question(d.QuestionID)
	if !there {
		return fault.New(fault.Conflict, "This question is not in the survey any more, so its answers stay as they are.")
	}
	text := map[string]string{firstIsRight: d.FirstEntry, secondIsRight: d.SecondEntry}[right]
	if text == "" {
		return nil
	}
	part, err := givenOf(text)
	if err != nil {
		return err
	}
	answers, err := readAnswers(tx.DB, first.ID)
	if err != nil {
		return err
	}
	return storeAnswers(tx, first.ID, []FormQuestion{q}, Answers{q.ID: q.withPart(answers[q.ID], d.RowID, part)}, nil)
}

// TypingRate is how good typing is, by the forms that were entered twice.
type TypingRate struct {
	Forms    int // entered twice
	Compared int // answers
	Differ   int // of them
	Open     int // differences that are not settled
	Wrong    int // first entries that were found wrong
}

// TypingOf counts over a batch, or (batchID is 0) over a survey. It says nothing of single members of staff.
func (s *Service) TypingOf(ctx context.Context, surveyID, batchID int64) (r TypingRate, err error) {
	if err := mayBuild(ctx); err != nil {
		return r, err
	}
	where, args := "b.survey_id = ?", []any{surveyID}
	if batchID != 0 {
		where, args = where+" AND b.id = ?", append(args, batchID)
	}
	read := s.DB.Read(ctx)
	err = read.Raw(`SELECT count(*), coalesce(sum(c.compared), 0) FROM survey_checks c JOIN survey_batches b ON b.id = c.batch_id
		JOIN survey_responses r ON r.second_of = c.response_id WHERE `+where, args...).Row().Scan(&r.Forms, &r.Compared)
	if err == nil {
		err = read.Raw(`SELECT count(*), count(CASE WHEN d.settled = '' THEN 1 END), count(CASE WHEN d.settled IN ('second', 'neither') THEN 1 END)
			FROM survey_differences d JOIN survey_checks c ON c.response_id = d.response_id JOIN survey_batches b ON b.id = c.batch_id WHERE `+where, args...).Row().Scan(&r.Differ, &r.Open, &r.Wrong)
	}
	if err != nil {
		return r, fmt.Errorf("count what was entered twice: %w", err)
	}
	return r, nil
}

// Wilson is the interval in which a share lies with 95 % confidence, where k of n were found. Of nothing it is from 0 to 1.
func Wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p, size := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return max(0, middle-half), min(1, middle+half)
}
