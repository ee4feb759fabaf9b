package surveys

import (
	"context"
	"fmt"
	"unicode/utf8"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
)

// ContactWording is what people are asked on the form after an anonymous survey; it is kept with what they write.
const ContactWording = "You may get in touch with me about this survey. My name and email address are kept apart from my answers: nobody can join them."

// ContactDetails is what somebody typed on the form after an anonymous survey, as typed.
type ContactDetails struct {
	Name  string `form:"name"`
	Email string `form:"email"`
	Trap  string `form:"leave_empty"` // filled in by programs only
}

// AsksContact says whether a form for getting in touch follows a survey now.
func (s *Service) AsksContact(survey Survey) bool {
	return survey.Anonymous && survey.ContactForm && survey.Accepting(s.DB.Now())
}

// LeaveContact keeps a name and an address, joined to no answers: under a random id, without a time, and on PostgreSQL
// written together with all others anew, so that their order tells nothing. The error is an Invalid fault with a message
// at each field, or NotFound where the survey has no such form now.
func (s *Service) LeaveContact(ctx context.Context, survey Survey, d ContactDetails) error {
	if !s.AsksContact(survey) {
		return noSurvey()
	}
	if err := d.check(); err != nil {
		return err
	}
	r := Respondent{SurveyID: survey.ID, Name: d.Name, Email: d.Email, EmailKey: contacts.NormaliseEmail(d.Email), Wording: ContactWording}
	return s.DB.Write(ctx, func(tx *database.Tx) error {
		r.ID = randomID()
		if _, err := lockSurvey(tx, survey.ID); err != nil {
			return err
		}
		if err := tx.Create(&r).Error; err != nil {
			return fmt.Errorf("keep whom we may get in touch with: %w", err)
		}
		if tx.ForUpdate() == "" {
			return nil
		}
		return rewrite(tx, "survey_respondents", "survey_id = ?", survey.ID)
	})
}

func (d ContactDetails) check() error {
	var problems fault.Fields
	if d.Name == "" {
		problems.Add("name", "Enter your name")
	}
	if utf8.RuneCountInString(d.Name) > maxNameCharacters {
		problems.Add("name", fmt.Sprintf("Your name must be %d characters or fewer", maxNameCharacters))
	}
	if problem := contacts.CheckEmail(d.Email, d.Email); problem != "" {
		problems.Add("email", problem)
	}
	return problems.Err()
}
