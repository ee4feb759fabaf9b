package surveys

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/sheet"
)

// exportChunk is how many responses are read at once.
const exportChunk = 500

// unreadableCode stands in the columns of a question whose answer on paper cannot be read.
const unreadableCode = "unreadable"

// fixedColumns stand before those of the questions.
var fixedColumns = []string{"id", "channel", "language", "locality", "event", "wordings", "submitted_at"}

// ExportResponses gives one row for each response that counts as a table on its way out. Columns never move: each got its
// place when its question was made, new ones come at the end, and those of what was taken out stay. Several-of has a column of
// 0 and 1 for each option, a grid one for each row. "wordings" names the questions that were read in other than their first
// words (q3:2 is the second wording of q3; see the dictionary). Of an anonymous survey there are no times, and nothing
// before five have answered: a Conflict fault. That it was taken out is in the audit log.
func (s *Service) ExportResponses(ctx context.Context, surveyID int64, format sheet.Format) (sheet.Table, error) {
	if err := mayBuild(ctx); err != nil {
		return sheet.Table{}, err
	}
	c, err := s.exported(ctx, surveyID)
	if err != nil {
		return sheet.Table{}, err
	}
	columns, err := c.placedColumns(s.DB.Read(ctx))
	if err != nil {
		return sheet.Table{}, err
	}
	if err := s.taken(ctx, surveyID, "responses.export", format); err != nil {
		return sheet.Table{}, err
	}
	head := append([]string{}, fixedColumns...)
	for _, column := range columns {
		head = append(head, column.head)
	}
	return sheet.Table{Head: head, Rows: s.responseRows(ctx, &c, columns), Options: s.exportOptions(ctx, "Responses", c.form)}, nil
}

// exported is the catalogue of a survey, if its answers can leave.
func (s *Service) exported(ctx context.Context, surveyID int64) (c catalogue, err error) {
	read := s.DB.Read(ctx)
	if c, err = readCatalogue(read, surveyID); err != nil {
		return c, err
	}
	r := Results{Form: c.form}
	if err := r.countResponses(read); err != nil {
		return c, err
	}
	if c.form.Survey.tooFew(r.Complete) {
		return c, tooFewFault()
	}
	return c, nil
}

func (s *Service) exportOptions(ctx context.Context, name string, form Form) sheet.Options {
	return sheet.Options{Name: name, At: s.DB.Now(), By: audit.ActorFrom(ctx).Name, Zone: s.Config.Zone(), Filter: [][2]string{{"Survey", form.Words.Title}}}
}

// taken notes that answers, or what explains them, leave the house.
func (s *Service) taken(ctx context.Context, surveyID int64, action string, format sheet.Format) error {
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, action, "surveys", surveyID, audit.Details{"format": format})
	})
}

// responseRows reads responses chunk by chunk, in the order of their random ids.
func (s *Service) responseRows(ctx context.Context, c *catalogue, columns []column) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		var last int64
		for {
			var responses []Response
			err := s.DB.Read(ctx).Raw("SELECT * FROM survey_responses WHERE survey_id = ? AND state = 'complete' AND second_of IS NULL AND id > ? ORDER BY id LIMIT ?",
				c.form.Survey.ID, last, exportChunk).Scan(&responses).Error
			if err != nil {
				yield(nil, fmt.Errorf("read responses: %w", err))
				return
			}
			if len(responses) == 0 {
				return
			}
			chunk, err := s.readChunk(ctx, c, responses)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range responses {
				if !yield(chunk.row(r, columns), nil) {
					return
				}
			}
			last = responses[len(responses)-1].ID
		}
	}
}

// exportedChunk is what some responses say.
type exportedChunk struct {
	answers  map[int64]Answers
	wordings map[int64][]string // q3:2
	events   map[int64]string   // slugs
}

func (e exportedChunk) row(r Response, columns []column) []any {
	event := ""
	if r.EventID != nil {
		event = e.events[*r.EventID]
	}
	row := []any{strconv.FormatInt(r.ID, 36), r.Channel, r.Language, r.Locality, event, strings.Join(e.wordings[r.ID], " "), r.SubmittedAt}
	for _, c := range columns {
		row = append(row, c.of(e.answers[r.ID]))
	}
	return row
}

func (s *Service) readChunk(ctx context.Context, c *catalogue, responses []Response) (e exportedChunk, err error) {
	e = exportedChunk{answers: make(map[int64]Answers, len(responses)), wordings: map[int64][]string{}, events: map[int64]string{}}
	var ids, events []int64
	for _, r := range responses {
		ids = append(ids, r.ID)
		if r.EventID != nil && e.events[*r.EventID] == "" {
			e.events[*r.EventID] = "?"
			events = append(events, *r.EventID)
		}
	}
	briefs, err := s.Events.Briefs(ctx, events)
	if err != nil {
		return e, err
	}
	for id, brief := range briefs {
		e.events[id] = brief.Slug
	}
	rows, err := s.DB.Read(ctx).Raw(`SELECT response_id, question_id, row_id, choice_id, number, text, unreadable, wording FROM survey_answers
		WHERE response_id IN ? ORDER BY response_id, question_id, row_id, choice_id`, ids).Rows()
	if err != nil {
		return e, fmt.Errorf("read answers: %w", err)
	}
	defer func() { _ = rows.Close() }()
	return e, e.take(c, rows)
}

func (e exportedChunk) take(c *catalogue, rows *sql.Rows) error {
	var before Answer
	for rows.Next() {
		var a Answer
		if err := rows.Scan(&a.ResponseID, &a.QuestionID, &a.RowID, &a.ChoiceID, &a.Number, &a.Text, &a.Unreadable, &a.Wording); err != nil {
			return fmt.Errorf("read an answer: %w", err)
		}
		if e.answers[a.ResponseID] == nil {
			e.answers[a.ResponseID] = Answers{}
		}
		given := e.answers[a.ResponseID][a.QuestionID]
		given.take(a)
		e.answers[a.ResponseID][a.QuestionID] = given
		first := before.ResponseID != a.ResponseID || before.QuestionID != a.QuestionID
		if at, known := c.at[a.QuestionID]; known && first && a.Wording > 1 {
			e.wordings[a.ResponseID] = append(e.wordings[a.ResponseID], fmt.Sprintf("q%d:%d", c.questions[at].Number, a.Wording))
		}
		before = a
	}
	return rows.Err()
}
