package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"conversations/app/sheet"
)

// dictionaryHead are the columns of the data dictionary.
var dictionaryHead = []string{"column", "question", "kind", "topic", "holds", "part", "wording", "label", "values", "wording_from", "wording_until", "added_at", "retired_at"}

// ExportDictionary explains the columns of ExportResponses, in their order, as a table on its way out: one row for each
// column and each wording of its question, oldest first, with the codes and words of its options then. A column of something
// that was never corrected has one row. That it was taken out is in the audit log.
func (s *Service) ExportDictionary(ctx context.Context, surveyID int64, format sheet.Format) (sheet.Table, error) {
	if err := mayBuild(ctx); err != nil {
		return sheet.Table{}, err
	}
	read := s.DB.Read(ctx)
	c, err := readCatalogue(read, surveyID)
	if err != nil {
		return sheet.Table{}, err
	}
	var kept []keptRow
	err = read.Raw(`SELECT w.question_id, w.wording, w.texts, w.changed_at FROM survey_wordings w JOIN survey_questions q ON q.id = w.question_id
		WHERE q.survey_id = ? ORDER BY w.question_id, w.wording`, surveyID).Scan(&kept).Error
	if err != nil {
		return sheet.Table{}, fmt.Errorf("read the wordings of survey %d: %w", surveyID, err)
	}
	columns, err := c.placedColumns(read)
	if err != nil {
		return sheet.Table{}, err
	}
	if err := s.taken(ctx, surveyID, "dictionary.export", format); err != nil {
		return sheet.Table{}, err
	}
	rows := dictionaryFixed()
	for _, column := range columns {
		more, err := c.explain(column, kept)
		if err != nil {
			return sheet.Table{}, err
		}
		rows = append(rows, more...)
	}
	return sheet.Table{Head: dictionaryHead, Rows: func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}, Options: s.exportOptions(ctx, "Dictionary", c.form)}, nil
}

// keptRow is the words of a question as they were until they were corrected.
type keptRow struct {
	QuestionID int64
	Wording    int
	Texts      string
	ChangedAt  time.Time
}

func dictionaryFixed() (rows [][]any) {
	for i, holds := range []string{"the response; random, and the same in every export", "how it was answered: online, paper, telephone or import", "the language it was answered in",
		"the locality, where it is known", "the event it is about, by its address", "questions that were read in other than their first words: q3:2 is the second wording of q3",
		"when it was sent; empty in an anonymous survey"} {
		row := make([]any, len(dictionaryHead))
		row[0], row[4] = fixedColumns[i], holds
		rows = append(rows, row)
	}
	return rows
}

// explain gives the rows about one column.
func (c *catalogue) explain(column column, kept []keptRow) (rows [][]any, err error) {
	at, known := c.at[column.question]
	if !known {
		row := make([]any, len(dictionaryHead))
		row[0], row[4] = column.head, column.holds
		return append(rows, row), nil
	}
	q := c.questions[at]
	row := func(wording int, label, values string, from time.Time, until *time.Time) {
		rows = append(rows, []any{column.head, q.Number, string(q.Kind), q.Topic, column.holds, column.part, wording, label, values, from, until, q.CreatedAt, q.RetiredAt})
	}
	from := q.CreatedAt
	for _, k := range kept {
		if k.QuestionID != q.ID {
			continue
		}
		label, labels, err := c.wordsThen(k)
		if err != nil {
			return nil, err
		}
		row(k.Wording, label, values(column.options, labels), from, &k.ChangedAt)
		from = k.ChangedAt
	}
	row(q.Wording, q.Words.Title, values(column.options, nil), from, nil)
	return rows, nil
}

// wordsThen are the label of a question and those of its options as they were.
func (c *catalogue) wordsThen(k keptRow) (label string, labels map[int64]string, err error) {
	var words KeptWording
	if err := json.Unmarshal([]byte(k.Texts), &words); err != nil {
		return "", nil, fmt.Errorf("read a wording of question %d: %w", k.QuestionID, err)
	}
	languages := c.form.Survey.LanguageList()
	question, err := WordsIn(string(words.Question), languages, "")
	if err != nil {
		return "", nil, err
	}
	labels = map[int64]string{}
	for id, texts := range words.Choices {
		choice, err := WordsIn(string(texts), languages, "")
		if err != nil {
			return "", nil, err
		}
		labels[id] = choice.Title
	}
	return question.Title, labels, nil
}

// values are the codes of options with their words: "good = Good | poor = Poor". labels are other words than those of now.
func values(options []FormChoice, labels map[int64]string) string {
	var list []string
	for _, o := range options {
		label := o.Label
		if then, known := labels[o.ID]; known {
			label = then
		}
		if o.RetiredAt != nil {
			label += " (not offered since " + o.RetiredAt.Format(time.DateOnly) + ")"
		}
		list = append(list, o.Code+" = "+label)
	}
	return strings.Join(list, " | ")
}
