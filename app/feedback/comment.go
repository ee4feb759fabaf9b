package feedback

import "time"

// Source is where a comment came from.
type Source string

// The sources.
const (
	FromSurvey      Source = "survey"
	FromQuestion    Source = "question" // put to the panel with a booking
	FromMeeting     Source = "meeting"  // notes of what was said at an event
	FromMinutes     Source = "minutes"  // pasted
	FromTelephone   Source = "telephone"
	FromLetter      Source = "letter"
	FromEmail       Source = "email"
	FromSocialMedia Source = "social-media"
	FromImport      Source = "import"
)

// Redaction is how far striking out has come.
type Redaction string

// The states of striking out. What was found by the program is struck out at once, everywhere; a person confirms it.
const (
	Found     Redaction = "found"
	Confirmed Redaction = "confirmed"
)

// Comment is what somebody said, as staff may see it: a row of the table comments.
type Comment struct {
	ID          int64
	Source      Source
	SourceKey   string // the same words come in once
	About       string // what they were asked
	Text        string // with what tells who somebody is struck out; "" was removed on request
	Words       string // the same, folded, to find duplicates by
	Redaction   Redaction
	Redacted    int // rises with every change of what is struck out
	ConfirmedBy *int64
	ConfirmedAt *time.Time
	EventID     *int64
	Locality    string
	Service     string
	Equality    string // JSON by topic: codes of answers to equality questions
	SaidOn      string // 2017-02-28, or ""
	QuoteOK     bool   `gorm:"column:quote_ok"`
	Recontact   bool
	SameAs      *int64 // the first of those that say the same, word for word
	LikeGroup   int64  // near copies have the id of the first; 0 is alone
	SetAside    string // why it does not count
	PersonID    *int64
	ImportID    *int64
	TakenBy     *int64
	Version     int
	CreatedAt   time.Time
}

// TableName is the table that comments live in.
func (Comment) TableName() string { return "comments" }

// Original is the words as they came: a row of the table comment_originals.
type Original struct {
	CommentID int64 `gorm:"primaryKey"`
	Text      string
}

// TableName is the table that originals live in.
func (Original) TableName() string { return "comment_originals" }

// Finding is a place in the original that tells who somebody is: a row of the table comment_findings.
type Finding struct {
	ID        int64
	CommentID int64
	StartAt   int // in bytes of the original
	EndAt     int
	Kind      string
	State     string // struck, or back: put back by staff
	DecidedBy *int64 // nil is the program
}

// TableName is the table that findings live in.
func (Finding) TableName() string { return "comment_findings" }

// Person is who said comments, where that is known, apart from what was said: a row of the table comment_people.
type Person struct {
	ID       int64
	Name     string
	Email    string
	EmailKey string
	Phone    string
	PhoneKey string
	Wording  string // exactly what they agreed to
}

// TableName is the table that people live in.
func (Person) TableName() string { return "comment_people" }

// Import is a file that comments came from: a row of the table comment_imports.
type Import struct {
	ID       int64
	FileName string
	Digest   string // SHA-256
	Comments int
	MadeBy   *int64
	MadeAt   time.Time
	UndoneAt *time.Time
}

// TableName is the table that imports live in.
func (Import) TableName() string { return "comment_imports" }

// Alarm says that somebody may be in danger: a row of the table comment_alarms.
type Alarm struct {
	ID         int64
	CommentID  int64
	Kind       string // safeguarding, threat-to-life
	RaisedBy   *int64
	RaisedAt   time.Time
	Rounds     int // how often everybody was written to
	NextAt     *time.Time
	AnsweredBy *int64
	AnsweredAt *time.Time
	Outcome    string
}

// TableName is the table that alarms live in.
func (Alarm) TableName() string { return "comment_alarms" }
