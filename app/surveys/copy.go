package surveys

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
)

// Copy makes a draft with the same sections and questions, without answers.
func (s *Service) Copy(ctx context.Context, id int64) (copied Survey, err error) {
	if err := mayBuild(ctx); err != nil {
		return copied, err
	}
	err = s.DB.Write(ctx, func(tx *database.Tx) error {
		form, err := readForm(tx.DB, id, "")
		if err != nil {
			return err
		}
		copied = form.Survey
		copied.ID, copied.State, copied.Version, copied.CopiedFrom = 0, Draft, 1, &id
		copied.OpensLocal, copied.OpensAt, copied.ClosesLocal, copied.ClosesAt, copied.OpenedAt, copied.ClosedAt = "", nil, "", nil, nil, nil
		copied.EventID, copied.PublicResults = nil, false
		copied.CreatedAt, copied.UpdatedAt, copied.CreatedBy = tx.Now(), tx.Now(), audit.StaffID(ctx)
		if copied.Slug, err = freeSlug(tx, form.Words.Title); err != nil {
			return err
		}
		if err := tx.Create(&copied).Error; err != nil {
			return fmt.Errorf("store a copy of survey %d: %w", id, err)
		}
		if err := copySections(tx, form, copied); err != nil {
			return fmt.Errorf("copy survey %d: %w", id, err)
		}
		if err := placeColumns(tx, copied.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "survey.copy", "surveys", copied.ID, audit.Details{"copy_of": id})
	})
	return copied, err
}

// copySections copies sections with their questions and choices; conditions lead to the copies.
func copySections(tx *database.Tx, form Form, copied Survey) error {
	questions, choices := map[int64]int64{}, map[int64]int64{}
	for _, section := range form.Sections {
		fresh := section.Section
		fresh.ID, fresh.SurveyID, fresh.Version = 0, copied.ID, 1
		fresh.IfQuestion, fresh.IfChoice = questions[section.IfQuestion], choices[section.IfChoice]
		if err := tx.Create(&fresh).Error; err != nil {
			return err
		}
		for _, q := range section.Questions {
			was := q.ID
			id, err := copyQuestion(tx, q, copied.ID, fresh.ID, choices)
			if err != nil {
				return err
			}
			questions[was] = id
		}
	}
	return nil
}

func copyQuestion(tx *database.Tx, q FormQuestion, surveyID, sectionID int64, choices map[int64]int64) (int64, error) {
	fresh := q.Question
	fresh.ID, fresh.SurveyID, fresh.SectionID, fresh.Locked, fresh.Wording, fresh.CreatedAt, fresh.UpdatedAt = 0, surveyID, sectionID, false, 1, tx.Now(), tx.Now()
	err := tx.Row(`SELECT (SELECT coalesce(max(number), 0) + 1 FROM survey_questions WHERE survey_id = ?),
		(SELECT coalesce(max(position), 0) + 1 FROM survey_questions WHERE section_id = ?)`, surveyID, sectionID).Scan(&fresh.Number, &fresh.Position)
	if err != nil {
		return 0, err
	}
	if err := tx.Create(&fresh).Error; err != nil {
		return 0, err
	}
	for _, choice := range append(append([]FormChoice{}, q.Options...), q.Rows...) {
		c := choice.Choice
		c.ID, c.QuestionID = 0, fresh.ID
		if err := tx.Create(&c).Error; err != nil {
			return 0, err
		}
		choices[choice.ID] = c.ID
	}
	return fresh.ID, nil
}

// Used is a question that was asked before.
type Used struct {
	ID     int64
	Kind   Kind
	Label  string
	Survey string // its title
}

// libraryLimit is how many questions of the library are shown at once.
const libraryLimit = 30

// Library finds questions of other surveys by words in them, the newest first; equality questions are not among them.
func (s *Service) Library(ctx context.Context, surveyID int64, text string) (list []Used, err error) {
	if err := mayBuild(ctx); err != nil {
		return nil, err
	}
	where, args := "q.survey_id <> ? AND q.topic = ''", []any{surveyID}
	for _, word := range database.SearchWords(text) {
		where += ` AND LOWER(q.texts) LIKE ? ESCAPE '\'`
		args = append(args, "%"+strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)+"%")
	}
	var rows []struct {
		ID          int64
		Kind        Kind
		Texts       string
		SurveyTexts string
		Languages   string
	}
	err = s.DB.Read(ctx).Raw(`SELECT q.id, q.kind, q.texts, s.texts AS survey_texts, s.languages FROM survey_questions q JOIN surveys s ON s.id = q.survey_id
		WHERE `+where+` ORDER BY q.id DESC LIMIT ?`, append(args, libraryLimit)...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for questions that were asked before: %w", err)
	}
	for _, r := range rows {
		languages := strings.Split(r.Languages, "|")
		words, err := WordsIn(r.Texts, languages, "")
		if err != nil {
			return nil, err
		}
		survey, err := WordsIn(r.SurveyTexts, languages, "")
		if err != nil {
			return nil, err
		}
		list = append(list, Used{ID: r.ID, Kind: r.Kind, Label: words.Title, Survey: survey.Title})
	}
	return list, nil
}

// AddUsed adds a copy of a question that was asked before at the end of a section.
func (s *Service) AddUsed(ctx context.Context, surveyID, sectionID, questionID int64) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.add_question", audit.Details{"copy_of": questionID}, func(tx *database.Tx, _ *Survey) error {
		if _, err := sectionOf(tx, surveyID, sectionID); err != nil {
			return err
		}
		var from int64
		if err := tx.Row("SELECT survey_id FROM survey_questions WHERE id = ?", questionID).Scan(&from); err != nil {
			return noSurvey()
		}
		form, err := readForm(tx.DB, from, "")
		if err != nil {
			return err
		}
		q, there := form.Question(questionID)
		if !there {
			return oneProblem("question", "Choose a question from the list")
		}
		_, err = copyQuestion(tx, q, surveyID, sectionID, map[int64]int64{})
		return err
	})
	return err
}
