package bookings

import (
	"context"
	"fmt"
	"strings"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/fault"
)

// promote gives free places to those who wait and fit, in order of joining, in the transaction that freed them.
// Near the start nobody is promoted without a word: staff telephone the first who fits.
func (s *Service) promote(ctx context.Context, tx *database.Tx, e events.Event) error {
	if e.Status == events.Cancelled || e.Status == events.Held {
		return nil
	}
	room, err := countPlacesOf(tx, e)
	if err != nil {
		return err
	}
	for _, next := range promotions(room.queue, room.free()) {
		b, err := loadBooking(tx.DB, next.ID)
		if err != nil {
			return err
		}
		whole, err := loadParty(tx.DB, b)
		if err != nil {
			return err
		}
		if s.tooLateToPromote(e, tx) {
			if err := s.askToTelephone(tx, e, whole); err != nil {
				return err
			}
			continue
		}
		if err := s.give(ctx, tx, e, whole, audit.Details{"event": e.ID, "people": b.People}); err != nil {
			return err
		}
	}
	return s.announcePlaces(tx, e, room)
}

func (s *Service) tooLateToPromote(e events.Event, tx *database.Tx) bool {
	return e.StartsAt != nil && !tx.Now().Before(e.StartsAt.Add(-s.cfg.Bookings.PromoteUntil))
}

// give turns a waiting party into one with places, and tells them.
func (s *Service) give(ctx context.Context, tx *database.Tx, e events.Event, b party, details audit.Details) error {
	now := tx.Now()
	b.Status, b.PromotedAt = Confirmed, &now
	step := s.calendarStep(e, &b.Booking)
	if err := updateBooking(tx, &b.Booking); err != nil {
		return err
	}
	told := notice{kind: Promoted, key: fmt.Sprintf("booking:%d:promoted:%d", b.ID, b.Version), calendar: step}
	if err := s.tell(ctx, tx, e, b, told); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "booking.promote", "bookings", b.ID, details)
}

// askToTelephone notes a call to a waiting party for whom there is room, too late to promote it without a word.
func (s *Service) askToTelephone(tx *database.Tx, e events.Event, b party) error {
	say := fmt.Sprintf("A place has come free for %s at %s, %s. Ask whether they can still come. If they can, press "+
		"\"Give them their places\" on their booking. If not, cancel it, and the next in line will be shown.",
		countPeople(b.People), e.Title, e.When())
	return s.dueCall(tx, Call{
		UniqueKey: fmt.Sprintf("booking:%d:offer:%d:%d", b.ID, e.ID, b.QueuePosition), EventID: e.ID, BookingID: &b.ID, Kind: "offer", Name: b.Name, Phone: b.Phone, Say: say,
	})
}

// GivePlaces promotes one waiting party by hand, with the reason for the audit log. Above the capacity it needs
// override. Staff only.
func (s *Service) GivePlaces(ctx context.Context, id int64, reason string, override bool) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		var f fault.Fields
		f.Add("reason", "Say why this party gets its places now")
		return f.Err()
	}
	return s.db.Write(ctx, func(tx *database.Tx) error {
		b, e, err := lockBooking(tx, id)
		if err != nil {
			return err
		}
		if b.Status != Waiting {
			return fault.New(fault.Conflict, "This party is not on the waiting list any more")
		}
		room, err := countPlacesOf(tx, e)
		if err != nil {
			return err
		}
		over := b.People > room.free()
		if over && !override {
			return fault.New(fault.Conflict, fmt.Sprintf("This party needs %s, and %d are free. Tick the box to go above the capacity", countPlaces(b.People), max(room.free(), 0)))
		}
		b.OverCapacity = over
		if err := s.closeCalls(ctx, tx, b.ID, "offer"); err != nil {
			return err
		}
		return s.give(ctx, tx, e, b, audit.Details{"event": e.ID, "people": b.People, "by_hand": true, "over_capacity": over, "reason": reason})
	})
}
