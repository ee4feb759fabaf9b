package surveys

import (
	"fmt"
	"slices"

	"gorm.io/gorm"

	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/fault"
)

// Contact is how to reach somebody who lets us get in touch about what they answered. It is kept apart from the answers.
type Contact struct{ Name, Email, Phone string }

func (c Contact) empty() bool { return c == Contact{} }

// Respondent is somebody who let us get in touch about a survey: a row of the table survey_respondents.
type Respondent struct {
	ID         int64 // random
	SurveyID   int64
	ResponseID *int64 // never of an anonymous survey
	Name       string
	Email      string
	EmailKey   string
	Phone      string
	PhoneKey   string
	Wording    string // exactly what they were asked
}

// TableName is the table that respondents live in.
func (Respondent) TableName() string { return "survey_respondents" }

// The fields of a question that asks whether we may get in touch again.
func (q Question) nameField() string  { return q.Field() + "-name" }
func (q Question) emailField() string { return q.Field() + "-email" }
func (q Question) phoneField() string { return q.Field() + "-phone" }

const (
	maxNameCharacters = 100
	yesCode           = "yes"
)

// saysYes says whether the answer is yes, to a question that can be answered so.
func (q FormQuestion) saysYes(given Given) bool {
	return slices.ContainsFunc(q.Options, func(o FormChoice) bool { return o.Code == yesCode && slices.Contains(given.Choices, o.ID) })
}

// checkContact makes sure that who may be asked again can be reached, and that nobody says how who may not.
func (q FormQuestion) checkContact(given Given, problems *fault.Fields) {
	say, c := q.words(), given.Contact
	if !q.saysYes(given) {
		if !c.empty() {
			problems.Add(q.Field(), say.blocked)
		}
		return
	}
	if q.nameless {
		return
	}
	switch {
	case c.Name == "":
		problems.Add(q.nameField(), say.nameMissing)
	case len([]rune(c.Name)) > maxNameCharacters:
		problems.Add(q.nameField(), fmt.Sprintf(say.tooLong, maxNameCharacters))
	}
	if c.Email == "" && c.Phone == "" {
		problems.Add(q.emailField(), say.reachMissing)
	}
	if c.Email != "" && contacts.CheckEmail(c.Email, c.Email) != "" {
		problems.Add(q.emailField(), say.emailWrong)
	}
	if c.Phone != "" {
		if _, _, problem := contacts.ReadPhone(c.Phone); problem != "" {
			problems.Add(q.phoneField(), say.phoneWrong)
		}
	}
}

// storeContacts keeps how to reach whoever answered yes to a question of a page, with the words that they were asked, and
// drops what they said before.
func storeContacts(tx *database.Tx, r Response, questions []FormQuestion, answers Answers) error {
	for _, q := range questions {
		if q.Kind != Recontact {
			continue
		}
		if err := tx.Exec("DELETE FROM survey_respondents WHERE response_id = ?", r.ID).Error; err != nil {
			return fmt.Errorf("replace how to reach somebody: %w", err)
		}
		if given := answers[q.ID]; q.saysYes(given) && !given.Contact.empty() && !q.nameless {
			if err := storeContact(tx, r, given.Contact, q.Words.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

func storeContact(tx *database.Tx, r Response, c Contact, wording string) error {
	row := Respondent{ID: randomID(), SurveyID: r.SurveyID, ResponseID: &r.ID, Name: c.Name, Email: c.Email, EmailKey: contacts.NormaliseEmail(c.Email), Wording: wording}
	if c.Phone != "" {
		row.Phone, row.PhoneKey, _ = contacts.ReadPhone(c.Phone)
	}
	if err := tx.Create(&row).Error; err != nil {
		return fmt.Errorf("store how to reach somebody: %w", err)
	}
	return nil
}

// readContact puts how to reach the writer of a response beside their answer.
func readContact(read *gorm.DB, form Form, responseID int64, answers Answers) error {
	var row Respondent
	err := database.First(read.Raw("SELECT * FROM survey_respondents WHERE response_id = ?", responseID), &row)
	if database.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read how to reach somebody: %w", err)
	}
	for _, section := range form.Sections {
		for _, q := range section.Questions {
			if given := answers[q.ID]; q.Kind == Recontact && q.saysYes(given) {
				given.Contact = Contact{row.Name, row.Email, row.Phone}
				answers[q.ID] = given
			}
		}
	}
	return nil
}
