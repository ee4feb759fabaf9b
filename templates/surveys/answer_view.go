package surveys

import "conversations/templates/nhs"

// Language is a language to change to.
type Language struct{ Code, Name, Href string }

// StartView is the first page of a survey.
type StartView struct {
	Title, Introduction, Language, Direction string
	Action                                   string
	Open, Anonymous                          bool
	When                                     string // from when it is open; "" where that does not matter
	Languages                                []Language
}

// AnswerView is one page of a survey.
type AnswerView struct {
	Survey, Title, Introduction string
	Language, Direction         string
	Action                      string
	Section                     int64
	Number, Of                  int
	Questions                   []QuestionView
	SavedLink                   string // shown once it was saved
	Open                        bool
	Errors                      []nhs.FieldError
}
