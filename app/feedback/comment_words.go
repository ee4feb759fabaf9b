package feedback

import (
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"conversations/app/feedback/redact"
)

// Sources are where comments come from, in the order in which they are offered.
func Sources() []Source {
	return []Source{FromSurvey, FromQuestion, FromMeeting, FromMinutes, FromTelephone, FromLetter, FromEmail, FromSocialMedia, FromImport}
}

// HandSources are those that staff can type in.
func HandSources() []Source {
	return []Source{FromTelephone, FromLetter, FromEmail, FromSocialMedia, FromMeeting}
}

// Words says the source in plain words.
func (s Source) Words() string {
	switch s {
	case FromSurvey:
		return "Survey"
	case FromQuestion:
		return "Question to the panel"
	case FromMeeting:
		return "Said at an event"
	case FromMinutes:
		return "Minutes of a meeting"
	case FromTelephone:
		return "Telephone"
	case FromLetter:
		return "Letter"
	case FromEmail:
		return "Email"
	case FromSocialMedia:
		return "Social media"
	case FromImport:
		return "A file"
	}
	return string(s)
}

// Words says how far striking out has come.
func (r Redaction) Words() string {
	if r == Confirmed {
		return "Checked"
	}
	return "To check"
}

// kinds are what can be struck out, in the order in which they are offered.
func kinds() []redact.Kind {
	return []redact.Kind{redact.Name, redact.Telephone, redact.Email, redact.Address, redact.Postcode, redact.BirthDate, redact.NHSNumber, redact.Other}
}

// kindWords names what was struck out, for a list of choices.
func kindWords(k redact.Kind) string {
	switch k {
	case redact.Name:
		return "A name"
	case redact.Telephone:
		return "A telephone number"
	case redact.Email:
		return "An email address"
	case redact.Address:
		return "An address"
	case redact.Postcode:
		return "A postcode"
	case redact.BirthDate:
		return "A date of birth"
	case redact.NHSNumber:
		return "An NHS number"
	case redact.Other:
	}
	return "Something else"
}

var english = message.NewPrinter(language.BritishEnglish)
