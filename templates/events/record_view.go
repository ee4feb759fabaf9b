package events

import (
	"strconv"

	"conversations/templates/nhs"
)

// RecordView is what everybody reads of the record of an event. The zero view draws nothing.
type RecordView struct {
	Presenters []PresenterView
	Points     []PointGroup
	Steps      []StepView
	Questions  []QuestionView
	Files      []FileView
}

func (v RecordView) empty() bool {
	return len(v.Presenters)+len(v.Points)+len(v.Steps)+len(v.Questions)+len(v.Files) == 0
}

// PresenterView is somebody who presented; Name or Office may be empty.
type PresenterView struct{ Name, Office string }

func (p PresenterView) words() string {
	if p.Name == "" || p.Office == "" {
		return p.Name + p.Office
	}
	return p.Name + ", " + p.Office
}

// PointGroup is key points below the words that lead to them.
type PointGroup struct {
	Lead   string // "" where the points stand alone
	Points []string
}

// StepView is a next step and what has become of it.
type StepView struct {
	Text          string
	Owner, Due    string
	State, Colour string
	Note          []string
	Late          bool
	Event         string // at which it was promised, in lists of several events
	Href          string // where staff follow it up; "" for everybody else
}

// QuestionView is a question with its answers.
type QuestionView struct {
	From    string // "from a councillor"
	Text    []string
	Answers []AnswerView
}

// AnswerView is an answer and the office that gave it.
type AnswerView struct {
	Office string
	Text   []string
}

// FileView is an attachment.
type FileView struct {
	Title, Href, Words string
	// For staff.
	Public bool
	Action string
}

// StaffRecordView is the staff's page of a record.
type StaffRecordView struct {
	Event         string
	State, Colour string
	Facts         []Fact
	Record        RecordView
	Unplaced      []string
	Version       int64
	Actions       []RecordAction
	StateAction   string // where the actions are sent
	EditHref      string // "" where the text cannot be changed now
	MinutesHref   string
	CameHref      string // "" where that cannot be said now
	Files         []FileView
	FilesAction   string
	FileLimit     string // "10 MB"
	FileTitle     string // as typed
	Errors        []nhs.FieldError
}

// RecordAction is a button that moves a record on.
type RecordAction struct {
	Value, Text string
	Secondary   bool
	Says        string
}

// RecordFormView is the page on which a record is written.
type RecordFormView struct {
	Event    string
	Action   string
	BackHref string
	Version  int64
	Sections []RecordSection
	Kinds    []Choice
	Roles    []Choice
	Unsaved  string   // what is shown and not saved yet; "" for nothing
	Conflict bool     // somebody else changed it meanwhile
	Theirs   []string // what the other wrote and is not in the form
	Errors   []nhs.FieldError
}

// RecordSection is the parts of one kind, with buttons to add more.
type RecordSection struct {
	Title, Hint string
	Lines       []LineView
	Add         []AddButton
}

// AddButton adds a line or changes the order; Show is where the page is shown from then on.
type AddButton struct{ Text, Hidden, Do, Show string }

// LineView is one part of a record in the form. N numbers the lines from 0 through all sections.
type LineView struct {
	N                int
	ID               string
	Legend           string
	Kind             string
	Text             string
	Who              string
	WhoLabel         string // "" where nobody is named with it
	WhoHint          string
	Day, Month, Year string
	Check            string
	Buttons          []AddButton
}

func (l LineView) field(name string) string { return name + "-" + strconv.Itoa(l.N) }

const rowCharacters = 70

func (l LineView) rows() int { return min(12, 2+len(l.Text)/rowCharacters) }

func (l LineView) class() string {
	if l.Check != "" {
		return "nhsuk-fieldset app-part app-part--check"
	}
	return "nhsuk-fieldset app-part"
}

// MinutesView is the page on which minutes are pasted.
type MinutesView struct {
	Event, Action, BackHref string
	Text                    string
	Errors                  []nhs.FieldError
}

// FollowView is the page on which a next step is followed up.
type FollowView struct {
	Event, Action, BackHref string
	Step                    string
	State, Note, Owner      string
	Day, Month, Year        string
	Version                 int64
	Theirs                  []Difference // what somebody else wrote meanwhile
	Errors                  []nhs.FieldError
}

// StepsView is the staff's list of next steps.
type StepsView struct {
	Show, Locality string
	Localities     []Choice
	Steps          []StepView
	Total          int
	Pages          nhs.PaginationParams
	ShowPages      bool
}

// AskedView is the staff's page of the questions that were asked at booking.
type AskedView struct {
	Event    string
	Action   string
	BackHref string
	Groups   []AskedGroup
	Total    int
}

// AskedGroup is questions that are alike.
type AskedGroup struct {
	Title     string
	Note      string
	Up, Down  string // what the buttons send; "" for no button
	Show      string
	Questions []AskedQuestion
}

// AskedQuestion is one question that was asked at booking.
type AskedQuestion struct {
	Number   int // in the chair's order
	Text     []string
	Quote    string // whether it may be read in these words
	State    string // "Answered"; "" for not yet
	Href     string
	Up, Down string
}

// AnswerFormView is the page on which a question is answered.
type AnswerFormView struct {
	Event, Action, BackHref         string
	Asked                           []string
	QuoteOK                         bool
	Words, Role, Answer, AnsweredBy string
	Roles                           []Choice
	Also                            []Choice
	AlsoChosen                      []string
	Taken                           bool // in the record already
	Take                            bool
	Errors                          []nhs.FieldError
}
