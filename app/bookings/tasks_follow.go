package bookings

import (
	"context"
	"fmt"
	"time"

	"conversations/app/accounts"
	"conversations/app/audit"
	"conversations/app/database"
	"conversations/app/events"
	"conversations/app/jobs"
)

// needsFollow keeps the needs in step with their event, in the transaction that changes it. With another date or place,
// or none, what was arranged for the old one is asked for again; everybody reads so in the message about the change.
func (s *Service) needsFollow(ctx context.Context, tx *database.Tx, c events.Change) error {
	const ofEvent = `booking_id IN (SELECT id FROM bookings WHERE event_id = ?)`
	switch c.Kind {
	case events.Moved, events.ChangePostponed, events.Dated:
		if elsewhere(c.Before, c.After) {
			if err := askAgain(ctx, tx, c.After.ID); err != nil {
				return err
			}
		}
		return s.redate(tx, c.After)
	case events.ChangeCancelled:
		return closeNeeds(ctx, tx, whyEventCancelled, ofEvent, c.After.ID)
	}
	return nil
}

// elsewhere says whether what was arranged with people or in a building has to be arranged anew.
func elsewhere(before, after events.Event) bool {
	sameTime := before.StartsLocal == after.StartsLocal && before.EndsLocal == after.EndsLocal && before.ZoneName == after.ZoneName
	samePlace := before.VenueName == after.VenueName && before.VenuePostcode == after.VenuePostcode && before.Online == after.Online
	return !sameTime || !samePlace
}

// redate works out by when the needs at an event must be arranged. It is set for all of them, whatever their state, so
// that one that is asked for again has its day.
func (s *Service) redate(tx *database.Tx, e events.Event) error {
	for _, n := range Needs() {
		due := s.dueOn(e, n.Code)
		err := tx.Exec(`UPDATE access_needs SET due_on = ? WHERE need = ? AND due_on <> ? AND booking_id IN (SELECT id FROM bookings WHERE event_id = ?)`,
			due, n.Code, due, e.ID).Error
		if err != nil {
			return fmt.Errorf("date the needs of event %d: %w", e.ID, err)
		}
	}
	return nil
}

// askAgain turns what was arranged back into what is asked for, and remembers that the old arrangement has to be
// called off.
func askAgain(ctx context.Context, tx *database.Tx, eventID int64) error {
	return stepAll(ctx, tx, whyEventMoved, Asked, `state = 'arranged' AND need NOT IN ('large-print', 'easy-read')
		AND booking_id IN (SELECT id FROM bookings WHERE event_id = ?)`, eventID)
}

// closeNeeds ends the tasks that the condition names. What had been arranged has to be called off.
func closeNeeds(ctx context.Context, tx *database.Tx, why, condition string, arg int64) error {
	return stepAll(ctx, tx, why, NoLongerNeeded, `state <> 'no-longer-needed' AND `+condition, arg)
}

// stepAll moves all needs that fit the condition to a state, with a step for each.
func stepAll(ctx context.Context, tx *database.Tx, why string, to NeedState, condition string, arg int64) error {
	err := tx.Exec(`INSERT INTO access_steps (need_id, booking_id, was, became, why, was_offer, version, staff_id, created_at)
		SELECT id, booking_id, state, ?, ?, offer, version + 1, ?, ? FROM access_needs WHERE `+condition,
		string(to), why, audit.StaffID(ctx), tx.Now(), arg).Error
	if err != nil {
		return fmt.Errorf("note what became of needs: %w", err)
	}
	err = tx.Exec(`UPDATE access_needs SET call_off = (call_off OR state = 'arranged'), state = ?, offer = '', version = version + 1, updated_at = ? WHERE `+condition,
		string(to), tx.Now(), arg).Error
	if err != nil {
		return fmt.Errorf("change needs: %w", err)
	}
	return nil
}

