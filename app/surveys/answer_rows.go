package surveys

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"conversations/app/database"
)

// readAnswers gives what a response has answered so far.
func readAnswers(read *gorm.DB, responseID int64) (Answers, error) {
	var rows []Answer
	err := read.Raw("SELECT * FROM survey_answers WHERE response_id = ? ORDER BY question_id, row_id, choice_id", responseID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the answers of response %d: %w", responseID, err)
	}
	answers := Answers{}
	for _, row := range rows {
		given := answers[row.QuestionID]
		given.take(row)
		answers[row.QuestionID] = given
	}
	return answers, nil
}

// take adds what one row says.
func (g *Given) take(row Answer) {
	g.Unreadable = g.Unreadable || row.Unreadable && row.RowID == 0 // a row of a grid that cannot be read has no option
	switch {
	case row.RowID != 0:
		if g.Rows == nil {
			g.Rows = map[int64]int64{}
		}
		g.Rows[row.RowID] = row.ChoiceID
	case row.ChoiceID != 0:
		g.Choices = append(g.Choices, row.ChoiceID)
		if row.Text != "" {
			g.Other = row.Text
		}
	default:
		g.Number, g.Text = row.Number, row.Text
	}
}

// rows are what is kept of an answer. wording is that of the question as it was read.
func (q FormQuestion) rows(responseID int64, given Given, wording int) (rows []Answer) {
	add := func(a Answer) {
		a.ResponseID, a.QuestionID, a.Wording, a.Unreadable = responseID, q.ID, wording, given.Unreadable
		rows = append(rows, a)
	}
	switch {
	case given.Empty():
	case q.Kind == Grid && len(given.Rows) > 0:
		for _, row := range q.Rows {
			if option, answered := given.Rows[row.ID]; answered {
				add(Answer{RowID: row.ID, ChoiceID: option})
				rows[len(rows)-1].Unreadable = option == unreadableRow
			}
		}
	case len(given.Choices) > 0:
		for _, option := range q.Options {
			if !slices.Contains(given.Choices, option.ID) {
				continue
			}
			a := Answer{ChoiceID: option.ID}
			if option.Special == OtherSpecial {
				a.Text = given.Other
			}
			add(a)
		}
	default:
		text := given.Text
		if outward, ok := Outward(text); ok && q.Kind == Postcode {
			text = outward // no more of a postcode is ever kept
		}
		add(Answer{Number: given.Number, Text: text})
	}
	return rows
}

// storeAnswers replaces what a response says to some questions, and locks what they ask.
func storeAnswers(tx *database.Tx, responseID int64, questions []FormQuestion, answers Answers, wordings map[int64]int) error {
	var asked, answered []int64
	var rows []Answer
	for _, q := range questions {
		asked = append(asked, q.ID)
		wording := wordings[q.ID]
		if wording < 1 || wording > q.Wording {
			wording = q.Wording
		}
		if more := q.rows(responseID, answers[q.ID], wording); len(more) > 0 {
			rows, answered = append(rows, more...), append(answered, q.ID)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if len(answered) > 0 {
		if err := tx.Exec("UPDATE survey_questions SET locked = TRUE WHERE id IN ? AND NOT locked", answered).Error; err != nil {
			return fmt.Errorf("lock questions: %w", err)
		}
	}
	if err := tx.Exec("DELETE FROM survey_answers WHERE response_id = ? AND question_id IN ?", responseID, asked).Error; err != nil {
		return fmt.Errorf("replace answers: %w", err)
	}
	if len(rows) > 0 {
		if err := tx.Create(&rows).Error; err != nil {
			return fmt.Errorf("store answers: %w", err)
		}
	}
	return writeLine(tx, responseID)
}
