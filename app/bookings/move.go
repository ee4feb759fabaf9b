package bookings

import (
	"context"
	"fmt"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
)

// Placing says how far staff go to place a booking that comes from elsewhere.
type Placing struct {
	Wait     bool // the waiting list will do, if there is no room
	Override bool // above the capacity, or after booking has closed; the audit log names it
}

// Move moves a booking to another event, in one transaction: there it gets its places by the rule of places, and its old
// places go to the next who fit. It keeps its reference and its place in the booker's calendar, and the booker is told
// once. What was arranged for them is asked for again. Moving it to where it stands does nothing.
//
// The error is an Invalid fault with a message at "event" or "wait", or Conflict where the booking or its event is over.
func (s *Service) Move(ctx context.Context, id, toEvent int64, how Placing) (moved Booking, err error) {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return Booking{}, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		b, from, to, err := lockMove(tx, id, toEvent)
		if err != nil {
			return err
		}
		moved = b.Booking
		if from.ID == to.ID {
			return nil
		}
		moved, err = s.move(ctx, tx, b, from, to, how)
		return err
	})
	return moved, err
}

// lockMove locks both events, always the one with the lower id first, so that nobody waits in a circle; then it reads
// the booking.
func lockMove(tx *database.Tx, id, toEvent int64) (b party, from, to events.Event, err error) {
	first, err := loadBooking(tx.DB, id)
	if err != nil {
		return b, from, to, err
	}
	locked := map[int64]events.Event{}
	for _, eventID := range []int64{min(first.EventID, toEvent), max(first.EventID, toEvent)} {
		if _, done := locked[eventID]; done {
			continue
		}
		if locked[eventID], err = events.LockForBooking(tx, eventID); err != nil {
			return b, from, to, err
		}
	}
	now, err := loadBooking(tx.DB, id)
	if err != nil {
		return b, from, to, err
	}
	if now.EventID != first.EventID {
		return b, from, to, movedMeanwhile()
	}
	b, err = loadParty(tx.DB, now)
	return b, locked[first.EventID], locked[toEvent], err
}

func movedMeanwhile() error {
	return fault.New(fault.Conflict, "Somebody has just moved this booking to another event. Look at it again")
}

func (s *Service) move(ctx context.Context, tx *database.Tx, b party, from, to events.Event, how Placing) (Booking, error) {
	if err := mayLeave(b.Booking, from, tx); err != nil {
		return Booking{}, err
	}
	if err := mayBook(to, tx, Request{Override: how.Override}); err != nil {
		return Booking{}, atField("event", err)
	}
	had := b.Status
	if err := takeSeat(tx, to, &b.Booking, how); err != nil {
		return Booking{}, err
	}
	b.EventID, b.JoinedAt, b.PromotedAt = to.ID, tx.Now(), nil
	step := s.calendarStep(to, &b.Booking)
	if err := tx.Exec(`UPDATE bookings SET event_id = ?, joined_at = ? WHERE id = ?`, b.EventID, b.JoinedAt, b.ID).Error; err != nil {
		return Booking{}, fmt.Errorf("move booking %d: %w", b.ID, err)
	}
	if err := updateBooking(tx, &b.Booking); err != nil {
		return Booking{}, err
	}
	if err := s.needsMove(ctx, tx, to, b); err != nil {
		return Booking{}, err
	}
	if err := s.closeOldCalls(ctx, tx, b.ID); err != nil {
		return Booking{}, err
	}
	if err := s.tellMoved(ctx, tx, b, from, to, step); err != nil {
		return Booking{}, err
	}
	details := audit.Details{"event_before": from.ID, "event": to.ID, "people": b.People, "was": had, "status": b.Status}
	if b.OverCapacity {
		details["over_capacity"] = true
	}
	if err := audit.Record(ctx, tx, "booking.move", "bookings", b.ID, details); err != nil {
		return Booking{}, err
	}
	return b.Booking, s.promote(ctx, tx, from)
}

// mayLeave: an event that is cancelled or postponed may be left for another; one that has begun may not.
func mayLeave(b Booking, e events.Event, tx *database.Tx) error {
	if e.Status == events.Cancelled {
		e.Status = events.Closed
	}
	return mayChange(b, e, tx.Now())
}

