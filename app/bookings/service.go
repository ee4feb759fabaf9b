package bookings

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/config"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
	"conversations/app/links"
	"conversations/app/mail"
)

// LinkPurpose binds the links by which a booker manages a booking.
const LinkPurpose = "booking"

// Service gives places. It is safe for use by many goroutines.
type Service struct {
	cfg    *config.Config
	db     *database.DB
	events *events.Service
	outbox *mail.Outbox
	links  *links.Signer
	// work knows the days on which access needs can be arranged.
	work workdays

	// announce wakes the job that works through announcements; app.go fills it.
	announce func()
	// askForUpdates is told who ticked the box for updates; app.go fills it.
	askForUpdates func(ctx context.Context, tx *database.Tx, e events.Event, b Booking) error
	// afterLink says what the thank-you after an event asks people to do; see OnThanks.
	afterLink func(ctx context.Context, tx *database.Tx, e events.Event, b Booking) (AfterLink, error)
}

// New returns the service and has it told of changes to events and of mails that failed for good.
func New(cfg *config.Config, db *database.DB, ev *events.Service, outbox *mail.Outbox, signer *links.Signer) *Service {
	s := &Service{cfg: cfg, db: db, events: ev, outbox: outbox, links: signer, work: newWorkdays(cfg.Access.BankHolidays), announce: func() {}}
	s.OnThanks(func(context.Context, *database.Tx, events.Event, Booking) (AfterLink, error) { return AfterLink{}, nil })
	s.OnUpdates(func(context.Context, *database.Tx, events.Event, Booking) error { return nil })
	ev.OnChange(s.eventChanged)
	ev.OnChange(s.dateGone)
	ev.Places = s.Places
	ev.Questions = s.Questions
	ev.Came = s.Came
	ev.Hearers = s.Hearers
	outbox.OnFailed(s.mailFailed)
	return s
}

// OnAnnounce fills in what is called when there is something to announce.
func (s *Service) OnAnnounce(wake func()) { s.announce = wake }

// OnUpdates fills in what is told, in the booking's own transaction, of each booking with the box for updates ticked,
// whether the booker did it or staff for a caller. An error undoes the booking.
func (s *Service) OnUpdates(f func(ctx context.Context, tx *database.Tx, e events.Event, b Booking) error) {
	s.askForUpdates = f
}

// party is a booking with its people and what they need.
type party struct {
	Booking
	attendees []Attendee
	needs     []AccessNeed
}

// Outcome is what came of a booking form.
type Outcome struct {
	Booking Booking
	// Status is what the page may say: for a person who had booked before, what a new booking would have got, so
	// that the page tells a stranger nothing.
	Status Status
	// Again is true where the same person had booked before: nothing was added.
	Again bool
}

// Book gives a party places or puts it on the waiting list, whole. The same person (name and e-mail, or name and
// telephone) is never booked twice: Again says so, and the mail tells of the first booking. The confirmation
// is queued, or the call noted, in the same transaction.
//
// The error is an Invalid fault with a message at each field, or a Conflict where no places can be booked.
func (s *Service) Book(ctx context.Context, eventID int64, r Request) (out Outcome, err error) {
	if r.Channel != Online || r.Override {
		if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
			return Outcome{}, err
		}
	}
	e, err := s.events.ByID(ctx, eventID)
	if err != nil {
		return Outcome{}, err
	}
	p, err := r.validate(e)
	if err != nil {
		return Outcome{}, err
	}
	for range referenceTries {
		err = s.db.Write(ctx, func(tx *database.Tx) error {
			out, err = s.book(ctx, tx, eventID, p, r)
			return err
		})
		if !database.IsDuplicate(err) { // a reference that was taken: draw again
			break
		}
	}
	return out, err
}

// referenceTries is how often a reference is drawn; the second time is one in thousands.
const referenceTries = 4

func (s *Service) book(ctx context.Context, tx *database.Tx, eventID int64, p person, r Request) (Outcome, error) {
	e, err := events.LockForBooking(tx, eventID)
	if err != nil {
		return Outcome{}, err
	}
	if err := mayBook(e, tx, r); err != nil {
		return Outcome{}, err
	}
	room, err := countPlacesOf(tx, e)
	if err != nil {
		return Outcome{}, err
	}
	status := placeFor(r.People, room.free(), room.queue)
	first, found, err := sameBooking(tx, eventID, p)
	if err != nil {
		return Outcome{}, err
	}
	if found && r.FormKey != "" && first.FormKey != nil && *first.FormKey == r.FormKey {
		return Outcome{Booking: first, Status: first.Status}, nil // the same form, pressed twice
	}
	if found {
		return Outcome{Booking: first, Status: status, Again: true}, s.bookedBefore(ctx, tx, e, first, r)
	}
	over := status == Waiting && r.Override
	if over {
		status = Confirmed
	}
	if status == Waiting && !e.WaitingList {
		return Outcome{}, fault.New(fault.Conflict, fullWords(room.free()))
	}
	b := party{Booking: newBooking(tx, e, p, r, status), attendees: r.attendees(p.name)}
	b.OverCapacity = over
	return s.add(ctx, tx, e, b, r)
}

