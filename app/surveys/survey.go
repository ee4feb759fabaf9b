package surveys

import "time"

// Survey is a set of questions that people are asked: a row of the table surveys.
type Survey struct {
	ID            int64
	Slug          string // its address below /surveys, for life
	State         State
	Anonymous     bool   // invitations are exchanged for ballots, and no times are kept
	EventID       *int64 // asked of those who came to it
	Languages     string // codes with | between them; the first is the one it was written in
	Texts         string // JSON: Texts by language
	OpensLocal    string // 2017-02-28T09:00 on the clocks of ZoneName; "" is when it is opened
	ClosesLocal   string
	ZoneName      string `gorm:"column:zone"` // IANA name
	OpensAt       *time.Time
	ClosesAt      *time.Time
	ContactForm   bool // of an anonymous survey: a form of its own follows, joined to nothing
	PublicResults bool
	Version       int64 // rises with every change of what is asked
	CopiedFrom    *int64
	CreatedBy     *int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
	OpenedAt      *time.Time
	ClosedAt      *time.Time
}

// TableName is the table that surveys live in.
func (Survey) TableName() string { return "surveys" }

// State is how far a survey is.
type State string

// The states.
const (
	Draft    State = "draft"
	Open     State = "open"
	Closed   State = "closed"
	Archived State = "archived"
)

// Section is a page of a survey: a row of the table survey_sections.
type Section struct {
	ID         int64
	SurveyID   int64
	Position   int    // from 1
	Texts      string // JSON: Texts by language
	IfQuestion int64  // shown only if this earlier question was answered so; 0 is always
	IfChoice   int64
	IfNot      bool // shown unless it was answered so
	RetiredAt  *time.Time
	Version    int64
}

// TableName is the table that sections live in.
func (Section) TableName() string { return "survey_sections" }

// Question is one question: a row of the table survey_questions.
type Question struct {
	ID        int64
	SurveyID  int64
	SectionID int64
	Position  int // in its section, from 1
	Number    int // order of creation in the survey: its place in every export, for life
	Kind      Kind
	Topic     string // of an equality question: "age"
	Required  bool
	Settings  string // JSON: Settings
	Texts     string // JSON: Texts by language
	Wording   int    // of the texts: rises with every correction
	Locked    bool   // somebody has answered: its meaning stays
	RetiredAt *time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table that questions live in.
func (Question) TableName() string { return "survey_questions" }

// Kind is what sort of answer a question takes.
type Kind string

// The kinds of question.
const (
	ShortText Kind = "short-text"
	LongText  Kind = "long-text"
	OneOf     Kind = "one-of"
	SeveralOf Kind = "several-of"
	Scale     Kind = "scale"
	YesNo     Kind = "yes-no"
	Number    Kind = "number"
	Date      Kind = "date"
	Postcode  Kind = "postcode" // only the outward part is kept
	Grid      Kind = "grid"     // rows, each with one of the options
	Recontact Kind = "recontact"
	QuoteOK   Kind = "quote"
)

// Choice is an option of a question, or a row of a grid: a row of the table survey_choices.
type Choice struct {
	ID         int64
	QuestionID int64
	Part       string // option, row
	Position   int    // from 1
	Code       string // in exports, for life
	Special    string // "", other (says what), none (of these), prefer-not
	Texts      string // JSON: Texts by language
	RetiredAt  *time.Time
}

// The parts that a choice can be of, and what makes an option special.
const (
	OptionPart       = "option"
	RowPart          = "row"
	OtherSpecial     = "other"      // people say what
	NoneSpecial      = "none"       // none of these: stands alone
	PreferNotSpecial = "prefer-not" // stands alone
)

// TableName is the table that choices live in.
func (Choice) TableName() string { return "survey_choices" }

// Texts are the words of a survey, a section, a question or a choice in one language; each uses those it needs.
type Texts struct {
	Title        string `json:"title,omitempty"` // of a survey or a section; the label of a question or a choice
	Introduction string `json:"introduction,omitempty"`
	Help         string `json:"help,omitempty"`
	Thanks       string `json:"thanks,omitempty"`
	Low          string `json:"low,omitempty"` // at the ends of a scale
	High         string `json:"high,omitempty"`

	// Borrowed are the fields, as "title", that are not translated: their words are in the survey's first language.
	Borrowed []string `json:"-"`
}

// Settings are the limits of a question; zero values do not limit.
type Settings struct {
	Most  int    `json:"most,omitempty"`  // characters of a text, choices of several
	Min   *int64 `json:"min,omitempty"`   // of a number
	Max   *int64 `json:"max,omitempty"`   // of a number
	Steps int    `json:"steps,omitempty"` // of a scale, from 1
}
