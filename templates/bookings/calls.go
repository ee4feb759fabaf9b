package bookings

import (
	"fmt"

	"conversations/templates/nhs"
)

// Calls is the ring-round list: people still to telephone or, with Done, the calls that were made.
type Calls struct {
	Done   bool
	Total  int
	People []CalleeRow // still to be called
	Rows   []CallRow   // done
	Pages  *nhs.PaginationParams

	Event, Kind, Tried string
	Mine               bool
	Events, Kinds      []Choice
	Hidden             [][2]string // the filters, for forms
	CSVHref, XLSXHref  string
}

// CalleeRow is somebody to telephone, with everything that is to be told them.
type CalleeRow struct {
	Href  string
	Name  string
	Phone string // "" where there is none
	Why   []string
	Since string
	Last  string // what came of the last attempt; "" before the first
	Held  string // who is calling them now; "" is nobody else
}

// CallRow is a call, and what came of it.
type CallRow struct {
	ID     int64
	Name   string
	Phone  string
	Event  string
	Why    string
	Since  string
	Result string // "" while nothing came of it
	Note   string
	Done   string // when; "" while it is not
	By     string // who did it; "" where nobody had to
}

func (r CallRow) href() string { return fmt.Sprintf("/staff/calls/%d", r.ID) }

// Telling is one thing to tell in a conversation.
type Telling struct {
	CallRow
	Say         string
	BookingHref string // "" where there is no booking
	Ticked      bool
}

// Call is one conversation: whom to ring, what to say, and the form that records what came of it.
type Call struct {
	ID       int64
	Name     string
	Phone    string
	Tellings []Telling
	Done     bool
	Held     string // who else is calling them now, in a sentence; "" is nobody
	Later    string // when to try again, in a sentence; "" is any time
	Mine     bool   // the reader has said that they are calling

	Results   []Choice
	NewResult string
	NewNote   string
	Agains    []Choice
	Again     string
	Round     string
	Hidden    [][2]string // the filters of the list
	Errors    []nhs.FieldError

	History   []string // newest first
	UndoRound string   // "" where there is nothing to undo
}

func (v Call) path(what string) string { return fmt.Sprintf("/staff/calls/%d%s", v.ID, what) }

func (v Call) tellingItems() []nhs.ChoiceItem {
	items := make([]nhs.ChoiceItem, len(v.Tellings))
	for i, t := range v.Tellings {
		items[i] = nhs.ChoiceItem{Content: nhs.Text(t.Why + ": " + t.Event), Value: fmt.Sprint(t.ID), Checked: nhs.No}
		if t.Ticked {
			items[i].Checked = nhs.Yes
		}
	}
	return items
}
