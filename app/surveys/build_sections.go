package surveys

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
)

// SectionForm is what staff typed about a section.
type SectionForm struct {
	Title        string `form:"title"`
	Introduction string `form:"introduction,lines"`
	// If is the value of a Condition, "question:option"; "" is always.
	If    string `form:"if"`
	IfNot bool   `form:"if_not"`
}

// AddSection adds a page at the end, before the equality questions if those are last.
func (s *Service) AddSection(ctx context.Context, surveyID int64, f SectionForm) (section Section, err error) {
	_, err = s.edit(ctx, surveyID, 0, "survey.add_section", nil, func(tx *database.Tx, survey *Survey) error {
		section = Section{SurveyID: surveyID, Texts: "{}", Version: 1}
		if err := f.apply(tx, *survey, "", &section); err != nil {
			return err
		}
		if err := tx.Row("SELECT coalesce(max(position), 0) + 1 FROM survey_sections WHERE survey_id = ?", surveyID).Scan(&section.Position); err != nil {
			return err
		}
		if err := tx.Create(&section).Error; err != nil {
			return fmt.Errorf("store a section: %w", err)
		}
		return s.equalityLast(tx, surveyID)
	})
	return section, err
}

// ChangeSection stores what was typed about a section, its words in one language.
func (s *Service) ChangeSection(ctx context.Context, surveyID, id int64, language string, f SectionForm) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.change_section", audit.Details{"section": id}, func(tx *database.Tx, survey *Survey) error {
		section, err := sectionOf(tx, surveyID, id)
		if err != nil {
			return err
		}
		if err := f.apply(tx, *survey, language, &section); err != nil {
			return err
		}
		section.Version++
		return tx.Save(&section).Error
	})
	return err
}

// apply puts what was typed onto a section. Its condition must be an option of a question in an earlier section.
func (f SectionForm) apply(tx *database.Tx, survey Survey, language string, section *Section) (err error) {
	var problems fault.Fields
	limited(&problems, "title", f.Title, maxTitleCharacters)
	limited(&problems, "introduction", f.Introduction, maxTextCharacters)
	section.IfQuestion, section.IfChoice, section.IfNot = 0, 0, false
	if f.If != "" {
		form, err := readForm(tx.DB, survey.ID, "")
		if err != nil {
			return err
		}
		at := slices.IndexFunc(form.Conditions(section.ID), func(c Condition) bool { return c.Value() == f.If })
		if at < 0 {
			problems.Add("if", "Choose an answer to a question in an earlier section")
		} else {
			c := form.Conditions(section.ID)[at]
			section.IfQuestion, section.IfChoice, section.IfNot = c.Question.ID, c.Option.ID, f.IfNot
		}
	}
	if err := problems.Err(); err != nil {
		return err
	}
	section.Texts, err = withWords(section.Texts, survey.LanguageList(), language, Texts{Title: f.Title, Introduction: f.Introduction})
	return err
}

// Condition is an answer on which a section can be shown.
type Condition struct {
	Question FormQuestion
	Option   FormChoice
}

// Value names the condition in a form.
func (c Condition) Value() string {
	return strconv.FormatInt(c.Question.ID, 10) + ":" + strconv.FormatInt(c.Option.ID, 10)
}

// Conditions are the answers to choose from for a section: options of questions in sections before it. 0 is a section
// that is still to come.
func (f Form) Conditions(sectionID int64) (list []Condition) {
	for _, section := range f.Sections {
		if section.ID == sectionID {
			break
		}
		for _, q := range section.Questions {
			for _, option := range q.Options {
				if q.Kind != Grid {
					list = append(list, Condition{q, option})
				}
			}
		}
	}
	return list
}

// MoveSection moves a section by so many places: up below 0, down above it. The equality questions stay last, and a section cannot stand before the question that it depends on.
func (s *Service) MoveSection(ctx context.Context, surveyID, id int64, by int) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.move_section", audit.Details{"section": id}, func(tx *database.Tx, _ *Survey) error {
		var ids []int64
		if err := tx.Raw("SELECT id FROM survey_sections WHERE survey_id = ? AND retired_at IS NULL ORDER BY position, id", surveyID).Scan(&ids).Error; err != nil {
			return err
		}
		ids, err := moved(ids, id, by)
		if err != nil {
			return err
		}
		for i, section := range ids {
			if err := tx.Exec("UPDATE survey_sections SET position = ? WHERE id = ?", i+1, section).Error; err != nil {
				return err
			}
		}
		if err := s.equalityLast(tx, surveyID); err != nil {
			return err
		}
		return conditionsHold(tx, surveyID)
	})
	return err
}

// moved are ids with one of them by so many places further on, or as far as it goes.
func moved(ids []int64, id int64, by int) ([]int64, error) {
	at := slices.Index(ids, id)
	if at < 0 {
		return nil, fault.New(fault.NotFound, "This is not in the survey any more.")
	}
	to := min(max(0, at+min(max(by, -len(ids)), len(ids))), len(ids)-1)
	return slices.Insert(slices.Delete(ids, at, at+1), to, id), nil
}

// conditionsHold refuses an order in which a section depends on what is asked later.
func conditionsHold(tx *database.Tx, surveyID int64) error {
	form, err := readForm(tx.DB, surveyID, "")
	if err != nil {
		return err
	}
	asked := map[int64]bool{}
	for _, section := range form.Sections {
		if section.IfQuestion != 0 && !asked[section.IfQuestion] {
			return fault.New(fault.Conflict, "The section \""+section.Words.Title+"\" depends on a question, so it must come after it. Change its condition first.")
		}
		for _, q := range section.Questions {
			asked[q.ID] = true
		}
	}
	return nil
}

// RetireSection takes a section out with its questions. What was answered stays, with its columns in exports.
func (s *Service) RetireSection(ctx context.Context, surveyID, id int64) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.retire_section", audit.Details{"section": id}, func(tx *database.Tx, _ *Survey) error {
		if _, err := sectionOf(tx, surveyID, id); err != nil {
			return err
		}
		for _, sql := range []string{"UPDATE survey_sections SET retired_at = ? WHERE id = ?", "UPDATE survey_questions SET retired_at = ? WHERE section_id = ? AND retired_at IS NULL"} {
			if err := tx.Exec(sql, tx.Now(), id).Error; err != nil {
				return err
			}
		}
		return conditionsHold(tx, surveyID)
	})
	return err
}

func sectionOf(tx *database.Tx, surveyID, id int64) (section Section, err error) {
	err = database.First(tx.Raw("SELECT * FROM survey_sections WHERE id = ? AND survey_id = ? AND retired_at IS NULL", id, surveyID), &section)
	if database.IsNotFound(err) {
		return section, fault.New(fault.NotFound, "This section is not in the survey any more.")
	}
	return section, err
}
