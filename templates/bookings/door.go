package bookings

import (
	"fmt"
	"strings"

	"conversations/templates/nhs"
)

// Door is the door of one event.
type Door struct {
	Title  string
	When   string
	Action string // the page's own address; the forms post below it
	Press  string // UUID of the next press
	Closed string // why nobody can be marked now; "" where they can
	Query  string
	Totals []DoorTotal
	People []DoorPerson
	Steps  []DoorStep // what was noted and still stands, newest first
	Errors []nhs.FieldError

	WalkInName, WalkInPeople, Headcount string // as typed

	HoldHref string // "" where the reader may not, or need not
}

// DoorTotal is one number that matters at the door.
type DoorTotal struct{ Label, Number string }

// DoorPerson is somebody who is expected.
type DoorPerson struct {
	Booking   string // id
	Seat      string // 12.1: booking and position
	Number    string
	Name      string
	Reference string
	Mark      string // came, not-came or ""
	State     string // in words
	Colour    string
	Waits     bool // on the waiting list
	Whole     int  // people in the party, on its first person only
}

func (p DoorPerson) id() string { return "seat-" + strings.ReplaceAll(p.Seat, ".", "-") }

func (p DoorPerson) allWords() string { return allCame(p.Whole) }

func allCame(n int) string {
	if n == 2 {
		return "Both came"
	}
	return fmt.Sprintf("All %d came", n)
}

func pressed(is bool) string {
	if is {
		return "true"
	}
	return "false"
}

// markHidden completes the words of a button for who cannot see what it stands beside.
func markHidden(mark string) string {
	if mark == "came" {
		return ": "
	}
	return " come: "
}

// DoorStep is one press and what still stands of it.
type DoorStep struct{ ID, What, When string }

// DoorBooking is one booking at the door.
type DoorBooking struct {
	Title, When     string
	Name, Reference string
	Status          string
	Booking         string // id
	Action, Press   string
	Closed          string
	People          []DoorPerson
	DoorHref        string
}

func (v DoorBooking) allWords() string { return allCame(len(v.People)) }
