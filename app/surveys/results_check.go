package surveys

import (
	"context"
	"fmt"
)

// WrongLines counts the responses whose line, from which answers are counted, does not say what their answers say. There
// should be none.
func (s *Service) WrongLines(ctx context.Context) (wrong int, err error) {
	read := s.DB.Read(ctx)
	var last int64
	for {
		var responses []Response
		if err := read.Raw("SELECT id, chosen FROM survey_responses WHERE id > ? ORDER BY id LIMIT ?", last, exportChunk).Scan(&responses).Error; err != nil {
			return wrong, fmt.Errorf("read responses: %w", err)
		}
		if len(responses) == 0 {
			return wrong, nil
		}
		ids := make([]int64, len(responses))
		for i, r := range responses {
			ids[i] = r.ID
		}
		var rows []Answer
		if err := read.Raw("SELECT * FROM survey_answers WHERE response_id IN ? ORDER BY response_id, question_id, row_id, choice_id", ids).Scan(&rows).Error; err != nil {
			return wrong, fmt.Errorf("read answers: %w", err)
		}
		answers := map[int64][]Answer{}
		for _, a := range rows {
			answers[a.ResponseID] = append(answers[a.ResponseID], a)
		}
		for _, r := range responses {
			if lineOf(answers[r.ID]) != r.Chosen {
				wrong++
			}
		}
		last = ids[len(ids)-1]
	}
}
