package bookings

import (
	"fmt"
	"net/url"

	"conversations/templates/nhs"
)

// EventRow is an event with its numbers, in people.
type EventRow struct {
	Slug     string
	Title    string
	When     string
	Status   string
	Capacity int
	Taken    int
	Waiting  int
}

func (e EventRow) href() string { return "/staff/bookings?event=" + url.QueryEscape(e.Slug) }

// numbers are the places in words; more may be taken than there are, where staff gave them.
func (e EventRow) numbers() string {
	if e.Capacity == 0 {
		return "No places set yet"
	}
	words := fmt.Sprintf("%d of %d places taken", e.Taken, e.Capacity)
	switch free := e.Capacity - e.Taken; {
	case free < 0:
		words += fmt.Sprintf(", %d too many", -free)
	case free == 0:
		words += ", full"
	default:
		words += fmt.Sprintf(", %d free", free)
	}
	if e.Waiting > 0 {
		words += ", " + people(e.Waiting) + " waiting"
	}
	return words
}

// Row is a booking in a list.
type Row struct {
	ID        int64
	Reference string
	Name      string
	Event     string // "" in the list of one event
	People    int
	Status    string
	Colour    string
	Needs     []string
	Email     string
	Phone     string
	Booked    string
}

func (r Row) href() string { return fmt.Sprintf("/staff/bookings/%d", r.ID) }

// StaffBooking is a booking as staff see it.
type StaffBooking struct {
	Booking  Booking
	ID       int64
	Status   string
	Colour   string
	Name     string
	Email    string
	Phone    string
	Details  [][2]string // channel, times, what was agreed to
	Question string
	Say      string // what to tell the caller who has just booked; "" at other times
	Mails    []MailRow
	Calls    []CallRow
	Give     *Give // nil where the party does not wait
	ListHref string

	MoveHref    string // "" where it cannot be moved
	RestoreHref string // "" where there is no cancellation to undo
	Notes       []NoteRow
	Note        NoteForm
	Errors      []nhs.FieldError // of any form on the page
}

// Typed are the forms on the page of a booking, as typed.
type Typed struct {
	Give Give
	Note NoteForm
}

// Errors are the messages of the form that was refused.
func (t Typed) Errors() []nhs.FieldError {
	if len(t.Give.Errors) > 0 {
		return t.Give.Errors
	}
	return t.Note.Errors
}

// MailRow is a mail about a booking.
type MailRow struct {
	Subject string
	Href    string
	To      string
	State   string
	Colour  string
	Server  string // the mail server's words
	When    string
	// AgainAction is where the form posts that sends it again; "" where it cannot be.
	AgainAction string
}

// Give is the form that gives a waiting party its places.
type Give struct {
	Action   string
	Errors   []nhs.FieldError
	Reason   string
	Override bool
}
