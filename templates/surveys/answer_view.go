package surveys

import "conversations/templates/nhs"

// AnswerHead is the language of a page on which people answer.
type AnswerHead struct{ Language, Direction string }

// SizeView leads to the same page in large print, or in the usual size.
type SizeView struct {
	Href  string
	Words Said
	Large bool // the page is in large print now
}

// Language is a language to change to.
type Language struct{ Code, Dir, Name, Href string }

// StartView is the first page of a survey.
type StartView struct {
	Head                AnswerHead
	Title, Introduction Said
	Action              string
	Open                bool
	Start, Stop         Said
	Anonymous           Said   // "" where it is not
	Closed              Said   // why nobody can answer
	When                string // from when it is open; "" where that does not matter
	Languages           []Language
	Size                SizeView
}

// AnswerView is one page of a survey.
type AnswerView struct {
	Head                        AnswerHead
	Survey, Title, Introduction Said
	Page                        Said // "page 2 of 4"
	Action                      string
	Section                     int64
	Number                      int // from 1
	Questions                   []QuestionView
	Next, Back, Save            Said
	SavedLink                   string // shown once it was saved
	Saved                       Said
	Open                        bool
	Closed                      Said
	Size                        SizeView
	Problem                     Said
	Errors                      []nhs.FieldError
}

// DoneView is the page after a survey was sent.
type DoneView struct {
	Head                    AnswerHead
	Heading, Thanks, Events Said
	ContactHref             string // of the form that follows an anonymous survey; "" without one
}

func (v AnswerView) summary() nhs.ErrorSummaryParams {
	p := nhs.ErrorSummaryParams{Heading: nhs.HeadingText(v.Problem.Text), Attributes: v.Problem.marks()}
	for _, e := range v.Errors {
		item := nhs.ErrorSummaryItem{Content: nhs.Text(e.Text)}
		if e.Field != "" {
			item.Href = "#" + e.Field
		}
		p.ErrorList = append(p.ErrorList, item)
	}
	return p
}
