package surveys

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/fault"
	"conversations/app/links"
)

// AddQuestion adds a question at the end of a section. The error is an Invalid fault with a message at each field.
func (s *Service) AddQuestion(ctx context.Context, surveyID, sectionID int64, f QuestionForm) (q Question, err error) {
	_, err = s.edit(ctx, surveyID, 0, "survey.add_question", nil, func(tx *database.Tx, survey *Survey) error {
		if _, err := sectionOf(tx, surveyID, sectionID); err != nil {
			return err
		}
		d, err := f.read(FormQuestion{})
		if err != nil {
			return err
		}
		q, err = addQuestion(tx, *survey, sectionID, d)
		return err
	})
	return q, err
}

// addQuestion stores a new question with its choices. Its number in the survey is its column in every export.
func addQuestion(tx *database.Tx, survey Survey, sectionID int64, d draft) (q Question, err error) {
	q = d.question
	q.ID, q.SurveyID, q.SectionID, q.Locked, q.CreatedAt, q.UpdatedAt = 0, survey.ID, sectionID, false, tx.Now(), tx.Now()
	if q.Texts, err = withWords("{}", survey.LanguageList(), "", d.words); err != nil {
		return q, err
	}
	if q.Settings, err = settings(d.limits); err != nil {
		return q, err
	}
	err = tx.Row(`SELECT (SELECT coalesce(max(number), 0) + 1 FROM survey_questions WHERE survey_id = ?),
		(SELECT coalesce(max(position), 0) + 1 FROM survey_questions WHERE section_id = ?)`, survey.ID, sectionID).Scan(&q.Number, &q.Position)
	if err != nil {
		return q, err
	}
	if err := tx.Create(&q).Error; err != nil {
		return q, fmt.Errorf("store a question: %w", err)
	}
	return q, addChoices(tx, q.ID, d.added)
}

func settings(limits Settings) (string, error) {
	text, err := json.Marshal(limits)
	return string(text), err
}

// addChoices stores new choices of a question behind those that are there. Each gets a code for exports, for life.
func addChoices(tx *database.Tx, questionID int64, added []Choice) error {
	for _, choice := range added {
		var used []string
		if err := tx.Raw("SELECT code FROM survey_choices WHERE question_id = ? AND part = ?", questionID, choice.Part).Scan(&used).Error; err != nil {
			return err
		}
		words, err := WordsIn(choice.Texts, []string{firstLanguage}, firstLanguage)
		if err != nil {
			return err
		}
		choice.ID, choice.QuestionID, choice.Position = 0, questionID, len(used)+1
		choice.Code = freeCode(choice, words.Title, used)
		if err := tx.Create(&choice).Error; err != nil {
			return fmt.Errorf("store an option: %w", err)
		}
	}
	return nil
}

const maxCodeBytes = 24

// reservedCodes mean something of their own in exports: q3_text is what "other" is.
var reservedCodes = []string{"text", unreadableCode}

func freeCode(choice Choice, words string, used []string) string {
	base := choice.Code
	if base == "" {
		base = choice.Special
	}
	if base == "" {
		base = links.Words(words)
		base = strings.Trim(base[:min(len(base), maxCodeBytes)], "-")
	}
	if base == "" {
		base = "option"
	}
	code := base
	for n := 2; ; n++ {
		if !slices.Contains(used, code) && !slices.Contains(reservedCodes, code) {
			return code
		}
		code = base + "-" + strconv.Itoa(n)
	}
}

// ChangeQuestion stores what was typed about a question, its words in one language. Once the survey was open, the wording
// that people read then stays on record. Once somebody has answered, what the question asks for, its options and its rows stay.
func (s *Service) ChangeQuestion(ctx context.Context, surveyID, id int64, language string, f QuestionForm) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.change_question", audit.Details{"question": id}, func(tx *database.Tx, survey *Survey) error {
		stored, err := questionOf(tx, *survey, id, language)
		if err != nil {
			return err
		}
		d, err := f.read(stored)
		if err != nil {
			return err
		}
		if stored.Locked {
			if err := d.sameMeaning(stored); err != nil {
				return err
			}
		}
		if survey.keepsWordings(stored.Question) && d.rewords(stored) {
			if err := keepWording(ctx, tx, *survey, stored.Question); err != nil {
				return err
			}
			d.question.Wording++
		}
		return d.store(tx, *survey, stored, language)
	})
	return err
}

// keepsWordings says whether somebody may have read a question, and may answer it as they read it.
func (s Survey) keepsWordings(q Question) bool { return q.Locked || s.OpenedAt != nil }

// rewords says whether people read something else from now on.
func (d draft) rewords(stored FormQuestion) bool {
	for _, choice := range slices.Concat(stored.Options, stored.Rows) {
		if words, sent := d.renamed[choice.ID]; sent && words != choice.Label {
			return true
		}
	}
	was, is := stored.Words, d.words
	return len(d.added)+len(d.removed) > 0 || [4]string{was.Title, was.Help, was.Low, was.High} != [4]string{is.Title, is.Help, is.Low, is.High}
}

// sameMeaning refuses what would change what earlier answers say.
func (d draft) sameMeaning(stored FormQuestion) error {
	before, _ := settings(stored.Limits)
	after, _ := settings(d.limits)
	if len(d.added) > 0 || len(d.removed) > 0 || before != after {
		return oneProblem("label", "People have answered this question, so only its words can be changed. To ask something else, add a question and take this one out")
	}
	return nil
}

