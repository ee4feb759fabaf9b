package bookings

import (
	"fmt"
	"net/url"

	"conversations/templates/nhs"
)

// Choose is the staff's page to choose an event or to look for a booking.
type Choose struct {
	Text     string // looked for; "" is nothing yet
	Found    []Row
	Upcoming []EventRow
	Past     []EventRow
}

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

// EventBookings is the staff's list of the bookings of an event.
type EventBookings struct {
	Event    EventRow
	Status   string
	Statuses []Choice
	Text     string
	Rows     []Row
	NewHref  string // "" where nobody can be booked
	All      bool   // nothing was filtered out
}

func table(rows []Row, caption string, ofOne bool) nhs.TableParams {
	head := []nhs.TableCell{nhs.Cell("Reference"), nhs.Cell("Name")}
	if !ofOne {
		head = append(head, nhs.Cell("Event"))
	}
	head = append(head, nhs.NumberCell("People"), nhs.Cell("Status"), nhs.Cell("Reach by"), nhs.Cell("Booked"))
	if ofOne {
		head = append(head, nhs.Cell("Needs"))
	}
	p := nhs.TableParams{Caption: nhs.TableCaption{Content: nhs.Text(caption), Size: "s"}, Head: head, Responsive: true, Compact: true}
	for _, r := range rows {
		cells := []nhs.TableCell{{Content: nhs.Text(r.Reference), Href: r.href(), Classes: "app-whole"}, nhs.Cell(r.Name)}
		if !ofOne {
			cells = append(cells, nhs.Cell(r.Event))
		}
		cells = append(cells, nhs.NumberCell(fmt.Sprint(r.People)), nhs.TableCell{Content: nhs.HTML(nhs.Tag(nhs.TagParams{Content: nhs.Text(r.Status), Colour: r.Colour, Classes: "app-whole"}))},
			nhs.TableCell{Content: nhs.HTML(reachable(r.Email, r.Phone))}, nhs.Cell(r.Booked))
		if ofOne {
			cells = append(cells, nhs.TableCell{Content: nhs.HTML(needList(r.Needs))})
		}
		p.Rows = append(p.Rows, cells)
	}
	return p
}

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
}

// MailRow is a mail about a booking.
type MailRow struct {
	Subject string
	To      string
	State   string
	Colour  string
	Server  string // the mail server's words
	When    string
}

// Give is the form that gives a waiting party its places.
type Give struct {
	Action   string
	Errors   []nhs.FieldError
	Reason   string
	Override bool
}

// Calls is the list of people to telephone.
type Calls struct {
	Done bool
	Rows []CallRow
}

// CallRow is somebody to telephone, or who was.
type CallRow struct {
	ID     int64
	Name   string
	Phone  string
	Event  string
	Why    string
	Since  string
	Result string // "" while nothing came of it
}

func (r CallRow) href() string { return fmt.Sprintf("/staff/calls/%d", r.ID) }

// Call is one call to make.
type Call struct {
	CallRow
	Say         string
	BookingHref string // "" where there is no booking
	Done        bool
	Note        string
	NewResult   string
	Results     []Choice
	Errors      []nhs.FieldError
}
