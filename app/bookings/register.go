package bookings

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"conversations/app/accounts"
	"conversations/app/contacts"
	"conversations/app/events"
)

// spareLines are the empty lines of a register for people who come without a booking.
const spareLines = 12

// guestOf begins the name of somebody whose own is not known.
const guestOf = "guest of "

// Register is the list of people to tick off at the door, on paper.
type Register struct {
	Event   events.Event
	People  []RegisterLine // with a place, by surname
	Waiting []Booking      // in order of joining
}

// RegisterLine is one person with a place.
type RegisterLine struct {
	Surname   string
	Forename  string
	With      string   // of whose party they are; "" for a booker, and where Forename says it
	People    int      // of the party
	Reference string   // as it is read out
	Marks     []string // letters for what they need; see NeedMark
	order     string
}

// Register lists everybody with a place at an event by surname, and who waits. It needs the right to see bookings.
func (s *Service) Register(ctx context.Context, slug string) (r Register, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return r, err
	}
	if r.Event, err = s.events.BySlug(ctx, slug); err != nil {
		return r, err
	}
	var list []Booking
	err = s.db.Read(ctx).Raw(`SELECT `+bookingColumns+` FROM bookings WHERE event_id = ? AND status IN ('confirmed', 'waiting') ORDER BY queue_position, id`, r.Event.ID).
		Scan(&list).Error
	if err != nil {
		return r, fmt.Errorf("read the bookings of event %d: %w", r.Event.ID, err)
	}
	for _, b := range list {
		if b.Status == Waiting {
			r.Waiting = append(r.Waiting, b)
			continue
		}
		whole, err := loadParty(s.db.Read(ctx), b)
		if err != nil {
			return r, err
		}
		r.People = append(r.People, registerLines(whole)...)
	}
	slices.SortStableFunc(r.People, func(a, b RegisterLine) int { return cmp.Compare(a.order, b.order) })
	return r, nil
}

// registerLines are the people of a party. Whose name is not known stands where the booker stands.
func registerLines(b party) []RegisterLine {
	lines := make([]RegisterLine, b.People)
	for i := range lines {
		l := RegisterLine{People: b.People, Reference: b.Spoken(), Marks: marksOf(b.needs, i+1)}
		name := ""
		if i < len(b.attendees) {
			name = b.attendees[i].Name
		}
		booker := i == 0 && b.BookerComes
		if booker {
			name = b.Name
		}
		l.Forename, l.Surname = splitName(name)
		l.order = contacts.NameKey(l.Surname) + " " + contacts.NameKey(l.Forename)
		if name == "" {
			forename, surname := splitName(b.Name)
			l.Surname, l.Forename = surname, guestOf+forename
			l.order = fmt.Sprintf("%s %s %03d", contacts.NameKey(surname), contacts.NameKey(forename), i)
		}
		if !booker && name != "" {
			l.With = b.Name
		}
		lines[i] = l
	}
	return lines
}

// splitName takes the last word for the surname.
func splitName(name string) (forename, surname string) {
	i := strings.LastIndexByte(name, ' ')
	return strings.TrimSpace(name[:max(i, 0)]), name[i+1:]
}

// NeedMark is the letter that stands for a need on a register, so that nobody who looks over a shoulder reads what
// another person needs.
func NeedMark(code string) string {
	marks := map[string]string{"step-free": "S", "wheelchair-space": "W", "hearing-loop": "H", "bsl": "B", "speech-to-text": "T", "large-print": "P",
		"easy-read": "E", "carer": "C", "interpreter": "I", "other": "X"}
	if mark, known := marks[code]; known {
		return mark
	}
	return "?"
}

func marksOf(needs []AccessNeed, position int) (marks []string) {
	for _, n := range needs {
		if n.Position == position && n.State != NoLongerNeeded {
			marks = append(marks, NeedMark(n.Need))
		}
	}
	return marks
}
