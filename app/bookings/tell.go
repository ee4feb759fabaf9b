package bookings

import (
	"context"
	"net/url"
	"strings"
	"time"

	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/mail"
)

// noticeKind is what a booker is told.
type noticeKind string

// What a booker can be told.
const (
	Booked           noticeKind = "booked"
	WaitListed       noticeKind = "waiting"
	Again            noticeKind = "again" // had booked before
	Promoted         noticeKind = "promoted"
	Changed          noticeKind = "changed"
	BookingCancelled noticeKind = "cancelled"
	BookingMoved     noticeKind = "booking-moved" // to another event
	Restored         noticeKind = "restored"      // a cancellation was undone
	EventMoved       noticeKind = "moved"
	EventPostponed   noticeKind = "postponed"
	EventDated       noticeKind = "dated" // set, or set again after being postponed
	EventCancelled   noticeKind = "event-cancelled"
	PlacesFree       noticeKind = "places" // to who left interest in a full event
	NeedNews         noticeKind = "need"   // what became of an access need
)

// notice is one thing to tell one booker, once: its key is unique.
type notice struct {
	kind     noticeKind
	key      string
	calendar string        // method of the calendar part: REQUEST, CANCEL or none
	from     *events.Event // whose entry the calendar part is, where it is not the letter's
	told     *int64        // who has told them already, by their id; nil: they are to be told
}

// tell queues the mail, or notes the call where there is no address, in the caller's transaction.
func (s *Service) tell(ctx context.Context, tx *database.Tx, e events.Event, b party, n notice) error {
	return s.send(ctx, tx, e, b, n, s.letter(e, b, n.kind))
}

// send is tell for a letter that is written already.
func (s *Service) send(_ context.Context, tx *database.Tx, e events.Event, b party, n notice, l letter) error {
	if b.Email == "" {
		c := Call{UniqueKey: n.key, EventID: e.ID, BookingID: &b.ID, Kind: string(n.kind), Name: b.Name, Phone: b.Phone, Say: l.spoken()}
		if n.told != nil {
			return s.toldCall(tx, c, *n.told)
		}
		return s.dueCall(tx, c)
	}
	m := mail.Message{
		Key: n.key, Kind: "booking." + string(n.kind), About: "bookings", AboutID: b.ID, To: b.Email, ToName: b.Name,
		Subject: l.subject, Blocks: l.blocks(),
	}
	if n.calendar != "" {
		if n.from != nil {
			e = *n.from
		}
		m.Calendar = &mail.Calendar{Method: n.calendar, Body: s.invite(tx.Now(), e, b.Booking, n.calendar)}
	}
	return s.outbox.Enqueue(tx, m)
}

// calendarStep decides what a booking's next message says to a calendar, and moves the booking's sequence on: an
// event stands in the calendar of whoever has a place at it and a date, and is taken out when either goes.
func (s *Service) calendarStep(e events.Event, b *Booking) (method string) {
	if b.Email == "" {
		return ""
	}
	belongs := b.Status == Confirmed && e.Dated() && (e.Status == events.Open || e.Status == events.Closed)
	switch {
	case belongs:
		method = mail.CalendarRequest
	case b.InCalendar:
		method = mail.CalendarCancel
	default:
		return ""
	}
	b.CalendarSequence++
	b.InCalendar = belongs
	return method
}

// calendarUID names a booking in calendars, the same for life.
func (s *Service) calendarUID(b Booking) string {
	host := "localhost"
	if u, err := url.Parse(s.cfg.BaseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "booking-" + b.Reference + "@" + host
}

func (s *Service) invite(now time.Time, e events.Event, b Booking, method string) string {
	return events.Invite{
		Event: e, Method: events.Method(method), UID: s.calendarUID(b), Sequence: b.CalendarSequence, Stamp: now,
		Organizer: events.Person{Name: s.cfg.Programme.Name, Email: s.cfg.Mail.From},
		Attendee:  events.Person{Name: b.Name, Email: b.Email},
		URL:       s.manageURL(b), Description: s.inviteText(e, b), JoinLink: e.JoinLink,
	}.String()
}

func (s *Service) inviteText(e events.Event, b Booking) string {
	lines := []string{"Booking reference " + b.Spoken() + ", " + countPlaces(b.People) + "."}
	return strings.Join(append(lines, "See, change or cancel your booking: "+s.manageURL(b)), "\n")
}

// manageURL is the absolute, signed link by which a booker manages a booking.
func (s *Service) manageURL(b Booking) string {
	return s.links.URL("/bookings/" + s.links.Token(LinkPurpose, b.ID))
}
