package events

import (
	"strings"
	"time"

	"conversations/app/events/minutes"
	"conversations/app/fault"
)

// Record is what is kept of an event that was held: a row of the table records with its parts and attachments. Who
// came is kept with the event.
type Record struct {
	EventID     int64 `gorm:"primaryKey"`
	State       RecordState
	Version     int64 // of the text: an edit of an older one is refused; 0 where there is no record yet
	EditedBy    int64 // staff; 0 is the program
	EditedAt    time.Time
	ApprovedBy  int64
	ApprovedAt  *time.Time
	PublishedAt *time.Time
	CreatedAt   time.Time

	Parts []RecordPart `gorm:"-"` // in order
	Files []RecordFile `gorm:"-"` // in order, without what is in them
}

// TableName is the table that records live in.
func (Record) TableName() string { return "records" }

// RecordState is how far a record is.
type RecordState string

// The states. A text changes as a draft alone, so that what was approved is what is published.
const (
	RecordDraft    RecordState = "draft"
	RecordApproved RecordState = "approved"
	RecordPublic   RecordState = "public"
)

// Words is the state as staff read it.
func (s RecordState) Words() string {
	switch s {
	case RecordDraft:
		return "Draft"
	case RecordApproved:
		return "Approved, not public yet"
	case RecordPublic:
		return "Public"
	default:
		return "Not written yet"
	}
}

// RecordPart is one part of a record: a row of the table record_parts.
type RecordPart struct {
	ID        int64
	EventID   int64
	Position  int // from 1
	Kind      minutes.Kind
	Text      string
	Who       string    // an office, a role or an owner; of whoever asked one of minutes.Roles
	BookingID *int64    // whose own words a question is
	DueOn     string    // of a next step: 2017-03-31; "" for no day
	State     StepState // of a next step
	Note      string    // what came of a next step
	SettledAt *time.Time
}

// TableName is the table that parts live in.
func (RecordPart) TableName() string { return "record_parts" }

// StepState is what has become of a next step.
type StepState string

// The states of a next step; "" for any other part.
const (
	StepOpen    StepState = "open"
	StepDone    StepState = "done"
	StepDropped StepState = "dropped"
)

// Words is the state as everybody reads it.
func (s StepState) Words() string {
	switch s {
	case StepDone:
		return "Done"
	case StepDropped:
		return "Not going ahead"
	default:
		return "Not done yet"
	}
}

// Late says whether a next step is open although its day is over. today is as in 2017-03-31.
func (p RecordPart) Late(today string) bool {
	return p.Kind == minutes.Step && p.State == StepOpen && p.DueOn != "" && p.DueOn < today
}

// Of gives the parts of some kinds, in order.
func (r Record) Of(kinds ...minutes.Kind) (parts []RecordPart) {
	for _, p := range r.Parts {
		for _, kind := range kinds {
			if p.Kind == kind {
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// RecordConflict is what the second of two editors is told: Stored is the record as the first left it. Save again
// with Stored's version to put one's own text on top.
type RecordConflict struct{ Stored Record }

// Error says what happened, in words that are safe to show.
func (c *RecordConflict) Error() string { return c.Unwrap().Error() }

// Unwrap gives the fault, of kind Conflict.
func (c *RecordConflict) Unwrap() error {
	return fault.New(fault.Conflict, "Somebody else changed this record while you were writing. Both texts are kept.")
}

// readyToApprove says what is still missing before a record can be approved.
func (r Record) readyToApprove() error {
	if len(r.Parts) == len(r.Of(minutes.Unplaced)) {
		return fault.New(fault.Conflict, "The record is empty. Write it first.")
	}
	for _, p := range r.Of(minutes.Answer) {
		if strings.TrimSpace(p.Who) == "" {
			return fault.New(fault.Conflict, "Some answers do not say which office gave them. Change the record, and say so.")
		}
	}
	return nil
}

// hasRecord says whether something can be written down about the event: it was public and not called off.
func (e Event) hasRecord() error { return e.mustBe(Open, Closed, Held) }
