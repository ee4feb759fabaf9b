package bookings

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/events"
	"conversations/app/fault"
	pages "conversations/templates/bookings"
)

// stepsShown is how many presses the door shows to be undone.
const stepsShown = 20

func (s *Service) doorView(ctx context.Context, list DoorList, query string, f doorForm) pages.Door {
	e, a := list.Event, list.Attendance
	v := pages.Door{Title: e.Title, When: e.When(), Action: doorPath(e), Press: newUUID(), Query: query, Closed: closedWords(list.Marking),
		Totals: totals(list), Errors: f.errors, WalkInName: f.Name, WalkInPeople: f.People, Headcount: f.Headcount}
	if f.Headcount == "" && a.Counted != nil {
		v.Headcount = strconv.Itoa(*a.Counted)
	}
	for _, p := range list.People {
		if p.fits(query) {
			v.People = append(v.People, doorPerson(p, a))
		}
	}
	for _, step := range a.Steps[:min(len(a.Steps), stepsShown)] {
		v.Steps = append(v.Steps, pages.DoorStep{ID: step.ID, What: stepWords(step, list.People), When: events.Clock(step.At.In(e.Zone()))})
	}
	over := e.Dated() && !s.db.Now().Before(*e.StartsAt)
	if over && e.Status != events.Held && e.Status != events.Cancelled && accounts.May(audit.ActorFrom(ctx), accounts.ManageEvents) {
		v.HoldHref = fmt.Sprintf("/staff/events/%d/hold", e.ID)
	}
	return v
}

func closedWords(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return f.Message
	}
	return ""
}

func totals(list DoorList) []pages.DoorTotal {
	a := list.Attendance
	expected, absent, unmarked := 0, 0, 0
	for _, p := range list.People {
		mark := a.Mark(p.Seat)
		if p.Status == Confirmed {
			expected++
		}
		if mark == NotCame {
			absent++
		}
		if mark == "" && p.Status == Confirmed {
			unmarked++
		}
	}
	out := []pages.DoorTotal{total("Expected", expected), total("Came", a.came()), total("Did not come", absent), total("Not marked", unmarked),
		total("Without a booking", a.walkedIn())}
	if a.Counted != nil {
		out = append(out, total("Headcount", *a.Counted))
	}
	return out
}

func total(label string, people int) pages.DoorTotal {
	return pages.DoorTotal{Label: label, Number: strconv.Itoa(people)}
}

// fits says whether somebody is meant by what was typed: a number, a reference, or the beginnings of words of a name.
func (p Expected) fits(query string) bool {
	words := strings.Fields(contacts.NameKey(query))
	if len(words) == 0 {
		return true
	}
	if strings.EqualFold(p.Number, strings.TrimSpace(query)) || strings.HasPrefix(strings.ReplaceAll(p.Reference, "-", ""), ReadReference(query)) && len(ReadReference(query)) >= 3 {
		return true
	}
	name := strings.Fields(contacts.NameKey(p.Name))
	return !slices.ContainsFunc(words, func(word string) bool {
		return !slices.ContainsFunc(name, func(part string) bool { return strings.HasPrefix(part, word) })
	})
}

func doorPerson(p Expected, a Attendance) pages.DoorPerson {
	v := pages.DoorPerson{Booking: strconv.FormatInt(p.BookingID, 10), Seat: fmt.Sprintf("%d.%d", p.BookingID, p.Position), Number: p.Number, Name: p.Name,
		Reference: p.Reference, Mark: string(a.Mark(p.Seat)), Waits: p.Status == Waiting}
	v.State, v.Colour = markState(a.Mark(p.Seat))
	if p.Position == 1 {
		v.Whole = p.Party
	}
	return v
}

func markState(mark MarkKind) (words, colour string) {
	switch mark {
	case Came:
		return "Came", "green"
	case NotCame:
		return "Did not come", "orange"
	default:
		return "Not marked", "grey"
	}
}

// stepWords says what a press was: "Ada Example: came", "58 people: came".
func stepWords(step Step, list []Expected) string {
	first := step.Entries[0]
	switch step.Kind {
	case Headcount:
		return "Headcount " + strconv.Itoa(first.People)
	case WalkIn:
		if first.Name != "" && first.People == 1 {
			return first.Name + ", without a booking"
		}
		return strings.TrimPrefix(first.Name+", ", ", ") + countPeople(first.People) + " without a booking"
	}
	who := countPeople(len(step.Entries))
	if len(step.Entries) == 1 {
		who = "Somebody who is not on the list any more"
		if i := slices.IndexFunc(list, func(p Expected) bool { return p.Seat == first.seat() }); i >= 0 {
			who = list[i].Name
		}
	}
	state, _ := markState(step.Kind)
	return who + ": " + strings.ToLower(state)
}

func (s *Service) doorBookingView(list DoorList, b Booking, token string) pages.DoorBooking {
	v := pages.DoorBooking{Title: list.Event.Title, When: list.Event.When(), Name: b.Name, Reference: b.Spoken(), Status: b.Status.Words(),
		Booking: strconv.FormatInt(b.ID, 10), Action: doorHome + "/b/" + token, Press: newUUID(), Closed: closedWords(list.Marking), DoorHref: doorPath(list.Event)}
	for _, p := range list.People {
		if p.BookingID == b.ID {
			one := doorPerson(p, list.Attendance)
			one.Whole = 0
			v.People = append(v.People, one)
		}
	}
	return v
}

// readMark reads what a button says: one person, or all people of a booking.
func (s *Service) readMark(ctx context.Context, e events.Event, text string) (MarkKind, []Seat, error) {
	kind, seat, err := parseMark(text)
	if err != nil || seat.Position > 0 {
		return kind, []Seat{seat}, err
	}
	list, err := s.Door(ctx, e)
	var seats []Seat
	for _, p := range list.People {
		if p.BookingID == seat.BookingID {
			seats = append(seats, p.Seat)
		}
	}
	return kind, seats, err
}
