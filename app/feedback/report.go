package feedback

import "time"

// Quote is words of a comment that may stand in quotation marks: a row of the table quotes.
type Quote struct {
	ID          int64
	CommentID   int64
	StartAt     int // in characters of the text as redacted
	EndAt       int
	Redacted    int
	Digest      string // SHA-256 over the words, the redaction and the consent
	ChosenBy    *int64
	ChosenAt    time.Time
	WithdrawnAt *time.Time
}

// TableName is the table that quotes live in.
func (Quote) TableName() string { return "quotes" }

// Report is a report as it was issued: a row of the table reports.
type Report struct {
	ID              int64
	Title           string
	Kind            string // board, table
	Filter          string // JSON
	Published       bool   // small counts are hidden in it
	CodebookVersion int64
	Tables          string // JSON, as published
	Content         []byte // HTML
	Digest          string // SHA-256 of the content as issued
	IssuedBy        *int64
	IssuedAt        time.Time
}

// TableName is the table that reports live in.
func (Report) TableName() string { return "reports" }

// Place is where the words of a comment stand in an issued report: a row of the table report_places.
type Place struct {
	ReportID  int64 `gorm:"primaryKey"`
	CommentID int64
	StartAt   int `gorm:"primaryKey"` // in bytes of the content
	EndAt     int
	RemovedAt *time.Time
}

// TableName is the table that places live in.
func (Place) TableName() string { return "report_places" }