// mergeNeeds keeps the state of needs that stay, asks for new ones, and marks those that are gone as no longer needed.
func (s *Service) mergeNeeds(ctx context.Context, tx *database.Tx, e events.Event, b party, wanted []NeedRequest) ([]AccessNeed, error) {
	kept := map[NeedRequest]bool{}
	for i := range b.needs {
		n := &b.needs[i]
		kept[NeedRequest{Position: n.Position, Need: n.Need}] = true
		if err := mergeNeed(ctx, tx, n, wanted); err != nil {
			return nil, err
		}
	}
	var added []AccessNeed
	for _, n := range wanted {
		if !kept[NeedRequest{Position: n.Position, Need: n.Need}] {
			added = append(added, AccessNeed{BookingID: b.ID, Position: n.Position, Need: n.Need, Note: n.Note, State: Asked, DueOn: s.dueOn(e, n.Need)})
		}
	}
	if err := insertNeeds(tx, added); err != nil {
		return nil, err
	}
	return append(b.needs, added...), nil
}

// mergeNeed brings one need up to date with what is wanted now: asked again, or for something else, it is open again.
func mergeNeed(ctx context.Context, tx *database.Tx, n *AccessNeed, wanted []NeedRequest) error {
	note, still := wantedNote(wanted, *n)
	switch {
	case !still && n.State != NoLongerNeeded:
		return stepNeed(ctx, tx, n, NoLongerNeeded, "", whyBooker)
	case still && n.State != Asked && (n.State == NoLongerNeeded || n.Note != note):
		n.Note = note
		return stepNeed(ctx, tx, n, Asked, "", whyBooker)
	case still && n.Note != note:
		n.Note = note
		return updateNeed(tx, n)
	}
	return nil
}

func wantedNote(wanted []NeedRequest, n AccessNeed) (note string, still bool) {
	for _, w := range wanted {
		if w.Position == n.Position && w.Need == n.Need {
			return w.Note, true
		}
	}
	return "", false
}

// stepNeed moves one need to a state, with its step.
func stepNeed(ctx context.Context, tx *database.Tx, n *AccessNeed, to NeedState, offer, why string) error {
	step := NeedStep{Was: n.State, WasOffer: n.Offer}
	n.CallOff = to != Arranged && (n.CallOff || n.State == Arranged)
	n.State, n.Offer = to, offer
	if err := updateNeed(tx, n); err != nil {
		return err
	}
	err := tx.Exec(`INSERT INTO access_steps (need_id, booking_id, was, became, why, was_offer, version, staff_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.ID, n.BookingID, string(step.Was), string(to), why, step.WasOffer, n.Version, audit.StaffID(ctx), tx.Now()).Error
	if err != nil {
		return fmt.Errorf("note what became of need %d: %w", n.ID, err)
	}
	return nil
}

// updateNeed stores what can change about a need. Its booking's event is locked, so that nobody else is at it.
func updateNeed(tx *database.Tx, n *AccessNeed) error {
	n.Version++
	n.UpdatedAt = tx.Now()
	err := tx.Exec(`UPDATE access_needs SET state = ?, note = ?, offer = ?, owner_id = ?, call_off = ?, version = ?, updated_at = ? WHERE id = ?`,
		string(n.State), n.Note, n.Offer, n.OwnerID, n.CallOff, n.Version, n.UpdatedAt, n.ID).Error
	if err != nil {
		return fmt.Errorf("store need %d: %w", n.ID, err)
	}
	return nil
}

// RedateJob works all days out again, in case the lead times or bank holidays of the configuration have changed.
func (s *Service) RedateJob() jobs.Job {
	return jobs.Job{Name: "access-dates", Every: time.Hour, Run: s.Redate}
}

// Redate works out by when everything must be arranged that is asked for at an event to come.
func (s *Service) Redate(ctx context.Context) error {
	if err := accounts.Require(ctx, accounts.ManageBookings); err != nil {
		return err
	}
	var ids []int64
	err := s.db.Read(ctx).Raw(`SELECT DISTINCT b.event_id FROM access_needs n JOIN bookings b ON b.id = n.booking_id JOIN events e ON e.id = b.event_id
		WHERE e.status IN ('open', 'closed', 'postponed') ORDER BY 1`).Scan(&ids).Error
	if err != nil {
		return fmt.Errorf("find the events with needs: %w", err)
	}
	for _, id := range ids {
		err := s.db.Write(ctx, func(tx *database.Tx) error {
			e, err := events.LockForBooking(tx, id)
			if err != nil {
				return err
			}
			return s.redate(tx, e)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
