package bookings

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"conversations/app/accounts"
	"conversations/app/contacts"
	"conversations/app/database"
	"conversations/app/events"
)

// Details is a booking with all that its manage page shows.
type Details struct {
	Booking   Booking
	Event     events.Event
	Attendees []Attendee   // by position
	Needs     []AccessNeed // by position
	// Ahead is how many parties are before this one on the waiting list.
	Ahead int
}

// Details reads a booking. It needs ByBooker (the signed link was opened) or the right to see bookings.
func (s *Service) Details(ctx context.Context, by caller, id int64) (d Details, err error) {
	if by == ByStaff {
		if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
			return d, err
		}
	}
	b, err := loadBooking(s.db.Read(ctx), id)
	if err != nil {
		return d, err
	}
	whole, err := loadParty(s.db.Read(ctx), b)
	if err != nil {
		return d, err
	}
	d.Booking, d.Attendees, d.Needs = b, whole.attendees, whole.needs
	if d.Event, err = s.events.ByID(ctx, b.EventID); err != nil {
		return d, err
	}
	if b.Status == Waiting {
		err = s.db.Read(ctx).Raw(`SELECT count(*) FROM bookings WHERE event_id = ? AND status = 'waiting' AND queue_position < ?`, b.EventID, b.QueuePosition).
			Row().Scan(&d.Ahead)
	}
	return d, err
}

// CalendarFile is the booking as a calendar file to keep; empty where the booking has no place or no date.
func (s *Service) CalendarFile(ctx context.Context, by caller, id int64) (string, error) {
	d, err := s.Details(ctx, by, id)
	if err != nil || d.Booking.Status != Confirmed || !d.Event.Dated() {
		return "", err
	}
	d.Booking.CalendarSequence = max(d.Booking.CalendarSequence, 0)
	return s.invite(s.db.Now(), d.Event, d.Booking, string(events.MethodPublish)), nil
}

// Places counts the places of several events, in people. An event nobody booked is left out.
func (s *Service) Places(ctx context.Context, eventIDs []int64) (map[int64]events.Places, error) {
	var rows []struct {
		EventID int64
		Status  Status
		People  int
	}
	err := s.db.Read(ctx).Raw(`SELECT event_id, status, sum(people) AS people FROM bookings
		WHERE event_id IN ? AND status IN ('confirmed', 'waiting') GROUP BY event_id, status`, eventIDs).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	out := map[int64]events.Places{}
	for _, r := range rows {
		n := out[r.EventID]
		if r.Status == Confirmed {
			n.Taken = r.People
		} else {
			n.Waiting = r.People
		}
		out[r.EventID] = n
	}
	return out, nil
}

// Filter narrows the list of bookings of an event.
type Filter struct {
	Status Status // "" is all
	Text   string // part of a name, e-mail address, telephone number or reference
}

// OfEvent lists the bookings of an event in order of joining: those with places, then those who wait, then the
// cancelled. It needs the right to see bookings.
func (s *Service) OfEvent(ctx context.Context, eventID int64, f Filter) (list []Booking, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	query := `SELECT ` + bookingColumns + ` FROM bookings WHERE event_id = ?`
	args := []any{eventID}
	if f.Status != "" {
		query += ` AND status = ?`
		args = append(args, string(f.Status))
	}
	if text := strings.TrimSpace(f.Text); text != "" {
		like := "%" + escapeLike(contacts.NameKey(text)) + "%"
		query += ` AND (name_key LIKE ? ESCAPE '\' OR email_key LIKE ? ESCAPE '\' OR phone_key LIKE ? ESCAPE '\' OR reference = ?)`
		args = append(args, like, "%"+escapeLike(strings.ToLower(text))+"%", "%"+escapeLike(digits(text))+"%", ReadReference(text))
	}
	query += ` ORDER BY CASE status WHEN 'confirmed' THEN 1 WHEN 'waiting' THEN 2 ELSE 3 END, queue_position, id LIMIT 2000`
	err = s.db.Read(ctx).Raw(query, args...).Scan(&list).Error
	return list, err
}

// NeedsOfEvent lists the needs of everybody with places or waiting at an event, for the list that staff see.
func (s *Service) NeedsOfEvent(ctx context.Context, eventID int64) (map[int64][]AccessNeed, error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	var all []AccessNeed
	err := s.db.Read(ctx).Raw(`SELECT n.id, n.booking_id, n.position, n.need, n.note, n.state, n.offer, n.created_at, n.updated_at
		FROM access_needs n JOIN bookings b ON b.id = n.booking_id
		WHERE b.event_id = ? AND b.status <> 'cancelled' AND n.state <> 'no-longer-needed' ORDER BY n.booking_id, n.position, n.id`, eventID).Scan(&all).Error
	out := map[int64][]AccessNeed{}
	for _, n := range all {
		out[n.BookingID] = append(out[n.BookingID], n)
	}
	return out, err
}

// ByReference finds a booking by its reference as read over the telephone.
func (s *Service) ByReference(ctx context.Context, text string) (b Booking, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return b, err
	}
	err = database.First(s.db.Read(ctx).Raw(`SELECT `+bookingColumns+` FROM bookings WHERE reference = ?`, ReadReference(text)), &b)
	return b, err
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(text)
}

// noNumber is what digits makes of a text that is no telephone number.
const noNumber = "no number"

// digits keeps what identifies a telephone number however it was written: 01442 898867 and +44 1442 898867 alike.
func digits(text string) string {
	if strings.ContainsFunc(text, unicode.IsLetter) { // a reference or a name, whose one digit would find every number
		return noNumber
	}
	kept := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	kept = strings.TrimLeft(kept, "0")
	if kept == "" {
		return noNumber
	}
	return kept
}

// Hearers lists who hears of a change of an event, and how: everybody with places or waiting, and who asked to hear.
// It needs the right to see bookings.
func (s *Service) Hearers(ctx context.Context, eventID int64) (list []events.Hearer, err error) {
	if err := accounts.Require(ctx, accounts.SeeBookings); err != nil {
		return nil, err
	}
	var rows []struct {
		Name, Email string
		Status      Status
		People      int
	}
	err = s.db.Read(ctx).Raw(`SELECT name, email, status, people FROM bookings WHERE event_id = ? AND status <> 'cancelled'
		UNION ALL SELECT name, email, '', 0 FROM interests WHERE event_id = ? ORDER BY 1`, eventID, eventID).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("list who hears of event %d: %w", eventID, err)
	}
	standing := map[Status]string{Confirmed: "with a place", Waiting: "waiting", "": "asked to hear"}
	for _, r := range rows {
		how := "Email"
		if r.Email == "" {
			how = "Telephone"
		}
		list = append(list, events.Hearer{Name: r.Name, How: how, Standing: standing[r.Status], People: r.People})
	}
	return list, nil
}