// takeSeat gives a party that comes from elsewhere its places by the rule, or its place at the end of the waiting list.
func takeSeat(tx *database.Tx, e events.Event, b *Booking, how Placing) error {
	var f fault.Fields
	known := person{emailKey: b.EmailKey, phoneKey: b.PhoneKey, nameKey: b.NameKey}
	if other, found, err := sameBooking(tx, e.ID, known); err != nil {
		return err
	} else if found {
		f.Add("event", "They have a booking at this event already: "+other.Spoken())
		return f.Err()
	}
	if b.People > e.MaxParty && !how.Override {
		f.Add("event", fmt.Sprintf("At this event a booking is for %s at most. Tick the box to go above that", countPeople(e.MaxParty)))
		return f.Err()
	}
	room, err := countPlacesOf(tx, e)
	if err != nil {
		return err
	}
	b.Status = placeFor(b.People, room.free(), room.queue)
	b.OverCapacity = b.Status == Waiting && how.Override
	switch {
	case b.OverCapacity:
		b.Status = Confirmed
	case b.Status == Waiting && !(how.Wait && e.WaitingList):
		f.Add("wait", noSeat(e, room, b.People))
		return f.Err()
	case b.Status == Waiting:
		b.QueuePosition, err = nextQueuePosition(tx, e.ID)
	}
	return err
}

func noSeat(e events.Event, r room, people int) string {
	words := fmt.Sprintf("They need %s, and %d are free", countPlaces(people), max(r.free(), 0))
	if r.free() >= people {
		words = "There is room, but others wait who come first"
	}
	if e.WaitingList {
		return words + ". Tick the box to put them on the waiting list"
	}
	return words + ". This event has no waiting list"
}

// needsMove has what somebody needs asked for at the event that they come to now.
func (s *Service) needsMove(ctx context.Context, tx *database.Tx, to events.Event, b party) error {
	for i := range b.needs {
		n := &b.needs[i]
		n.DueOn = s.dueOn(to, n.Need)
		if err := tx.Exec(`UPDATE access_needs SET due_on = ? WHERE id = ?`, n.DueOn, n.ID).Error; err != nil {
			return fmt.Errorf("date need %d: %w", n.ID, err)
		}
		if n.State == Arranged || n.State == NotPossible {
			if err := stepNeed(ctx, tx, n, Asked, "", whyBookingMoved); err != nil {
				return err
			}
		}
	}
	return nil
}

// closeOldCalls takes calls off the list that would say what is no longer so.
func (s *Service) closeOldCalls(ctx context.Context, tx *database.Tx, bookingID int64) error {
	err := tx.Exec(`UPDATE calls SET state = 'done', result = 'not-needed', done_at = ?, done_by = ? WHERE booking_id = ? AND state = 'due' AND kind <> 'mail-failed'`,
		tx.Now(), audit.StaffID(ctx), bookingID).Error
	if err != nil {
		return fmt.Errorf("close the calls of booking %d: %w", bookingID, err)
	}
	return nil
}

func (s *Service) tellMoved(ctx context.Context, tx *database.Tx, b party, from, to events.Event, step string) error {
	l := s.letter(to, b, BookingMoved)
	l.subject = "Your booking is moved: " + to.Title
	l.opening = []string{"We have moved your booking from " + from.Title + ", " + from.When() + ", to " + to.Title + ", " + to.When() + at(to) + ".", hasThere(b.Booking)}
	n := notice{kind: BookingMoved, key: fmt.Sprintf("booking:%d:moved:%d", b.ID, b.Version), calendar: step}
	if b.Status == Waiting {
		n.from = &from // what leaves the calendar is the event that stood in it
	}
	return s.send(ctx, tx, to, b, n, l)
}

// hasThere says in a sentence what a party has.
func hasThere(b Booking) string {
	if b.Status == Waiting {
		return "It is full at the moment, so you are on the waiting list for " + countPlaces(b.People) + ". If enough places come free, we give them to you and tell you at once."
	}
	return "You have " + countPlaces(b.People) + " there. If it does not suit you, please cancel, so that somebody else can come."
}

// atField leads a message about a whole form to one of its fields.
func atField(name string, err error) error {
	if fault.KindOf(err) != fault.Conflict {
		return err
	}
	var f fault.Fields
	f.Add(name, err.Error())
	return f.Err()
}
