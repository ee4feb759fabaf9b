package bookings

import (
	"fmt"

	"conversations/templates/nhs"
)

// Access is the staff's list of what people need to take part.
type Access struct {
	Open, Late                int // of all, whatever the filter
	Event, Need, Owner, State string
	Events, Needs, Owners     []Choice
	States                    []Choice
	Rows                      []TaskRow
	Total                     int
	Pages                     *nhs.PaginationParams // nil: one page
	CSVHref, XLSXHref         string
	VenueHref                 string // of the sheet for the venue; "" where no event is chosen
}

// TaskRow is one access need in the list.
type TaskRow struct {
	Href    string
	Need    string
	Note    string
	Whom    string
	Event   string
	Due     string
	Late    bool
	Owner   string
	State   string
	Colour  string
	CallOff bool // what was arranged does not hold any more
	Waiting bool // the party is on the waiting list
}

// Task is one access need, and the forms to see to it.
type Task struct {
	TaskRow
	ID          int64
	Version     int64
	Errors      []nhs.FieldError
	Reference   string
	BookingHref string
	StateNow    string
	OfferNow    string
	LeadDays    int
	Closed      string // why nothing can be done any more; "" where it can

	States      []Choice
	State       string // chosen
	Offer       string
	Others      bool
	OthersAlike int    // how many others asked for the same at the event
	Told        string // how the booker is told

	Owners  []Choice
	OwnerID string
	Me      int64
	Mine    bool

	History  []string // newest first
	UndoStep int64    // 0: nothing to undo
	UndoTo   string
}

func (t Task) path(what string) string { return fmt.Sprintf("/staff/access/%d/%s", t.ID, what) }

func (t Task) rows() []nhs.SummaryRow {
	rows := []nhs.SummaryRow{nhs.Row("For", t.Whom), nhs.Row("Event", t.Event), nhs.Row("Arrange by", t.dueWords())}
	if t.Note != "" {
		rows = append(rows, nhs.Row("In their words", t.Note))
	}
	if t.OfferNow != "" {
		rows = append(rows, nhs.Row("Offered instead", t.OfferNow))
	}
	return append(rows, nhs.Row("Who sees to it", t.Owner), nhs.Row("Booking", t.Reference))
}

func (t Task) dueWords() string {
	return fmt.Sprintf("%s (%d days before the event, or the working day before that)", t.Due, t.LeadDays)
}

// Venue is the sheet that a venue is given: what is needed and for how many, and nobody's name.
type Venue struct {
	Title, When, Where string
	Rows               []VenueRow
	Office             Office
	Printed            string
}

// VenueRow is one kind of need.
type VenueRow struct {
	Need      string
	People    int
	Standing  string
	Languages string
}
