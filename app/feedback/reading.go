package feedback

import "time"

// Part is whose reading of a comment it is.
type Part string

// The parts. The third settles where the first and the second, who did not see the first, differ.
const (
	First  Part = "first"
	Second Part = "second"
	Third  Part = "third"
)

// Verdict is what a coder made of a comment.
type Verdict string

// The verdicts.
const (
	Coded     Verdict = "coded"
	NoneFits  Verdict = "none"
	Undecided Verdict = "undecided"
	TakenBack Verdict = "" // the coding was undone: the reading counts no more, and its history stays
)

// Reading is how one coder read one comment: a row of the table comment_readings.
type Reading struct {
	ID        int64
	CommentID int64
	Part      Part
	CoderID   *int64
	Verdict   Verdict
	Tone      string // positive, negative, mixed, neutral, or ""
	Quotable  bool   // worth quoting
	Suggested bool   // suggestions were in sight
	Offered   string // the themes that were suggested, the best first: ids with commas between
	Counts    bool   // the one that reports go by
	Version   int
	ReadAt    time.Time
}

// TableName is the table that readings live in.
func (Reading) TableName() string { return "comment_readings" }

// Coding is a theme that a reading found in a comment: a row of the table codings.
type Coding struct {
	ID        int64
	ReadingID int64
	CommentID int64
	ThemeID   int64
	StartAt   int // an excerpt, in characters of the text as redacted; 0 to 0 is the whole
	EndAt     int
	Redacted  int // of the text that the excerpt was marked in
	Place     int // which suggestion it was, from 1; 0 is none
	Counts    bool
}

// TableName is the table that codings live in.
func (Coding) TableName() string { return "codings" }

// CodingStep is one step of coding: a row of the table coding_steps.
type CodingStep struct {
	ID        int64
	ReadingID int64
	CommentID int64
	StaffID   *int64
	Before    string // JSON
	After     string
	Undoes    *int64
	TakenAt   time.Time
}

// TableName is the table that steps live in.
func (CodingStep) TableName() string { return "coding_steps" }

// DoubleCoding is a comment that a second person codes: a row of the table double_codings.
type DoubleCoding struct {
	CommentID int64  `gorm:"primaryKey"`
	State     string // waiting, agreed, differs, settled
	DrawnAt   time.Time
}

// TableName is the table that double codings live in.
func (DoubleCoding) TableName() string { return "double_codings" }
