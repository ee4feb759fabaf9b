package surveys

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// Results are the answers to a survey, counted. True numbers: for staff, and not for publishing.
type Results struct {
	Form      Form
	Complete  int  // responses that count
	Drafts    int  // begun and not sent
	Withheld  bool // an anonymous survey with few answers: nothing is shown
	Questions []QuestionResult
}

// QuestionResult is what was answered to one question.
type QuestionResult struct {
	Question FormQuestion
	Answered int           // people
	Counts   []ChoiceCount // of options, or steps; of a grid row by row
	Written  int           // free texts
}

// ChoiceCount is how many people chose something.
type ChoiceCount struct {
	Row, Label string // Row is of a grid
	People     int
}

// Results counts the answers to a survey. It needs the right to manage surveys.
func (s *Service) Results(ctx context.Context, surveyID int64) (r Results, err error) {
	if err := mayBuild(ctx); err != nil {
		return r, err
	}
	read := s.DB.Read(ctx)
	if r.Form, err = readForm(read, surveyID, ""); err != nil {
		return r, err
	}
	err = read.Raw(`SELECT count(CASE WHEN state = 'complete' THEN 1 END), count(CASE WHEN state = 'draft' THEN 1 END)
		FROM survey_responses WHERE survey_id = ? AND second_of IS NULL`, surveyID).Row().Scan(&r.Complete, &r.Drafts)
	if err != nil {
		return r, fmt.Errorf("count the responses to survey %d: %w", surveyID, err)
	}
	if r.Withheld = r.Form.Survey.Anonymous && r.Complete < fewest; r.Withheld {
		r.Complete, r.Drafts = 0, 0
		return r, nil
	}
	counts, err := readCounts(read, surveyID)
	if err != nil {
		return r, err
	}
	for _, section := range r.Form.Sections {
		for _, q := range section.Questions {
			r.Questions = append(r.Questions, q.result(counts[q.ID]))
		}
	}
	return r, nil
}

// counted is one group of equal answers.
type counted struct {
	QuestionID, RowID, ChoiceID int64
	Number                      *int64
	People, Written             int
}

// readCounts groups the answers that count by question.
func readCounts(read *gorm.DB, surveyID int64) (map[int64][]counted, error) {
	var rows []counted
	err := read.Raw(`SELECT a.question_id, a.row_id, a.choice_id, a.number, count(DISTINCT a.response_id) AS people, count(CASE WHEN a.text <> '' THEN 1 END) AS written
		FROM survey_answers a JOIN survey_responses r ON r.id = a.response_id
		WHERE r.survey_id = ? AND r.state = 'complete' AND r.second_of IS NULL GROUP BY a.question_id, a.row_id, a.choice_id, a.number`, surveyID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count the answers to survey %d: %w", surveyID, err)
	}
	out := map[int64][]counted{}
	for _, row := range rows {
		out[row.QuestionID] = append(out[row.QuestionID], row)
	}
	return out, nil
}

func (q FormQuestion) result(rows []counted) QuestionResult {
	r := QuestionResult{Question: q}
	of := func(row, choice, number int64) (people int) {
		for _, c := range rows {
			if c.RowID == row && c.ChoiceID == choice && (number == 0 || c.Number != nil && *c.Number == number) {
				people += c.People
			}
		}
		return people
	}
	for _, c := range rows {
		r.Written += c.Written
	}
	switch q.Kind {
	case Grid:
		for _, row := range q.Rows {
			for _, o := range q.Options {
				r.Counts = append(r.Counts, ChoiceCount{Row: row.Label, Label: o.Label, People: of(row.ID, o.ID, 0)})
			}
		}
	case Scale:
		for n := 1; n <= q.Limits.Steps; n++ {
			r.Counts = append(r.Counts, ChoiceCount{Label: q.stepLabel(n), People: of(0, 0, int64(n))})
		}
	default:
		for _, o := range q.Options {
			r.Counts = append(r.Counts, ChoiceCount{Label: o.Label, People: of(0, o.ID, 0)})
		}
	}
	return r
}

func (q FormQuestion) stepLabel(n int) string {
	switch n {
	case 1:
		return fmt.Sprintf("%d, %s", n, q.Words.Low)
	case q.Limits.Steps:
		return fmt.Sprintf("%d, %s", n, q.Words.High)
	}
	return fmt.Sprint(n)
}

// writtenLimit is how many texts are shown at once.
const writtenLimit = 200

// WrittenAnswers are the texts that people wrote to a question, in no order that tells who wrote when.
func (s *Service) WrittenAnswers(ctx context.Context, surveyID, questionID int64) (texts []string, err error) {
	r, err := s.Results(ctx, surveyID)
	if err != nil || r.Withheld {
		return nil, err
	}
	err = s.DB.Read(ctx).Raw(`SELECT a.text FROM survey_answers a JOIN survey_responses r ON r.id = a.response_id
		WHERE r.survey_id = ? AND r.state = 'complete' AND r.second_of IS NULL AND a.question_id = ? AND a.text <> '' ORDER BY r.id LIMIT ?`, surveyID, questionID, writtenLimit).Scan(&texts).Error
	if err != nil {
		return nil, fmt.Errorf("read what people wrote to question %d: %w", questionID, err)
	}
	return texts, nil
}
