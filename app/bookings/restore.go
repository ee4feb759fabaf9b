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

// Restore undoes a cancellation: the booking stands again, under its reference, by the rule of places as it is now, for
// others may have its places. The booker is told. Restoring a booking that stands does nothing.
//
// The error is an Invalid fault with a message at "event" or "wait", or Conflict where the event is over or cancelled.
func (s *Service) Restore(ctx context.Context, id int64, how Placing) (restored Booking, err error) {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return Booking{}, err
	}
	err = s.db.Write(ctx, func(tx *database.Tx) error {
		b, e, err := lockBooking(tx, id)
		if err != nil {
			return err
		}
		restored = b.Booking
		if b.Active() {
			return nil
		}
		restored, err = s.restore(ctx, tx, e, b, how)
		return err
	})
	return restored, err
}

func (s *Service) restore(ctx context.Context, tx *database.Tx, e events.Event, b party, how Placing) (Booking, error) {
	if err := mayRestore(b.Booking, e, tx); err != nil {
		return Booking{}, err
	}
	if err := takeSeat(tx, e, &b.Booking, how); err != nil {
		return Booking{}, err
	}
	b.CancelledAt, b.PromotedAt = nil, nil
	step := s.calendarStep(e, &b.Booking)
	if err := updateBooking(tx, &b.Booking); err != nil {
		return Booking{}, err
	}
	if err := s.needsReturn(ctx, tx, e, b); err != nil {
		return Booking{}, err
	}
	if err := s.closeOldCalls(ctx, tx, b.ID); err != nil {
		return Booking{}, err
	}
	l := s.letter(e, b, Restored)
	l.subject = "Your booking stands again: " + e.Title
	l.opening = []string{"Your booking for " + e.Title + ", " + e.When() + at(e) + ", had been cancelled. It stands again.", hasThere(b.Booking)}
	n := notice{kind: Restored, key: fmt.Sprintf("booking:%d:restored:%d", b.ID, b.Version), calendar: step}
	if err := s.send(ctx, tx, e, b, n, l); err != nil {
		return Booking{}, err
	}
	details := audit.Details{"event": e.ID, "people": b.People, "undoes": "booking.cancel", "status": b.Status}
	if b.OverCapacity {
		details["over_capacity"] = true
	}
	return b.Booking, audit.Record(ctx, tx, "booking.restore", "bookings", b.ID, details)
}

// mayRestore: as long as the event is to come, also after booking closed: the place was theirs.
func mayRestore(b Booking, e events.Event, tx *database.Tx) error {
	if b.Name == "" {
		return fault.New(fault.Conflict, "What we knew of this booker was erased, so the booking cannot stand again")
	}
	b.Status = Confirmed
	return mayChange(b, e, tx.Now())
}

// needsReturn asks again for what the cancellation had closed, and for nothing that the booker had taken back before.
func (s *Service) needsReturn(ctx context.Context, tx *database.Tx, e events.Event, b party) error {
	for i := range b.needs {
		n := &b.needs[i]
		var closed bool
		err := tx.Row(`SELECT EXISTS (SELECT 1 FROM access_steps WHERE need_id = ? AND version = ? AND why = ?)`, n.ID, n.Version, whyBookingCancelled).Scan(&closed)
		if err != nil {
			return fmt.Errorf("see how need %d was closed: %w", n.ID, err)
		}
		if !closed {
			continue
		}
		if err := stepNeed(ctx, tx, n, Asked, "", whyBookingRestored); err != nil {
			return err
		}
	}
	return nil
}
