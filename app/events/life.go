package events

import (
	"slices"

	"conversations/app/fault"
)

// Status is where an event stands in its life. That it is full is not a status: it follows from its bookings.
type Status string

// The life of an event.
const (
	Draft     Status = "draft"     // seen by staff alone
	Announced Status = "announced" // public, with no date yet: takes interest
	Open      Status = "open"      // public, with a date: takes bookings
	Closed    Status = "closed"    // takes no more bookings
	Held      Status = "held"
	Postponed Status = "postponed" // had a date, will have another: takes interest, keeps its bookings
	Cancelled Status = "cancelled"
)

// Statuses are all of them, in the order of life.
func Statuses() []Status {
	return []Status{Draft, Announced, Open, Closed, Held, Postponed, Cancelled}
}

// transitions is the whole of what may follow what. Held and cancelled are final: people have been told.
var transitions = map[Status][]Status{
	Draft:     {Announced, Open},
	Announced: {Open, Cancelled},
	Open:      {Closed, Held, Postponed, Cancelled},
	Closed:    {Open, Held, Postponed, Cancelled},
	Postponed: {Open, Cancelled},
}

// MayBecome says whether an event of this status may take on the next.
func (s Status) MayBecome(next Status) bool { return slices.Contains(transitions[s], next) }

// Words is the status as staff and public read it.
func (s Status) Words() string {
	switch s {
	case Draft:
		return "Draft"
	case Announced:
		return "Date to be announced"
	case Open:
		return "Open"
	case Closed:
		return "Booking closed"
	case Held:
		return "Held"
	case Postponed:
		return "Postponed"
	case Cancelled:
		return "Cancelled"
	default:
		return string(s)
	}
}

// become moves the event on, or says why that cannot be.
func (e *Event) become(next Status) error {
	if !e.Status.MayBecome(next) {
		return e.isOtherwise()
	}
	e.Status = next
	return nil
}

// mustBe says why something cannot be done with an event of another status.
func (e *Event) mustBe(statuses ...Status) error {
	if slices.Contains(statuses, e.Status) {
		return nil
	}
	return e.isOtherwise()
}

func (e *Event) isOtherwise() error {
	return fault.New(fault.Conflict, "The status of this event is \""+e.Status.Words()+
		"\", so this cannot be done. Somebody may have changed it while you were here.")
}
