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
	if b.attendees, err = replaceAttendees(tx, id, r.attendees(p.name)); err != nil {
		return Booking{}, err
	}
	if b.needs, err = mergeNeeds(tx, b, r.Needs); err != nil {
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

// mergeNeeds keeps the state of needs that stay, asks for new ones, and marks those that are gone as no longer needed.
func mergeNeeds(tx *database.Tx, b party, wanted []NeedRequest) ([]AccessNeed, error) {
	kept := map[NeedRequest]bool{}
	for i := range b.needs {
		n := &b.needs[i]
		note, still := wantedNote(wanted, *n)
		kept[NeedRequest{Position: n.Position, Need: n.Need}] = true
		switch {
		case !still:
			n.State = NoLongerNeeded
		case n.State == NoLongerNeeded, n.Note != note: // asked again, or for something else
			n.State, n.Note = Asked, note
		}
		n.UpdatedAt = tx.Now()
		err := tx.Exec(`UPDATE access_needs SET state = ?, note = ?, updated_at = ? WHERE id = ?`, string(n.State), n.Note, n.UpdatedAt, n.ID).Error
		if err != nil {
			return nil, fmt.Errorf("store a need of booking %d: %w", b.ID, err)
		}
	}
	var added []AccessNeed
	for _, n := range wanted {
		if !kept[NeedRequest{Position: n.Position, Need: n.Need}] {
			added = append(added, AccessNeed{BookingID: b.ID, Position: n.Position, Need: n.Need, Note: n.Note, State: Asked})
		}
	}
	return append(b.needs, added...), insertNeeds(tx, added)
}

func wantedNote(wanted []NeedRequest, n AccessNeed) (note string, still bool) {
	for _, w := range wanted {
		if w.Position == n.Position && w.Need == n.Need {
			return w.Note, true
		}
	}
	return "", false
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
	err := tx.Exec(`UPDATE access_needs SET state = 'no-longer-needed', updated_at = ? WHERE booking_id = ?`, now, b.ID).Error
	if err != nil {
		return fmt.Errorf("close the needs of booking %d: %w", b.ID, err)
	}
	told := notice{kind: BookingCancelled, key: fmt.Sprintf("booking:%d:cancelled", b.ID), calendar: step}
	if err := s.tell(ctx, tx, e, *b, told); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "booking.cancel", "bookings", b.ID, audit.Details{"event": e.ID, "people": b.People, "was": had})
}
