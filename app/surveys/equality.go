package surveys

import (
	"context"
	"fmt"

	"conversations/app/database"
	"conversations/app/fault"
)

// equalityQuestion is a question of the equality block.
type equalityQuestion struct {
	topic, title, help string
	options            []string
}

// equality is the ready block of questions about who answers. Topics and answers follow the harmonised standards of the
// Government Statistical Service (analysisfunction.civilservice.gov.uk, "GSS harmonised standards and guidance"), in the
// shorter forms for self-completion. All are optional, come last, and offer not to say.
func equality() []equalityQuestion {
	return []equalityQuestion{
		{"age", "How old are you?", "", []string{"15 or under", "16 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64", "65 to 74", "75 to 84", "85 or over"}},
		{"sex", "What is your sex?", "", []string{"Female", "Male"}},
		{"gender-identity", "Is the gender you identify with the same as your sex registered at birth?", "", []string{"Yes", "No"}},
		{"health-condition", "Do you have any physical or mental health conditions or illnesses lasting or expected to last 12 months or more?", "", []string{"Yes", "No"}},
		{"disability", "Do any of your conditions or illnesses reduce your ability to carry out day-to-day activities?", "", []string{"Yes, a lot", "Yes, a little", "Not at all", "I have no such condition"}},
		{"ethnic-group", "What is your ethnic group?", "Choose one that best describes your ethnic group or background.",
			[]string{"White", "Mixed or multiple ethnic groups", "Asian or Asian British", "Black, Black British, Caribbean or African", "Other ethnic group"}},
		{"religion", "What is your religion?", "", []string{"No religion", "Christian (all denominations)", "Buddhist", "Hindu", "Jewish", "Muslim", "Sikh", "Any other religion"}},
		{"sexual-orientation", "Which of the following best describes your sexual orientation?", "", []string{"Heterosexual or straight", "Gay or lesbian", "Bisexual", "Other sexual orientation"}},
		{"carer", "Do you look after, or give help or support to, anyone because they have a long-term condition or illness, or problems related to old age?", "Do not count anything you do as part of paid work.",
			[]string{"Yes", "No"}},
	}
}

const preferNotLabel = "I prefer not to say"

// AddEquality adds the block of equality questions as the last section. The error is a Conflict where it is there already.
func (s *Service) AddEquality(ctx context.Context, surveyID int64) error {
	_, err := s.edit(ctx, surveyID, 0, "survey.add_equality", nil, func(tx *database.Tx, survey *Survey) error {
		var there bool
		err := tx.Row("SELECT COUNT(*) > 0 FROM survey_questions WHERE survey_id = ? AND topic <> '' AND retired_at IS NULL", surveyID).Scan(&there)
		if err != nil {
			return err
		}
		if there {
			return fault.New(fault.Conflict, "The equality questions are in this survey already.")
		}
		section := Section{SurveyID: surveyID, Version: 1}
		section.Texts, err = withWords("{}", survey.LanguageList(), "", Texts{Title: "About you",
			Introduction: "These questions help us to see whether we hear from everybody. You do not have to answer them. They are kept apart from your name."})
		if err != nil {
			return err
		}
		if err := tx.Row("SELECT coalesce(max(position), 0) + 1 FROM survey_sections WHERE survey_id = ?", surveyID).Scan(&section.Position); err != nil {
			return err
		}
		if err := tx.Create(&section).Error; err != nil {
			return fmt.Errorf("store the equality section: %w", err)
		}
		for _, e := range equality() {
			if _, err := addQuestion(tx, *survey, section.ID, e.draft()); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

func (e equalityQuestion) draft() draft {
	d := draft{question: Question{Kind: OneOf, Topic: e.topic, Wording: 1}, words: Texts{Title: e.title, Help: e.help}}
	for _, option := range e.options {
		d.added = append(d.added, Choice{Part: OptionPart, Texts: label(option)})
	}
	d.added = append(d.added, Choice{Part: OptionPart, Special: PreferNotSpecial, Texts: label(preferNotLabel)})
	return d
}

// equalityLast moves the section of equality questions behind all others.
func (s *Service) equalityLast(tx *database.Tx, surveyID int64) error {
	err := tx.Exec(`UPDATE survey_sections SET position = (SELECT max(position) + 1 FROM survey_sections o WHERE o.survey_id = ?)
		WHERE survey_id = ? AND retired_at IS NULL AND id IN (SELECT section_id FROM survey_questions WHERE survey_id = ? AND topic <> '' AND retired_at IS NULL)`,
		surveyID, surveyID, surveyID).Error
	if err != nil {
		return fmt.Errorf("keep the equality questions last: %w", err)
	}
	return nil
}
