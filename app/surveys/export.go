package surveys

import (
	"context"
	"fmt"
	"iter"
	"strconv"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// exportChunk is how many responses are read at once.
const exportChunk = 500

// column is a column of the export: of one question, and of one option or row where it has several.
type column struct {
	head     string
	question int64
	value    func(Given) any
}

// of is the column's cell in the row of a response.
func (c column) of(answers map[int64]Given) any { return c.value(answers[c.question]) }

// ExportResponses gives one row for each response that counts as a table on its way out. A question has its columns in the
// order in which questions were made, for life: one that is added later adds its columns at the end, and one that is taken
// out keeps them. Several-of has a column of 0 and 1 for each option. Of an anonymous survey there are no times, and
// nothing before five have answered: a Conflict fault. That it was taken out is in the audit log.
func (s *Service) ExportResponses(ctx context.Context, surveyID int64, format sheet.Format) (sheet.Table, error) {
	r, err := s.Results(ctx, surveyID)
	if err != nil {
		return sheet.Table{}, err
	}
	if r.Withheld {
		return sheet.Table{}, fault.New(fault.Conflict, "Fewer than five people have answered this anonymous survey, so nothing is shown yet.")
	}
	columns, err := s.columns(ctx, r.Form.Survey)
	if err != nil {
		return sheet.Table{}, err
	}
	var ids []int64
	err = s.DB.Read(ctx).Raw("SELECT id FROM survey_responses WHERE survey_id = ? AND state = 'complete' AND second_of IS NULL ORDER BY id", surveyID).Scan(&ids).Error
	if err != nil {
		return sheet.Table{}, fmt.Errorf("list the responses to survey %d: %w", surveyID, err)
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "responses.export", "surveys", surveyID, audit.Details{"format": format, "rows": len(ids)})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	head := []string{"id", "channel", "language", "locality", "submitted_at"}
	for _, c := range columns {
		head = append(head, c.head)
	}
	return sheet.Table{Head: head, Rows: s.responseRows(ctx, ids, columns), Options: sheet.Options{Name: "Responses", At: s.DB.Now(),
		By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(), Filter: [][2]string{{"Survey", r.Form.Words.Title}}}}, nil
}

// columns are those of all questions that a survey ever had, in the order of their numbers.
func (s *Service) columns(ctx context.Context, survey Survey) (columns []column, err error) {
	read := s.DB.Read(ctx)
	var questions []Question
	if err := read.Raw("SELECT * FROM survey_questions WHERE survey_id = ? ORDER BY number", survey.ID).Scan(&questions).Error; err != nil {
		return nil, fmt.Errorf("read the questions of survey %d: %w", survey.ID, err)
	}
	var choices []Choice
	err = read.Raw(`SELECT c.* FROM survey_choices c JOIN survey_questions q ON q.id = c.question_id WHERE q.survey_id = ? ORDER BY c.question_id, c.part DESC, c.id`, survey.ID).Scan(&choices).Error
	if err != nil {
		return nil, fmt.Errorf("read the options of survey %d: %w", survey.ID, err)
	}
	byQuestion := map[int64][]Choice{}
	for _, c := range choices {
		byQuestion[c.QuestionID] = append(byQuestion[c.QuestionID], c)
	}
	for _, q := range questions {
		columns = append(columns, q.columns(byQuestion[q.ID])...)
	}
	return columns, nil
}

// columns of one question: q3, and where it has several q3_near, q3_nhs-111.
func (q Question) columns(choices []Choice) (columns []column) {
	name, codes, other := "q"+strconv.Itoa(q.Number), map[int64]string{}, false
	for _, c := range choices {
		if c.Part == OptionPart {
			codes[c.ID] = c.Code
			other = other || c.Special == OtherSpecial
		}
	}
	switch q.Kind {
	case SeveralOf:
		for _, c := range choices {
			columns = append(columns, column{name + "_" + c.Code, q.ID, func(g Given) any { return g.chose(c.ID) }})
		}
	case Grid:
		for _, c := range choices {
			if c.Part == RowPart {
				columns = append(columns, column{name + "_" + c.Code, q.ID, func(g Given) any { return codes[g.Rows[c.ID]] }})
			}
		}
	case OneOf, YesNo, Recontact, QuoteOK:
		columns = append(columns, column{name, q.ID, func(g Given) any {
			if len(g.Choices) == 0 {
				return ""
			}
			return codes[g.Choices[0]]
		}})
	case Scale, Number:
		columns = append(columns, column{name, q.ID, func(g Given) any {
			if g.Number == nil {
				return ""
			}
			return *g.Number
		}})
	default:
		columns = append(columns, column{name, q.ID, func(g Given) any { return g.Text }})
	}
	if other {
		columns = append(columns, column{name + "_text", q.ID, func(g Given) any { return g.Other }})
	}
	return columns
}

// chose is 1 where an option was chosen, 0 where another was, and nothing where the question was not answered.
func (g Given) chose(option int64) any {
	if len(g.Choices) == 0 {
		return ""
	}
	for _, id := range g.Choices {
		if id == option {
			return 1
		}
	}
	return 0
}

// responseRows reads responses chunk by chunk.
func (s *Service) responseRows(ctx context.Context, ids []int64, columns []column) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for len(ids) > 0 {
			chunk := ids[:min(exportChunk, len(ids))]
			ids = ids[len(chunk):]
			responses, answers, err := s.readResponses(ctx, chunk)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range responses {
				row := []any{strconv.FormatInt(r.ID, 36), r.Channel, r.Language, r.Locality, r.SubmittedAt}
				for _, c := range columns {
					row = append(row, c.of(answers[r.ID]))
				}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

func (s *Service) readResponses(ctx context.Context, ids []int64) (responses []Response, answers map[int64]map[int64]Given, err error) {
	read := s.DB.Read(ctx)
	if err := read.Raw("SELECT * FROM survey_responses WHERE id IN ? ORDER BY id", ids).Scan(&responses).Error; err != nil {
		return nil, nil, fmt.Errorf("read responses: %w", err)
	}
	var rows []Answer
	if err := read.Raw("SELECT * FROM survey_answers WHERE response_id IN ? ORDER BY response_id, question_id, row_id, choice_id", ids).Scan(&rows).Error; err != nil {
		return nil, nil, fmt.Errorf("read answers: %w", err)
	}
	answers = map[int64]map[int64]Given{}
	for _, row := range rows {
		if answers[row.ResponseID] == nil {
			answers[row.ResponseID] = map[int64]Given{}
		}
		given := answers[row.ResponseID][row.QuestionID]
		given.take(row)
		answers[row.ResponseID][row.QuestionID] = given
	}
	return responses, answers, nil
}
