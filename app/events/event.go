// Package events owns conversation events: what they are, their life from draft to held, when and where they
// are, and how the public finds them. Places are given by the bookings package, which listens here for changes.
package events

import (
	"time"
)

// Event is one conversation event: a row of the table events.
//
// What staff typed, StartsLocal with the zone's name, is the truth about when it is; StartsAt is derived from it.
type Event struct {
	ID          int64
	Slug        string
	Title       string
	Locality    string // slug, from the configuration
	Summary     string
	Description string // markdown
	LedBy       string

	ZoneName     string     `gorm:"column:zone"` // IANA name
	StartsLocal  string     // 2017-02-28T19:00; "" is to be announced
	EndsLocal    string     // "" is not known
	StartsSecond bool       // the later of the two, where the clocks go back
	EndsSecond   bool       //
	StartsAt     *time.Time // nil is to be announced
	EndsAt       *time.Time
	LastStartsAt *time.Time // what it was before the event was moved or postponed
	LastEndsAt   *time.Time

	VenueName     string
	VenueAddress  string
	VenuePostcode string
	GettingThere  string
	Parking       string
	StepFree      string
	HearingLoop   string
	Toilets       string
	Online        bool
	JoinLink      string // only for people with a place
	NeedsMet      string // "A BSL interpreter is coming"
	NeedsBy       string // last day to ask for other needs: 2017-02-14; "" is any day

	Capacity        int // people
	MaxParty        int // people
	BookingOpensAt  *time.Time
	BookingClosesAt *time.Time
	WaitingList     bool

	Status         Status
	StatusNote     string // why, in words for the public
	Attendance     *int   // people who came; nil is not known
	AttendanceNote string // "nearly 100"
	Series         string // events of one name are shown together; "" is none
	Version        int64  // of the row: an edit of an older one is refused; rises with every change
	PublishedAt    *time.Time
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// TableName is the table that events live in.
func (Event) TableName() string { return "events" }

// Public says whether everybody may see the event: all but drafts.
func (e Event) Public() bool { return e.Status != Draft && e.Status != "" }

// Dated says whether the event has a date now.
func (e Event) Dated() bool { return e.StartsAt != nil }

// BookingState says whether places can be booked, and if not, why not.
type BookingState string

// The states of booking. Whether there is a place left is for bookings to say.
const (
	BookingTaken  BookingState = "open"    // bookings are taken now
	BookingNotYet BookingState = "not-yet" // from BookingOpensAt
	BookingOver   BookingState = "over"    // closed, begun, held, cancelled, or never public
	BookingNoDate BookingState = "no-date" // people can leave their interest instead
)

// BookingState is whether places can be booked at the instant now.
func (e Event) BookingState(now time.Time) BookingState {
	switch e.Status {
	case Announced, Postponed:
		return BookingNoDate
	case Open:
		return e.openState(now)
	default:
		return BookingOver
	}
}

func (e Event) openState(now time.Time) BookingState {
	closes := e.BookingClosesAt
	if closes == nil {
		closes = e.StartsAt
	}
	switch {
	case closes != nil && !now.Before(*closes):
		return BookingOver
	case e.BookingOpensAt != nil && now.Before(*e.BookingOpensAt):
		return BookingNotYet
	default:
		return BookingTaken
	}
}

// BookingOpen says whether places can be booked at the instant now.
func (e Event) BookingOpen(now time.Time) bool { return e.BookingState(now) == BookingTaken }

// TakesInterest says whether people can ask to be told when there is a date.
func (e Event) TakesInterest() bool { return e.Status == Announced || e.Status == Postponed }

// Past says whether the event is over at the instant now: held, or its end (else its start) gone by.
func (e Event) Past(now time.Time) bool {
	if e.Status == Held {
		return true
	}
	end := e.EndsAt
	if end == nil {
		end = e.StartsAt
	}
	return end != nil && end.Before(now)
}
