package bookings

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
)

// Who may act on a booking: the booker, who holds its signed link, and staff.
//
// The handlers of the manage page have opened the signed link before they call; the zero Actor is a resident, so
// the caller says by ByBooker that the link was opened.
type caller bool

// The two callers.
const (
	ByBooker caller = true
	ByStaff  caller = false
)

func (by caller) require(ctx context.Context) error {
	if by == ByBooker {
		return nil
	}
	return accounts.Require(ctx, accounts.ManageBookings)
}

// Change changes names, the number of people and their needs. A party with places grows only if there is room and
// nobody waits; a waiting party that grows goes to the end of the list; places that come free go to the first
// who fits, all in one transaction. It needs ByBooker (the signed link was opened) or the right to manage bookings.
//
// The error is an Invalid fault with a message at each field, or Conflict where the booking was cancelled.
func (s *Service) Change(ctx context.Context, by caller, id int64, r Request) (changed Booking, err error) {
	if err := by.require(ctx); err != nil {
		return Booking{}, err
	}
	if r.Override && by == ByBooker {
		return Booking{}, fault.New(fault.Forbidden, "Only staff can give more places than there are")
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		changed, err = s.change(ctx, tx, id, r)
		return err
	})
	return changed, err
}

func (s *Service) change(ctx context.Context, tx *database.Tx, id int64, r Request) (Booking, error) {
	b, e, err := lockBooking(tx, id)
	if err != nil {
		return Booking{}, err
	}
	if err := mayChange(b.Booking, e, tx.Now()); err != nil {
		return Booking{}, err
	}
	r.Channel, r.Question = b.Channel, b.Question
	p, err := r.validate(events.Event{MaxParty: max(e.MaxParty, b.People)})
	if err != nil {
		return Booking{}, err
	}
	if other, found, err := sameBooking(tx, e.ID, p); err != nil {
		return Booking{}, err
	} else if found && other.ID != id {
		var f fault.Fields
		f.Add("name", "There is another booking with this name and address. Cancel that one first, or use another name")
		return Booking{}, f.Err()
	}
	before := b.Booking
	if err := resize(tx, e, &b.Booking, r); err != nil {
		return Booking{}, err
	}
	b.Name, b.Email, b.Phone, b.EmailKey, b.PhoneKey, b.NameKey = p.name, p.email, p.phone, p.emailKey, p.phoneKey, p.nameKey
	b.BookerComes = r.BookerComes
	step := s.calendarStep(e, &b.Booking)
	if err := updateBooking(tx, &b.Booking); err != nil {
		return Booking{}, err
	}
	if err := redirectCalls(tx, b.Booking); err != nil {
		return Booking{}, err
	}
	if b.attendees, err = replaceAttendees(tx, id, r.attendees(p.name)); err != nil {
		return Booking{}, err
	}
	if err := replaceWords(tx, b); err != nil {
		return Booking{}, err
	}
	if b.needs, err = s.mergeNeeds(ctx, tx, e, b, r.Needs); err != nil {
		return Booking{}, err
	}
	told := notice{kind: Changed, key: fmt.Sprintf("booking:%d:changed:%d", id, b.Version), calendar: step}
	if err := s.tell(ctx, tx, e, b, told); err != nil {
		return Booking{}, err
	}
	if err := s.recordChange(ctx, tx, before, b.Booking); err != nil {
		return Booking{}, err
	}
	return b.Booking, s.promote(ctx, tx, e)
}

// mayChange: until the event begins, and not once it was held or cancelled.
func mayChange(b Booking, e events.Event, now time.Time) error {
	switch {
	case !b.Active():
		return fault.New(fault.Conflict, "This booking was cancelled. Book again if you would like to come")
	case e.Status == events.Cancelled:
		return fault.New(fault.Conflict, "This event was cancelled, so there is nothing to change")
	case e.Status == events.Held, e.StartsAt != nil && !now.Before(*e.StartsAt):
		return fault.New(fault.Conflict, "This event has begun or is over, so the booking cannot be changed any more")
	}
	return nil
}

// resize gives the party the number of people asked for, or says why not.
func resize(tx *database.Tx, e events.Event, b *Booking, r Request) error {
	more := r.People - b.People
	if more > 0 {
		room, err := countPlacesOf(tx, e)
		if err != nil {
			return err
		}
		switch {
		case b.Status == Waiting:
			if b.QueuePosition, err = nextQueuePosition(tx, e.ID); err != nil {
				return err
			}
		case mayGrow(more, room.free(), room.queue):
		case r.Override:
			b.OverCapacity = true
		default:
			var f fault.Fields
			f.Add("party_size", fmt.Sprintf("There is no room for more people in your booking now. You have %s", countPlaces(b.People)))
			return f.Err()
		}
	}
	b.People = r.People
	return nil
}

func (s *Service) recordChange(ctx context.Context, tx *database.Tx, before, after Booking) error {
	details := audit.Details{"event": after.EventID}
	if before.People != after.People {
		details["people_before"], details["people"] = before.People, after.People
	}
	if before.NameKey != after.NameKey || before.EmailKey != after.EmailKey || before.PhoneKey != after.PhoneKey {
		details["person"] = "changed"
	}
	if after.OverCapacity && !before.OverCapacity {
		details["over_capacity"] = true
	}
	return audit.Record(ctx, tx, "booking.change", "bookings", after.ID, details)
}

func replaceAttendees(tx *database.Tx, id int64, people []Attendee) ([]Attendee, error) {
	if err := tx.Exec(`DELETE FROM attendees WHERE booking_id = ?`, id).Error; err != nil {
		return nil, fmt.Errorf("replace the people of booking %d: %w", id, err)
	}
	return people, insertAttendees(tx, id, people)
}

// Cancel gives a booking's places back, in one press, and promotes whoever now fits in the same transaction.
// Cancelling twice is the same as once.
func (s *Service) Cancel(ctx context.Context, by caller, id int64) (cancelled Booking, err error) {
	if err := by.require(ctx); err != nil {
		return Booking{}, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		b, e, err := lockBooking(tx, id)
		if err != nil {
			return err
		}
		cancelled = b.Booking
		if b.Status == Cancelled {
			return nil
		}
		if err := s.cancel(ctx, tx, e, &b); err != nil {
			return err
		}
		cancelled = b.Booking
		return s.promote(ctx, tx, e)
	})
	return cancelled, err
}

func (s *Service) cancel(ctx context.Context, tx *database.Tx, e events.Event, b *party) error {
	now := tx.Now()
	had := b.Status
	b.Status, b.CancelledAt = Cancelled, &now
	step := s.calendarStep(e, &b.Booking)
	if err := updateBooking(tx, &b.Booking); err != nil {
		return err
	}
	if err := closeNeeds(ctx, tx, whyBookingCancelled, `booking_id = ?`, b.ID); err != nil {
		return err
	}
	if err := s.closeCalls(ctx, tx, b.ID, string(Reminder)); err != nil {
		return err
	}
	told := notice{kind: BookingCancelled, key: fmt.Sprintf("booking:%d:cancelled:%d", b.ID, b.Version), calendar: step}
	if err := s.tell(ctx, tx, e, *b, told); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "booking.cancel", "bookings", b.ID, audit.Details{"event": e.ID, "people": b.People, "was": had})
}
