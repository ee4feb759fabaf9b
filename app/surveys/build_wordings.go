package surveys

import (
	"context"
	"encoding/json"
	"fmt"
)

// wordings are the labels that a question had before, oldest first.
func (s *Service) wordings(ctx context.Context, questionID int64, languages []string) (list []string, err error) {
	var texts []string
	if err := s.DB.Read(ctx).Raw("SELECT texts FROM survey_wordings WHERE question_id = ? ORDER BY wording", questionID).Scan(&texts).Error; err != nil {
		return nil, fmt.Errorf("read the wordings of question %d: %w", questionID, err)
	}
	for _, text := range texts {
		var kept KeptWording
		if err := json.Unmarshal([]byte(text), &kept); err != nil {
			return nil, fmt.Errorf("read a wording of question %d: %w", questionID, err)
		}
		words, err := WordsIn(string(kept.Question), languages, "")
		if err != nil {
			return nil, err
		}
		list = append(list, words.Title)
	}
	return list, nil
}