func fullWords(free int) string {
	if free > 0 {
		return "Only " + countPlaces(free) + " left. Choose fewer people, or ask to be told when more places come free"
	}
	return "This event is full. You can ask to be told when places come free"
}

// add stores a new booking with its people and needs, and tells the booker.
func (s *Service) add(ctx context.Context, tx *database.Tx, e events.Event, b party, r Request) (Outcome, error) {
	step := s.calendarStep(e, &b.Booking)
	if err := insertBooking(tx, &b.Booking); err != nil {
		return Outcome{}, err
	}
	if err := insertAttendees(tx, b.ID, b.attendees); err != nil {
		return Outcome{}, err
	}
	if err := insertWords(tx, b); err != nil {
		return Outcome{}, err
	}
	for _, n := range r.Needs {
		b.needs = append(b.needs, AccessNeed{BookingID: b.ID, Position: n.Position, Need: n.Need, Note: n.Note, State: Asked, DueOn: s.dueOn(e, n.Need)})
	}
	if err := insertNeeds(tx, b.needs); err != nil {
		return Outcome{}, err
	}
	kind := Booked
	if b.Status == Waiting {
		kind = WaitListed
	}
	if err := s.tell(ctx, tx, e, b, notice{kind: kind, key: fmt.Sprintf("booking:%d:%s", b.ID, kind), calendar: step, told: toldAlready(ctx, r.Channel)}); err != nil {
		return Outcome{}, err
	}
	details := audit.Details{"event": e.ID, "people": b.People, "status": b.Status, "channel": b.Channel}
	if b.OverCapacity {
		details["over_capacity"] = true
	}
	if b.Updates {
		if err := s.askForUpdates(ctx, tx, e, b.Booking); err != nil {
			return Outcome{}, err
		}
	}
	if err := audit.Record(ctx, tx, "booking.create", "bookings", b.ID, details); err != nil {
		return Outcome{}, err
	}
	return Outcome{Booking: b.Booking, Status: b.Status}, nil
}

// bookedBefore tells a person of the booking that is there; the box for updates counts whenever it is ticked.
func (s *Service) bookedBefore(ctx context.Context, tx *database.Tx, e events.Event, b Booking, r Request) error {
	if err := s.tellAgain(ctx, tx, e, b); err != nil || !r.Updates {
		return err
	}
	return s.askForUpdates(ctx, tx, e, b)
}

// tellAgain tells a person who had booked before of that booking: at most once an hour, lest a stranger fill their
// mailbox.
func (s *Service) tellAgain(ctx context.Context, tx *database.Tx, e events.Event, b Booking) error {
	whole, err := loadParty(tx.DB, b)
	if err != nil {
		return err
	}
	hour := tx.Now().Format("2006010215")
	return s.tell(ctx, tx, e, whole, notice{kind: Again, key: fmt.Sprintf("booking:%d:again:%s", b.ID, hour)})
}

// mayBook says whether places of the event are given now. Staff who override may also book after booking closed.
func mayBook(e events.Event, tx *database.Tx, r Request) error {
	state := e.BookingState(tx.Now())
	if state == events.BookingTaken || r.Override && (e.Status == events.Open || e.Status == events.Closed) {
		return nil
	}
	switch state {
	case events.BookingNotYet:
		return fault.New(fault.Conflict, "Booking for this event has not opened yet. It opens at "+events.Moment(e.BookingOpensAt.In(e.Zone())))
	case events.BookingNoDate:
		return fault.New(fault.Conflict, "This event has no date yet, so places cannot be booked. You can ask to be told when there is a date")
	default:
		return fault.New(fault.Conflict, "Booking for this event is closed")
	}
}

func newBooking(tx *database.Tx, e events.Event, p person, r Request, status Status) Booking {
	now := tx.Now()
	b := Booking{
		Reference: newReference(), EventID: e.ID, Status: status, People: r.People, BookerComes: r.BookerComes,
		Name: p.name, Email: p.email, Phone: p.phone, EmailKey: p.emailKey, PhoneKey: p.phoneKey, NameKey: p.nameKey,
		Question: r.Question, QuoteOK: r.QuoteOK, Recontact: r.Recontact, Updates: r.Updates, Channel: r.Channel,
		JoinedAt: now, CalendarSequence: -1, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if key := strings.TrimSpace(r.FormKey); key != "" {
		b.FormKey = &key
	}
	return b
}
