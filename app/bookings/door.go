package bookings

import (
	"context"
	"fmt"
	"strings"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"

	"gorm.io/gorm"
)

// DoorPurpose binds the links that the codes on bookings carry. They open nothing without a staff sign-in.
const DoorPurpose = "door"

// doorAfter is how long after the end people of the role door still see the event.
const doorAfter = 6 * time.Hour

// Expected is a person who is expected at an event, or waits for a place.
type Expected struct {
	Seat
	Number    string // short, the same for good: 17, or 17b for the second person of the 17th booking
	Name      string // as well as it is known
	Reference string
	Status    Status
	Party     int // people in the booking
}

// DoorList is who is expected and how things stand.
type DoorList struct {
	Event      events.Event
	People     []Expected // by surname of who booked; those who wait last
	Attendance Attendance
	// Marking is nil where staff may note who came, else why not now.
	Marking error
}

// Door lists who is expected at an event. It needs the right to see the door; people of the role door see only
// today's events.
func (s *Service) Door(ctx context.Context, e events.Event) (list DoorList, err error) {
	if err := s.maySeeDoor(ctx, e); err != nil {
		return list, err
	}
	list.Event, list.Marking = e, s.mayMark(e)
	if list.People, err = expectedAt(s.db.Read(ctx), e.ID); err != nil {
		return list, err
	}
	all, err := attendanceEvents(s.db.Read(ctx), e.ID)
	list.Attendance = attendanceOf(all)
	return list, err
}

// DoorBooking opens the booking that a code at the door names, under the same rules as Door.
func (s *Service) DoorBooking(ctx context.Context, token string) (Booking, events.Event, error) {
	if err := accounts.Require(ctx, accounts.SeeDoor); err != nil {
		return Booking{}, events.Event{}, err
	}
	id, err := s.links.Open(DoorPurpose, token)
	if err != nil {
		return Booking{}, events.Event{}, err
	}
	b, err := loadBooking(s.db.Read(ctx), id)
	if err != nil {
		return Booking{}, events.Event{}, err
	}
	e, err := s.events.ByID(ctx, b.EventID)
	if err != nil {
		return Booking{}, events.Event{}, err
	}
	return b, e, s.maySeeDoor(ctx, e)
}

// Came tells how many people came, for whoever marks the event as held; known is false where nothing was noted.
func (s *Service) Came(ctx context.Context, eventID int64) (people int, known bool, err error) {
	all, err := attendanceEvents(s.db.Read(ctx), eventID)
	people, known = attendanceOf(all).People()
	return people, known, err
}

func (s *Service) maySeeDoor(ctx context.Context, e events.Event) error {
	if err := accounts.Require(ctx, accounts.SeeDoor); err != nil {
		return err
	}
	if accounts.Role(audit.ActorFrom(ctx).Role) == accounts.Door && !s.isToday(e) {
		return fault.New(fault.Forbidden, "Your role sees the door of today's events only.")
	}
	return nil
}

// isToday says whether an event begins on this day by its own clocks, or has only just ended.
func (s *Service) isToday(e events.Event) bool {
	if !e.Dated() {
		return false
	}
	now := s.db.Now()
	end := *e.StartsAt
	if e.EndsAt != nil {
		end = *e.EndsAt
	}
	return sameDay(e.LocalStart(), now.In(e.Zone())) || now.After(*e.StartsAt) && now.Before(end.Add(doorAfter))
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// mayMark says why nobody can be marked now: from the day of the event on they can, for good.
func (s *Service) mayMark(e events.Event) error {
	if !e.Dated() || e.Status != events.Open && e.Status != events.Closed && e.Status != events.Held {
		return fault.New(fault.Conflict, "This event is not taking place, or has no date yet, so nobody can be marked.")
	}
	if now := s.db.Now().In(e.Zone()); now.Before(*e.StartsAt) && !sameDay(e.LocalStart(), now) {
		return fault.New(fault.Conflict, "You can mark who came from the day of the event: "+events.Day(e.LocalStart())+".")
	}
	return nil
}

// expectedAt lists the people of all bookings that hold or wait for places, and of cancelled ones that somebody was
// marked of. A booking's number counts all that were ever made, so that nobody's changes.
func expectedAt(q *gorm.DB, eventID int64) (list []Expected, err error) {
	var rows []struct {
		Number    int
		BookingID int64
		Position  int
		Name      string
		Reference string
		Status    Status
		Booker    string
		People    int
	}
	err = q.Raw(`SELECT b.number, b.id AS booking_id, a.position, a.name, b.reference, b.status, b.name AS booker, b.people
		FROM (SELECT id, reference, status, name, people, row_number() OVER (ORDER BY id) AS number FROM bookings WHERE event_id = ?) b
		JOIN attendees a ON a.booking_id = b.id
		WHERE b.status <> 'cancelled' OR EXISTS (SELECT 1 FROM attendance_events t WHERE t.booking_id = b.id)
		ORDER BY b.id, a.position`, eventID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list who is expected at event %d: %w", eventID, err)
	}
	order := map[int64]string{}
	for _, r := range rows {
		p := Expected{Seat: Seat{r.BookingID, r.Position}, Number: numberOf(r.Number, r.Position), Name: r.Name, Reference: spoken(r.Reference), Status: r.Status, Party: r.People}
		if p.Name == "" {
			p.Name = fmt.Sprintf("With %s (%d)", r.Booker, r.Position)
		}
		order[r.BookingID] = sortKey(r.Status, r.Booker)
		list = append(list, p)
	}
	sortExpected(list, order)
	return list, nil
}

func spoken(reference string) string { return Booking{Reference: reference}.Spoken() }

// numberOf writes 17, 17b, 17c for the people of the 17th booking.
func numberOf(booking, position int) string {
	if position == 1 {
		return fmt.Sprint(booking)
	}
	letter, round := (position-1)%26, (position-1)/26
	return fmt.Sprintf("%d%s", booking, strings.Repeat(string(rune('a'+letter)), round+1))
}

// sortKey puts people in the order of a register: by the last word of the name, who waits after all others.
func sortKey(status Status, name string) string {
	key := contacts.NameKey(name)
	words := strings.Fields(key)
	if len(words) > 0 {
		key = words[len(words)-1] + " " + key
	}
	if status == Confirmed {
		return "1 " + key
	}
	return "2 " + key
}

func attendanceEvents(q *gorm.DB, eventID int64) (all []AttendanceEvent, err error) {
	err = q.Raw(`SELECT id, client_id, step, event_id, booking_id, position, kind, people, name, undoes, at, received_at, staff_id, device
		FROM attendance_events WHERE event_id = ? ORDER BY at, id`, eventID).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read what was noted at event %d: %w", eventID, err)
	}
	return all, nil
}

func insertAttendance(tx *database.Tx, e AttendanceEvent) (added bool, err error) {
	done := tx.Exec(`INSERT INTO attendance_events (client_id, step, event_id, booking_id, position, kind, people, name, undoes, at, received_at, staff_id, device)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (client_id) DO NOTHING`,
		e.ClientID, e.Step, e.EventID, e.BookingID, e.Position, string(e.Kind), e.People, e.Name, e.Undoes, e.At, e.ReceivedAt, e.StaffID, e.Device)
	if done.Error != nil {
		return false, fmt.Errorf("note who came: %w", done.Error)
	}
	return done.RowsAffected == 1, nil
}
