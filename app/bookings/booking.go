// Package bookings gives places at events: it never gives more than there are, keeps the waiting list in order,
// takes down access needs, and tells everybody what became of their booking, by e-mail or, where there is none,
// by a telephone call that staff make.
package bookings

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// Status is how a booking stands.
type Status string

// The states of a booking.
const (
	Confirmed Status = "confirmed" // has its places
	Waiting   Status = "waiting"   // on the waiting list, whole
	Cancelled Status = "cancelled"
)

// Words is the status as people read it.
func (s Status) Words() string {
	switch s {
	case Confirmed:
		return "Booked"
	case Waiting:
		return "On the waiting list"
	default:
		return "Cancelled"
	}
}

// Channel is how a booking reached us.
type Channel string

// The channels.
const (
	Online    Channel = "online"
	Telephone Channel = "telephone"
	Email     Channel = "email"
	InPerson  Channel = "in-person"
)

// Booking is a row of the table bookings: one party at one event.
type Booking struct {
	ID               int64
	Reference        string // without its hyphen; see Spoken
	EventID          int64
	Status           Status
	People           int  // places, at least 1
	BookerComes      bool // false: booked for others only
	Name             string
	Email            string // "" where there is only a telephone
	Phone            string
	EmailKey         string
	PhoneKey         string
	NameKey          string
	Question         string // for the panel
	QuoteOK          bool   `gorm:"column:quote_ok"`
	Recontact        bool
	Updates          bool
	Channel          Channel
	FormKey          *string
	JoinedAt         time.Time
	QueuePosition    int64
	OverCapacity     bool
	CalendarSequence int  // of the last calendar message; -1: none was sent
	InCalendar       bool // the last calendar message was a REQUEST
	Version          int64
	CreatedAt        time.Time
	UpdatedAt        time.Time
	PromotedAt       *time.Time
	CancelledAt      *time.Time
}

// TableName is the table that bookings live in.
func (Booking) TableName() string { return "bookings" }

// Attendee is one of the people of a booking. Position 1 is the booker, where the booker comes.
type Attendee struct {
	ID        int64
	BookingID int64
	Position  int
	Name      string // may be empty
}

// AccessNeed is one need of one attendee, and whether it is met.
type AccessNeed struct {
	ID        int64
	BookingID int64
	Position  int    // of the attendee
	Need      string // a code of Needs
	Note      string
	State     NeedState
	Offer     string // what is offered instead, where it is not possible
	OwnerID   *int64 // the member of staff who sees to it; nil is nobody yet
	DueOn     string // local day by which it must be arranged: 2017-02-07; "" while the event has no date
	CallOff   bool   // what was arranged does not hold any more, and whoever it was arranged with has to be told
	Version   int64  // rises with every change: what an older page asks for is refused
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Active says whether the booking holds or waits for places.
func (b Booking) Active() bool { return b.Status == Confirmed || b.Status == Waiting }

// Spoken is the reference as it is printed and read over the telephone: two groups of three.
func (b Booking) Spoken() string {
	if len(b.Reference) != referenceLetters {
		return b.Reference
	}
	return b.Reference[:3] + "-" + b.Reference[3:]
}

// referenceAlphabet has no 0 or O, 1, I or L: none is taken for another on paper or over the telephone.
const referenceAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// referenceLetters gives 887 million references; one that is taken already is drawn again.
const referenceLetters = 6

func newReference() string {
	var random [referenceLetters * 2]byte
	_, _ = rand.Read(random[:]) // never fails
	out := make([]byte, referenceLetters)
	for i := range out {
		n := int(random[2*i])<<8 | int(random[2*i+1])
		out[i] = referenceAlphabet[n%len(referenceAlphabet)]
	}
	return string(out)
}

// ReadReference understands a reference as people write it: small letters, with or without the hyphen.
func ReadReference(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		if strings.ContainsRune(referenceAlphabet, r) {
			return r
		}
		return -1
	}, text)
}

// countPeople writes a number of people: "1 person", "3 people".
func countPeople(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// countPlaces writes a number of places: "1 place", "3 places".
func countPlaces(n int) string {
	if n == 1 {
		return "1 place"
	}
	return fmt.Sprintf("%d places", n)
}