// store writes a changed question.
func (d draft) store(tx *database.Tx, survey Survey, stored FormQuestion, language string) (err error) {
	q, languages := d.question, survey.LanguageList()
	if q.Texts, err = withWords(q.Texts, languages, language, d.words); err != nil {
		return err
	}
	if q.Settings, err = settings(d.limits); err != nil {
		return err
	}
	q.UpdatedAt = tx.Now()
	if err := tx.Save(&q).Error; err != nil {
		return fmt.Errorf("store question %d: %w", q.ID, err)
	}
	for _, choice := range append(append([]FormChoice{}, stored.Options...), stored.Rows...) {
		words, renamed := d.renamed[choice.ID]
		if !renamed || words == choice.Label {
			continue
		}
		text, err := withWords(choice.Texts, languages, language, Texts{Title: words})
		if err != nil {
			return err
		}
		if err := tx.Exec("UPDATE survey_choices SET texts = ? WHERE id = ?", text, choice.ID).Error; err != nil {
			return err
		}
	}
	if len(d.removed) > 0 {
		if err := tx.Exec("UPDATE survey_choices SET retired_at = ? WHERE id IN ? AND question_id = ?", tx.Now(), d.removed, q.ID).Error; err != nil {
			return err
		}
		if err := choicesUsed(tx, survey.ID, d.removed); err != nil {
			return err
		}
	}
	return addChoices(tx, q.ID, d.added)
}

// choicesUsed refuses to take out an option that a section depends on.
func choicesUsed(tx *database.Tx, surveyID int64, ids []int64) error {
	var used bool
	err := tx.Raw("SELECT COUNT(*) > 0 FROM survey_sections WHERE survey_id = ? AND retired_at IS NULL AND if_choice IN ?", surveyID, ids).Scan(&used).Error
	if err == nil && used {
		return oneProblem("option_label", "A later section is shown only for this answer. Change that section first")
	}
	return err
}

// keepWording writes down the words of a question and its choices as people have read them so far.
func keepWording(ctx context.Context, tx *database.Tx, survey Survey, q Question) error {
	texts, err := wordingOf(tx, q)
	if err != nil {
		return err
	}
	err = tx.Exec(`INSERT INTO survey_wordings (question_id, wording, texts, changed_by, changed_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (question_id, wording) DO NOTHING`, q.ID, q.Wording, texts, audit.StaffID(ctx), tx.Now()).Error
	if err != nil {
		return fmt.Errorf("keep the wording of question %d of survey %d: %w", q.ID, survey.ID, err)
	}
	return nil
}

// KeptWording is what a question and its choices said, by language.
type KeptWording struct {
	Question json.RawMessage           `json:"question"`
	Choices  map[int64]json.RawMessage `json:"choices,omitempty"`
}

func wordingOf(tx *database.Tx, q Question) (string, error) {
	kept := KeptWording{Question: json.RawMessage(q.Texts), Choices: map[int64]json.RawMessage{}}
	var choices []Choice
	if err := tx.Raw("SELECT * FROM survey_choices WHERE question_id = ? AND retired_at IS NULL", q.ID).Scan(&choices).Error; err != nil {
		return "", err
	}
	for _, choice := range choices {
		kept.Choices[choice.ID] = json.RawMessage(choice.Texts)
	}
	text, err := json.Marshal(kept)
	return string(text), err
}

// MoveQuestion moves a question by so many places in its section: up below 0, down above it.
func (s *Service) MoveQuestion(ctx context.Context, surveyID, id int64, by int) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.move_question", audit.Details{"question": id}, func(tx *database.Tx, survey *Survey) error {
		q, err := questionOf(tx, *survey, id, "")
		if err != nil {
			return err
		}
		var ids []int64
		if err := tx.Raw("SELECT id FROM survey_questions WHERE section_id = ? AND retired_at IS NULL ORDER BY position, id", q.SectionID).Scan(&ids).Error; err != nil {
			return err
		}
		if ids, err = moved(ids, id, by); err != nil {
			return err
		}
		for i, question := range ids {
			if err := tx.Exec("UPDATE survey_questions SET position = ? WHERE id = ?", i+1, question).Error; err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// RetireQuestion takes a question out. What was answered stays, with its columns in exports.
func (s *Service) RetireQuestion(ctx context.Context, surveyID, id int64) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.retire_question", audit.Details{"question": id}, func(tx *database.Tx, survey *Survey) error {
		if _, err := questionOf(tx, *survey, id, ""); err != nil {
			return err
		}
		if err := tx.Exec("UPDATE survey_questions SET retired_at = ? WHERE id = ?", tx.Now(), id).Error; err != nil {
			return err
		}
		return conditionsHold(tx, surveyID)
	})
	return err
}

// questionOf reads a question of a survey with its choices, its row locked, in one language.
func questionOf(tx *database.Tx, survey Survey, id int64, language string) (FormQuestion, error) {
	if err := tx.Exec("SELECT id FROM survey_questions WHERE id = ?"+tx.ForUpdate(), id).Error; err != nil {
		return FormQuestion{}, err
	}
	form, err := readForm(tx.DB, survey.ID, language)
	if err != nil {
		return FormQuestion{}, err
	}
	q, there := form.Question(id)
	if !there {
		return q, fault.New(fault.NotFound, "This question is not in the survey any more.")
	}
	return q, nil
}
