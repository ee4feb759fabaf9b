package surveys

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/sheet"
)

// WrittenPageSize is how many texts are shown at once.
const WrittenPageSize = 50

// WrittenFilter chooses texts; its zero value is all of them.
type WrittenFilter struct {
	ResultFilter
	Text string // words that all must be in it
	Page int    // from 1
}

// WrittenPage is one page of what people wrote to a question, in no order that tells who wrote when.
type WrittenPage struct {
	Form     Form
	Question FormQuestion
	Texts    []string
	Total    int
	Page     int  // from 1
	Pages    int  // at least 1
	Withheld bool // an anonymous survey with few answers
}

// Written gives a page of what people wrote to a question. What staff set aside and second entries of the same paper are
// not among it. A page past the end is the last. NotFound where there is no such question; the right to manage surveys is
// needed.
func (s *Service) Written(ctx context.Context, surveyID, questionID int64, f WrittenFilter) (page WrittenPage, err error) {
	page, where, args, err := s.written(ctx, surveyID, questionID, f)
	if err != nil || page.Withheld {
		return page, err
	}
	read := s.DB.Read(ctx)
	if err := read.Raw("SELECT count(*)"+where, args...).Scan(&page.Total).Error; err != nil {
		return page, fmt.Errorf("count what people wrote to question %d: %w", questionID, err)
	}
	page.Pages = max(1, (page.Total+WrittenPageSize-1)/WrittenPageSize)
	page.Page = min(max(1, f.Page), page.Pages)
	err = read.Raw("SELECT a.text"+where+" ORDER BY a.response_id LIMIT ? OFFSET ?", append(args, WrittenPageSize, (page.Page-1)*WrittenPageSize)...).Scan(&page.Texts).Error
	if err != nil {
		return page, fmt.Errorf("read what people wrote to question %d: %w", questionID, err)
	}
	return page, nil
}

// written is the question with the SQL that finds its texts.
func (s *Service) written(ctx context.Context, surveyID, questionID int64, f WrittenFilter) (page WrittenPage, where string, args []any, err error) {
	if err := mayBuild(ctx); err != nil {
		return page, "", nil, err
	}
	read := s.DB.Read(ctx)
	c, err := readCatalogue(read, surveyID)
	if err != nil {
		return page, "", nil, err
	}
	at, there := c.at[questionID]
	if !there {
		return page, "", nil, fault.New(fault.NotFound, "There is no such question in this survey.")
	}
	page.Form, page.Question, page.Page, page.Pages = c.form, c.questions[at], 1, 1
	condition, chosen := f.usable(c.form.Survey).where(s, surveyID)
	var people int
	if err := read.Raw("SELECT count(*) FROM survey_responses WHERE "+condition, chosen...).Scan(&people).Error; err != nil {
		return page, "", nil, fmt.Errorf("count the responses to survey %d: %w", surveyID, err)
	}
	page.Withheld = c.form.Survey.tooFew(people)
	where, args = " FROM survey_answers a WHERE a.question_id = ? AND a.text <> ''", []any{questionID}
	for _, word := range database.SearchWords(f.Text) {
		where += ` AND LOWER(a.text) LIKE ? ESCAPE '\'`
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
	}
	// EXISTS, not a join: the index of texts is read once, from end to end, and only what has the words is looked up.
	return page, where + " AND EXISTS (SELECT 1 FROM survey_responses WHERE id = a.response_id AND " + condition + ")", append(args, chosen...), nil
}

// ExportWritten gives all that people wrote to a question as a table on its way out. That it was taken out is in the
// audit log.
func (s *Service) ExportWritten(ctx context.Context, surveyID, questionID int64, f WrittenFilter, format sheet.Format) (sheet.Table, error) {
	page, where, args, err := s.written(ctx, surveyID, questionID, f)
	if err != nil {
		return sheet.Table{}, err
	}
	if page.Withheld {
		return sheet.Table{}, tooFewFault()
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		return audit.Record(ctx, tx, "responses.export_texts", "surveys", surveyID, audit.Details{"format": format, "question": questionID})
	})
	if err != nil {
		return sheet.Table{}, err
	}
	rows := func(yield func([]any, error) bool) {
		var last int64 = -1
		for {
			var some []struct {
				ResponseID int64
				Text       string
			}
			// A response has one text to a question at most: there is one "other".
			err := s.DB.Read(ctx).Raw("SELECT a.response_id, a.text"+where+" AND a.response_id > ? ORDER BY a.response_id LIMIT ?", append(append([]any{}, args...), last, exportChunk)...).Scan(&some).Error
			if err != nil {
				yield(nil, fmt.Errorf("read what people wrote to question %d: %w", questionID, err))
				return
			}
			for _, one := range some {
				last = one.ResponseID
				if !yield([]any{strconv.FormatInt(one.ResponseID, 36), one.Text}, nil) {
					return
				}
			}
			if len(some) < exportChunk {
				return
			}
		}
	}
	return sheet.Table{Head: []string{"id", "text"}, Rows: rows, Options: sheet.Options{Name: "What people wrote", At: s.DB.Now(), By: audit.ActorFrom(ctx).Name,
		Zone: s.Config.Zone(), Filter: [][2]string{{"Survey", page.Form.Words.Title}, {"Question", page.Question.Words.Title}, {"Looked for", f.Text}}}}, nil
}

func tooFewFault() error {
	return fault.New(fault.Conflict, "Fewer than five people have answered this anonymous survey, so nothing is shown yet.")
}
