package surveys

import "time"

// Response is what one person answered: a row of the table survey_responses. Its id is random, so that no order tells
// who answered when.
type Response struct {
	ID           int64
	SurveyID     int64
	State        ResponseState
	Channel      string // online, paper, telephone, import
	Language     string
	Locality     string // slug, from a postcode or a batch; "" is not known
	EventID      *int64
	InvitationID *int64 // never of an anonymous survey
	BatchID      *int64
	SecondOf     *int64 // the same paper, entered a second time to count errors
	OutsideID    string // what an imported answer is called elsewhere
	Section      int64  // of a draft: where its writer is
	EnteredBy    *int64
	SetAside     string // why it does not count
	Chosen       string // its closed answers on one line, for counting
	StartedAt    *time.Time
	SubmittedAt  *time.Time
}

// TableName is the table that responses live in.
func (Response) TableName() string { return "survey_responses" }

// ResponseState is how far a response is.
type ResponseState string

// The states of a response.
const (
	Ballot   ResponseState = "ballot" // of an anonymous survey: made before anybody answers, not taken yet
	Drafting ResponseState = "draft"
	Complete ResponseState = "complete"
	SetAside ResponseState = "set-aside" // does not count
	Repeated ResponseState = "second"    // the same paper, entered a second time: never counts
)

// Answer is one thing that was chosen or written: a row of the table survey_answers.
type Answer struct {
	ResponseID int64
	QuestionID int64
	RowID      int64  // of a grid
	ChoiceID   int64  // chosen; 0 where something was written
	Number     *int64 // of a number, or the step of a scale
	Text       string // written, or what "other" is; a day; the outward part of a postcode
	Unreadable bool   // on paper
	Wording    int    // of the question as it was read
}

// TableName is the table that answers live in.
func (Answer) TableName() string { return "survey_answers" }
